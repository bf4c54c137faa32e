"""What TLS is lent: the agent's own where that can be, throw-away ones else, and nothing is left."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from agent.errors import PreconditionNotMet
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.link_credentials import lent_credentials
from agent.evidence.keys.settings import KeySettings
from agent.evidence.keys.store import NewKey
from agent.secret import Secret
from tests.agent.evidence import tokens
from tests.agent.evidence.made import OPENED


def knows(text: str):
    return lambda _wanted: Secret(text)


def lent_subject(home: Path, key: AgentKey | None = None) -> str:
    with lent_credentials(home, OPENED, key) as lent:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_cert_chain(lent.chain, lent.key, lent.password)
        assert lent.key.stat().st_mode & 0o777 == 0o600
        assert lent.key.parent.stat().st_mode & 0o777 == 0o700
        subject = x509.load_pem_x509_certificate(lent.chain.read_bytes()).subject.rfc4514_string()
    assert not lent.key.exists()
    assert not lent.chain.exists()
    return subject


def test_a_key_in_a_file_is_lent(tmp_path: Path) -> None:
    AgentKey.create(tmp_path, "bench", at=OPENED)
    assert lent_subject(tmp_path) == "CN=posretire agent bench"


def test_i4_what_is_lent_is_under_a_password_of_this_process(tmp_path: Path) -> None:
    AgentKey.create(tmp_path, "bench", at=OPENED)
    passwords = set()
    for _ in range(2):
        with lent_credentials(tmp_path, OPENED) as lent:
            with pytest.raises(TypeError):
                load_pem_private_key(lent.key.read_bytes(), None)
            passwords.add(lent.password)
    assert len(passwords) == 2


def test_an_open_key_with_a_passphrase_is_lent_and_a_closed_one_is_not(tmp_path: Path) -> None:
    wanted = NewKey(passphrase=Secret("made up"), unlock=knows("made up"))
    key = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=wanted)
    assert lent_subject(tmp_path, key) == "CN=posretire agent bench"
    assert lent_subject(tmp_path) == "CN=posretire agent without a key"


@pytest.mark.skipif(not tokens.there(), reason=tokens.WHY)
def test_a_key_in_a_token_stays_there(tmp_path: Path, token: str) -> None:
    wanted = NewKey(KeySettings("pkcs11", tokens.MODULE, token, "agent"), unlock=knows(tokens.PIN))
    key = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=wanted)
    assert lent_subject(tmp_path, key) == "CN=posretire agent without a key"


def test_a_home_without_a_key_gets_none(tmp_path: Path) -> None:
    assert lent_subject(tmp_path / "home") == "CN=posretire agent without a key"
    assert not (tmp_path / "home").exists()


def test_what_is_wrong_with_a_key_is_said(tmp_path: Path) -> None:
    AgentKey.create(tmp_path, "bench", at=OPENED)
    (tmp_path / "keys" / "agent.key").write_bytes(b"rubbish")
    with pytest.raises(PreconditionNotMet), lent_credentials(tmp_path, OPENED):
        pass
