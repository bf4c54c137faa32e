"""The owner's identities: as age-keygen writes them, under a passphrase, and what is none."""

import os

import pyrage
import pytest

from agent.errors import UsageFault
from agent.export.identities import MAX_FILE_BYTES, read_identities
from agent.export.identity_file import new_recipient
from agent.secret import Secret
from tests.agent.export.sealed_identity import sealed


@pytest.fixture
def file(tmp_path):
    return tmp_path / "owner.key"


def asks(text):
    return lambda: Secret(text)


def test_a_file_as_it_is_made_here(file):
    recipient = new_recipient(file)
    (identity,) = read_identities(file, None)
    assert str(identity.to_public()) == recipient


def test_several_in_one_file(file):
    keys = [str(pyrage.x25519.Identity.generate()) for _ in range(3)]
    file.write_text("# three\r\n" + "\r\n".join(keys) + "\r\n")
    assert [str(each) for each in read_identities(file, None)] == keys


def test_a_passphrase_is_asked_for_and_forgotten(file):
    key = str(pyrage.x25519.Identity.generate())
    file.write_bytes(sealed(key, "correct horse (TEST)"))
    said = Secret("correct horse (TEST)")
    (identity,) = read_identities(file, lambda: said)
    assert str(identity) == key
    assert not said


def refused(file, code, ask=None):
    with pytest.raises(UsageFault) as fault:
        read_identities(file, ask)
    assert fault.value.code == code
    return fault.value


def test_a_wrong_passphrase_or_nobody_to_ask(file):
    file.write_bytes(sealed("AGE-SECRET-KEY-1", "correct horse (TEST)"))
    refused(file, "identity-passphrase", asks("wrong"))
    refused(file, "identity-sealed")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "identity-empty"),
        (b"# nothing\n", "identity-empty"),
        (b"AGE-SECRET-KEY-1QQQQ\n", "identity-invalid"),
        (b"PLANTED-SECRET\n", "identity-invalid"),
        (b"\xff\xfe", "identity-invalid"),
        (b"age1qqqq\n", "identity-is-recipient"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "identity-unsupported"),
        (b"AGE-PLUGIN-YUBIKEY-1QQQQ\n", "identity-unsupported"),
        (b"age-encryption.org/v1\n-> broken", "identity-passphrase"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nx", "identity-passphrase"),
        (b"#" * (MAX_FILE_BYTES + 1), "identity-unreadable"),
    ],
)
def test_i4_i10_what_is_no_identity_is_refused_and_not_shown(file, content, code):
    file.write_bytes(content)
    fault = refused(file, code, asks("x"))
    assert "PLANTED" not in str(fault)
    assert "QQQQ" not in str(fault)


def test_i10_what_is_no_file(file):
    refused(file, "identity-unreadable")
    file.mkdir()
    refused(file, "identity-unreadable")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_i10_a_pipe_is_not_waited_for(file):
    os.mkfifo(file)
    refused(file, "identity-unreadable")
