"""``posretire verify --batch``: tells what is not accepted as soon as it is found, and counts the rest."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.batch_files import BatchRow, batch_row, check_writable, write_csv, write_summary
from agent.cli.cells import printable
from agent.cli.commands.verify import as_json, reason
from agent.cli.output import Reporter
from agent.errors import ExitCode

if TYPE_CHECKING:
    from agent.evidence.batch import Batch, Tally, Verified

STEP = "verify"
STYLES = {"PASS": "good", "FAIL": "bad", "UNKNOWN": "warn"}


@dataclass(frozen=True)
class BatchRequest:
    """What was asked for.

    Args:
        folder: The folder of bundles.
        trust: Trust folders.
        jobs: How many processes; None for one a core.
        summary: Where the summary on paper goes, if anywhere.
        table: Where the table goes, if anywhere.
    """

    folder: Path
    trust: tuple[Path, ...]
    jobs: int | None = None
    summary: Path | None = None
    table: Path | None = None


def run_batch(reporter: Reporter, request: BatchRequest) -> ExitCode:
    """Verify a batch and tell what came of it.

    Args:
        reporter: Where to.
        request: What was asked for.

    Returns:
        0 only where every bundle is accepted and no case stands there twice, 6 otherwise, 5 where it was interrupted.

    Raises:
        UsageFault: ``batch-…`` or ``trust-unreadable``.
    """
    from agent.evidence.batch import Batch, Tally, verify_batch

    batch = Batch.find(request.folder)
    for path in filter(None, (request.summary, request.table)):
        check_writable(path)
    page = _Page(reporter, batch, Tally(), keep=bool(request.summary or request.table))
    reporter.heading(reporter.texts("batch.heading", count=len(batch.bundles), folder=str(batch.folder)))
    page.progress("started")
    try:
        # Closed on the way out whatever it is, so that no process is left behind.
        with closing(verify_batch(batch, request.trust, request.jobs)) as found:
            for each in found:
                page.tell(each)
    except KeyboardInterrupt:
        page.end(interrupted=True)
        return ExitCode.PRECONDITION
    page.progress("done" if page.tally.all_accepted else "failed")
    rows = sorted(page.rows, key=lambda row: row.bundle)
    if request.table:
        write_csv(request.table, rows)
    if request.summary:
        write_summary(request.summary, rows, str(batch.folder))
    page.end(written=[str(path) for path in (request.summary, request.table) if path])
    return ExitCode.DONE if page.tally.all_accepted else ExitCode.VERIFICATION


class _Page:
    """Says things of the bundles of a batch, one after the other.

    Args:
        reporter: Where to.
        batch: The bundles.
        tally: Counts them.
        keep: Whether a row of each is kept, for the lists.
    """

    def __init__(self, reporter: Reporter, batch: Batch, tally: Tally, *, keep: bool) -> None:
        self.reporter = reporter
        self.texts = reporter.texts
        self.batch = batch
        self.tally = tally
        self.rows: list[BatchRow] = []
        self._keep = keep

    def progress(self, state: str = "") -> None:
        """Tell how far it is; programs see that by what they get."""
        if self.reporter.as_json:
            return
        if state:
            self.reporter.event({"event": "step", "step": STEP, "state": state})
            return
        counts = {"done": self.tally.bundles, "total": len(self.batch.bundles)}
        self.reporter.event({"event": "progress", "step": STEP, "unit": "bundles", **counts})

    def tell(self, found: Verified) -> None:
        """Tell of one bundle."""
        earlier = self.tally.add(found)
        problem = self._problem(found)
        if self._keep:
            self.rows.append(batch_row(found, problem, earlier))
        document = as_json(found.name, found.report)
        self.reporter.document({"event": "bundle", **document, "statement_sha256": found.statement_sha256})
        result = found.report.result.value
        if problem:
            why = f"{result}{self.texts('verify.because')}{problem}"
            self._item(
                f"{printable(found.name)}{self.texts('verify.dash')}{why}", "warn" if found.unbinds else STYLES[result]
            )
        if earlier:
            self.reporter.document({"event": "duplicate", "case": found.case, "bundles": [earlier, found.name]})
            self._item(self.texts("batch.duplicate", bundle=found.name, earlier=earlier, case=found.case), "warn")
        self.progress()

    def _problem(self, found: Verified) -> str:
        if found.report.accepted:
            return self.texts.word("act", found.report.act) if found.unbinds else ""
        code = found.problem_code
        wrong = next((check for check in found.report.checks if check.code == code), None) if code else None
        return reason(self.texts, wrong) if wrong else self.texts("batch.result-only")

    def _item(self, text: str, style: str) -> None:
        if not self.reporter.as_json:
            with self.reporter.paused():
                self.reporter.item(text, style)

    def end(self, *, interrupted: bool = False, written: list[str] | None = None) -> None:
        """Tell what it came to."""
        from agent.evidence.facts import Result

        tally, texts = self.tally, self.texts
        self.reporter.end_progress()
        counts = {result.value: tally.results[result] for result in Result}
        more = {name: getattr(tally, name) for name in ("unfinished", "crashed", "duplicates", "unbindings")}
        self.reporter.document(
            {
                "event": "end",
                "batch": str(self.batch.folder),
                "bundles": tally.bundles,
                "accepted": tally.accepted,
                **counts,
                **more,
                "others": self.batch.others,
                "all_accepted": tally.all_accepted and not interrupted,
                "interrupted": interrupted,
                "written": written or [],
            }
        )
        self.reporter.line()
        rows = [(count, texts(f"batch.{name}")) for name, count in counts.items()]
        rows += [(count, texts(f"batch.{name}")) for name, count in more.items() if count]
        self.reporter.table([texts("batch.count"), texts("batch.result")], [*rows, (tally.bundles, texts("batch.all"))])
        self.reporter.line()
        if self.batch.others:
            self.reporter.line(texts("batch.others", count=self.batch.others), "dim", indent=2)
        for path in written or []:
            self.reporter.line(texts("batch.written", path=path), indent=2)
        self.reporter.line(*self._verdict(interrupted), indent=2)

    def _verdict(self, interrupted: bool) -> tuple[str, str]:
        tally, total = self.tally, len(self.batch.bundles)
        if interrupted:
            return self.texts("batch.interrupted", count=tally.bundles, all=total), "warn"
        if tally.all_accepted:
            return self.texts("batch.all-accepted"), "good"
        if tally.accepted == tally.bundles:
            return self.texts("batch.some-twice", count=tally.duplicates), "bad"
        return self.texts("batch.some-not", count=tally.bundles - tally.accepted, all=total), "bad"
