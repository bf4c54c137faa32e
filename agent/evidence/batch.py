"""Verifying many bundles at once: each in a process apart, told as it ends, and none stopping another (I8)."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from agent.errors import AgentError, UsageFault
from agent.evidence.apart import Done, run_apart
from agent.evidence.archive.zipped import ENDING, open_bundle
from agent.evidence.bundle import PARTIAL
from agent.evidence.checks.table import Status, run_check
from agent.evidence.dsse import STATEMENT
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Result
from agent.evidence.statement import UNBINDING_TYPE
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import ACTS, Report, verify_files


@dataclass(frozen=True)
class Batch:
    """What is in a folder of bundles.

    Args:
        folder: The folder.
        bundles: Names of the bundles in it, in order: folders and zip archives, unfinished ones too.
        others: How many other files it holds.
    """

    folder: Path
    bundles: tuple[str, ...]
    others: int

    @classmethod
    def find(cls, folder: Path) -> Batch:
        """Look into a folder, one level deep.

        Raises:
            UsageFault: ``batch-unreadable``: it cannot be listed; ``batch-empty``: there is no bundle in it.
        """
        bundles, others = [], 0
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    # A link counts as what it is called: it is reported, and not followed.
                    if entry.name.lower().endswith(ENDING) or _is_folder(entry):
                        bundles.append(entry.name)
                    else:
                        others += 1
        except OSError as fault:
            raise UsageFault("batch-unreadable", path=str(folder), why=fault.strerror or "") from None
        if not bundles:
            raise UsageFault("batch-empty", path=str(folder))
        return cls(folder, tuple(sorted(bundles)), others)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder; what cannot be told, as of a link to itself, must not hide the others (I8)."""
    try:
        return entry.is_dir()
    except OSError:
        return False


@dataclass(frozen=True)
class Verified:
    """One bundle of a batch.

    Args:
        name: Its name in the folder.
        report: What verifying came to.
        statement_sha256: Digest of its signed statement, or empty.
    """

    name: str
    report: Report
    statement_sha256: str = ""

    @property
    def case(self) -> str:
        """Number of its case, where a signature vouches for that; else empty."""
        return str((self.report.statement or {}).get("case") or "")

    @property
    def unbinds(self) -> bool:
        """True where it is accepted and nothing was wiped: no proof of a retirement."""
        return self.report.accepted and self.report.act == ACTS[UNBINDING_TYPE]

    @property
    def problem_code(self) -> str:
        """Code of the first check that failed, or else could not be made; empty where nothing is wrong."""
        checks = self.report.checks
        failed = [check.code for check in checks if check.status is Status.FAILED]
        return (failed or [check.code for check in checks if check.status is not Status.OK] or [""])[0]


@dataclass
class Tally:
    """What a batch came to so far.

    Args:
        results: How many bundles came to each result.
        accepted: How many are accepted.
        unfinished: How many were left unfinished.
        crashed: How many ended the process that verified them.
        duplicates: How many show a case, or a statement, that another one shows too.
        unbindings: How many of those that are accepted are of an unbinding, which wipes nothing.
    """

    results: Counter[Result] = field(default_factory=Counter)
    accepted: int = 0
    unfinished: int = 0
    crashed: int = 0
    duplicates: int = 0
    unbindings: int = 0
    _seen: dict[str, str] = field(default_factory=dict)

    def add(self, found: Verified) -> str:
        """Count a bundle.

        Returns:
            The name of an earlier bundle of the same case or with the same statement, or an empty text.
        """
        self.results[found.report.result] += 1
        self.accepted += found.report.accepted
        self.unbindings += found.unbinds
        self.unfinished += found.problem_code == UNFINISHED
        self.crashed += found.problem_code == CRASHED
        earlier = ""
        for mark in filter(None, (found.case, found.statement_sha256)):
            first = self._seen.setdefault(mark, found.name)
            earlier = earlier or ("" if first == found.name else first)
        self.duplicates += bool(earlier)
        return earlier

    @property
    def bundles(self) -> int:
        """How many bundles were counted."""
        return self.results.total()

    @property
    def all_accepted(self) -> bool:
        """True where every bundle is accepted, and no case stands there twice."""
        return 0 < self.bundles == self.accepted and not self.duplicates


UNFINISHED = "bundle-unfinished"
CRASHED = "bundle-crashed"
DEFECT = "bundle-defect"


def verify_batch(batch: Batch, trust: Sequence[Path], jobs: int | None = None) -> Generator[Verified, None, None]:
    """Verify the bundles of a folder in processes of their own.

    Args:
        batch: The bundles.
        trust: Trust folders.
        jobs: How many processes; None for one a core.

    Yields:
        Each bundle as it ends, in no order.

    Raises:
        UsageFault: ``trust-unreadable``.
    """
    TrustStore.load(trust)  # what is wrong there is told once, and not by every process
    count = min(jobs or cores(), len(batch.bundles))
    given = (str(batch.folder), tuple(str(path) for path in trust))
    with closing(run_apart(prepare, given, batch.bundles, count)) as ended:
        for done in ended:
            yield _of(done)


def cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def prepare(folder: str, trust: tuple[str, ...]) -> Callable[[str], Verified]:
    """Load what every bundle is verified with; called once in each process.

    Args:
        folder: The folder of the bundles.
        trust: Trust folders.
    """
    return partial(verify_one, Path(folder), TrustStore.load([Path(each) for each in trust]))


def verify_one(folder: Path, trust: TrustStore, name: str) -> Verified:
    """Verify one bundle of a folder, whatever it is.

    Args:
        folder: The folder.
        trust: Whom to trust.
        name: Name of the bundle in it.
    """
    try:
        return _verified(folder / name, trust)
    except EvidenceRejected as fault:
        return Verified(name, _not_verified(fault))
    except AgentError as fault:
        return Verified(name, _not_verified(NotCheckable(fault.code, **fault.facts)))
    except Exception as fault:  # noqa: BLE001 - a defect over one bundle must not stop the others (I8)
        last = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return Verified(name, _not_verified(NotCheckable("bundle-defect", kind=type(fault).__name__, place=place)))


def _verified(path: Path, trust: TrustStore) -> Verified:
    if path.is_symlink():
        raise EvidenceRejected("file-kind", file=path.name)
    if path.name.endswith(PARTIAL):
        raise NotCheckable("bundle-unfinished")
    files = open_bundle(path)
    digest = files.files[STATEMENT].sha256 if STATEMENT in files.files else ""
    return Verified(path.name, verify_files(files, trust), digest)


def _of(done: Done[str, Verified]) -> Verified:
    if done.answer is not None:
        return done.answer
    return Verified(done.task, _not_verified(NotCheckable("bundle-crashed", exit=done.exit_code or 0)))


def _not_verified(fault: EvidenceRejected) -> Report:
    def say() -> None:
        raise fault

    check = run_check("files", say)
    return Report(check.status.result, (check,), None)
