"""``posretire profiles learn``: record an unknown terminal's screens and keys into a draft profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.asking import ConsolePerson, Person, password
from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import Texts
from agent.errors import ExitCode, UsageFault
from agent.secret import Secret, forgotten_at_end
from protocols.menu import Asked
from protocols.words import Key

if TYPE_CHECKING:
    from agent.learn.instructions import Instruction

MERCHANT_DIGITS = 15
MOST_SCREENS = 200


def build(texts: Texts) -> click.Command:
    """Make the command."""
    return make_command(
        texts,
        "learn",
        learn,
        [
            click.Argument(["target"]),
            option(texts, "--out", "out", key="learn-out", default="learned", metavar="DIR"),
            option(texts, "--model", "model", key="learn-model", metavar="NAME"),
            option(texts, "--script", "script", key="learn-script", metavar="FILE"),
            option(texts, "--explore", "exploring", key="learn-explore", is_flag=True),
            option(texts, "--open", "opening", key="learn-open", metavar="KEYS"),
            option(
                texts,
                "--max-screens",
                "most",
                key="learn-screens",
                type=click.IntRange(1, MOST_SCREENS),
                default=60,
                metavar="N",
            ),
            option(texts, "--merchant", "merchant", key="learn-merchant", metavar="NO"),
            option(texts, "--password-file", "password_file", key="password-file", metavar="FILE"),
            option(texts, "--password-stdin", "password_stdin", key="password-stdin", is_flag=True),
        ],
        key="profiles-learn",
    )


def learn(
    invocation: Invocation,
    target: str,
    out: str,
    model: str | None,
    script: str | None,
    exploring: bool,
    opening: str | None,
    most: int,
    merchant: str | None,
    password_file: str | None,
    password_stdin: bool,
) -> ExitCode:
    """Gather what is needed, and learn."""
    from agent.cli.learning import parse_keys
    from agent.learn.instructions import read_script

    person = ConsolePerson(invocation.reporter)
    instructions = read_script(Path(script)) if script is not None else None
    if instructions is None and not exploring and not person.there():
        raise UsageFault("learn-no-person")
    keys = parse_keys(opening) if opening is not None else ()
    if keys is None:
        raise UsageFault("learn-keys-form", keys=str(opening))
    if merchant is not None and not (merchant.isascii() and merchant.isdecimal() and len(merchant) == MERCHANT_DIGITS):
        raise UsageFault("merchant-number-form", digits=MERCHANT_DIGITS)
    given: dict[Asked, Secret] = {"merchant_number": Secret(merchant)} if merchant is not None else {}
    if password_file is not None or password_stdin:
        given["password"] = password(password_file, password_stdin, person, invocation.reporter)
    try:
        return run(invocation, target, Path(out), model, instructions, given, person, keys if exploring else None, most)
    finally:
        for each in given.values():
            each.forget()


def run(
    invocation: Invocation,
    target: str,
    out: Path,
    model: str | None,
    instructions: tuple[Instruction, ...] | None,
    given: dict[Asked, Secret],
    person: Person,
    exploring: tuple[Key, ...] | None,
    most: int,
) -> ExitCode:
    """Do all of the command, with the person passed in.

    Args:
        invocation: Reporter and home.
        target: Where the terminal is.
        out: Folder of the draft.
        model: Name of the draft, or None for the terminal's own.
        instructions: The script, or None.
        given: What is to be typed, as far as it is known.
        person: Who can be asked.
        exploring: Keys that open the menu, where it is to look round by itself; else None.
        most: Screens at which it stops looking round.
    """
    from agent.cli.learning import answers, converse, show_draft, told_of
    from agent.cli.line import line_teller
    from agent.cli.privacy import asked_for
    from agent.connect import connect
    from agent.learn.draft import Gap, make_draft, read_terminal
    from agent.learn.explore import explore
    from agent.learn.learner import Learner, safe_name
    from agent.learn.note import note_text
    from agent.learn.write import check_free, write_draft

    reporter = invocation.reporter
    talking = instructions is None and exploring is None
    asked = asked_for(invocation)
    with (
        forgotten_at_end() as said,
        connect(target, told=line_teller(reporter), channel=asked.channel) as connected,
    ):
        driver = connected.driver
        asked.check(driver)
        identity = driver.identity()
        name = safe_name(model if model is not None else identity.model)
        if not name:
            raise UsageFault("learn-model-form", model=model or identity.model)
        check_free(out, name)
        before = driver.bindings()
        learner = Learner(driver, answers(person, reporter, given, said), told_of(reporter) if not talking else _silent)
        for each in instructions or ():
            learner.follow(each)
        more: list[Gap] = []
        if exploring is not None:
            found = explore(learner, most, exploring)
            more = [Gap("left-out", each) for each in found.left_out] + [Gap("stuck", (each,)) for each in found.stuck]
            more += [Gap("not-finished")] if found.full else []
        if talking:
            converse(reporter, person, learner)
        draft = make_draft(learner, read_terminal(driver, before), name, driver.family, connected.baud)
    written = write_draft(out, name, draft, note_text(learner, draft, name, more))
    show_draft(reporter, written, draft, tuple(more), out)
    return ExitCode.DONE


def _silent(_screen: object, _new: bool) -> None:
    """Tell nothing: the screens are shown as they come."""
