"""What was signed before a revocation, and what was not: for agents, and for timestamp authorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from agent.evidence.bundle import TIMESTAMP
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.times import parse_time
from agent.evidence.trust.revocation import Revocation, revocation_of, spoils_statement, spoils_timestamp
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import Report, verify_bundle
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.made import OPENED, Maker, World, make_certificate, new_key, pem

HOUR = timedelta(hours=1)
Reason = x509.ReasonFlags
PEER = TestAuthority()


def revoking(
    root: x509.Certificate,
    key,
    certificate: x509.Certificate,
    at: datetime,
    reason: x509.ReasonFlags | None = None,
    invalid_since: datetime | None = None,
) -> x509.CertificateRevocationList:
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
    if reason is not None:
        entry = entry.add_extension(x509.CRLReason(reason), critical=False)
    if invalid_since is not None:
        entry = entry.add_extension(x509.InvalidityDate(invalid_since), critical=False)
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject).last_update(at).next_update(at + HOUR)
    return builder.add_revoked_certificate(entry.build()).sign(key, hashes.SHA256())


@pytest.mark.parametrize(
    ("reason", "claimed", "proven", "spoiled"),
    [
        # Without a timestamp the claimed time is worth nothing: whoever stole the key sets the clock back.
        (Reason.key_compromise, -HOUR, None, True),
        (None, -HOUR, None, True),
        (Reason.unspecified, -HOUR, None, True),
        (Reason.ca_compromise, -HOUR, None, True),
        (Reason.privilege_withdrawn, -HOUR, None, True),
        (Reason.certificate_hold, -HOUR, None, True),
        # Where the key was given up, and nobody else has it, it counts.
        (Reason.superseded, -HOUR, None, False),
        (Reason.cessation_of_operation, -HOUR, None, False),
        (Reason.affiliation_changed, -HOUR, None, False),
        (Reason.superseded, 0 * HOUR, None, True),
        (Reason.superseded, HOUR, None, True),
        # A proven time counts, whatever is claimed and whatever the reason.
        (Reason.key_compromise, -HOUR, -HOUR, False),
        (None, HOUR, -HOUR, False),
        (Reason.key_compromise, -HOUR, 0 * HOUR, True),
        (Reason.key_compromise, -HOUR, HOUR, True),
        (Reason.superseded, -HOUR, HOUR, True),
    ],
)
def test_a_statement_of_a_revoked_key(reason, claimed, proven, spoiled) -> None:
    revocation = Revocation(OPENED, frozenset({reason}))
    at = None if proven is None else OPENED + proven
    assert spoils_statement(revocation, OPENED + claimed, at) is spoiled


@pytest.mark.parametrize(
    ("reason", "at", "spoiled"),
    [
        (None, -HOUR, True),
        (Reason.key_compromise, -HOUR, True),
        (Reason.certificate_hold, -HOUR, True),
        (Reason.unspecified, -HOUR, False),
        (Reason.superseded, -HOUR, False),
        (Reason.cessation_of_operation, -HOUR, False),
        (Reason.affiliation_changed, -HOUR, False),
        (Reason.superseded, 0 * HOUR, True),
        (Reason.superseded, HOUR, True),
    ],
)
def test_a_timestamp_of_a_revoked_authority(reason, at, spoiled) -> None:
    """RFC 3161, section 4, points 1 and 2."""
    assert spoils_timestamp(Revocation(OPENED, frozenset({reason})), OPENED + at) is spoiled


ROOT = Maker("TEST agents root")
KEY = new_key()
AGENT = make_certificate("agent", KEY, ROOT.name, ROOT.key)


def test_the_strictest_of_several_lists_counts() -> None:
    lists = [
        revoking(ROOT.root, ROOT.key, AGENT, OPENED, Reason.superseded),
        revoking(ROOT.root, ROOT.key, AGENT, OPENED + HOUR, Reason.key_compromise, OPENED - HOUR),
        revoking(ROOT.root, ROOT.key, AGENT, OPENED - 9 * HOUR, Reason.remove_from_crl),
        revoking(ROOT.root, new_key(), AGENT, OPENED - 9 * HOUR),
    ]
    expected = Revocation(OPENED - HOUR, frozenset({Reason.superseded, Reason.key_compromise}))
    assert revocation_of(AGENT, [ROOT.root], lists) == expected
    assert revocation_of(AGENT, [ROOT.root], lists[2:]) is None
    assert revocation_of(make_certificate("b", KEY, ROOT.name, ROOT.key), [ROOT.root], lists) is None


def test_an_entry_that_is_broken_is_taken_at_its_strictest() -> None:
    entry = x509.RevokedCertificateBuilder().serial_number(AGENT.serial_number).revocation_date(OPENED)
    broken = x509.UnrecognizedExtension(x509.CRLReason.oid, b"\x0a\x01\x63")  # no reason has the number 99
    builder = x509.CertificateRevocationListBuilder().issuer_name(ROOT.root.subject).last_update(OPENED)
    builder = builder.next_update(OPENED + HOUR)
    entry = entry.add_extension(broken, critical=False)
    made = builder.add_revoked_certificate(entry.build()).sign(ROOT.key, hashes.SHA256())
    found = revocation_of(AGENT, [ROOT.root], [made])
    assert found is not None
    assert found.reasons == {None}
    assert spoils_statement(found, OPENED - 999 * HOUR, OPENED - 999 * HOUR)


def check_agent(chain, revocations, proven: datetime | None = None, agents=(ROOT.root,)) -> str:
    trust = TrustStore(agents=agents, agent_revocations=tuple(revocations))
    try:
        return trust.check_agent(chain, OPENED, proven)
    except EvidenceRejected as fault:
        return fault.code


def test_the_root_of_an_agent_revokes_it_and_nobody_else_does() -> None:
    by_root = revoking(ROOT.root, ROOT.key, AGENT, OPENED)
    stranger = Maker("TEST agents root")
    assert check_agent([AGENT], [by_root]) == "certificate-revoked"
    assert check_agent([AGENT], [by_root], OPENED - HOUR) == ROOT.name
    assert check_agent([AGENT], [revoking(stranger.root, stranger.key, AGENT, OPENED)]) == ROOT.name
    # Pinned by itself, it is still its root's to revoke, where that root is trusted too.
    assert check_agent([AGENT], [by_root], agents=(ROOT.root, AGENT)) == "certificate-revoked"
    assert check_agent([AGENT], [by_root], agents=(AGENT,)) == "agent"


def test_an_agent_that_nobody_certified_revokes_nothing() -> None:
    own = make_certificate("agent", KEY, "agent", KEY)
    assert check_agent([own], [revoking(own, KEY, own, OPENED)], agents=(own,)) == "agent"


def test_a_revoked_intermediate_takes_its_agents_with_it() -> None:
    middle = new_key()
    between = make_certificate("between", middle, ROOT.name, ROOT.key, authority=True)
    agent = make_certificate("agent", KEY, "between", middle)
    assert check_agent([agent, between], []) == ROOT.name
    assert check_agent([agent, between], [revoking(ROOT.root, ROOT.key, between, OPENED)]) == "certificate-revoked"
    assert check_agent([agent, between], [revoking(between, middle, agent, OPENED)]) == "certificate-revoked"


def test_a_list_is_about_its_own_issuers_certificates() -> None:
    """Serial numbers are an issuer's own: another root's list names another certificate."""
    other = Maker("TEST other root")
    same_number = revoking(other.root, other.key, AGENT, OPENED)
    assert check_agent([AGENT], [same_number], agents=(ROOT.root, other.root)) == ROOT.name


def test_a_revoked_intermediate_takes_its_authority_with_it() -> None:
    peer = TestAuthority(intermediate=True)
    crl = revoking(peer.root, peer.root_key, peer.between[0], OPENED)
    trust = TrustStore(authorities=(peer.root,), authority_revocations=(crl,))
    with pytest.raises(EvidenceRejected) as raised:
        trust.check_authority([peer.certificate, *peer.between], OPENED)
    assert raised.value.code == "certificate-revoked"


@pytest.mark.parametrize(("reason", "code"), [(Reason.superseded, ""), (Reason.key_compromise, "certificate-revoked")])
def test_the_root_of_an_authority_revokes_it(reason, code) -> None:
    crl = revoking(PEER.root, PEER.root_key, PEER.certificate, OPENED + HOUR, reason)
    trust = TrustStore(authorities=(PEER.root,), authority_revocations=(crl,))
    found = ""
    try:
        trust.check_authority([PEER.certificate], OPENED)
    except EvidenceRejected as fault:
        found = fault.code
    assert found == code


@pytest.fixture
def certified(tmp_path: Path) -> World:
    """A world whose agent a root certified, with folders for that root and for a timestamp authority's."""
    world = World.make(tmp_path / "home")
    key = new_key()
    leaf = make_certificate("bench 1", key, ROOT.name, ROOT.key)
    world.agent = AgentKey(key, pem(leaf))
    for part, root in (("agents", ROOT.root), ("tsa", PEER.root)):
        (world.home / "trust" / part).mkdir(exist_ok=True)
        (world.home / "trust" / part / "root.pem").write_bytes(pem(root))
    return world


