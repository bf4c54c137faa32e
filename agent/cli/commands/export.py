"""``posretire export``: the transactions of a terminal, encrypted and verified; nothing on the terminal is changed.

``export open`` and ``export schema`` are beside it, so a port of one of these names is given as ``serial:open``.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command_with_others, option
from agent.cli.commands.export_open import build_open, build_schema
from agent.cli.inspection import money
from agent.cli.privacy import asked_for, privacy_options
from agent.cli.progress import size
from agent.cli.texts import texts_of
from agent.errors import ExitCode, PreconditionNotMet, UsageFault, VerificationFailed
from agent.plain_text import encodable
from agent.privacy import LinkPrivacy

if TYPE_CHECKING:
    from agent.drivers.base import TerminalDriver
    from agent.proofs import VerifiedExport

NO_CASE = ""
"""What the manifest of an export says that belongs to no case."""


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    recipients = option(texts, "--recipient", "recipients", key="recipient", multiple=True, metavar="AGE")
    out = option(texts, "--out", "out", key="out-file", metavar="FILE", required=True)
    backup = option(texts, "--backup", "backup", key="backup-file", multiple=True, metavar="DIR")
    parameters = [click.Argument(["target"]), recipients, out, backup, *privacy_options(texts)]
    commands = {"open": build_open(language), "schema": build_schema(language)}
    return make_command_with_others(texts, "export", export, parameters, commands)


def export(
    invocation: Invocation,
    target: str,
    recipients: tuple[str, ...],
    out: str,
    backup: tuple[str, ...] = (),
    trust: tuple[str, ...] = (),
    link_privacy: LinkPrivacy = "prefer",
) -> ExitCode:
    """Connect, export, verify, show."""
    from agent.connect import connect
    from agent.export.copies import copy_verified
    from agent.export.recipients import parse_recipients

    if not recipients:
        raise UsageFault("recipient-missing")
    # Before the line is opened: an hour later would be the wrong time to hear of a typing error.
    parse_recipients(recipients)
    path = Path(out)
    copies = _places(path, backup)
    reporter = invocation.reporter
    asked = asked_for(invocation, link_privacy, trust)
    try:
        with connect(target, told=lambda remark: reporter.event(remark.as_json()), channel=asked.channel) as connected:
            asked.check(connected.driver)
            security = "private" if connected.driver.link.private else "plain"
            proof = _export(invocation, connected.driver, path, recipients)
        for copy in copies:
            copy_verified(path, copy, proof.sha256)
    finally:
        reporter.end_progress()
    reporter.document(
        {
            "event": "end",
            "result": "PASS",
            "file": str(path),
            "copies": [str(copy) for copy in copies],
            "link_security": security,
            **_as_json(proof),
        }
    )
    _show(invocation, path, copies, proof)
    return ExitCode.DONE


def _places(path: Path, folders: tuple[str, ...]) -> list[Path]:
    """Return where the copies go; each is checked before the line is opened."""
    copies: list[Path] = []
    for folder in folders:
        copy = Path(folder) / path.name
        if not encodable(folder):
            raise UsageFault("option-path", option="--backup")
        if copy.resolve() in [each.resolve() for each in (path, *copies)]:
            raise UsageFault("backup-same-place", path=folder)
        if copy.exists():
            raise UsageFault("destination-exists", path=str(copy))
        if not copy.parent.is_dir():
            raise PreconditionNotMet("backup-unwritable", path=folder, why="no folder")
        copies.append(copy)
    return copies


def _export(invocation: Invocation, driver: TerminalDriver, path: Path, recipients: tuple[str, ...]) -> VerifiedExport:
    from agent.clock import Clock
    from agent.export.content import ExportDetails
    from agent.export.verify import verify_export
    from agent.export.writer import write_export

    tell = invocation.reporter.event

    def advance(done: int, total: int) -> None:
        tell({"event": "progress", "step": "export", "done": done, "total": total, "unit": "bytes"})

    details = ExportDetails(
        case=NO_CASE, tusn=driver.identity().tusn, binding_key=secrets.token_bytes(32), time=Clock().stamp()
    )
    tell({"event": "step", "step": "export", "state": "started"})
    written = write_export(driver, path, recipients, details, advance)
    tell({"event": "step", "step": "export", "state": "done"})
    tell({"event": "step", "step": "verify-export", "state": "started"})
    try:
        proof = verify_export(written)
    except VerificationFailed:
        tell({"event": "step", "step": "verify-export", "state": "failed"})
        raise
    tell({"event": "step", "step": "verify-export", "state": "done"})
    return proof


def _as_json(proof: VerifiedExport) -> dict[str, object]:
    return {
        "sha256": proof.sha256,
        "size": proof.size,
        "records": proof.records,
        "journal_digest": proof.journal_digest,
        "recipients": list(proof.recipients),
        "totals": [
            {
                "kind": total.kind.name.lower(),
                "scheme": total.scheme.name.lower(),
                "count": total.count,
                "amount": total.amount,
            }
            for total in proof.totals
        ],
    }


def _show(invocation: Invocation, path: Path, copies: list[Path], proof: VerifiedExport) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    reporter.heading(texts("export.heading"))
    reporter.field(texts("export.records"), f"{proof.records:,}")
    reporter.field(texts("export.file"), path)
    for copy in copies:
        reporter.field(texts("export.copy"), copy)
    reporter.field(texts("export.size"), size(proof.size))
    reporter.field(texts("export.digest"), proof.sha256)
    for recipient in proof.recipients:
        reporter.field(texts("export.recipients"), recipient)
    reporter.heading(texts("export.amounts"))
    heads = [texts(f"export.{name}") for name in ("kind", "scheme", "count", "amount")]
    reporter.table(
        heads,
        [
            (
                texts.word("transaction", total.kind.name.lower()),
                texts.word("scheme", total.scheme.name.lower()),
                f"{total.count:,}",
                money(total.amount),
            )
            for total in proof.totals
        ],
    )
    reporter.line()
    reporter.line(texts("export.open", file=path), indent=2)
