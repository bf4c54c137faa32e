"""``posretire log audit``: for an auditor, on the first visit and on every later one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.cli.command import Invocation
from agent.cli.commands.verify import STATUS_STYLES, reason
from agent.cli.log_prove import read_older
from agent.cli.log_show import entry_row, home_keys, opened, progress, show_entries, show_summary, summary
from agent.errors import ExitCode, UsageFault
from agent.evidence.caselog.audit import Contents, Named, check_ends, check_note, check_tree
from agent.evidence.caselog.audit_bundles import Compared, compare_bundles
from agent.evidence.caselog.entries import parse_entry
from agent.evidence.caselog.notes import Checkpoint, Vkey, parse_vkey, read_checkpoint
from agent.evidence.caselog.search import read_note
from agent.evidence.caselog.tiles import Tiles
from agent.evidence.checks.table import Check, Status, run_check
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import write_durable
from agent.evidence.trust.store import TrustStore

SHOWN = 20
"""How many of a kind are listed on the page; the JSON document has more."""


@dataclass(frozen=True)
class Wanted:
    """What is to be audited.

    Args:
        folder: The log.
        keys: Keys of logs, as vkeys.
        trust: Trust folders, whose ``logs`` are taken.
        since: The checkpoint of an earlier visit; None on the first.
        bundles: The bundles to compare with.
        keep: Where the new checkpoint is kept for the next visit.
    """

    folder: Path
    keys: tuple[str, ...]
    trust: tuple[Path, ...]
    since: Path | None
    bundles: Path | None
    keep: Path | None


def audit_log(invocation: Invocation, wanted: Wanted) -> ExitCode:
    """Audit a log.

    Args:
        invocation: The command.
        wanted: What is to be audited.

    Returns:
        DONE where every check holds, else VERIFICATION.

    Raises:
        UsageFault: ``log-missing``, ``log-file`` (also for what is no checkpoint), ``log-key-given``,
            ``trust-unreadable``, ``batch-…``.
    """
    keys = _keys(invocation, wanted)
    before = _since(wanted.since) if wanted.since is not None else None
    opened(wanted.folder, ())  # no log is no finding of an audit
    note = read_note(wanted.folder)
    checkpoint = read_checkpoint(note)
    contents, older = Contents(), _older(before, keys)
    tiles = Tiles(wanted.folder, checkpoint.size)
    reporter = invocation.reporter
    checks = [
        run_check("log-checkpoint", partial(_check_note, note, keys)),
        *([run_check("log-since", partial(_check_note, before, keys))] if before is not None else []),
        run_check("log-tree", lambda: check_tree(tiles, checkpoint, older, contents, partial(progress, reporter))),
    ]
    reporter.end_progress()
    whole = all(check.status is Status.OK for check in checks)
    compared = None
    if wanted.bundles is not None and whole:
        key = next(each for each in keys if each.name == checkpoint.origin)
        first = parse_entry(tiles.entry(0)).time if checkpoint.size else ""
        compared = compare_bundles(wanted.bundles, contents, key, keys, first)
    checks.append(run_check("log-ends", partial(check_ends, contents) if whole else _needs_a_whole_log))
    if wanted.bundles is not None:
        checks.append(run_check("log-bundles", compared.check_bundles if compared else _needs_a_whole_log))
        checks.append(run_check("log-statements", compared.check_statements if compared else _needs_a_whole_log))
    if wanted.keep is not None and whole:
        _keep(wanted.keep, note)
    _tell(invocation, wanted, checkpoint, keys, contents, compared, checks)
    return ExitCode.DONE if all(check.status is Status.OK for check in checks) else ExitCode.VERIFICATION


def _keys(invocation: Invocation, wanted: Wanted) -> tuple[Vkey, ...]:
    try:
        given = tuple(parse_vkey(each.strip()) for each in wanted.keys)
    except EvidenceRejected:
        raise UsageFault("log-key-given") from None
    if given and not wanted.trust:
        return given  # who names keys means these alone
    own = home_keys(invocation)
    return tuple(dict.fromkeys((*given, *own, *TrustStore.load(wanted.trust).logs)))


def _since(path: Path) -> bytes:
    """Read the checkpoint of an earlier visit; a file of another kind says nothing about the log."""
    before = read_older(path)
    try:
        read_checkpoint(before)
    except EvidenceRejected:
        raise UsageFault("log-file", path=str(path)) from None
    return before


def _older(before: bytes | None, keys: tuple[Vkey, ...]) -> Checkpoint | None:
    """Return what the checkpoint of the earlier visit says, where its signature holds."""
    try:
        return check_note(before, keys) if before is not None else None
    except EvidenceRejected:
        return None


def _check_note(note: bytes, keys: tuple[Vkey, ...]) -> None:
    check_note(note, keys)


def _needs_a_whole_log() -> None:
    raise NotCheckable("needs", what="log")


def _keep(path: Path, note: bytes) -> None:
    try:
        write_durable(path, note)
    except OSError:
        raise UsageFault("log-file", path=str(path)) from None


def _tell(
    invocation: Invocation,
    wanted: Wanted,
    checkpoint: Checkpoint,
    keys: tuple[Vkey, ...],
    contents: Contents,
    compared: Compared | None,
    checks: list[Check],
) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    key = next((each for each in keys if each.name == checkpoint.origin), None)
    good = all(check.status is Status.OK for check in checks)
    kept = str(wanted.keep) if wanted.keep is not None and wanted.keep.exists() else None
    lists = {
        "open": _named(contents),
        "without_intent": contents.without_intent,
        "replaced": contents.replaced,
        "clock_back": contents.clock_back,
        **({"missing_bundles": compared.missing} if compared else {}),
    }
    reporter.document(
        {
            **summary(wanted.folder, checkpoint, key, contents),
            "result": "ok" if good else "failed",
            "checks": [
                {"id": c.id, "status": str(c.status), "code": c.code, "detail": c.detail, "facts": dict(c.facts)}
                for c in checks
            ],
            **{name: [entry_row(each) for each in named.first] for name, named in lists.items()},
            **({"other_bundles": [vars(each) for each in compared.others]} if compared else {}),
            "kept": kept,
        }
    )
    show_summary(reporter, wanted.folder, checkpoint, key, contents)
    reporter.heading(texts("log.audit"))
    for check in checks:
        status, title = str(check.status), texts.word("check", check.id)
        said = "" if check.status is Status.OK else f"{texts('verify.dash')}{reason(texts, check)}"
        reporter.item(f"{title}{said}", STATUS_STYLES[status] if said else "good")
    for name, named in lists.items():
        if named.count:
            reporter.heading(texts(f"log.list-{name.replace('_', '-')}", count=named.count))
            show_entries(reporter, named.first[:SHOWN])
    if compared and compared.others:
        reporter.heading(texts("log.list-other-bundles", count=len(compared.others)))
        for other in compared.others[:SHOWN]:
            reporter.item(f"{other.name}{texts('verify.dash')}{texts(f'log.why-{other.why}')}", "warn")
    reporter.line()
    reporter.line(texts("log.good" if good else "log.bad"), "good" if good else "bad")
    if kept:
        reporter.line(texts("log.kept", path=kept))
    elif good:
        reporter.line(texts("log.keep-it", path=wanted.folder / "checkpoint"))


def _named(contents: Contents) -> Named:
    named = Named()
    for index, entry in contents.open.items():
        named.add(index, entry)
    return named
