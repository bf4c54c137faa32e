"""Holding an auditor's bundles against a log: none that is not in it, and none of its statements that is not there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import AgentError
from agent.evidence.archive.zipped import ENDING, read_zip
from agent.evidence.batch import Batch
from agent.evidence.bundle import PARTIAL, SIZE_LIMITS
from agent.evidence.caselog.audit import Contents, Named, statement_of
from agent.evidence.caselog.notes import Vkey
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file
from agent.evidence.statement import read_statement

UNKNOWN = "unknown"
"""It names this log, or one that is not trusted, and is not in it."""
OTHER_LOG = "other-log"
NO_LOG = "no-log"
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class OtherBundle:
    """A bundle that is not in the log.

    Args:
        name: Its name.
        why: `UNKNOWN`; `OTHER_LOG`: it is of another log that is trusted; `NO_LOG`: it was made before there was this
            log; `UNREADABLE`.
    """

    name: str
    why: str


@dataclass
class Compared:
    """What became of the bundles.

    Args:
        found: How many statements of the log have their bundle.
        missing: Statements of the log whose bundles are not there.
        others: Bundles that are not in the log.
    """

    found: int = 0
    missing: Named = field(default_factory=Named)
    others: list[OtherBundle] = field(default_factory=list)

    @property
    def unknown(self) -> tuple[OtherBundle, ...]:
        """Those of the others that speak against the log."""
        return tuple(each for each in self.others if each.why in {UNKNOWN, UNREADABLE})

    def check_bundles(self) -> None:
        """Every bundle is in the log.

        Raises:
            EvidenceRejected: ``log-bundle-unknown``.
        """
        if self.unknown:
            raise EvidenceRejected("log-bundle-unknown", count=len(self.unknown), bundle=self.unknown[0].name)

    def check_statements(self) -> None:
        """Every statement of the log has its bundle.

        Raises:
            EvidenceRejected: ``log-bundle-missing``.
        """
        if self.missing.count:
            raise EvidenceRejected("log-bundle-missing", count=self.missing.count)


def compare_bundles(
    folder: Path, contents: Contents, vkey: Vkey, trusted: tuple[Vkey, ...], first_time: str
) -> Compared:
    """Hold bundles against a log.

    Args:
        folder: Folder of bundles, one level deep, zip archives among them; or one bundle.
        contents: What the log's entries say.
        vkey: The log's key.
        trusted: Keys of all logs that are trusted.
        first_time: Time of the log's first entry, RFC 3339; empty where it has none.

    Raises:
        UsageFault: ``batch-unreadable`` or ``batch-empty``.
    """
    compared = Compared()
    paths = [folder] if (folder / STATEMENT).exists() else [folder / name for name in Batch.find(folder).bundles]
    known: dict[bytes, list[Path]] = {}
    for path in paths:
        if path.name.endswith(PARTIAL):
            continue
        try:
            known.setdefault(hashlib.sha256(statement_bytes(path)).digest(), []).append(path)
        except (AgentError, OSError):
            compared.others.append(OtherBundle(path.name, UNREADABLE))
    for case, last in contents.statements.items():
        if known.pop(last.sha256, None) is not None:
            compared.found += 1
        else:
            compared.missing.add(last.index, statement_of(case, last))
    for path in sorted(path for each in known.values() for path in each):
        compared.others.append(OtherBundle(path.name, _why(path, vkey, trusted, first_time)))
    return compared


def statement_bytes(path: Path) -> bytes:
    """Return the signed statement of a bundle.

    Args:
        path: Its folder, or a zip archive of it.

    Raises:
        AgentError: It cannot be read, or is no bundle.
        OSError: It cannot be read.
    """
    if path.name.lower().endswith(ENDING) and path.is_file():
        return read_zip(path).content(STATEMENT)
    return read_file(path / STATEMENT, max_bytes=SIZE_LIMITS[STATEMENT]).head


def _why(path: Path, vkey: Vkey, trusted: tuple[Vkey, ...], first_time: str) -> str:
    """Tell why a bundle is not in the log, as far as its statement says; nothing in it is checked."""
    try:
        facts = read_statement(open_envelope(statement_bytes(path)).payload).facts
    except (AgentError, OSError):
        return UNREADABLE
    if facts.log_key and facts.log_key != vkey.text and facts.log_key in {each.text for each in trusted}:
        return OTHER_LOG
    if not facts.log_key and (not first_time or facts.issued < first_time):
        return NO_LOG
    return UNKNOWN
