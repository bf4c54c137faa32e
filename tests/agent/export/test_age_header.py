import io
import shutil
import subprocess

import pyrage
import pytest
from pyrage import x25519

from agent.errors import ExitCode, VerificationFailed
from agent.export.age_header import read_age_header
from tests.agent.export.fake_driver import Owner


def encrypted(count):
    recipients = [x25519.Identity.generate().to_public() for _ in range(count)]
    sink = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(b"x" * 1000), sink, recipients)
    return sink.getvalue()


@pytest.mark.parametrize("count", [1, 2, 64])
def test_recipients_are_counted(count):
    header = read_age_header(encrypted(count)[:65_536])
    assert len(set(header.x25519_shares)) == count
    assert header.other_types == ()


def test_grease_is_no_recipient():
    start = encrypted(1)
    assert b"-grease" in start
    assert read_age_header(start).other_types == ()
    assert len(read_age_header(start).x25519_shares) == 1


def test_other_kinds_are_seen():
    scrypt = b"age-encryption.org/v1\n-> scrypt c2FsdCBzYWx0IHNhbHQgcw 18\nYm9keQ\n--- bWFj\n"
    header = read_age_header(scrypt)
    assert header.x25519_shares == ()
    assert header.other_types == ("scrypt",)
    bent = encrypted(1).replace(b"-> X25519 ", b"-> X25519 more ")
    assert read_age_header(bent).other_types == ("X25519",)


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the Debian package age")
def test_a_file_of_age_itself(tmp_path):
    one, two = Owner(tmp_path, "one"), Owner(tmp_path, "two")
    done = subprocess.run(
        ["age", "-r", one.recipient, "-r", two.recipient], input=b"x" * 100, capture_output=True, check=True
    )
    assert len(read_age_header(done.stdout).x25519_shares) == 2


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\n",
        b"age-encryption.org/v2\n--- x\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        b"age-encryption.org/v1",
        b"age-encryption.org/v1\n-> X25519 abc\n",
        b"age-encryption.org/v1\n" + b"-> \xff\xff\n" * 100,
    ],
)
def test_i10_what_is_no_header_is_refused(start):
    with pytest.raises(VerificationFailed, match="export-unreadable") as caught:
        read_age_header(start)
    assert caught.value.exit_code is ExitCode.VERIFICATION
