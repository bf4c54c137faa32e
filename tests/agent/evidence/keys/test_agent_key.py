"""The agent's key: made once, kept private, shown to nobody."""

from __future__ import annotations

import pickle
import shutil
import stat
import subprocess
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.keys import store as key_store
from agent.evidence.keys.agent_certificate import VALIDITY
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from tests.agent.evidence.made import OPENED, make_certificate, new_key, pem

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    AgentKey.create(tmp_path, "bench 1", at=OPENED)
    return tmp_path


def code(call, *arguments, **named) -> str:
    with pytest.raises((PreconditionNotMet, UsageFault)) as raised:
        call(*arguments, **named)
    return raised.value.code


@posix_only
def test_i4_the_key_file_is_its_owners_alone(home: Path) -> None:
    assert stat.S_IMODE((home / "keys" / "agent.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


def test_the_certificate_is_what_signers_need(home: Path) -> None:
    key = AgentKey.load(home)
    certificate = key.certificate
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert certificate.subject.rfc4514_string() == "CN=posretire agent bench 1"
    assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (OPENED, OPENED + VALIDITY)
    assert key.self_signed
    assert key.chain_pem == (home / "keys" / "agent.pem").read_bytes()


def test_this_home_trusts_its_own_agent(home: Path) -> None:
    TrustStore.load([home / "trust"]).check_agent([AgentKey.load(home).certificate], OPENED)


def test_a_key_is_never_made_over_another(home: Path) -> None:
    before = (home / "keys" / "agent.key").read_bytes()
    assert code(AgentKey.create, home, "bench 2", at=OPENED, anew=True) == "agent-key-exists"
    assert AgentKey.create(home, "bench 2", at=OPENED).certificate == AgentKey.load(home).certificate
    assert (home / "keys" / "agent.key").read_bytes() == before


def files_of(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())


def one_of_each(home: Path, certificates: set[bytes]) -> None:
    """Check that there is one key, one certificate that everybody got, one trust file, and nothing left over."""
    (pem_bytes,) = certificates
    assert (home / "keys" / "agent.pem").read_bytes() == pem_bytes
    digest = x509.load_pem_x509_certificate(pem_bytes).fingerprint(hashes.SHA256()).hex()
    trusted = f"trust/agents/agent-{digest[:16]}.pem"
    assert files_of(home) == ["keys/agent.key", "keys/agent.pem", trusted]
    assert (home / trusted).read_bytes() == pem_bytes


def created(home: Path, number: int) -> bytes:
    return AgentKey.create(home, f"bench {number}", at=OPENED).chain_pem


@pytest.mark.parametrize("turn", range(5))
def test_threads_that_create_at_once_end_with_one_key(tmp_path: Path, turn: int) -> None:
    together = Barrier(8)

    def create(number: int) -> bytes:
        together.wait()
        return created(tmp_path, number)

    with ThreadPoolExecutor(8) as pool:
        one_of_each(tmp_path, set(pool.map(create, range(8))))


def test_processes_that_create_at_once_end_with_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        one_of_each(tmp_path, set(pool.map(created, [tmp_path] * 8, range(8))))


@pytest.mark.parametrize("place", range(1, 5))
def test_another_that_comes_in_between_is_the_one(tmp_path: Path, mocker, place: int) -> None:
    """Before each file that is written, another process does the whole of it."""
    write, calls, others = key_store.write_new, [0], []

    def interrupted(path: Path, data: bytes, mode: int = 0o644) -> None:
        calls[0] += 1
        if calls[0] == place:
            others.append(created(tmp_path, 2))
        write(path, data, mode)

    mocker.patch.object(key_store, "write_new", interrupted)
    mine = created(tmp_path, 1)
    assert others
    one_of_each(tmp_path, {mine, *others})


@pytest.mark.parametrize("place", range(1, 5))
def test_i7_a_cut_before_any_file_is_made_good(tmp_path: Path, mocker, place: int) -> None:
    write, calls = key_store.write_new, [0]

    def cut(path: Path, data: bytes, mode: int = 0o644) -> None:
        calls[0] += 1
        if calls[0] == place:
            raise KeyboardInterrupt
        write(path, data, mode)

    mocker.patch.object(key_store, "write_new", cut)
    with pytest.raises(KeyboardInterrupt):
        created(tmp_path, 1)
    assert code(AgentKey.load, tmp_path) == "agent-key-missing"
    one_of_each(tmp_path, {AgentKey.create(tmp_path, "bench 2", at=OPENED, anew=True).chain_pem})


def test_a_certificate_whose_key_is_gone_is_not_written_over(home: Path) -> None:
    (home / "keys" / "agent.key").unlink()
    before = (home / "keys" / "agent.pem").read_bytes()
    assert code(AgentKey.create, home, "bench 1", at=OPENED) == "agent-certificate-mismatch"
    assert (home / "keys" / "agent.pem").read_bytes() == before


def test_i7_a_cut_between_key_and_certificate_is_made_good(home: Path) -> None:
    fingerprint = AgentKey.load(home).fingerprint
    (home / "keys" / "agent.pem").unlink()
    assert code(AgentKey.load, home) == "agent-key-missing"
    assert AgentKey.create(home, "bench 1", at=OPENED).fingerprint == fingerprint


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_i4_a_key_that_others_can_read_is_refused(home: Path, mode: int) -> None:
    (home / "keys" / "agent.key").chmod(mode)
    assert code(AgentKey.load, home) == "agent-key-exposed"


@posix_only
def test_i4_a_link_to_a_key_is_refused(home: Path) -> None:
    path = home / "keys" / "agent.key"
    path.rename(home / "elsewhere")
    path.symlink_to(home / "elsewhere")
    assert code(AgentKey.load, home) == "agent-key-unreadable"


def as_pem(key, encryption=None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        as_pem(ec.generate_private_key(ec.SECP384R1())),
        as_pem(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["empty", "rubbish", "another curve", "RSA"],
)
def test_another_kind_of_key_is_refused(home: Path, data: bytes) -> None:
    (home / "keys" / "agent.key").write_bytes(data)
    assert code(AgentKey.load, home) == "agent-key-unreadable"


def test_certificate_and_key_belong_together(home: Path) -> None:
    other = new_key()
    (home / "keys" / "agent.pem").write_bytes(pem(make_certificate("other", other, "other", other)))
    assert code(AgentKey.load, home) == "agent-certificate-mismatch"
    (home / "keys" / "agent.pem").write_bytes(b"rubbish")
    assert code(AgentKey.load, home) == "agent-key-unreadable"


@pytest.mark.parametrize("name", ["", "x" * 41, "a\nb", "\ud800"])
def test_names_that_no_certificate_can_hold_are_refused(tmp_path: Path, name: str) -> None:
    assert code(AgentKey.create, tmp_path, name, at=OPENED) == "agent-name"


def test_a_home_that_cannot_be_written_is_the_users_to_mend(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"a file")
    assert code(AgentKey.create, tmp_path / "home", "bench", at=OPENED) == "keys-unwritable"


def test_i4_the_private_key_is_in_no_text_of_the_object(home: Path) -> None:
    key = AgentKey.load(home)
    secret = (home / "keys" / "agent.key").read_text(encoding="ascii").splitlines()[1]
    try:
        raise ValueError(key)
    except ValueError:
        trace = traceback.format_exc()
    for text in (repr(key), str(key), f"{key}", trace):
        assert secret not in text
        assert key.fingerprint[:16] in text
    assert not hasattr(key, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_checks_a_signature(home: Path, tmp_path: Path) -> None:
    key = AgentKey.load(home)
    (tmp_path / "data").write_bytes(b"what is signed")
    (tmp_path / "sig").write_bytes(key.sign(b"what is signed"))
    public = subprocess.run(
        ["openssl", "x509", "-in", home / "keys" / "agent.pem", "-pubkey", "-noout"], capture_output=True, check=True
    )
    (tmp_path / "pub").write_bytes(public.stdout)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", tmp_path / "pub", "-signature", tmp_path / "sig", tmp_path / "data"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, b"Verified OK")


def test_what_stands_around_the_certificates_of_the_key_goes_into_no_bundle(tmp_path: Path) -> None:
    made = AgentKey.create(tmp_path, "bench 1", at=OPENED)
    place = tmp_path / "keys" / "agent.pem"
    place.write_bytes(b"subject=bench 1\n" + made.chain_pem)
    assert AgentKey.load(tmp_path).chain_pem == made.chain_pem
