"""The steps of a case as a table: in which order, what each does to the terminal, and how it is taken up again.

open → inspect → settle → confirm → export → verify-export → intent → unbind → revoke → wipe → validate → prove →
attest → bundle → close; prove only where the policy asks for it. Opening and closing are the ledger's
(`agent.workflow.retire`), the bundle is issued without the terminal; all between stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from agent.journal import Fact
from agent.workflow.case import Case
from agent.workflow.request import RetireRequest
from agent.workflow.steps import (
    attest,
    confirm,
    export,
    inspect,
    intent,
    prove,
    rebind,
    revoke,
    settle,
    unbind,
    validate,
    wipe,
)
from protocols.command import Effect

Evidence = Mapping[str, Fact]


class Resume(Enum):
    """How a step is taken up again after its INTENT stands in the journal and its DONE does not (I7)."""

    IDEMPOTENT = "idempotent"
    """Do it again."""
    VERIFY_THEN_SKIP = "verify_then_skip"
    """Ask the terminal whether it was done, and do it only if it was not."""
    ASK_OPERATOR = "ask_operator"
    """A person has to say."""


def _nothing(_case: Case, _facts: Evidence) -> None:
    """Recall nothing: what the step found is read from the evidence itself."""


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        name: Its name in journal, output and documents.
        effect: The most it may do to the terminal.
        resume: How it is taken up again.
        run: Does it and returns the evidence for the DONE entry.
        take_up: Does it where it was begun at a time (RFC 3339) and broke off; looks first whether it was done.
        recall: Fills the case from the facts of the DONE entry, where it was done before the case broke off.
    """

    name: str
    effect: Effect
    resume: Resume
    run: Callable[[Case], Evidence]
    take_up: Callable[[Case, str], Evidence] | None = None
    recall: Callable[[Case, Evidence], None] = _nothing


RETIREMENT: tuple[Step, ...] = (
    Step("inspect", Effect.READ, Resume.IDEMPOTENT, inspect.run),
    Step("settle", Effect.READ, Resume.IDEMPOTENT, settle.run),
    Step("confirm", Effect.READ, Resume.ASK_OPERATOR, confirm.run),
    Step("export", Effect.READ, Resume.IDEMPOTENT, export.write, recall=export.recall_written),
    Step("verify-export", Effect.READ, Resume.IDEMPOTENT, export.verify, recall=export.recall_verified),
    Step("intent", Effect.READ, Resume.IDEMPOTENT, intent.run, recall=intent.recall),
    Step("unbind", Effect.WRITE, Resume.VERIFY_THEN_SKIP, unbind.run, unbind.take_up, unbind.recall),
    Step("revoke", Effect.READ, Resume.ASK_OPERATOR, revoke.run, recall=revoke.recall),
    Step("wipe", Effect.DESTRUCTIVE, Resume.VERIFY_THEN_SKIP, wipe.run, wipe.take_up, wipe.recall),
    Step("validate", Effect.READ, Resume.IDEMPOTENT, validate.run, recall=validate.recall),
    Step("attest", Effect.READ, Resume.IDEMPOTENT, attest.run),
)
"""Every step of a retirement between opening the case and issuing its bundle."""

PROVE = Step("prove", Effect.WRITE, Resume.VERIFY_THEN_SKIP, prove.run, prove.take_up, prove.recall)
PROVEN_RETIREMENT: tuple[Step, ...] = (*RETIREMENT[:-1], PROVE, RETIREMENT[-1])
"""The same with a proof of erasure before the last attestation, which answers for it."""

UNBINDING: tuple[Step, ...] = tuple(step for step in RETIREMENT if step.name not in {"wipe", "validate"})
"""Every step of a case that unbinds the terminal and wipes nothing."""


REBINDING: tuple[Step, ...] = (
    Step("rebind", Effect.WRITE, Resume.VERIFY_THEN_SKIP, rebind.rebind, rebind.take_up),
    Step("test-transaction", Effect.WRITE, Resume.ASK_OPERATOR, rebind.test_transaction),
)
"""What follows an unbinding where the terminal goes on working for another merchant."""


def steps_of(request: RetireRequest) -> tuple[Step, ...]:
    """Return the steps of what was asked for."""
    prove = request.wipe and request.policy.proves_erasure
    return steps_for(wipe=request.wipe, rebind=bool(request.new_merchant_number), prove=prove)


def steps_for(*, wipe: bool, rebind: bool, prove: bool = False) -> tuple[Step, ...]:
    """Return the steps of a kind of case.

    Args:
        wipe: Whether the memory is wiped.
        rebind: Whether a new merchant number is bound, where it is not.
        prove: Whether the terminal has to prove that it erased, where it is wiped.
    """
    if wipe:
        return PROVEN_RETIREMENT if prove else RETIREMENT
    return UNBINDING + REBINDING if rebind else UNBINDING
