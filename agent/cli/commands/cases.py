"""``posretire cases``: the cases of this agent, and the journal of one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.journal import Entry
    from agent.ledger.store import CaseRecord


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    return make_group(
        texts,
        "cases",
        "list",
        [
            make_command(texts, "list", list_cases, key="cases-list"),
            make_command(texts, "show", show_case, [click.Argument(["case"]), *film_options(texts)], key="cases-show"),
        ],
    )


def film_options(texts: Texts) -> list[click.Parameter]:
    """Make the options that show a case's film."""
    return [
        option(texts, "--film", "film", key="film", is_flag=True),
        option(texts, "--speed", "speed", key="film-speed", type=click.FloatRange(0, 100), default=1.0, metavar="N"),
        option(texts, "--html", "html", key="film-html", metavar="FILE"),
    ]


def list_cases(invocation: Invocation) -> ExitCode:
    """List the cases, newest first."""
    from agent.ledger.store import Ledger

    reporter, texts = invocation.reporter, invocation.texts
    with Ledger.open(invocation.home) as ledger:
        cases = ledger.cases()
    reporter.document({"cases": [_as_json(case) for case in cases]})
    if not cases:
        reporter.line(texts("cases.none", home=invocation.home))
        return ExitCode.DONE
    heads = [texts(f"cases.{name}") for name in ("case", "opened", "terminal", "state", "result")]
    rows = [
        (case.case, case.opened, case.tusn or "-", texts.word("case-state", case.state), _result(case, "-"))
        for case in cases
    ]
    reporter.table(heads, rows)
    return ExitCode.DONE


def show_case(
    invocation: Invocation, case: str, film: bool = False, speed: float = 1.0, html: str | None = None
) -> ExitCode:
    """Show one case and its journal, or its film."""
    from agent.ledger.store import Ledger

    reporter, texts = invocation.reporter, invocation.texts
    with Ledger.open(invocation.home) as ledger:
        record = ledger.case(case)
        if record is None:
            raise UsageFault("no-such-case", case=case)
        entries = ledger.entries(case)
    if film or html is not None:
        return _show_film(invocation, case, tuple(entries), speed, html)
    until, past = _retention(entries)
    kept = {"export_kept_until": until, "export_past_its_date": past}
    reporter.document({**_as_json(record), **kept, "journal": [_entry(entry) for entry in entries]})
    reporter.heading(texts("cases.heading", case=record.case))
    reporter.field(texts("cases.opened"), record.opened)
    reporter.field(texts("cases.terminal"), f"{record.model} {record.tusn}".strip() or "-")
    reporter.field(texts("cases.state"), texts.word("case-state", record.state))
    reporter.field(texts("cases.result"), _result(record, "-"))
    reporter.field(texts("cases.folder"), record.folder or "-")
    if until:
        reporter.field(texts("opened.retention"), until, "warn" if past else None)
    if past:
        reporter.item(texts("opened.past", until=until), "warn")
    reporter.heading(texts("cases.journal"))
    heads = ["#", texts("cases.time"), texts("cases.event"), texts("cases.step"), texts("cases.facts")]
    reporter.table(heads, [_row(entry) for entry in entries])
    return ExitCode.DONE


def _retention(entries: Iterable[Entry]) -> tuple[str, bool]:
    """Return until when a case's export is kept, or nothing, and whether that is past."""
    from agent.clock import Clock

    said = [entry.facts.get("retention_until") for entry in entries if entry.step == "export"]
    until = next((each for each in reversed(said) if isinstance(each, str)), "")
    return until, bool(until) and until < str(Clock().wall().date())


def _show_film(
    invocation: Invocation, case: str, entries: tuple[Entry, ...], speed: float, html: str | None
) -> ExitCode:
    from agent.cli.film import film_document, in_journal, show_film, write_page
    from agent.film.store import film_path, read_film

    reporter = invocation.reporter
    found = read_film(film_path(invocation.home, case))
    known = in_journal(found, entries)
    if html is not None:
        write_page(found, Path(html), reporter.texts)
    reporter.document({**film_document(found, known), "html": html})
    if html is None:
        show_film(reporter, found, known, speed)
    else:
        reporter.line(reporter.texts("film.written", path=html))
    return ExitCode.DONE


def _result(case: CaseRecord, none: str) -> str:
    return case.result or none


def _as_json(case: CaseRecord) -> dict[str, object]:
    return {
        "case": case.case,
        "tusn": case.tusn,
        "model": case.model,
        "opened": case.opened,
        "state": str(case.state),
        "result": case.result,
        "bundle": case.folder,
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "time": entry.time,
        "event": str(entry.event),
        "step": entry.step,
        "facts": entry.facts,
        "hash": entry.hash,
    }


def _row(entry: Entry) -> tuple[object, ...]:
    facts = ", ".join(f"{name}={value}" for name, value in entry.facts.items())
    return entry.sequence, entry.time, str(entry.event), entry.step, facts
