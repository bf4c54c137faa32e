"""Step confirm: the last word before anything is changed belongs to a person, or to ``--yes``."""

from __future__ import annotations

from agent.errors import PreconditionNotMet
from agent.journal import Fact
from agent.menu.route import way
from agent.workflow.case import Case
from agent.workflow.menu_task import is_by_hand
from agent.workflow.request import InspectionSummary
from protocols.words import BindingState

KNOWN_OR_LATER = frozenset({"merchant_number", "machine_number", "code"})
"""What the case knows already, or nobody can know yet."""


def run(case: Case) -> dict[str, Fact]:
    """Ask for the go-ahead, and for whatever the terminal's menu will ask for, before the long export.

    Raises:
        PreconditionNotMet: The person said no.
        UsageFault: ``answer-missing``: nobody can say what the menu will ask for.
    """
    seen = case.inspected
    if not case.request.confirm(InspectionSummary(seen.identity, seen.known_status, seen.bindings)):
        raise PreconditionNotMet("not-confirmed")
    if not is_by_hand(case):
        _gather_answers(case)
    return {"operator": case.request.operator}


def _gather_answers(case: Case) -> None:
    """Have every answer at hand that the way to the unbinding needs; a code does not exist yet."""
    menu = case.known_profile.menu
    goal = menu.goal("unbind") if menu is not None else None
    if menu is None or goal is None or not any(each.state is BindingState.BOUND for each in case.inspected.bindings):
        return
    screens = {screen.id: screen for screen in menu.screens}
    for each in way(menu, menu.screens[0].id, goal) or ():
        field = screens[each].field
        if field is not None and not field.fixed and field.asks not in KNOWN_OR_LATER:
            case.answers.answer(field.asks)
