"""``posretire scan``: searches files for card numbers, track data and secrets, for whoever audits what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command
from agent.cli.texts import texts_of
from agent.errors import ExitCode

if TYPE_CHECKING:
    from agent.redaction.walk import Searched


def build(language: str) -> click.Command:
    """Make the command."""
    return make_command(texts_of(language), "scan", scan, [click.Argument(["paths"], nargs=-1, required=True)])


def scan(invocation: Invocation, paths: tuple[str, ...]) -> ExitCode:
    """Search files and folders; the serial number of a case is no card number in the files of its folder."""
    from agent.evidence.job import serial_number_in
    from agent.redaction.walk import search_paths

    searched = search_paths([Path(path) for path in paths], serial_number_in)
    invocation.reporter.document(as_json(searched))
    _show(invocation, searched)
    return ExitCode.VERIFICATION if searched.found else ExitCode.DONE


def as_json(searched: Searched) -> dict[str, object]:
    """Return the document for ``--json``."""
    return {
        "clean": not searched.found,
        "files": searched.files,
        "bytes": searched.size,
        "found": [
            {"path": str(each.path), "kind": each.leak.kind, "shown": each.leak.shown, "offset": each.leak.offset}
            for each in searched.found
        ],
        "skipped": [{"path": str(path), "why": why} for path, why in searched.skipped],
    }


def _show(invocation: Invocation, searched: Searched) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    for each in searched.found:
        kind = texts.word("scan.kind", each.leak.kind)
        reporter.item(texts("scan.found", kind=kind, shown=each.leak.shown, path=each.path), "bad")
    for path, why in searched.skipped:
        reporter.item(texts("scan.skipped", path=path, why=texts.word("scan.why", why)), "warn")
    key = "scan.bad" if searched.found else "scan.clean"
    style = "bad" if searched.found else "good"
    reporter.line(texts(key, files=searched.files, found=len(searched.found)), style)
    reporter.line(texts("scan.limits"), "dim")
