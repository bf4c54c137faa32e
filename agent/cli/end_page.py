"""The end of a retirement: what was done, what was found, where the evidence is, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.cli.failures import failure_of
from agent.cli.output import Reporter
from agent.cli.progress import finding_text, size

if TYPE_CHECKING:
    from agent.workflow.request import RetireOutcome

CERTIFICATE = "certificate.pdf"
RESULT_STYLES = {"PASS": "good", "FAIL": "bad", "UNKNOWN": "warn"}


def end_document(outcome: RetireOutcome) -> dict[str, object]:
    """Return the last line of ``retire --json``.

    Args:
        outcome: What came of it.
    """
    return {
        "event": "end",
        "case": outcome.case,
        "result": outcome.result,
        "bundle": str(outcome.bundle),
        "findings": [{"code": each.code, "facts": each.facts} for each in outcome.findings],
        "tusn": outcome.tusn,
        "model": outcome.model,
        "records": outcome.records,
        "undone": list(outcome.undone),
        "pending": list(outcome.pending),
        "regions_blank": outcome.regions_blank,
        "bytes_wiped": outcome.bytes_wiped,
        "act": "retirement" if outcome.wiped else "unbinding",
        "evidence_level": outcome.evidence_level,
        "resumable": outcome.resumable,
        "exit": int(outcome.exit_code),
    }


def show_end(reporter: Reporter, outcome: RetireOutcome) -> None:
    """Write the page.

    Args:
        reporter: Where to.
        outcome: What came of it.
    """
    texts = reporter.texts
    style = RESULT_STYLES.get(outcome.result, "warn")
    reporter.heading(texts("end.heading", case=outcome.case))
    reporter.field(texts("end.result"), f"{outcome.result}  {texts.word('result', outcome.result)}", style)
    reporter.field("TUSN", f"{outcome.tusn}  ({outcome.model})")
    reporter.field(texts("end.level"), f"{outcome.evidence_level}  {texts.word('level', str(outcome.evidence_level))}")
    if outcome.cause is not None:
        # Of an interruption the general sentence says that nothing was changed, and here there is a statement.
        interrupted = isinstance(outcome.cause, KeyboardInterrupt)
        said = texts("end.interrupted") if interrupted else failure_of(outcome.cause).what(texts)
        reporter.field(texts("end.cause"), said, "bad")

    reporter.heading(texts("end.done"))
    done = "good" if outcome.result == "PASS" else "dim"
    reporter.item(texts("end.exported", records=f"{outcome.records:,}"), done)
    names = texts("end.comma").join(texts.word("binding", name) for name in outcome.undone)
    unbound = texts("end.unbound", names=names) if names else texts("end.none-unbound")
    reporter.item(unbound, done if outcome.undone else "warn")
    if not outcome.wiped:
        reporter.item(texts("end.not-wiped"), "warn")
    elif not outcome.regions_blank:
        reporter.item(texts("end.none-wiped"), "warn")
    else:
        reporter.item(texts("end.wiped", size=size(outcome.bytes_wiped), regions=outcome.regions_blank), done)

    if outcome.findings:
        reporter.heading(texts("end.found"))
        for finding in outcome.findings:
            reporter.item(finding_text(texts, finding.as_json()), "warn")

    reporter.heading(texts("end.next"))
    reporter.item(texts("end.verify", bundle=outcome.bundle))
    for action in next_actions(outcome):
        reporter.item(texts(f"next.{action}", case=outcome.case))
    reporter.line()
    show_evidence(reporter, outcome)


def show_evidence(reporter: Reporter, outcome: RetireOutcome) -> None:
    """Say where the evidence is, and the page for people, where one was made.

    Args:
        reporter: Where to.
        outcome: What came of it.
    """
    reporter.field(reporter.texts("end.bundle"), outcome.bundle, "bold")
    page = outcome.bundle / CERTIFICATE
    if page.is_file():
        reporter.field(reporter.texts("end.certificate"), page)


def next_actions(outcome: RetireOutcome) -> list[str]:
    """Say what remains for people to do, as names of texts.

    Args:
        outcome: What came of it.
    """
    actions = []
    if outcome.result == "FAIL":
        actions.append("quarantine")
    if outcome.result == "UNKNOWN":
        actions.append("resume" if outcome.resumable else "look")
    codes = {finding.code for finding in outcome.findings}
    if "platform-pending" in codes or outcome.pending:
        actions.append("platform")
    if outcome.result == "PASS":
        actions += ["keep", "rebind" if outcome.wiped else "wipe"]
    return actions