@dataclass
class Stamps:
    """A maker whose authority's clock says what a test wants."""

    at: datetime
    name: str = TIMESTAMP

    def make(self, envelope: bytes) -> bytes:
        return PEER.stamp(envelope, self.at)


def issue(world: World, folder: Path, *, timestamped: bool) -> datetime:
    facts = world.lay_out(folder)
    at = parse_time(facts.issued)
    issue_statement(folder, facts, world.agent, world.trust, [Stamps(at)] if timestamped else [])
    return at


def revoke(world: World, part: str, crl: x509.CertificateRevocationList) -> None:
    (world.home / "trust" / part / "revoked.crl").write_bytes(crl.public_bytes(Encoding.PEM))


def code(report: Report, name: str) -> str:
    return next(check.code for check in report.checks if check.id == name)


@pytest.mark.parametrize(
    ("timestamped", "after", "reason", "result"),
    [
        (True, -HOUR, Reason.key_compromise, Result.FAIL),
        (True, HOUR, Reason.key_compromise, Result.PASS),
        (False, HOUR, Reason.key_compromise, Result.FAIL),
        (False, HOUR, Reason.cessation_of_operation, Result.PASS),
        (False, -HOUR, Reason.cessation_of_operation, Result.FAIL),
    ],
)
def test_a_revoked_agent(
    certified: World, tmp_path: Path, timestamped: bool, after: timedelta, reason, result: Result
) -> None:
    at = issue(certified, tmp_path / "bundle", timestamped=timestamped)
    leaf = x509.load_pem_x509_certificates(certified.agent.chain_pem)[0]
    revoke(certified, "agents", revoking(ROOT.root, ROOT.key, leaf, at + after, reason))
    report = verify_bundle(tmp_path / "bundle", certified.trust)
    assert report.result is result
    assert code(report, "agent") == ("" if result is Result.PASS else "certificate-revoked")


def test_a_revoked_authority_proves_no_time(certified: World, tmp_path: Path) -> None:
    at = issue(certified, tmp_path / "bundle", timestamped=True)
    crl = revoking(PEER.root, PEER.root_key, PEER.certificate, at + HOUR, Reason.key_compromise)
    revoke(certified, "tsa", crl)
    report = verify_bundle(tmp_path / "bundle", certified.trust)
    assert (report.result, code(report, "timestamp")) == (Result.FAIL, "certificate-revoked")
