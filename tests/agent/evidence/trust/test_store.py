"""Trust folders, and who vouches for whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from agent.errors import UsageFault
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.trust.certificates import common_name
from agent.evidence.trust.store import MAX_FILES, TrustStore
from tests.agent.evidence.made import OPENED, Device, Maker, make_certificate, new_key, pem

KEY = new_key()
SELF = make_certificate("agent", KEY, "agent", KEY)
ROOT = Maker("TEST agents root")
SIGNING_ROOT = make_certificate("TEST root that signs", KEY, "TEST root that signs", KEY, authority=True, signs=True)
ISSUED = make_certificate("agent", KEY, ROOT.name, ROOT.key)


def folder(base: Path, **files: bytes) -> Path:
    for name, data in files.items():
        part, _, file = name.partition("_")
        (base / part).mkdir(parents=True, exist_ok=True)
        (base / part / f"{file}.pem").write_bytes(data)
    return base


def test_loads_every_folder_once_over(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", makers_a=pem(Maker().root), agents_a=pem(SELF))
    two = folder(
        tmp_path / "two", makers_b=pem(Maker().root) + pem(Maker().root), agents_a=pem(SELF), tsa_x=pem(Maker().root)
    )
    (one / "makers" / "notes.txt").write_text("no certificate", encoding="ascii")
    trust = TrustStore.load([one, two])
    assert (len(trust.makers), len(trust.agents), len(trust.authorities)) == (3, 1, 1)


def test_an_empty_folder_trusts_nobody(tmp_path: Path) -> None:
    assert TrustStore.load([tmp_path]) == TrustStore((), ())


def test_a_folder_that_is_not_there_or_holds_rubbish_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", folder(tmp_path / "bad", makers_a=b"rubbish")):
        with pytest.raises(UsageFault) as raised:
            TrustStore.load([path])
        assert raised.value.code == "trust-unreadable"


def test_i10_too_many_files_are_refused(tmp_path: Path, mocker) -> None:
    (tmp_path / "makers").mkdir()
    mocker.patch.object(Path, "iterdir", return_value=(tmp_path / f"{n}.pem" for n in range(MAX_FILES + 5)))
    with pytest.raises(UsageFault):
        TrustStore.load([tmp_path])


def test_an_agent_pinned_by_itself_is_trusted_in_its_time_only() -> None:
    trust = TrustStore((), (SELF,))
    assert trust.check_agent([SELF], OPENED) == "agent"
    with pytest.raises(EvidenceRejected) as raised:
        trust.check_agent([SELF], OPENED + timedelta(days=9_000))
    assert raised.value.code == "certificate-time"


def test_an_agent_certified_by_a_root_is_trusted() -> None:
    assert TrustStore((), (ROOT.root,)).check_agent([ISSUED], OPENED) == ROOT.name


@pytest.mark.parametrize(
    ("agents", "chain"),
    [
        ((SELF,), [make_certificate("agent", KEY, "agent", KEY)]),  # same key and name, another certificate
        ((SELF,), [make_certificate("below", new_key(), "agent", KEY)]),  # a pinned agent certifies nobody
        ((ROOT.root,), [SELF]),
        ((ROOT.root,), [ROOT.root]),  # a root signs no statements
        ((SIGNING_ROOT,), [SIGNING_ROOT]),  # not even one that could
        ((ROOT.root,), []),
        ((ROOT.root,), [ISSUED] * 9),
    ],
)
def test_other_agents_are_refused(agents, chain) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        TrustStore((), agents).check_agent(chain, OPENED)
    assert raised.value.code.startswith("certificate-")
    assert not isinstance(raised.value, NotCheckable)


def test_without_roots_nothing_can_be_said() -> None:
    device = Device()
    for check in (TrustStore().check_agent, TrustStore().check_maker, TrustStore((SELF,), ()).check_maker):
        with pytest.raises(NotCheckable):
            check([device.certificate], OPENED)


def test_a_maker_vouches_for_its_terminals_and_for_no_agent() -> None:
    maker = Maker()
    device = Device(maker)
    trust = TrustStore((maker.root,), (SELF,))
    assert common_name(trust.check_maker([device.certificate], OPENED)) == maker.name
    with pytest.raises(EvidenceRejected):
        trust.check_agent([device.certificate], OPENED)
    with pytest.raises(EvidenceRejected):
        TrustStore((Maker().root,), ()).check_maker([device.certificate], OPENED)


DEVICE = Device()
STRANGER = Maker("TEST stranger")


def revoking(maker: Maker, *certificates: x509.Certificate, at=OPENED, signer=None) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(maker.root.subject)
        .last_update(OPENED - timedelta(days=900))
        .next_update(OPENED - timedelta(days=800))  # overdue, and counts all the same
    )
    for each in certificates:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(signer or maker.key, hashes.SHA256())


def test_a_revoked_terminal_is_refused_from_its_time_on() -> None:
    trust = TrustStore((DEVICE.maker.root,), (), (revoking(DEVICE.maker, DEVICE.certificate),))
    assert trust.revoked(DEVICE.certificate, OPENED)
    with pytest.raises(EvidenceRejected) as raised:
        trust.check_maker([DEVICE.certificate], OPENED)
    assert raised.value.code == "certificate-revoked"
    earlier = OPENED - timedelta(hours=1)
    assert not trust.revoked(DEVICE.certificate, earlier)
    assert common_name(trust.check_maker([DEVICE.certificate], earlier)) == DEVICE.maker.name


@pytest.mark.parametrize(
    "crl",
    [
        revoking(DEVICE.maker, Device(DEVICE.maker).certificate),
        revoking(DEVICE.maker, DEVICE.certificate, signer=STRANGER.key),
        revoking(STRANGER, DEVICE.certificate),
        revoking(DEVICE.maker),
    ],
    ids=["names another", "signed by another", "of another maker", "names nobody"],
)
def test_a_list_revokes_only_what_it_names_and_only_with_its_makers_signature(crl) -> None:
    trust = TrustStore((DEVICE.maker.root, STRANGER.root), (), (crl,))
    assert not trust.revoked(DEVICE.certificate, OPENED)
    assert common_name(trust.check_maker([DEVICE.certificate], OPENED)) == DEVICE.maker.name


def test_a_revoked_intermediate_takes_its_terminals_with_it() -> None:
    maker, middle, key = Maker(), new_key(), new_key()
    between = make_certificate("middle", middle, maker.name, maker.key, authority=True)
    leaf = make_certificate("leaf", key, "middle", middle)
    trust = TrustStore((maker.root,), (), (revoking(maker, between),))
    with pytest.raises(EvidenceRejected) as raised:
        trust.check_maker([leaf, between], OPENED)
    assert raised.value.code == "certificate-revoked"


def test_lists_are_read_as_pem_or_der_and_rubbish_is_a_mistake(tmp_path: Path) -> None:
    folder(tmp_path, makers_a=pem(DEVICE.maker.root))
    crl = revoking(DEVICE.maker, DEVICE.certificate)
    (tmp_path / "makers" / "a.crl").write_bytes(crl.public_bytes(Encoding.PEM))
    (tmp_path / "makers" / "b.crl").write_bytes(crl.public_bytes(Encoding.DER))
    assert TrustStore.load([tmp_path]).revocations == (crl, crl)
    (tmp_path / "makers" / "c.crl").write_bytes(b"rubbish")
    with pytest.raises(UsageFault) as raised:
        TrustStore.load([tmp_path])
    assert raised.value.code == "trust-unreadable"


VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_keys_of_logs_are_read_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.vkey").write_text(f"{VKEY}\n\n{VKEY}\n", encoding="ascii")
    (tmp_path / "logs" / "notes.txt").write_text("no key", encoding="ascii")
    assert [each.text for each in TrustStore.load([tmp_path]).logs] == [VKEY]
    for rubbish in (b"rubbish", b"\xff", VKEY[:-1].encode()):
        (tmp_path / "logs" / "b.vkey").write_bytes(rubbish)
        with pytest.raises(UsageFault):
            TrustStore.load([tmp_path])
