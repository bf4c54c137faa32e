"""A task on the terminal's menu, done over the line or by the hands of a person, and kept on film either way."""

from __future__ import annotations

from agent.guided.session import DoneT, GuidedSession, Task
from agent.journal import Fact
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.workflow.case import Case
from agent.workflow.film import filmed


def carry_out(case: Case, step: str, task: Task[DoneT], merchant_number: str) -> DoneT:
    """Do a task of `agent.menu.runner`.

    Args:
        case: The case, inspected.
        step: Name of the workflow's step.
        task: What to do.
        merchant_number: What the screens must show.

    Returns:
        What the task returns.

    Raises:
        AgentError: As the task.
        ProtocolError: The line failed.
    """
    identity, profile = case.inspected.identity, case.known_profile
    menu_case = MenuCase(identity.tusn, merchant_number, identity.label_number)
    with filmed(case, step) as film:
        if not is_by_hand(case):
            return task(case.driver, profile, menu_case, case.answers, film.take, guided=False)
        assert case.request.guide is not None
        session = GuidedSession(case.request.guide)
        # What the person types on the terminal is not asked for on the laptop as well.
        known = GivenAnswers(case.request.answers)
        try:
            return session.carry_out(task, case.driver, profile, menu_case, known, film.take)
        finally:
            _record(case, step, session)


def is_by_hand(case: Case) -> bool:
    """Tell whether a person presses the keys in this case."""
    menu = case.known_profile.menu
    wanted = case.request.by_hand or (menu is not None and menu.keys == "guided")
    return wanted and case.request.guide is not None


def _record(case: Case, step: str, session: GuidedSession) -> None:
    """Keep what the person did and said: their word, and marked as that."""
    done = session.outcome
    photos: list[Fact] = [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in done.photos]
    case.note(step, {"by_hand": done.steps, "notes": list(done.notes), "photos": photos})
    case.find("steps-by-hand", step=step, count=done.steps)
