"""A key in a file, with and without a passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from agent.errors import PreconditionNotMet
from agent.evidence.keys.file import new_key_pem, read_key_file
from agent.evidence.keys.unlocking import from_settings
from agent.secret import Secret


class Knows:
    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    def __call__(self, wanted):
        self.asked.append(wanted.kind)
        return Secret(self.text)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agent.key"
    path.write_bytes(new_key_pem(Secret("made up")))
    path.chmod(0o600)
    return path


def code(*arguments) -> str:
    with pytest.raises(PreconditionNotMet) as raised:
        read_key_file(*arguments)
    return raised.value.code


def test_a_key_without_a_passphrase_asks_nobody(file: Path) -> None:
    file.write_bytes(new_key_pem(None))
    knows = Knows("x")
    assert read_key_file(file, knows).curve.name == "secp256r1"
    assert knows.asked == []


def test_the_passphrase_is_asked_for_once(file: Path) -> None:
    knows = Knows("made up")
    assert read_key_file(file, knows).curve.name == "secp256r1"
    assert knows.asked == ["passphrase"]


def test_i6_a_wrong_passphrase_is_tried_once(file: Path) -> None:
    knows = Knows("another")
    assert code(file, knows) == "key-passphrase-wrong"
    assert knows.asked == ["passphrase"]


def test_it_may_stand_in_a_file(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "pass"
    kept.write_text("made up\n")
    kept.chmod(0o600)
    assert read_key_file(file, from_settings, kept).curve.name == "secp256r1"
    assert code(file, from_settings) == "key-passphrase-missing"


def test_what_the_passphrase_opens_must_be_on_p256(file: Path) -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    file.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"made up")))
    assert code(file, Knows("made up")) == "agent-key-unreadable"


@pytest.mark.parametrize("cut", [40, 200])
def test_i10_a_broken_file_is_refused(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:cut])
    assert code(file, Knows("made up")) in {"key-passphrase-wrong", "agent-key-unreadable"}
