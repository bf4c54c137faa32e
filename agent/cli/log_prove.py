"""What ``posretire log prove`` writes: a proof that an entry is in the log, or that the log only grew."""

from __future__ import annotations

from pathlib import Path

from agent.cli.command import Invocation
from agent.cli.log_show import entry_row, home_keys, opened
from agent.errors import AgentError, ExitCode, UsageFault
from agent.evidence.caselog.audit import Numbered, check_note
from agent.evidence.caselog.audit_bundles import statement_bytes
from agent.evidence.caselog.entries import EntryKind, LogEntry
from agent.evidence.caselog.merkle import check_consistency, consistency_proof
from agent.evidence.caselog.notes import MAX_CHECKPOINT_BYTES, read_checkpoint
from agent.evidence.caselog.proof import ConsistencyProof, write_consistency, write_proof
from agent.evidence.caselog.search import find_entries, prove_entry
from agent.evidence.caselog.tiles import Tiles
from agent.evidence.files import read_file, write_durable
from agent.evidence.job import digest_of


def prove_subject(invocation: Invocation, folder: Path, subject: str, out: str | None) -> ExitCode:
    """Prove the last statement of a case, its intent where there is none, or the statement of a bundle.

    Args:
        invocation: The command.
        folder: The log.
        subject: A case's number, or a bundle.
        out: File for the proof; None for standard output.

    Raises:
        UsageFault: ``log-missing`` or ``log-no-entry``.
        EvidenceRejected: The log is damaged.
    """
    checkpoint, _, _ = opened(folder, home_keys(invocation))
    tiles = Tiles(folder, checkpoint.size)
    path = Path(subject)
    digest = digest_of(_statement(path)) if path.exists() else ""
    found: tuple[int, LogEntry] | None = None
    for index, entry in find_entries(tiles, digest or subject):
        later = found is None or entry.kind is EntryKind.STATEMENT or found[1].kind is EntryKind.INTENT
        named = entry.sha256 == digest if digest else entry.case == subject and entry.kind is not EntryKind.ENDED
        if named and later:
            found = index, entry
    if found is None:
        raise UsageFault("log-no-entry", subject=subject)
    proof = prove_entry(folder, found[0])
    known = {"entry": entry_row(Numbered(*found)), "size": proof.checkpoint.size}
    return _write(invocation, write_proof(proof), out, {"origin": checkpoint.origin, **known})


def prove_consistency(invocation: Invocation, folder: Path, older: Path, out: str | None) -> ExitCode:
    """Prove that the log begins with all that an older checkpoint covers.

    Args:
        invocation: The command.
        folder: The log.
        older: The older checkpoint.
        out: File for the proof; None for standard output.

    Raises:
        UsageFault: ``log-missing`` or ``log-file``.
        EvidenceRejected: It does not, or the log is damaged.
    """
    keys = home_keys(invocation)
    checkpoint, note, _ = opened(folder, keys)
    before = read_older(older)
    was = check_note(before, keys) if keys else read_checkpoint(before)
    hashes = consistency_proof(was.size, checkpoint.size, Tiles(folder, checkpoint.size).subtree)
    check_consistency(was.size, checkpoint.size, was.root, checkpoint.root, hashes)
    written = write_consistency(ConsistencyProof(was.size, hashes, note))
    return _write(invocation, written, out, {"origin": checkpoint.origin, "old": was.size, "size": checkpoint.size})


def read_older(path: Path) -> bytes:
    """Read a checkpoint that was kept.

    Raises:
        UsageFault: ``log-file``.
    """
    try:
        return read_file(path, max_bytes=MAX_CHECKPOINT_BYTES).head
    except (OSError, AgentError):
        raise UsageFault("log-file", path=str(path)) from None


def _statement(bundle: Path) -> bytes:
    try:
        return statement_bytes(bundle)
    except (OSError, AgentError):
        raise UsageFault("log-file", path=str(bundle)) from None


def _write(invocation: Invocation, proof: bytes, out: str | None, known: dict[str, object]) -> ExitCode:
    reporter = invocation.reporter
    reporter.document({**known, "proof": proof.decode(), "file": out})
    if out is not None:
        try:
            write_durable(Path(out), proof)
        except OSError:
            raise UsageFault("log-file", path=out) from None
        reporter.line(reporter.texts("log.written", path=out))
    elif not reporter.as_json:
        reporter.out.write(proof.decode())
    return ExitCode.DONE
