"""A film in a terminal: each screen in a box of its own cells, then the key that was pressed on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.cells import printable
from agent.cli.output import Reporter
from agent.cli.screen_box import boxed
from agent.errors import UsageFault

if TYPE_CHECKING:
    from agent.cli.texts import Texts
    from agent.film.store import Film
    from agent.journal import Entry
    from agent.menu.film import FilmStep

SECONDS_A_STEP = 1.0
KNOWN_WORDS = ("press", "type", "wait", "done", "pending", "stop")
STYLES = {"done": "good", "pending": "warn", "stop": "bad", "wait": "dim"}


def film_document(film: Film, in_journal: bool | None) -> dict[str, object]:
    """Return a film for programs.

    Args:
        film: The film.
        in_journal: Whether the journal has its digest; None where the journal has none at all.
    """
    head = asdict(film.head)
    return {**head, "cut": film.cut, "sha256": film.sha256, "in_journal": in_journal,
            "steps": [asdict(step) for step in film.steps]}  # fmt: skip


def in_journal(film: Film, entries: Sequence[Entry]) -> bool | None:
    """Tell whether the newest digest of a film in a journal is that of this film; None where there is none."""
    digests = [str(entry.facts["film_sha256"]) for entry in entries if entry.facts.get("film_sha256")]
    return digests[-1] == film.sha256 if digests else None


def show_film(
    reporter: Reporter, film: Film, in_journal: bool | None, speed: float, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Replay a film.

    Args:
        reporter: Where.
        film: The film.
        in_journal: As for `film_document`.
        speed: Steps a second where a person watches; 0: all at once.
        sleep: Waits so many seconds.
    """
    texts, head = reporter.texts, film.head
    reporter.heading(texts("film.heading", case=head.case))
    reporter.field(texts("cases.terminal"), f"{head.model} {head.tusn}")
    state = {True: "film.unchanged", False: "film.changed", None: "film.unknown"}[in_journal]
    reporter.field("SHA-256", f"{film.sha256} {texts(state)}", "bad" if in_journal is False else None)
    pause = SECONDS_A_STEP / speed if speed and reporter.out.isatty() and not reporter.as_json else 0.0
    for step in film.steps:
        reporter.raw("")
        for line, style in step_lines(texts, film, step):
            reporter.raw(line, style)
        if pause and step is not film.steps[-1]:
            sleep(pause)
    if film.cut:
        reporter.item(texts("film.cut"), "warn")


def step_lines(texts: Texts, film: Film, step: FilmStep) -> Iterator[tuple[str, str | None]]:
    """Yield the lines of one step, each with its style."""
    guided = f"  ({texts('film.guided')})" if step.by == "guided" else ""
    yield f"  {step.number}/{len(film.steps)}  {printable(step.screen)}{guided}", "bold"
    if step.rows:
        rows = [*step.rows, *[""] * (film.head.rows - len(step.rows))]
        for line in boxed(rows, film.head.columns):
            yield f"  {line}", None
    done = texts(f"film.what.{step.what}") if step.what in KNOWN_WORDS else step.what
    yield f"  → {done} {step.keys.replace('DIGIT_', '')}".rstrip(), STYLES.get(step.what)


def write_page(film: Film, file: Path, texts: Texts) -> None:
    """Write a film as an HTML page.

    Raises:
        UsageFault: ``film-page-unwritable``.
    """
    from agent.film.page import film_page

    page = film_page(film, texts.language, texts)
    try:
        file.write_text(page, encoding="utf-8", newline="\n")
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        raise UsageFault("film-page-unwritable", path=str(file), why=why) from None
