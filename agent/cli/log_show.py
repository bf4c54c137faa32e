"""The page of ``posretire log show``."""

from __future__ import annotations

import base64
from collections import deque
from pathlib import Path

from agent.cli.command import Invocation
from agent.cli.output import Reporter
from agent.errors import ExitCode, UsageFault
from agent.evidence.caselog.audit import Contents, Numbered, check_note, entries_of
from agent.evidence.caselog.entries import parse_entry
from agent.evidence.caselog.log import CHECKPOINT
from agent.evidence.caselog.notes import Checkpoint, Vkey
from agent.evidence.caselog.search import read_note
from agent.evidence.caselog.tiles import WIDTH, Tiles
from agent.evidence.trust.store import TrustStore

STEP = "log"


def show_log(invocation: Invocation, folder: Path, last: int) -> ExitCode:
    """Show a log.

    Args:
        invocation: The command.
        folder: The log.
        last: How many of the newest entries are listed.

    Raises:
        UsageFault: ``log-missing``.
        EvidenceRejected: It cannot be read, or its checkpoint is not its own.
    """
    checkpoint, _, key = opened(folder, home_keys(invocation))
    contents = Contents()
    newest: deque[Numbered] = deque(maxlen=last)
    reporter = invocation.reporter
    for index, data in entries_of(Tiles(folder, checkpoint.size)):
        entry = parse_entry(data)
        contents.add(index, entry)
        newest.append(Numbered(index, entry))
        if not index % WIDTH:
            progress(reporter, index, checkpoint.size)
    reporter.end_progress()
    reporter.document(
        {
            **summary(folder, checkpoint, key, contents),
            "entries": [entry_row(each) for each in newest],
            "open": [entry_row(Numbered(index, entry)) for index, entry in contents.open.items()],
        }
    )
    show_summary(reporter, folder, checkpoint, key, contents)
    texts = reporter.texts
    if newest:
        reporter.heading(texts("log.newest", count=len(newest)))
        show_entries(reporter, list(newest))
    if contents.open:
        reporter.heading(texts("log.open", count=len(contents.open)))
        show_entries(reporter, [Numbered(index, entry) for index, entry in contents.open.items()])
        reporter.line(texts("log.open-note"), "bad", indent=2)
    return ExitCode.DONE


def opened(folder: Path, keys: tuple[Vkey, ...]) -> tuple[Checkpoint, bytes, Vkey | None]:
    """Read the checkpoint of a log; its signature is checked where keys are known.

    Returns:
        What it says, its bytes, and the key that signed it, None where none is known.

    Raises:
        UsageFault: ``log-missing``: there is no log.
        EvidenceRejected: What is wrong with it.
    """
    if not (folder / CHECKPOINT).exists():
        raise UsageFault("log-missing", path=str(folder))
    from agent.evidence.caselog.notes import read_checkpoint

    note = read_note(folder)
    if not keys:
        return read_checkpoint(note), note, None
    checkpoint = check_note(note, keys)
    return checkpoint, note, next(key for key in keys if key.name == checkpoint.origin)


def home_keys(invocation: Invocation) -> tuple[Vkey, ...]:
    """Return the keys of logs that the home trusts."""
    own = invocation.home / "trust"
    return TrustStore.load([own]).logs if own.is_dir() else ()


def progress(reporter: Reporter, done: int, total: int) -> None:
    """Tell how far it is, where a person reads."""
    if not reporter.as_json:
        reporter.event({"event": "progress", "step": STEP, "unit": "entries", "done": done, "total": total})


def entry_row(each: Numbered) -> dict[str, object]:
    """Return the JSON object of an entry."""
    entry = each.entry
    row: dict[str, object] = {"index": each.index, "kind": str(entry.kind), "case": entry.case, "time": entry.time}
    row["sha256"] = entry.sha256
    return {**row, **{name: value for name in ("result", "reason") if (value := getattr(entry, name))}}


def summary(folder: Path, checkpoint: Checkpoint, key: Vkey | None, contents: Contents) -> dict[str, object]:
    """Return what a JSON document says of a log."""
    return {
        "log": str(folder),
        "origin": checkpoint.origin,
        "key": key.text if key else None,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
        "kinds": {str(kind): count for kind, count in sorted(contents.kinds.items())},
        "results": dict(sorted(contents.results.items())),
        "open_cases": len(contents.open),
    }


def show_summary(
    reporter: Reporter, folder: Path, checkpoint: Checkpoint, key: Vkey | None, contents: Contents
) -> None:
    """Write what a log is and what is in it."""
    texts = reporter.texts
    reporter.heading(texts("log.heading", path=folder))
    reporter.field(texts("log.origin"), checkpoint.origin)
    reporter.field(texts("log.key"), key.text if key else texts("log.key-unknown"), None if key else "warn")
    reporter.field(texts("log.size"), checkpoint.size)
    reporter.field(texts("log.root"), base64.b64encode(checkpoint.root).decode())
    kinds = [f"{texts.word('log.kind', str(kind))} {count}" for kind, count in sorted(contents.kinds.items())]
    reporter.field(texts("log.kinds"), texts("end.comma").join(kinds) or "-")
    results = [f"{result} {count}" for result, count in sorted(contents.results.items()) if count]
    reporter.field(texts("log.results"), texts("end.comma").join(results) or "-")
    reporter.field(texts("log.open-cases"), len(contents.open), "bad" if contents.open else "good")


def show_entries(reporter: Reporter, rows: list[Numbered]) -> None:
    """Write a table of entries."""
    texts = reporter.texts
    heads = ["#", *(texts(f"log.head-{name}") for name in ("time", "case", "kind", "end"))]
    reporter.table(
        heads,
        [
            (
                each.index,
                each.entry.time or "-",
                each.entry.case,
                texts.word("log.kind", str(each.entry.kind)),
                each.entry.result or each.entry.reason or "-",
            )
            for each in rows
        ],
    )
