"""``posretire verify``: checks a bundle against the roots that a verifier trusts, and says what it could not check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.end_page import RESULT_STYLES
from agent.cli.failures import Failure
from agent.cli.output import Reporter
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.evidence.checks.table import Check
    from agent.evidence.timestamp.token import Timestamp
    from agent.evidence.verify import Report

MAX_JOBS = 256
STATUS_STYLES = {"ok": "good", "failed": "bad", "not-checkable": "warn"}


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    trust = option(texts, "--trust", "trust", key="trust", multiple=True, metavar="DIR")
    parameters = [
        click.Argument(["bundle"], required=False),
        trust,
        option(texts, "--batch", "batch", key="batch", metavar="DIR"),
        option(texts, "--jobs", "jobs", key="jobs", type=click.IntRange(1, MAX_JOBS), metavar="N"),
        option(texts, "--summary", "summary", key="batch-summary", metavar="FILE.pdf"),
        option(texts, "--csv", "table", key="batch-csv", metavar="FILE"),
        option(texts, "--script", "script", key="verify-script", is_flag=True),
        option(texts, "--schema", "schema", key="statement-schema", is_flag=True),
    ]
    return make_command(texts, "verify", verify, parameters)


def verify(
    invocation: Invocation,
    bundle: str | None,
    trust: tuple[str, ...],
    batch: str | None = None,
    jobs: int | None = None,
    summary: str | None = None,
    table: str | None = None,
    script: bool = False,
    schema: bool = False,
) -> ExitCode:
    """Check a bundle, or many; or print what checks one without us: the script, or how a statement is laid out."""
    if [bundle is None, batch is None, not script, not schema].count(False) != 1:
        raise UsageFault("verify-what")
    if schema:
        print_schema(invocation.reporter)
        return ExitCode.DONE
    if batch is not None:
        from agent.cli.verify_batch import BatchRequest, run_batch

        files = [Path(each) if each else None for each in (summary, table)]
        folders = tuple(trust_folders(invocation.home, trust))
        return run_batch(invocation.reporter, BatchRequest(Path(batch), folders, jobs, *files))
    for name, value in (("--jobs", jobs), ("--summary", summary), ("--csv", table)):
        if value is not None:
            raise UsageFault("verify-batch-only", option=name)
    if script:
        return print_script(invocation.reporter)
    assert bundle is not None
    report = verified(Path(bundle), trust_folders(invocation.home, trust))
    invocation.reporter.document(as_json(bundle, report))
    show_report(invocation.reporter, bundle, report)
    return ExitCode.DONE if report.accepted else ExitCode.VERIFICATION


def print_script(reporter: Reporter) -> ExitCode:
    """Print ``verify.sh``, for whoever rightly takes none out of the bundle that it is to check.

    Args:
        reporter: Where to.
    """
    from agent.evidence.verify_script import verify_script

    text = verify_script().decode("ascii")
    reporter.document({"script": text})
    if not reporter.as_json:
        reporter.out.write(text)
    return ExitCode.DONE


def print_schema(reporter: Reporter) -> None:
    """Print the JSON Schema of statements.

    Args:
        reporter: Where to.
    """
    from agent.evidence.schema import statement_schema

    for line in statement_schema().splitlines():
        reporter.raw(line)
    reporter.document(json.loads(statement_schema()))


def trust_folders(home: Path, given: tuple[str, ...]) -> list[Path]:
    """Return the trust folders: the home's own, where it has one, and those that were named."""
    own = home / "trust"
    return [*([own] if own.is_dir() else []), *map(Path, given)]


def verified(bundle: Path, folders: list[Path]) -> Report:
    """Check a bundle against the roots in some folders.

    Args:
        bundle: The bundle.
        folders: Trust folders.
    """
    from agent.evidence.trust.store import TrustStore
    from agent.evidence.verify import verify_bundle

    return verify_bundle(bundle, TrustStore.load(folders))


def as_json(bundle: str, report: Report) -> dict[str, object]:
    """Return the document for ``--json``."""
    return {
        "bundle": bundle,
        "result": str(report.result),
        "accepted": report.accepted,
        "act": report.act,
        "proven": _proven(report.proven),
        "checks": [
            {
                "id": each.id,
                "status": str(each.status),
                "code": each.code,
                "detail": each.detail,
                "facts": dict(each.facts),
            }
            for each in report.checks
        ],
        "statement": report.statement,
    }


def _proven(timestamp: Timestamp | None) -> dict[str, str] | None:
    """Say until when at the latest the statement was there, and on whose word."""
    if timestamp is None:
        return None
    at = timestamp.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"time": at, "authority": timestamp.authority, "root": timestamp.root}


def show_report(reporter: Reporter, bundle: str, report: Report) -> None:
    """Write the table of checks and the result.

    Args:
        reporter: Where to.
        bundle: The bundle's name as given.
        report: What verifying came to.
    """
    texts = reporter.texts
    reporter.heading(texts("verify.heading", bundle=bundle))
    for check in report.checks:
        status = str(check.status)
        title = texts.word("check", check.id)
        if status == "ok":
            reporter.item(title, "good")
        else:
            why = f"{texts.word('status', status)}{texts('verify.because')}{reason(texts, check)}"
            reporter.item(f"{title}{texts('verify.dash')}{why}", STATUS_STYLES[status])
    result = str(report.result)
    reporter.line()
    if report.act:
        reporter.field(texts("verify.act"), texts.word("act", report.act), "warn" if report.act == "unbinding" else "")
    if report.proven is not None:
        at, authority = f"{report.proven.time:%Y-%m-%d %H:%M:%S} UTC", report.proven.authority
        reporter.field(texts("verify.proven"), texts("verify.proven-by", time=at, authority=authority))
    reporter.field(texts("end.result"), f"{result}  {texts.word('result', result)}", RESULT_STYLES.get(result))
    reporter.line(texts("verify.limits"), "dim", indent=2)


def reason(texts: Texts, check: Check) -> str:
    """Say why a check did not hold.

    Args:
        texts: The texts of the chosen language.
        check: The check.
    """
    if f"error.{check.code}.what" not in texts:
        return check.detail or check.code
    return Failure(check.code, ExitCode.VERIFICATION, check.facts).what(texts)
