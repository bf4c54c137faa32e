"""``posretire export open`` and ``export schema``: what the owner of an export needs, without a terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.asking import ConsolePerson, Person
from agent.cli.command import Invocation, make_command, option
from agent.cli.inspection import money
from agent.cli.progress import size
from agent.cli.texts import texts_of
from agent.errors import ExitCode, UsageFault, VerificationFailed

if TYPE_CHECKING:
    from agent.export.opening import OpenedExport

MOST_PARAMETERS_SHOWN = 40


def build_open(language: str) -> click.Command:
    """Make ``open``."""
    texts = texts_of(language)
    parameters: list[click.Parameter] = [
        click.Argument(["file"]),
        option(texts, "--identity", "identities", key="identity", multiple=True, metavar="FILE", required=True),
        option(texts, "--out", "out", key="open-out", metavar="DIR"),
        option(texts, "--csv", "csv", key="open-csv", metavar="FILE"),
    ]
    return make_command(texts, "open", open_file, parameters, key="export-open")


def build_schema(language: str) -> click.Command:
    """Make ``schema``."""
    texts = texts_of(language)
    return make_command(texts, "schema", show_schema, [click.Argument(["name"], required=False)], key="export-schema")


def open_file(
    invocation: Invocation, file: str, identities: tuple[str, ...], out: str | None, csv: str | None
) -> ExitCode:
    """Open an export, check it, show what is in it."""
    return open_with(invocation, file, identities, out, csv, ConsolePerson(invocation.reporter))


def open_with(
    invocation: Invocation, file: str, identities: tuple[str, ...], out: str | None, csv: str | None, person: Person
) -> ExitCode:
    """Do all of ``open``, with the person who is asked for a passphrase passed in.

    Args:
        invocation: Reporter and home.
        file: The export, or the folder of a bundle.
        identities: Files of age identities.
        out: Folder for what is in it, or None.
        csv: File for the transactions, or None.
        person: Who can be asked.
    """
    from agent.clock import Clock
    from agent.export.identities import read_identities
    from agent.export.opening import open_for_owner
    from agent.secret import Secret

    reporter = invocation.reporter
    path, expected = _named_file(Path(file))

    def ask() -> Secret:
        return Secret(person.ask_secret(reporter.texts("ask.identity")))

    keys = [key for each in identities for key in read_identities(Path(each), ask if person.there() else None)]
    opened = open_for_owner(path, keys, sha256=expected, csv=Path(csv) if csv else None, out=Path(out) if out else None)
    until = opened.manifest.retention_until
    past = bool(until) and date.fromisoformat(until) < Clock().wall().date()
    reporter.document(
        {
            **_as_json(opened),
            "file": str(path),
            "of_statement": expected is not None,
            "retention_past": past,
            "csv": csv,
            "out": out,
        }
    )
    _show(invocation, path, opened, past=past, compared=expected is not None)
    for key, written in (("opened.csv", csv), ("opened.out", out)):
        if written:
            reporter.line(reporter.texts(key, path=written), "good", indent=2)
    return ExitCode.DONE


def _named_file(given: Path) -> tuple[Path, str | None]:
    """Return the export that is meant, and what a statement beside it says of its digest."""
    if not given.is_dir():
        return given, None
    from agent.evidence.bundle import EXPORT, SIZE_LIMITS
    from agent.evidence.dsse import STATEMENT, open_envelope
    from agent.evidence.errors import EvidenceRejected
    from agent.evidence.files import read_file
    from agent.evidence.statement import read_statement

    statement = given / STATEMENT
    if not statement.exists():
        return given / EXPORT, None
    try:
        data = read_file(statement, max_bytes=SIZE_LIMITS[STATEMENT]).head
        subjects = read_statement(open_envelope(data).payload).subjects
    except EvidenceRejected as fault:
        raise VerificationFailed("opened-statement", path=str(statement), why=fault.code) from None
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        raise UsageFault("opened-missing", path=str(statement), why=why) from None
    if EXPORT not in subjects:
        raise VerificationFailed("opened-statement", path=str(statement), why="no export")
    return given / EXPORT, subjects[EXPORT]


def _as_json(opened: OpenedExport) -> dict[str, object]:
    from agent.export.dictionary import EDITION, ELEMENTS

    manifest = opened.manifest
    return {
        "sha256": opened.sha256,
        "size": opened.size,
        "case": manifest.case,
        "time": manifest.time,
        "tool": manifest.tool,
        "terminal": {
            "tusn": manifest.tusn,
            "merchant_number": manifest.merchant_number,
            "terminal_number": manifest.terminal_number,
        },
        "parameters": dict(opened.parameters),
        "withheld": list(manifest.withheld),
        "records": opened.records,
        "receipts": opened.receipts,
        "receipt_items_dropped": manifest.dropped,
        "totals": [
            {
                "kind": total.kind.name.lower(),
                "scheme": total.scheme.name.lower(),
                "count": total.count,
                "amount": total.amount,
            }
            for total in opened.totals
        ],
        "agrees_with_terminal": opened.agrees,
        "recipients": list(manifest.recipients),
        "retention": {"until": manifest.retention_until, "basis": manifest.retention_basis},
        "elements": {"edition": EDITION, **{name: list(numbers) for name, numbers in ELEMENTS.items()}},
    }


def _show(invocation: Invocation, path: Path, opened: OpenedExport, *, past: bool, compared: bool) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    manifest = opened.manifest
    reporter.heading(texts("opened.heading"))
    reporter.field(texts("export.file"), path)
    reporter.field(texts("export.size"), size(opened.size))
    reporter.field(texts("export.digest"), opened.sha256)
    reporter.field(texts("opened.case"), manifest.case or "-")
    reporter.field(texts("opened.made"), f"{manifest.time}  {manifest.tool}")
    reporter.field("TUSN", manifest.tusn)
    reporter.field(texts("opened.merchant"), manifest.merchant_number or "-")
    reporter.field(texts("opened.terminal-number"), manifest.terminal_number or "-")
    reporter.field(texts("export.records"), f"{opened.records:,}")
    reporter.field(texts("opened.receipts"), f"{opened.receipts:,}" if manifest.dropped is not None else "-")
    if manifest.retention_until:
        until = f"{manifest.retention_until}  {manifest.retention_basis}"
        reporter.field(texts("opened.retention"), until, "warn" if past else None)
    reporter.heading(texts("export.amounts"))
    reporter.table(
        [texts(f"export.{name}") for name in ("kind", "scheme", "count", "amount")],
        [
            (
                texts.word("transaction", total.kind.name.lower()),
                texts.word("scheme", total.scheme.name.lower()),
                f"{total.count:,}",
                money(total.amount),
            )
            for total in opened.totals
        ],
    )
    if opened.parameters:
        reporter.heading(texts("opened.parameters"))
        for name, value in list(opened.parameters.items())[:MOST_PARAMETERS_SHOWN]:
            reporter.field(name, value)
    _show_fields(invocation)
    reporter.heading(texts("opened.checked"))
    reporter.item(texts("opened.members"), "good")
    reporter.item(texts("opened.agrees" if opened.agrees else "opened.differs"), "good" if opened.agrees else "bad")
    reporter.item(texts("opened.compared" if compared else "opened.not-compared"), "good" if compared else "dim")
    for name in manifest.withheld:
        reporter.item(texts("opened.withheld", name=name), "dim")
    if manifest.dropped:
        reporter.item(texts("opened.dropped", count=manifest.dropped), "dim")
    if past:
        reporter.item(texts("opened.past", until=manifest.retention_until), "warn")
    reporter.line()


def _show_fields(invocation: Invocation) -> None:
    from agent.export.dictionary import EDITION, ELEMENTS, TERMINAL_ELEMENTS, element_text

    texts = invocation.texts
    invocation.reporter.heading(texts("opened.fields", edition=EDITION))
    heads = [texts("opened.field"), texts("opened.element"), texts("opened.meaning")]
    names = (*ELEMENTS, *TERMINAL_ELEMENTS)
    invocation.reporter.table(heads, [(name, element_text(name), texts(f"iso.{name}")) for name in names])


def show_schema(invocation: Invocation, name: str | None = None) -> ExitCode:
    """Print a schema, or the names of all."""
    from agent.export.schema import SCHEMAS, schema_text

    reporter = invocation.reporter
    if name is None:
        reporter.document({"schemas": list(SCHEMAS)})
        for each in SCHEMAS:
            reporter.line(each)
        return ExitCode.DONE
    text = schema_text(name)
    reporter.document(json.loads(text))
    for line in text.splitlines():
        reporter.raw(line)
    return ExitCode.DONE
