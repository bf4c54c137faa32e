"""``posretire resume``: takes up a case that broke off, where it broke off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from agent.cli.asking import ConsolePerson, Person
from agent.cli.case_request import Given
from agent.cli.command import Invocation, make_command, option
from agent.cli.commands.retire import attended_options, carry_out, menu_options
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.workflow.events import Event
    from agent.workflow.request import RetireOutcome, RetireRequest
    from agent.workflow.resume import Resumable


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    return make_command(texts, "resume", resume_case, [click.Argument(["case"]), *_options(texts)])


def _options(texts: Texts) -> list[click.Parameter]:
    return [
        option(texts, "--target", "target", key="resume-target", metavar="TARGET"),
        *menu_options(texts),
        option(texts, "--rebind", "rebind", key="rebind", metavar="NO"),
        option(texts, "--done", "done", key="resume-done", multiple=True, metavar="STEP"),
        option(texts, "--not-done", "not_done", key="resume-not-done", multiple=True, metavar="STEP"),
        *attended_options(texts),
    ]


def resume_case(
    invocation: Invocation,
    case: str,
    target: str | None,
    password_file: str | None,
    password_stdin: bool,
    done: tuple[str, ...],
    not_done: tuple[str, ...],
    **given: object,
) -> ExitCode:
    """Look the case up, gather what has to be given again, go on, show."""
    from agent.workflow.resume import look_up

    words = words_of(done, not_done)
    person = ConsolePerson(invocation.reporter)
    found = look_up(invocation.home, case)
    password_from = password_file, password_stdin
    return go_on(invocation, found, target, Given(**given), password_from, person, words)  # type: ignore[arg-type]


def go_on(
    invocation: Invocation,
    found: Resumable,
    target: str | None,
    given: Given,
    password_from: tuple[str | None, bool],
    person: Person,
    words: dict[str, bool],
) -> ExitCode:
    """Take a case up again.

    Args:
        invocation: Reporter and home.
        found: The case as the ledger has it.
        target: Where the terminal is now, or None for where it was.
        given: What the command line says again.
        password_from: File, and whether from standard input.
        person: Who can be asked.
        words: What a person says of steps that only a person can tell.
    """
    from agent.cli.resume_request import gather_again
    from agent.workflow.resume import resume

    def taken_up(request: RetireRequest, report: Callable[[Event], None]) -> RetireOutcome:
        return resume(found.record.case, request, report, words=words)

    return carry_out(invocation, gather_again(invocation, found, target, given, password_from, person), taken_up)


def words_of(done: tuple[str, ...], not_done: tuple[str, ...]) -> dict[str, bool]:
    """Put together what a person says of steps.

    Raises:
        UsageFault: ``step-word-twice``: a step is said to be done and not done. ``step-unknown``: no case has it.
    """
    from agent.workflow.table import PROVEN_RETIREMENT, REBINDING

    known = [step.name for step in (*PROVEN_RETIREMENT, *REBINDING)]
    unknown = sorted({*done, *not_done}.difference(known))
    if unknown:
        raise UsageFault("step-unknown", step=unknown[0], steps=", ".join(dict.fromkeys(known)))
    both = set(done) & set(not_done)
    if both:
        raise UsageFault("step-word-twice", step=min(both))
    return dict.fromkeys(done, True) | dict.fromkeys(not_done, False)
