import base64
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from agent.evidence.caselog.merkle import leaf_hash
from agent.evidence.caselog.notes import (
    Checkpoint,
    Vkey,
    open_checkpoint,
    parse_vkey,
    read_checkpoint,
    sign_checkpoint,
    vkey_of,
)
from agent.evidence.errors import EvidenceRejected

# RFC 8032 section 7.1, TEST 2.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
# golang.org/x/mod/sumdb/note, the key of its examples.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

KEY = Ed25519PrivateKey.from_private_bytes(SECRET)
NAME = "posretire-log/0123456789abcdef"
VKEY = vkey_of(NAME, KEY)
CHECKPOINT = Checkpoint(NAME, 7, leaf_hash(b"x"))


def refused(call, *arguments, **named):
    with pytest.raises(EvidenceRejected) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_a_key_is_written_as_the_example_of_go_is():
    vkey = parse_vkey(GO_VKEY)
    assert (vkey.name, vkey.key_id.hex(), vkey.text) == ("PeterNeumann", "c74f20a3", GO_VKEY)
    signature = base64.b64decode(GO_SIGNATURE)
    assert signature[:4] == vkey.key_id
    Ed25519PublicKey.from_public_bytes(vkey.public).verify(signature[4:], GO_NOTE.encode())


def test_public_half_is_that_of_rfc_8032():
    assert VKEY.public == PUBLIC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        GO_VKEY + "\n",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("c74f20a3", "C74F20A3"),
        GO_VKEY.replace("Peter", "Peter "),
        GO_VKEY.replace("PeterNeumann", ""),
        GO_VKEY.replace("ARpc", "AhpC"),
        GO_VKEY[:-4],
        Vkey(NAME, PUBLIC).text.replace("+AT", "+BD"),
    ],
)
def test_what_is_no_key_is_refused(text):
    assert refused(parse_vkey, text) == "log-vkey"


def test_a_checkpoint_is_five_lines():
    data = sign_checkpoint(CHECKPOINT, KEY)
    lines = data.decode().split("\n")
    assert lines[:4] == [NAME, "7", base64.b64encode(leaf_hash(b"x")).decode(), ""]
    assert lines[4].startswith(f"— {NAME} ")
    assert len(lines[4].split(" ")[2]) == 92
    assert lines[5:] == [""]
    assert open_checkpoint(data, VKEY) == CHECKPOINT == read_checkpoint(data)


def test_openssl_takes_the_signature(tmp_path):
    openssl = shutil.which("openssl")
    assert openssl, "install the Debian package openssl"
    data = sign_checkpoint(CHECKPOINT, KEY)
    body, _, signature = data.partition(b"\n\n")
    # SubjectPublicKeyInfo of Ed25519 is these twelve bytes and the key (RFC 8410 section 4).
    key = base64.b64decode(VKEY.text.rpartition("+")[2])[1:]
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + key)
    (tmp_path / "body").write_bytes(body + b"\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(signature.split(b" ")[2])[4:])
    call = [openssl, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin"]
    call += ["-in", "body", "-sigfile", "signature"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "body").write_bytes(body.replace(b"7", b"8") + b"\n")
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0


def test_every_flipped_bit_is_refused():
    data = sign_checkpoint(CHECKPOINT, KEY)
    for at in range(len(data)):
        for bit in range(8):
            other = bytearray(data)
            other[at] ^= 1 << bit
            refused(open_checkpoint, bytes(other), VKEY)


def test_signatures_of_others_are_let_be_or_refused_as_asked():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    data = sign_checkpoint(CHECKPOINT, KEY)
    witness = sign_checkpoint(Checkpoint("witness.example/w", 7, leaf_hash(b"x")), other).split(b"\n\n")[1]
    assert open_checkpoint(data + witness, VKEY, alone=False) == CHECKPOINT
    assert refused(open_checkpoint, data + witness, VKEY) == "log-other-key"
    assert refused(open_checkpoint, data.split(b"\n\n")[0] + b"\n\n" + witness, VKEY, alone=False) == "log-other-key"
    assert refused(open_checkpoint, data + data.split(b"\n\n")[1], VKEY) == "log-other-key"


def test_a_checkpoint_of_another_log_or_key_is_refused():
    data = sign_checkpoint(CHECKPOINT, KEY)
    assert refused(open_checkpoint, data, Vkey("another", PUBLIC)) == "log-other-key"
    other = vkey_of(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert refused(open_checkpoint, data, other) == "log-other-key"
    signed = sign_checkpoint(CHECKPOINT, KEY).replace(b"\n7\n", b"\n8\n")
    assert refused(open_checkpoint, signed, VKEY) == "log-signature"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n7 \n"),
        ("\n7\n", "\n99999999999999999\n"),
        ("=\n\n", "=\nextension\n\n"),
        ("=\n\n", "==\n\n"),
        ("\n\n", "\n"),
        ("\n\n", "\r\n\r\n"),
        ("— ", "- "),
        (NAME + "\n", "a name\n"),
        (NAME + "\n", "\n"),
    ],
)
def test_another_form_is_refused(old, new):
    data = sign_checkpoint(CHECKPOINT, KEY).decode()
    assert old in data
    assert refused(read_checkpoint, data.replace(old, new, 1).encode()) == "log-checkpoint"


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff\xfe\n", b"a\n" * 9_000])
def test_garbage_is_refused(data):
    assert refused(read_checkpoint, data) == "log-checkpoint"
