"""Step unbind: through the terminal's own menu, then proven by reading the bindings again."""

from __future__ import annotations

from agent.errors import OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from agent.journal import Fact
from agent.menu.runner import unbind
from agent.proofs import UnbindingProof
from agent.workflow.case import Case
from agent.workflow.menu_task import carry_out
from protocols.errors import ProtocolError
from protocols.words import BindingState


def run(case: Case) -> dict[str, Fact]:
    """Unbind, unless nothing is bound any more, and prove it.

    Raises:
        TerminalRefused: The terminal said no; nothing was changed but perhaps the attempts left.
        OutcomeUnknown: Something is still bound after the terminal said that it was done.
    """
    if any(each.state is BindingState.BOUND for each in case.driver.bindings()):
        try:
            carry_out(case, "unbind", unbind, case.request.merchant_number)
        except (TerminalRefused, PreconditionNotMet, UsageFault, ProtocolError):
            raise  # nothing was unbound
        except BaseException:
            case.changed = True  # nobody knows whether it was
            raise
    case.changed = True
    case.unbinding = _prove(case)
    if case.unbinding.pending:  # said here, since a wipe empties what the terminal remembers of it
        case.find("bindings-pending", names=", ".join(case.unbinding.pending))
    return {"undone": list(case.unbinding.undone), "pending": list(case.unbinding.pending)}


def _prove(case: Case) -> UnbindingProof:
    was_bound = {each.name for each in case.inspected.bindings if each.state is not BindingState.UNBOUND}
    now = {each.name: each.state for each in case.driver.bindings()}
    still = sorted(name for name, state in now.items() if state is BindingState.BOUND)
    if still:
        raise OutcomeUnknown("still-bound", names=", ".join(still))
    pending = tuple(sorted(name for name, state in now.items() if state is BindingState.PENDING))
    undone = tuple(sorted(name for name in was_bound if now.get(name, BindingState.UNBOUND) is BindingState.UNBOUND))
    return UnbindingProof(undone, pending, case.driver.identity().tusn)
