"""``posretire retire``: the whole of it. Gathers what is asked for, runs the case, and shows what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import click

from agent.cli.asking import ConsolePerson, Person
from agent.cli.case_request import Given, gather
from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, OutcomeUnknown

if TYPE_CHECKING:
    from agent.workflow.events import Event
    from agent.workflow.request import RetireOutcome, RetireRequest

CHANGING_STEPS = frozenset({"unbind", "revoke", "wipe", "validate", "prove", "attest"})
"""From the first of these on, an interrupt leaves a terminal that somebody has to look at."""


class Retire(Protocol):
    """The workflow, as `agent.workflow.retire.retire` offers it."""

    def __call__(self, request: RetireRequest, report: Callable[[Event], None]) -> RetireOutcome:
        """Retire one terminal."""


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    return make_command(texts, "retire", retire_terminal, [click.Argument(["target"]), *case_options(texts)])


def case_options(texts: Texts) -> list[click.Parameter]:
    """Make the options that every command has which unbinds a terminal."""
    return [
        *menu_options(texts),
        option(texts, "--recipient", "recipients", key="recipient", multiple=True, metavar="AGE"),
        option(texts, "--out", "out", key="out", default="bundles", metavar="DIR"),
        option(texts, "--backup", "backup", key="backup", multiple=True, metavar="DIR"),
        option(texts, "--policy", "policy", key="policy", metavar="FILE"),
        option(texts, "--reason", "reason", key="reason", metavar="TEXT"),
        option(texts, "--destination", "destination", key="destination", metavar="TEXT"),
        option(texts, "--property-number", "property_number", key="property-number", metavar="TEXT"),
        option(texts, "--media-source", "media_source", key="media-source", metavar="TEXT"),
        *attended_options(texts),
    ]


def menu_options(texts: Texts) -> list[click.Parameter]:
    """Make the options for what the terminal's menu asks for."""
    return [
        option(texts, "--merchant", "merchant", key="merchant", metavar="NO"),
        option(texts, "--password-file", "password_file", key="password-file", metavar="FILE"),
        option(texts, "--password-stdin", "password_stdin", key="password-stdin", is_flag=True),
        option(
            texts, "--operator-password-file", "operator_password_file", key="operator-password-file", metavar="FILE"
        ),
        option(texts, "--second-password-file", "second_password_file", key="second-password-file", metavar="FILE"),
        option(texts, "--code-file", "code_file", key="code-file", metavar="FILE"),
        option(texts, "--phone", "phone", key="phone", metavar="NO"),
    ]


def attended_options(texts: Texts) -> list[click.Parameter]:
    """Make the options for who works on a case, by which order, and what is trusted and known there."""
    return [
        option(texts, "--work-order", "work_order", key="work-order", metavar="FILE"),
        option(texts, "--operator", "operator", key="operator", metavar="NAME"),
        option(texts, "--login-password-file", "login_password_file", key="login-password-file", metavar="FILE"),
        option(texts, "--key-passphrase-file", "key_passphrase_file", key="key-passphrase-file", metavar="FILE"),
        option(texts, "--timestamp-authority", "timestamp_authority", key="timestamp-authority", metavar="URL"),
        option(texts, "--trust", "trust", key="trust", multiple=True, metavar="DIR"),
        option(texts, "--profiles", "profiles", key="profiles-dir", multiple=True, metavar="DIR"),
        option(texts, "--guided", "guided", key="guided", is_flag=True),
        option(texts, "--yes", "yes", key="yes", is_flag=True),
    ]


def retire_terminal(
    invocation: Invocation, target: str, password_file: str | None, password_stdin: bool, **given: object
) -> ExitCode:
    """Gather, run, show."""
    from agent.workflow.retire import retire

    person = ConsolePerson(invocation.reporter)
    return run(invocation, target, Given(**given), (password_file, password_stdin), person, retire)  # type: ignore[arg-type]


def run(
    invocation: Invocation,
    target: str,
    given: Given,
    password_from: tuple[str | None, bool],
    person: Person,
    retire: Retire,
) -> ExitCode:
    """Do all of the command, with person and workflow passed in.

    Args:
        invocation: Reporter and home.
        target: Where the terminal is.
        given: What the command line says.
        password_from: File, and whether from standard input.
        person: Who can be asked.
        retire: The workflow.
    """
    from agent.workflow.case import ResumeInstead

    request = gather(invocation, target, given, password_from, person)
    try:
        return carry_out(invocation, request, retire)
    except ResumeInstead as earlier:
        from agent.cli.commands.resume import go_on
        from agent.workflow.resume import look_up

        found = look_up(invocation.home, earlier.case)
        again = replace(given, key=request.key, doer=request.person)  # nobody is asked twice for what opens it
        return go_on(invocation, found, target, again, password_from, person, {})


def carry_out(invocation: Invocation, request: RetireRequest, retire: Retire) -> ExitCode:
    """Run a case, show what happens, and what came of it.

    Args:
        invocation: Reporter and home.
        request: What is asked for; its secrets are forgotten at the end.
        retire: The workflow.
    """
    from agent.cli.end_page import end_document, show_end

    tracker = Tracker(invocation.reporter.event)
    try:
        outcome = retire(request, tracker.report)
    except KeyboardInterrupt:
        if tracker.changing:
            raise OutcomeUnknown("interrupted-under-way", case=tracker.case, step=tracker.step) from None
        raise
    finally:
        invocation.reporter.end_progress()
        request.forget()
    show_end(invocation.reporter, outcome)
    invocation.reporter.document(end_document(outcome))
    return outcome.exit_code


@dataclass
class Tracker:
    """Remembers where the case is, for when it is interrupted.

    Args:
        tell: Where events go as JSON.
    """

    tell: Callable[[dict[str, object]], None]
    case: str = "-"
    step: str = "-"
    changing: bool = field(default=False)

    def report(self, event: Event) -> None:
        """Take one event and pass it on."""
        document = event.as_json()
        self.case = str(document.get("case", self.case))
        if document.get("event") == "step" and document.get("state") == "started":
            self.step = str(document["step"])
            self.changing = self.changing or self.step in CHANGING_STEPS
        self.tell(document)
