import os
import shutil
import subprocess
import traceback

import pytest
from pyrage import x25519

from agent.errors import ExitCode, UsageFault
from agent.export.recipients import MAX_FILE_BYTES, MAX_RECIPIENTS, parse_recipients

SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAITEST"
LOW_ORDER = "age1" + "q" * 52 + "5cu47z"  # 32 zero bytes: the shared secret would be zero for everybody


def recipient():
    return str(x25519.Identity.generate().to_public())


def refused(*given):
    with pytest.raises(UsageFault) as caught:
        parse_recipients(given)
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value


def test_recipients_keep_their_order():
    texts = [recipient() for _ in range(3)]
    found = parse_recipients([f" {texts[0]}\n", texts[1].upper(), texts[2]])
    assert [each.text for each in found] == texts


def test_a_file_holds_recipients_and_comments(tmp_path):
    texts = [recipient() for _ in range(3)]
    path = tmp_path / "owners.txt"
    path.write_text(f"# 业主\n\n{texts[0]}\r\n  {texts[1]}  \n#{recipient()}\n", encoding="utf-8")
    assert [each.text for each in parse_recipients([str(path), texts[2]])] == texts


@pytest.mark.parametrize("given", [[], ["", " "][:0]])
def test_at_least_one_is_needed(given):
    assert refused(*given).code == "recipient-missing"


def test_none_counts_twice(tmp_path):
    text = recipient()
    path = tmp_path / "owners.txt"
    path.write_text(text)
    other = recipient()
    given = parse_recipients([text, str(path), other, text.upper()])
    assert [each.text for each in given] == [text, other]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "recipient-invalid"),
        ("nobody", "recipient-invalid"),
        ("no/such/file", "recipient-invalid"),
        ("a\0b", "recipient-invalid"),
        ("x" * 5000, "recipient-invalid"),
        ("age1", "recipient-invalid"),
        ("age1" + "q" * 58, "recipient-invalid"),
        ("age1" + "é" * 58, "recipient-invalid"),
        ("age1" + "q" * 100_000, "recipient-invalid"),
        (LOW_ORDER, "recipient-invalid"),
        (SSH, "recipient-ssh"),
        ("sk-ssh-ed25519@openssh.com AAAA", "recipient-ssh"),
        ("ecdsa-sha2-nistp256 AAAA", "recipient-ssh"),
        ("age1yubikey1q2w3e4r5t6y7u8i9o0p", "recipient-unsupported"),
        ("age1pq1q2w3e4r5t6y7u8i9o0p", "recipient-unsupported"),
        ("AGE-PLUGIN-YUBIKEY-1QQPSQ", "recipient-is-identity"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "recipient-is-identity"),
    ],
)
def test_i10_what_is_no_recipient_has_a_code(text, code, tmp_path):
    fault = refused(recipient(), text)
    assert (fault.code, fault.facts) == (code, {"place": "recipient 2"})
    path = tmp_path / "owners.txt"
    path.write_bytes(b"# one line\n" + text.encode())
    if text and "\n" not in text:
        inside = refused(str(path))
        assert inside.code == (code if len(text) < MAX_FILE_BYTES else "recipients-file-unreadable")


def test_one_wrong_character_is_noticed():
    text = recipient()
    assert refused(text[:-1] + ("q" if text[-1] != "q" else "p")).code == "recipient-invalid"


@pytest.mark.parametrize("form", ["{}", "'{}'", "KEY={}", " {}\n"])
def test_i4_a_private_key_is_refused_and_never_shown(form, tmp_path):
    secret = str(x25519.Identity.generate())
    path = tmp_path / "identity.txt"
    path.write_text(f"# created: today\n{secret}\n")
    for given in (form.format(secret), form.format(secret.lower()), str(path)):
        fault = refused(given)
        assert fault.code == "recipient-is-identity"
        shown = "".join(traceback.format_exception(fault)) + repr(fault) + str(fault.facts)
        assert secret[20:40].lower() not in shown.lower()


@pytest.mark.parametrize("text", ["nobody", "hunter2-SECRET", "age1SECRET"])
def test_i4_what_is_refused_is_never_shown(text):
    assert "SECRET" not in str(refused(text))


def test_files_that_cannot_be_used(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    large = tmp_path / "large"
    large.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    empty = tmp_path / "empty"
    empty.write_text("# nobody\n")
    for path in (folder, binary, large):
        assert refused(str(path)).code == "recipients-file-unreadable"
    assert refused(str(empty)).code == "recipients-file-empty"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_i10_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused(str(tmp_path / "pipe")).code == "recipient-invalid"


def test_i10_there_are_at_most_so_many():
    texts = [recipient() for _ in range(MAX_RECIPIENTS + 1)]
    assert len(parse_recipients(texts[:-1])) == MAX_RECIPIENTS
    assert refused(*texts).code == "too-many-recipients"


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the Debian package age")
def test_age_itself_refuses_the_point_of_low_order():
    done = subprocess.run(["age", "-r", LOW_ORDER], input=b"x", capture_output=True)
    assert done.returncode != 0
    assert b"low order" in done.stderr
