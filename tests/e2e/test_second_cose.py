"""The attestations of a bundle, verified by a COSE library and an X.509 library that have nothing of ours."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from protocols import eat
from tests.lint.repo import ROOT

PEERS = ROOT / "tests" / "peers" / "npm"
PATIENCE_SECONDS = 120
INSTALL = "npm ci --prefix tests/peers/npm --ignore-scripts"


@pytest.fixture(scope="module")
def second_library():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: install Debian's nodejs and npm")
    if not (PEERS / "node_modules" / "@auth0" / "cose").is_dir():
        pytest.skip(f"the second COSE library is not installed: {INSTALL}")

    def verify(tokens: list[bytes], roots: list[str]) -> list[dict[str, object]]:
        done = subprocess.run(
            [node, PEERS / "verify-eat.mjs"],
            input=json.dumps({"roots": roots, "tokens": [token.hex() for token in tokens]}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, object]] = json.loads(done.stdout)
        return answers

    return verify


@pytest.fixture
def retired(technician, simulate):
    """A bundle and the roots of its terminal's maker."""
    terminal = simulate("--seed", "7", "--transactions", "20")
    end = technician.retire(terminal).lines[-1]
    assert end["result"] == "PASS", end
    roots = [path.read_text(encoding="ascii") for path in sorted(Path(terminal["trust"]).glob("makers/*.pem"))]
    return terminal, Path(end["bundle"]), roots


def test_the_second_library_verifies_both_attestations_and_reads_the_same_claims(second_library, retired):
    terminal, bundle, roots = retired
    answers = second_library([(bundle / f"device-{when}.eat").read_bytes() for when in ("pre", "post")], roots)
    before, after = (answer["claims"] for answer in answers)
    for claims in (before, after):
        assert claims[str(eat.TUSN)] == terminal["tusn"]
        assert claims[str(eat.UEID)] == eat.ueid(bytes.fromhex(claims[str(eat.OEMID)]), terminal["tusn"]).hex()
        assert bytes.fromhex(claims[str(eat.HWMODEL)]).decode() == terminal["model"]
    assert (before[str(eat.PHASE)], after[str(eat.PHASE)]) == (1, 2)
    assert after[str(eat.WIPE_COUNT)] == before[str(eat.WIPE_COUNT)] + 1
    assert before[str(eat.NONCE)] != after[str(eat.NONCE)]


def test_the_second_library_refuses_every_flipped_byte_of_what_is_signed(second_library, retired):
    _, bundle, roots = retired
    token = (bundle / "device-post.eat").read_bytes()
    certificate = token.index(b"\x18\x21\x59") + 5  # the label of x5chain, and a byte string of two bytes' length
    end = certificate + int.from_bytes(token[certificate - 2 : certificate], "big")
    places = [*range(3, 6), *range(end, len(token))]  # alg, then payload and signature up to the end
    flipped = [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in places]
    accepted = [at for at, answer in zip(places, second_library(flipped, roots), strict=True) if "claims" in answer]
    assert not accepted
    assert len(places) > 500


def test_the_second_library_refuses_another_makers_root(second_library, retired, simulate):
    _, bundle, roots = retired
    other = simulate("--seed", "7", "--transactions", "20", state="other", model="lakala-l300")
    others = [path.read_text(encoding="ascii") for path in sorted(Path(other["trust"]).glob("makers/*.pem"))]
    token = (bundle / "device-pre.eat").read_bytes()
    assert "claims" in second_library([token], roots)[0]
    assert "refused" in second_library([token], others)[0]
