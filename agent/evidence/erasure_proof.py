"""``erasure-proof.json``: what wiped memory was filled with, what it was asked afterwards, and what it answered.

The terminal's second attestation answers a nonce over these bytes too, so a proof can neither be added to a case
afterwards nor be taken out of it. What follows from it for whoever believes neither side stands in the note pmp.md,
section Proof of erasure.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from agent.erasure import expected_answer, milliseconds_allowed
from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.fields import Fields
from agent.evidence.intent import IntendedWipe
from protocols.terminal import Region

ERASURE_PROOF = "erasure-proof.json"
SCHEMA = "urn:posretire:erasure-proof:v1"
CIPHER = "aes-256-ctr"
MAX_BYTES = 1 << 18
MAX_REGIONS = 255


@dataclass(frozen=True)
class ProvenRegion:
    """One region in a proof.

    Args:
        region: Its number.
        size: Bytes, all of them filled.
        key: Key of the digest, 64 hex digits.
        answer: HMAC-SHA-256 as the terminal answered, 64 hex digits.
        milliseconds: How long the answer took.
    """

    region: int
    size: int
    key: str
    answer: str
    milliseconds: int


@dataclass(frozen=True)
class ErasureProof:
    """A proof of erasure.

    Args:
        case: Number of the case.
        wipe_nonce: What the wipe was prepared under, 64 hex digits.
        seed: What the regions were filled from, 64 hex digits.
        filled: When the terminal had taken the last byte, RFC 3339; the keys were drawn afterwards.
        regions: What each region answered.
    """

    case: str
    wipe_nonce: str
    seed: str
    filled: str
    regions: tuple[ProvenRegion, ...]


def build_erasure_proof(proof: ErasureProof) -> bytes:
    """Write ``erasure-proof.json``."""
    return canonical_json(
        {
            "schema": SCHEMA,
            "case": proof.case,
            "wipe_nonce": proof.wipe_nonce,
            "cipher": CIPHER,
            "seed": proof.seed,
            "filled": proof.filled,
            "regions": [vars(each) for each in proof.regions],
        }
    )


def parse_erasure_proof(data: bytes) -> ErasureProof:
    """Read ``erasure-proof.json``.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field`` or ``time-form``.
    """
    read = Fields(parse_json(data, ERASURE_PROOF, max_bytes=MAX_BYTES), ERASURE_PROOF)
    read.word("schema", {SCHEMA})
    read.word("cipher", {CIPHER})
    proof = ErasureProof(
        case=read.text("case", required=True),
        wipe_nonce=read.digest("wipe_nonce"),
        seed=read.digest("seed"),
        filled=read.time("filled"),
        regions=tuple(_read_region(row) for row in read.rows("regions", maximum=MAX_REGIONS)),
    )
    read.end()
    return proof


def _read_region(row: Fields) -> ProvenRegion:
    region = ProvenRegion(
        region=row.number("region", maximum=255),
        size=row.number("size"),
        key=row.digest("key"),
        answer=row.digest("answer"),
        milliseconds=row.number("milliseconds"),
    )
    row.end()
    return region


def flash_of(wipe: IntendedWipe) -> tuple[Region, ...]:
    """Return the flash that a wipe empties: all of it is filled, or nothing is proven."""
    return tuple(each for each in wipe.memory_map if each.region in wipe.regions and each.block_size > 0)


def check_answers(proof: ErasureProof, regions: Sequence[Region]) -> None:
    """Check that every region answered what only its bytes give, and in time.

    Args:
        proof: The proof.
        regions: What had to be filled.

    Raises:
        EvidenceRejected: ``proof-regions``: it is not about exactly these; or ``proof-answer``.
        NotCheckable: ``proof-slow``: an answer took so long that it may be another's.
    """
    wanted = sorted((each.region, each.size) for each in regions)
    if not wanted or sorted((each.region, each.size) for each in proof.regions) != wanted:
        raise EvidenceRejected("proof-regions")
    seed = bytes.fromhex(proof.seed)
    for each in proof.regions:
        right = expected_answer(seed, each.region, each.size, bytes.fromhex(each.key))
        if not hmac.compare_digest(right, bytes.fromhex(each.answer)):
            raise EvidenceRejected("proof-answer", region=each.region)
    for each in proof.regions:
        if each.milliseconds > milliseconds_allowed(each.size):
            raise NotCheckable("proof-slow", region=each.region, seconds=each.milliseconds // 1000)
