"""The folder of a case's evidence: written a whole file at a time, read with limits.

While a case runs its folder is ``DIR/<case>.partial``; a finished one is renamed to ``DIR/<case>``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence import erasure_proof, intent, job, journal
from agent.evidence.dsse import MAX_BYTES as MAX_STATEMENT_BYTES
from agent.evidence.dsse import STATEMENT
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import TEMPORARY, FileRead, read_file, sync_folder, write_durable
from agent.evidence.trust.certificates import MAX_PEM_BYTES
from protocols.eat import MAX_TOKEN_BYTES

DEVICE_PRE = "device-pre.eat"
DEVICE_POST = "device-post.eat"
EXPORT = "export.age"
AGENT_CHAIN = "agent.pem"
INTENT_LOGGED = "intent.tlog-proof"
"""Proof that the intent stood in the log of cases before anything was changed."""
VERIFY_SCRIPT = "verify.sh"
TIMESTAMP = "statement.tsr"
STATEMENT_LOGGED = "statement.tlog-proof"
CERTIFICATE = "certificate.pdf"
PARTIAL = ".partial"
MAX_PROOF_BYTES = 65_536
EXPORT_HEAD_BYTES = 65_536
"""How much of the export is kept in memory: its age header."""

SIZE_LIMITS: Mapping[str, int] = {
    job.JOB: job.MAX_BYTES,
    DEVICE_PRE: MAX_TOKEN_BYTES,
    DEVICE_POST: MAX_TOKEN_BYTES,
    EXPORT: 8 << 30,
    intent.INTENT: intent.MAX_BYTES,
    erasure_proof.ERASURE_PROOF: erasure_proof.MAX_BYTES,
    journal.JOURNAL: journal.MAX_BYTES,
    AGENT_CHAIN: MAX_PEM_BYTES,
    INTENT_LOGGED: MAX_PROOF_BYTES,
    VERIFY_SCRIPT: 262_144,
    STATEMENT: MAX_STATEMENT_BYTES,
    TIMESTAMP: 65_536,
    STATEMENT_LOGGED: MAX_PROOF_BYTES,
    CERTIFICATE: 4 << 20,
}
"""The files that a bundle may hold, each with its largest size in bytes."""

ATTACHMENTS = (TIMESTAMP, STATEMENT_LOGGED, CERTIFICATE)
"""What is made of the statement after it is signed: it names these files, and each of them is bound to its bytes."""

_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class CaseFolder:
    """Where the evidence of a case is written.

    Args:
        out: The folder that bundles go into.
        case: Number of the case.
    """

    def __init__(self, out: Path, case: str) -> None:
        if not _CASE.fullmatch(case):
            raise UsageFault("case-name")
        self.case = case
        self.final = out / case
        self.partial = out / f"{case}{PARTIAL}"

    @classmethod
    def create(cls, out: Path, case: str) -> CaseFolder:
        """Make the folder of a new case.

        Raises:
            UsageFault: ``case-name``.
            PreconditionNotMet: ``bundle-exists``: the case has a folder, or ``bundle-unwritable``.
        """
        folder = cls(out, case)
        if folder.final.exists() or folder.partial.exists():
            raise PreconditionNotMet("bundle-exists", path=str(folder.final))
        try:
            folder.partial.mkdir(parents=True)
            sync_folder(out)
        except OSError as fault:
            raise _unwritable(folder.partial, fault) from None
        return folder

    @classmethod
    def resume(cls, out: Path, case: str) -> CaseFolder:
        """Take up the folder of a case that broke off, without the files that were being written then.

        Where it has a statement already, which says that nobody knows how the case ended, that one goes, and the files
        that are made with it.

        Raises:
            UsageFault: ``case-name``.
            PreconditionNotMet: ``bundle-missing``: there is none, or ``bundle-unwritable``.
        """
        folder = cls(out, case)
        try:
            if folder.final.is_dir() and not folder.partial.exists():
                folder.final.rename(folder.partial)
                sync_folder(out)
            if not folder.partial.is_dir():
                raise PreconditionNotMet("bundle-missing", path=str(folder.partial))
            for name in (STATEMENT, *ATTACHMENTS, VERIFY_SCRIPT, journal.JOURNAL, AGENT_CHAIN):
                folder.path(name).unlink(missing_ok=True)
            folder._drop_unfinished()
        except OSError as fault:
            raise _unwritable(folder.partial, fault) from None
        return folder

    def path(self, name: str) -> Path:
        """Return where one of the bundle's files is while the case runs."""
        if name not in SIZE_LIMITS:
            raise UsageFault("bundle-file", file=name)
        return self.partial / name

    def write(self, name: str, data: bytes) -> Path:
        """Write a file whole, and put it on stable storage before returning.

        Raises:
            PreconditionNotMet: ``bundle-unwritable`` (disk full, no permission).
            UsageFault: ``bundle-file``: no file of a bundle.
        """
        path = self.path(name)
        try:
            write_durable(path, data)
        except OSError as fault:
            raise _unwritable(path, fault) from None
        return path

    def read(self, name: str) -> bytes:
        """Read a file back.

        Raises:
            NotCheckable: ``file-absent``.
            EvidenceRejected: ``file-unreadable``, ``file-kind`` or ``file-too-large``.
        """
        path = self.path(name)
        try:
            return read_file(path, max_bytes=SIZE_LIMITS[name]).head
        except FileNotFoundError:
            raise NotCheckable("file-absent", file=name) from None
        except OSError:
            raise EvidenceRejected("file-unreadable", file=name) from None

    def finish(self) -> Path:
        """Give the folder its final name, once its statement is in it.

        Returns:
            The bundle.

        Raises:
            PreconditionNotMet: ``bundle-exists`` or ``bundle-unwritable``.
            NotCheckable: ``file-absent``: there is no statement yet.
        """
        if self.final.exists():
            raise PreconditionNotMet("bundle-exists", path=str(self.final))
        if not self.path(STATEMENT).is_file():
            raise NotCheckable("file-absent", file=STATEMENT)
        try:
            self._drop_unfinished()
            self.partial.rename(self.final)
            sync_folder(self.final.parent)
        except OSError as fault:
            raise _unwritable(self.final, fault) from None
        return self.final

    def _drop_unfinished(self) -> None:
        for path in self.partial.glob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class BundleFiles:
    """The files of a bundle, each read once.

    Args:
        files: By name. Of the export only the start is in memory.
    """

    files: Mapping[str, FileRead]

    def content(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            NotCheckable: ``file-absent``.
        """
        return self.entry(name).head

    def entry(self, name: str) -> FileRead:
        """Return a file.

        Raises:
            NotCheckable: ``file-absent``.
        """
        if name not in self.files:
            raise NotCheckable("file-absent", file=name)
        return self.files[name]

    def digests(self) -> dict[str, str]:
        """Return the digest of every file but the statement and what is made of it, by name."""
        later = {STATEMENT, *ATTACHMENTS}
        return {name: file.sha256 for name, file in sorted(self.files.items()) if name not in later}

    @property
    def attachments(self) -> tuple[str, ...]:
        """Names of the files here that are made of the statement, in their order."""
        return tuple(name for name in ATTACHMENTS if name in self.files)


def read_bundle(directory: Path) -> BundleFiles:
    """Read a bundle, refusing what does not belong into one before anything in it is looked at.

    Args:
        directory: The bundle.

    Raises:
        UsageFault: ``bundle-unreadable``: there is no such folder.
        EvidenceRejected: ``file-unknown``, ``file-kind`` (a link, a folder, a pipe), ``file-too-large`` or
            ``file-unreadable``.
    """
    try:
        # No more than could be right and one: a folder may hold millions.
        names = sorted(path.name for path in islice(directory.iterdir(), len(SIZE_LIMITS) + 1))
    except OSError as fault:
        raise UsageFault("bundle-unreadable", path=str(directory), why=fault.strerror or "") from None
    for name in names:
        if name not in SIZE_LIMITS:
            raise EvidenceRejected("file-unknown", file=ascii(name)[:80])
    files = {}
    for name in names:
        head_bytes = EXPORT_HEAD_BYTES if name == EXPORT else None
        try:
            files[name] = read_file(directory / name, max_bytes=SIZE_LIMITS[name], head_bytes=head_bytes)
        except OSError:
            raise EvidenceRejected("file-unreadable", file=name) from None
    return BundleFiles(files)


def _unwritable(path: Path, fault: OSError) -> PreconditionNotMet:
    return PreconditionNotMet("bundle-unwritable", path=str(path), why=fault.strerror or type(fault).__name__)
