"""Envelopes: ours, checked by openssl alone and by securesystemslib's own verifier."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

from agent.evidence.dsse import PAYLOAD_TYPE, open_envelope, sign_envelope
from agent.evidence.errors import EvidenceRejected
from agent.evidence.trust.certificates import p256_key
from tests.agent.evidence.made import World

PAYLOAD = '{"_type":"made up","text":"证书"}'.encode()


def check(data: bytes, world: World) -> bytes:
    opened = open_envelope(data)
    opened.check(p256_key(world.agent.certificate, "agent"), world.agent.fingerprint)
    return opened.payload


def test_what_is_signed_opens(world: World) -> None:
    assert check(sign_envelope(PAYLOAD, world.agent), world) == PAYLOAD


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_alone_checks_it(world: World, tmp_path: Path) -> None:
    envelope = json.loads(sign_envelope(PAYLOAD, world.agent))
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    # https://github.com/secure-systems-lab/dsse, protocol.md: the pre-authentication encoding.
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    (tmp_path / "signed").write_bytes(signed)
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "agent.pem").write_bytes(world.agent.chain_pem)
    run = ["openssl", "x509", "-in", "agent.pem", "-pubkey", "-noout", "-out", "pub"]
    subprocess.run(run, cwd=tmp_path, check=True)
    verify = ["openssl", "dgst", "-sha256", "-verify", "pub", "-signature", "sig", "signed"]
    done = subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"Verified OK")
    (tmp_path / "signed").write_bytes(signed + b" ")
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_securesystemslib_checks_it(world: World) -> None:
    envelope = Envelope.from_dict(json.loads(sign_envelope(PAYLOAD, world.agent)))
    key = SSlibKey.from_crypto(world.agent.certificate.public_key(), world.agent.fingerprint)
    assert set(envelope.verify([key], 1)) == {world.agent.fingerprint}


def edited(world: World, **changes: object) -> bytes:
    envelope = {**json.loads(sign_envelope(PAYLOAD, world.agent)), **changes}
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payloadType": "application/json"}, "document-field"),
        ({"payload": base64.b64encode(PAYLOAD + b" ").decode()}, "dsse-signature"),
        ({"payload": "e30"}, "dsse-malformed"),
        ({"payload": "e30=\u00e9"}, "dsse-malformed"),
        ({"payload": "e31="}, "dsse-malformed"),
        ({"payload": "_-=="}, "dsse-malformed"),
        ({"signatures": []}, "dsse-malformed"),
        ({"signatures": [{}, {}]}, "dsse-malformed"),
        ({"signatures": [{"keyid": "0" * 64, "sig": "AAAA"}]}, "dsse-key"),
        ({"signatures": [{"keyid": "x", "sig": "AAAA"}]}, "document-field"),
        ({"signatures": [{"keyid": "0" * 64, "sig": "AAAA", "cert": "x"}]}, "document-field"),
        ({"signatures": {}}, "document-field"),
        ({"extra": 1}, "document-field"),
    ],
)
def test_other_envelopes_are_refused(world: World, changes, code: str) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        check(edited(world, **changes), world)
    assert raised.value.code == code


def test_a_signature_over_the_bare_payload_does_not_count(world: World) -> None:
    row = {"keyid": world.agent.fingerprint, "sig": base64.b64encode(world.agent.sign(PAYLOAD)).decode()}
    with pytest.raises(EvidenceRejected) as raised:
        check(edited(world, signatures=[row]), world)
    assert raised.value.code == "dsse-signature"


def test_flipped_bytes_are_refused(world: World) -> None:
    data = sign_envelope(PAYLOAD, world.agent)
    assert PAYLOAD_TYPE.encode() in data
    pick = random.Random(1)
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << pick.randrange(8)
        with pytest.raises(EvidenceRejected):
            check(bytes(flipped), world)
