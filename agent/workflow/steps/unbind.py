"""Step unbind: through the terminal's own menu, then proven by reading the bindings again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from agent.drivers.base import TerminalDriver
from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.journal import Fact
from agent.menu.answers import Answers
from agent.menu.case import MenuCase
from agent.menu.runner import Film, UnbindOutcome, unbind
from agent.proofs import UnbindingProof
from agent.workflow.case import Case
from agent.workflow.menu_task import carry_out
from protocols.errors import ProtocolError
from protocols.profile import Profile
from protocols.words import BindingState


def run(case: Case) -> dict[str, Fact]:
    """Unbind, unless nothing is bound any more, and prove it.

    Raises:
        TerminalRefused: The terminal said no; nothing was changed but perhaps the attempts left.
        OutcomeUnknown: Something is still bound after the terminal said that it was done.
    """
    if any(each.state is BindingState.BOUND for each in case.driver.bindings()):
        case.require_same_terminal()
        carry_out(case, "unbind", _Walk(case), case.request.merchant_number)
    case.changed = True
    case.unbinding = _prove(case)
    if case.unbinding.pending:  # said here, since a wipe empties what the terminal remembers of it
        case.find("bindings-pending", names=", ".join(case.unbinding.pending))
    return {"undone": list(case.unbinding.undone), "pending": list(case.unbinding.pending)}


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up the proof of a case that broke off afterwards."""
    case.changed = True
    undone, pending = (tuple(map(str, cast("Sequence[Fact]", facts[name]))) for name in ("undone", "pending"))
    case.unbinding = UnbindingProof(undone, pending, case.inspected.identity.tusn)


def take_up(case: Case, _begun: str) -> dict[str, Fact]:
    """Look first what is still bound: an unbinding that was begun may be done.

    Raises:
        OutcomeUnknown: ``half-unbound``: some of it was done, and the terminal's menu does not do the rest.
    """
    case.changed = True
    try:
        return run(case)
    except PreconditionNotMet as fault:
        still = _bound(case) if fault.code == "terminal-not-bound" else []
        if not still:
            raise
        case.changed = True
        raise OutcomeUnknown("half-unbound", names=", ".join(still)) from None


class _Walk:
    """Unbinds, and knows whether anything was changed by it.

    Only what the walk through the menu itself says counts: an error of the film or the journal afterwards must not be
    taken for a terminal that was left as it was.

    Args:
        case: The case.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def __call__(
        self, driver: TerminalDriver, profile: Profile, case: MenuCase, answers: Answers, film: Film, *, guided: bool
    ) -> UnbindOutcome:
        self._case.changed = True
        try:
            return unbind(driver, profile, case, answers, film, guided=guided)
        except (TerminalRefused, PreconditionNotMet, UsageFault, ProtocolError):
            self._case.changed = False  # nothing was unbound
            raise


def _bound(case: Case) -> list[str]:
    """Return the names of what the terminal says is bound now."""
    return sorted(each.name for each in case.driver.bindings() if each.state is BindingState.BOUND)


def _prove(case: Case) -> UnbindingProof:
    was_bound = {each.name for each in case.inspected.bindings if each.state is not BindingState.UNBOUND}
    now = {each.name: each.state for each in case.driver.bindings()}
    still = sorted(name for name, state in now.items() if state is BindingState.BOUND)
    if still:
        raise OutcomeUnknown("still-bound", names=", ".join(still))
    pending = tuple(sorted(name for name, state in now.items() if state is BindingState.PENDING))
    undone = tuple(sorted(name for name in was_bound if now.get(name, BindingState.UNBOUND) is BindingState.UNBOUND))
    return UnbindingProof(undone, pending, case.driver.identity().tusn)
