"""Step prove: the memory that was wiped is filled with bytes of ours, asked for all of them, and emptied again.

It is a step of a case only where the policy asks for it. A terminal that cannot do it, or does not go through with it,
is noted; one that answers wrongly gets its signed FAIL. However it ends, what was filled is erased before the case goes
on; where it breaks off in between, that comes first when the case is taken up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence

from agent.erasure import SEED_BYTES, expected_answer, milliseconds_allowed
from agent.errors import OutcomeUnknown
from agent.evidence.erasure_proof import ERASURE_PROOF, ErasureProof, ProvenRegion, build_erasure_proof
from agent.evidence.intent import INTENT, wipe_nonce
from agent.evidence.job import digest_of
from agent.journal import Fact, JournalEvent
from agent.policy import PROVEN
from agent.wipe.plan import flash_regions
from agent.wipe.prove import RegionAnswer, ask, erase_again, fill
from agent.wipe.read_back import read_back
from agent.wipe.run import longest_seconds
from agent.workflow.case import Case
from agent.workflow.events import Progress
from agent.workflow.steps import validate
from protocols.errors import DeviceRefused
from protocols.terminal import Region, WipeProgress
from protocols.words import WipeState

MOST_ATTEMPTS = 3
WIPED = frozenset({WipeState.DONE, WipeState.FILLED})


def run(case: Case) -> dict[str, Fact]:
    """Have the terminal prove that it erased.

    Raises:
        VerificationFailed: Another terminal answers than the one that was inspected (I9).
        OutcomeUnknown: What was filled may not be erased.
        StateUnknown: An answer was lost.
    """
    case.require_same_terminal()
    case.folder.path(ERASURE_PROOF).unlink(missing_ok=True)  # of an attempt that broke off
    nonce = wipe_nonce(case.folder.read(INTENT))
    regions = flash_regions(case.inspected.regions)
    why = _hindrance(case, regions)
    if why:
        return _not_proven(case, why)
    seed = secrets.token_bytes(SEED_BYTES)
    answers = _answers(case, regions, nonce, seed)
    if answers is not None:
        _judge(case, regions, seed, answers)
    _empty(case, nonce, regions)
    if answers is None:
        return {**_not_proven(case, "refused"), "read_back": validate.rows(case.read_backs)}
    proof = _proof(case, nonce, seed, *answers)
    case.folder.write(ERASURE_PROOF, proof)
    return {"proven": True, "proof": digest_of(proof), "read_back": validate.rows(case.read_backs)}


def take_up(case: Case, _begun: str) -> dict[str, Fact]:
    """Ask the terminal first, and erase whatever the filling left in it; then all of it is done anew, with other bytes.

    Where it broke off time and again it is given up, so that a terminal that does not bear it can be brought to an end.

    Raises:
        OutcomeUnknown: ``fill-not-erased``: it failed to erase; ``wipe-of-another``: it tells of another wipe; or see
            `run`.
    """
    case.require_same_terminal()
    nonce = wipe_nonce(case.folder.read(INTENT))
    status = case.driver.wipe_status()
    if status.nonce == nonce and status.state is WipeState.FAILED:
        raise OutcomeUnknown("fill-not-erased")
    if status.nonce != nonce or status.state not in WIPED:
        raise OutcomeUnknown("wipe-of-another")
    if status.state is WipeState.FILLED:
        _empty(case, nonce, flash_regions(case.inspected.regions))
    if _attempts(case) > MOST_ATTEMPTS:
        case.folder.path(ERASURE_PROOF).unlink(missing_ok=True)
        return {**_not_proven(case, "broke-off"), "read_back": validate.rows(case.read_backs)}
    return run(case)


def _attempts(case: Case) -> int:
    """Count how often the step was begun, this time included."""
    entries = case.ledger.entries(case.number)
    return sum(each.step == "prove" and each.event is JournalEvent.INTENT for each in entries)


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up what a case that broke off afterwards had read back."""
    if "read_back" in facts:
        validate.recall(case, {"regions": facts["read_back"]})


def _hindrance(case: Case, regions: Sequence[Region]) -> str:
    """Say why there is no proof to be had, in a word; empty where there is one."""
    if not all(each.blank for each in case.read_backs):
        return "not-blank"
    if case.driver.wipe_status().state is not WipeState.DONE:
        return "not-wiped"
    fillable = case.driver.fillable_regions()
    if not fillable:
        return "unknown-to-terminal"
    return "" if {each.region for each in regions} <= set(fillable) else "region-not-fillable"


def _not_proven(case: Case, why: str) -> dict[str, Fact]:
    case.find("erasure-not-proven", why=why)
    if case.request.policy.minimum_evidence_level == PROVEN:
        case.find("level-not-reached", level=PROVEN)
    return {"proven": False, "why": why}


def _answers(
    case: Case, regions: Sequence[Region], nonce: bytes, seed: bytes
) -> tuple[str, tuple[RegionAnswer, ...]] | None:
    """Fill and ask; None where the terminal does not go through with it."""
    advance = _counter(case, regions)
    try:
        fill(case.driver, regions, nonce, seed, advance)
        filled = case.clock.stamp()
        return filled, ask(case.driver, regions, case.clock, secrets.token_bytes)
    except DeviceRefused:
        return None


def _counter(case: Case, regions: Sequence[Region]) -> Callable[[int], None]:
    """Return what tells how many bytes of the regions were sent or read."""
    total = sum(region.size for region in regions)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        case.report(Progress("prove", done, total, "bytes"))

    return advance


def _judge(case: Case, regions: Sequence[Region], seed: bytes, answers: tuple[str, tuple[RegionAnswer, ...]]) -> None:
    """Say of each answer that is wrong or late so; what follows from it is the issuing function's (I5)."""
    for region, each in zip(regions, answers[1], strict=True):
        if each.answer != expected_answer(seed, each.region, each.size, each.key):
            case.find("erasure-disproven", region=region.name)
        elif each.milliseconds > milliseconds_allowed(each.size):
            case.find("erasure-answer-late", region=region.name, seconds=each.milliseconds // 1000)


def _proof(case: Case, nonce: bytes, seed: bytes, filled: str, answers: tuple[RegionAnswer, ...]) -> bytes:
    return build_erasure_proof(
        ErasureProof(
            case=case.number,
            wipe_nonce=nonce.hex(),
            seed=seed.hex(),
            filled=filled,
            regions=tuple(
                ProvenRegion(each.region, each.size, each.key.hex(), each.answer.hex(), each.milliseconds)
                for each in answers
            ),
        )
    )


def _empty(case: Case, nonce: bytes, regions: Sequence[Region]) -> None:
    """Have what was filled erased, and read it back."""

    def advance(news: WipeProgress) -> None:
        case.report(Progress("prove", news.blocks_done, news.blocks_total, "blocks"))

    erase_again(case.driver, nonce, case.clock, advance, longest_seconds(regions))
    method = case.request.policy.read_back
    count = _counter(case, regions)
    again = {each.region: read_back(case.driver, each, method, secrets.token_bytes, count) for each in regions}
    for region in regions:
        found = again[region.region]
        if not found.blank:
            case.find("region-not-blank", region=region.name, count=found.not_blank, offset=found.first_not_blank)
    case.read_backs = tuple(again.get(each.region, each) for each in case.read_backs)
