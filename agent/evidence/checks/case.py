"""Checks that the papers of a case belong together: job, intent, journal, export, the agent's key and its read-back."""

from __future__ import annotations

import re

from agent.evidence.bundle import DEVICE_POST, DEVICE_PRE, EXPORT
from agent.evidence.checks.table import CheckTable, Examined
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.intent import INTENT, WAIVED_EXPORT
from agent.evidence.job import JOB
from agent.evidence.journal import FIRST_PREVIOUS, JournalLine
from agent.evidence.times import CLOCK_TOLERANCE, parse_time
from protocols.words import RegionHolds

INTENT_STEP = "intent"
CHANGING_STEPS = ("unbind", "wipe", "prove")
"""Steps that change the terminal; none may begin before the intent stands in the journal."""

_AGE_MAGIC = b"age-encryption.org/v1\n"
_AGE_X25519 = re.compile(rb"^-> X25519 ", re.MULTILINE)
_AGE_HEADER_END = re.compile(rb"^--- ", re.MULTILINE)


def _check_job(examined: Examined) -> None:
    examined.material.job.report()


def _check_intent(examined: Examined) -> None:
    """Parse it, and hold the digests in it against the files that were there before anything was done."""
    intent = examined.material.intent.report()
    digests = examined.material.files.digests()
    before = {name: digests[name] for name in (JOB, DEVICE_PRE, EXPORT) if name in digests}
    for name in sorted(before.keys() | intent.digests.keys()):
        if before.get(name) != intent.digests.get(name):
            raise EvidenceRejected("intent-digest", file=name)


def _check_case(examined: Examined) -> None:
    """One case number in job, intent and every line of the journal."""
    case = examined.material.job.need().case
    if examined.material.intent.need().case != case:
        raise EvidenceRejected("case-differs", where=INTENT)
    for number, line in enumerate(examined.material.journal.need(), 1):
        if line.case != case:
            raise EvidenceRejected("case-differs", where=f"journal line {number}")


def _check_times(examined: Examined) -> None:
    """Opened, intended, issued: in this order, as far as the agent's own clock can tell."""
    opened = parse_time(examined.material.job.need().opened)
    intended = parse_time(examined.material.intent.need().time)
    if examined.issued is None:
        raise NotCheckable("needs", what="statement")
    issued = parse_time(examined.issued)
    if opened > intended + CLOCK_TOLERANCE or intended > issued + CLOCK_TOLERANCE:
        raise EvidenceRejected("times-order")


def _check_export(examined: Examined) -> None:
    """The export is the one that was verified, or its verification was waived with a reason (I1)."""
    intent = examined.material.intent.need()
    if intent.export is None:
        if not intent.waivers.get(WAIVED_EXPORT, "").strip():
            raise EvidenceRejected("export-unverified")
        return
    if EXPORT not in examined.material.files.files:
        raise EvidenceRejected("export-missing")
    file = examined.material.files.entry(EXPORT)
    if (file.sha256, file.size) != (intent.export.sha256, intent.export.size):
        raise EvidenceRejected("export-altered")
    end = _AGE_HEADER_END.search(file.head)
    if not file.head.startswith(_AGE_MAGIC) or end is None:
        raise EvidenceRejected("export-not-age")
    stanzas = len(_AGE_X25519.findall(file.head, 0, end.start()))
    if stanzas != len(intent.export.recipients) + intent.verification_recipients:
        raise EvidenceRejected("export-recipients", found=stanzas)


def _check_journal(examined: Examined) -> None:
    """The chain is whole, and what the intent says of its beginning is so."""
    lines = examined.material.journal.report()
    intent = examined.material.intent.need()
    entries, head = intent.journal_entries, intent.journal_head
    if entries > len(lines) or (lines[entries - 1].hash if entries else FIRST_PREVIOUS) != head:
        raise EvidenceRejected("journal-not-intended")


def _check_journal_order(examined: Examined) -> None:
    """The intent, by its digest, stands in the journal before the first step that changes the terminal."""
    lines = examined.material.journal.need()
    digest = examined.material.files.entry(INTENT).sha256
    for line in lines:
        if line.step == INTENT_STEP and line.event == "DONE" and line.facts.get("intent") == digest:
            return
        if _changes(line):
            raise EvidenceRejected("journal-intent-late")
    raise EvidenceRejected("journal-intent-missing")


def _check_journal_outcome(examined: Examined) -> None:
    """Every step that changes the terminal and was begun is also done, and the intended wipe was begun.

    A case that broke off is not a bad wipe: it is one that nobody can judge yet.
    """
    last: dict[str, str] = {}
    for line in examined.material.journal.need():
        if _changes(line) and line.event != "NOTE":
            last[line.step] = line.event
    if examined.material.unbinds_alone:
        if "wipe" in last:
            raise EvidenceRejected("journal-wipe-not-intended")
    elif "wipe" not in last:
        # Where the terminal attested afterwards the case went on, so a journal without the wipe was cut.
        if DEVICE_POST in examined.material.files.files:
            raise EvidenceRejected("journal-no-wipe")
        raise NotCheckable("journal-no-wipe")
    for step, event in sorted(last.items()):
        if event == "INTENT":
            raise NotCheckable("journal-step-open", step=step)
        if event == "UNKNOWN":
            raise NotCheckable("journal-step-unknown", step=step)
        if event == "FAILED":
            raise EvidenceRejected("journal-step-failed", step=step)


def _changes(line: JournalLine) -> bool:
    return line.step in CHANGING_STEPS


def _check_read_back(examined: Examined) -> None:
    """Every region that was to be wiped, the key stores among them, was read back and found blank by the agent."""
    intended = examined.material.intended_wipe()
    if examined.read_back is None:
        raise NotCheckable("needs", what="statement")
    found = {each.region: each for each in examined.read_back}
    key_stores = [each.region for each in intended.memory_map if each.wipeable and each.holds is RegionHolds.KEYS]
    wanted = (*intended.regions, *(number for number in key_stores if number not in intended.regions))
    if len(found) != len(examined.read_back) or not found.keys() <= set(wanted):
        raise EvidenceRejected("read-back-other-region")
    sizes = {region.region: region.size for region in intended.memory_map}
    for number in wanted:
        outcome = found.get(number)
        if outcome is None:
            raise NotCheckable("read-back-missing", region=number)
        if not outcome.blank:
            raise EvidenceRejected("read-back-not-blank", region=number)
        if outcome.method == "full" and outcome.bytes_read != sizes.get(number):
            raise EvidenceRejected("read-back-short", region=number)


def _check_agent(examined: Examined) -> None:
    """The agent's certificate leads to an agent that is trusted here."""
    chain = examined.material.agent.report()
    if examined.issued is None:
        raise NotCheckable("needs", what="statement")
    timestamp = examined.material.timestamp.or_none()
    examined.material.trust.check_agent(chain, parse_time(examined.issued), timestamp.time if timestamp else None)


CASE_CHECKS: CheckTable = (
    ("job", _check_job),
    ("intent", _check_intent),
    ("case", _check_case),
    ("times", _check_times),
    ("export", _check_export),
    ("journal", _check_journal),
    ("journal-order", _check_journal_order),
    ("journal-outcome", _check_journal_outcome),
    ("read-back", _check_read_back),
    ("agent", _check_agent),
)
