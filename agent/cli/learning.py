"""``posretire profiles learn``: the conversation with the technician, and the page at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from agent.cli.asking import Person
from agent.cli.output import Reporter
from agent.cli.screen_box import boxed
from agent.errors import UsageFault
from agent.learn.instructions import Instruction, check_instruction
from agent.learn.learner import LearnedScreen, Learner
from agent.menu.mask import masked_rows
from agent.secret import Secret
from protocols.errors import DeviceRefused
from protocols.menu import Asked, Ending
from protocols.pattern import places_of
from protocols.words import Key

if TYPE_CHECKING:
    from agent.learn.draft import Draft, Gap
    from agent.learn.write import WrittenDraft

END = "end"
HELP = "?"


def converse(reporter: Reporter, person: Person, learner: Learner) -> None:
    """Ask what to do next until the technician ends it.

    Args:
        reporter: Draws the screens.
        person: Says what to do.
        learner: Does it, and records.
    """
    texts = reporter.texts
    reporter.line(texts("learn.help"))
    while True:
        _show(reporter, learner)
        words = person.ask(texts("learn.prompt")).split()
        if words == [END]:
            return
        if not words or words == [HELP]:
            reporter.line(texts("learn.help"))
            continue
        instruction = parse_words(words)
        why = texts("learn.not-understood") if instruction is None else check_instruction(instruction)
        if instruction is None or why:
            reporter.item(why, "warn")
            continue
        try:
            learner.follow(instruction)
        except UsageFault as fault:
            reporter.item(texts(f"error.{fault.code}.what", **fault.facts), "warn")
        except DeviceRefused as fault:
            reporter.item(texts("error.terminal-refused.what", command=fault.command, meaning=fault.meaning), "warn")


def parse_words(words: list[str]) -> Instruction | None:
    """Read what a technician typed: keys, or a word and what it is about.

    Args:
        words: ``F1+F4``, ``4``, ``own``, ``choose WORDS``, ``type WHAT``, ``name NAME``, ``confirms`` or
            ``means ENDING``.

    Returns:
        The instruction, or None where that is none.
    """
    verb, rest = words[0].lower(), " ".join(words[1:])
    if verb == "name" and rest:
        return Instruction(screen=rest)
    if verb == "choose" and rest:
        return Instruction(choose=rest)
    if verb == "type" and rest in get_args(Asked):
        return Instruction(type=rest)  # type: ignore[arg-type]
    if verb == "means" and rest in get_args(Ending):
        return Instruction(means=rest)  # type: ignore[arg-type]
    if words == ["own"]:
        return Instruction(own=True)
    if words == ["confirms"]:
        return Instruction(confirms="unbind")
    keys = parse_keys(words[0]) if len(words) == 1 else None
    return Instruction(press=keys) if keys else None


def parse_keys(text: str) -> tuple[Key, ...] | None:
    """Read keys pressed together, as ``F1+F4`` or ``4``; None where that is none."""
    names = [f"DIGIT_{name}" if len(name) == 1 and name in "0123456789" else name for name in text.upper().split("+")]
    return tuple(Key[name] for name in names) if all(name in Key.__members__ for name in names) else None


def _show(reporter: Reporter, learner: Learner) -> None:
    texts, here, display = reporter.texts, learner.here, learner.display
    secrets = (learner.facts.merchant_number,)
    rows = masked_rows(display.lines, tusn=learner.facts.tusn, masked=display.masked, secrets=secrets)
    reporter.raw("")
    reporter.raw(f"  {here.id}  {'' if here.named else texts('learn.unnamed')}".rstrip(), "bold")
    for line in boxed(rows, display.columns):
        reporter.raw(f"  {line}")
    offered = ", ".join(f"{digit} {words}" for _, digit, words in learner.offered())
    if offered:
        reporter.line(texts("learn.offers", items=offered), "dim", indent=2)
    if here.masked or any(row and places_of(row) & {"typed", "hidden"} for row in here.rows):
        reporter.line(texts("learn.field-masked" if here.masked else "learn.field-open"), "dim", indent=2)


def answers(
    person: Person, reporter: Reporter, given: dict[Asked, Secret], said: list[Secret]
) -> Callable[[Asked], Secret]:
    """Return who says what is to be typed: what was given, else the person, whose typing is not shown.

    Args:
        person: Who is asked.
        reporter: For the question's language.
        given: What is known.
        said: Gets what the person says, to be forgotten at the end.
    """

    def say(asked: Asked) -> Secret:
        if asked in given:
            return given[asked]
        if not person.there():
            raise UsageFault("answer-missing", asked=asked)
        answer = Secret(person.ask_secret(reporter.texts("learn.ask", what=reporter.texts.word("asked", asked))))
        said.append(answer)
        return answer

    return say


def show_draft(reporter: Reporter, written: WrittenDraft, draft: Draft, more: tuple[Gap, ...], folder: Path) -> None:
    """Show what came of it: where the draft stands, and what is missing."""
    texts, menu = reporter.texts, draft.profile.menu
    screens = [screen.id for screen in menu.screens] if menu is not None else []
    gaps = (*draft.gaps, *more)
    reporter.document(
        {
            "model": draft.profile.model,
            "profile": str(written.profile),
            "note": str(written.note),
            "screens": screens,
            "goals": [goal.name for goal in menu.goals] if menu is not None else [],
            "gaps": [{"code": gap.code, "facts": list(gap.facts)} for gap in gaps],
        }
    )
    reporter.heading(texts("learn.heading", model=draft.profile.model))
    reporter.field(texts("learn.profile"), written.profile)
    reporter.field(texts("learn.note"), written.note)
    reporter.field(texts("learn.screens"), ", ".join(screens) or "-")
    ready = menu is not None and bool(menu.goals)
    reporter.item(texts("learn.ready" if ready else "learn.not-ready"), "good" if ready else "warn")
    for gap in gaps:
        first, second = (*gap.facts, "", "")[:2]
        reporter.item(texts(f"learn.gap.{gap.code}", first=first, second=second), "dim")
    reporter.line(texts("learn.next", folder=folder))


def told_of(reporter: Reporter) -> Callable[[LearnedScreen, bool], None]:
    """Return what tells of each new screen while nobody is asked."""

    def report(screen: LearnedScreen, new: bool) -> None:
        if new:
            reporter.remark(reporter.texts("learn.seen", screen=screen.id))

    return report
