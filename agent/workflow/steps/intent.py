"""Step intent: what is about to be done, written and journaled before any of it is done."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from agent.errors import PreconditionNotMet
from agent.evidence.bundle import DEVICE_PRE, EXPORT, SIZE_LIMITS
from agent.evidence.files import read_file
from agent.evidence.intent import INTENT, IntendedWipe, Intent, build_intent
from agent.evidence.job import JOB, digest_of
from agent.journal import FIRST_PREVIOUS, Fact
from agent.wipe.plan import flash_regions
from agent.workflow.case import Case
from agent.workflow.case_log import enter_intent, recall_log
from protocols.words import BindingState

NEEDED_BYTES = 4 << 20
"""What journal, film, ledger and statement of a case may still take."""

VERIFICATION_RECIPIENTS = 1
"""The key that the verification opens the export with, and that is thrown away."""


def run(case: Case) -> dict[str, Fact]:
    """Write ``intent.json``, and enter it into the log of cases.

    Raises:
        PreconditionNotMet: ``room-missing``: the disk has no room for the rest of the evidence; ``log-…``: it cannot
            be entered.
    """
    for folder in (case.folder.partial, case.request.home):
        _require_room(folder)
    seen = case.inspected
    digests = {name: digest_of(case.folder.read(name)) for name in (JOB, DEVICE_PRE)}
    if case.folder.path(EXPORT).exists():  # also where its verification failed and was waived
        digests[EXPORT] = read_file(case.folder.path(EXPORT), max_bytes=SIZE_LIMITS[EXPORT], head_bytes=0).sha256
    head = case.journal.head
    data = build_intent(
        Intent(
            case=case.number,
            tusn=seen.identity.tusn,
            time=case.clock.stamp(),
            digests=digests,
            export=case.export,
            verification_recipients=VERIFICATION_RECIPIENTS if case.export else 0,
            waivers=case.request.policy.waivers,
            unbind=tuple(each.name for each in seen.bindings if each.state is not BindingState.UNBOUND),
            wipe=_intended_wipe(case) if case.request.wipe else None,
            journal_entries=head.sequence if head else 0,
            journal_head=head.hash if head else FIRST_PREVIOUS,
        )
    )
    case.folder.write(INTENT, data)
    return {"intent": digest_of(data), "digests": digests, "log": enter_intent(case, data)}


def recall(case: Case, facts: Mapping[str, Fact]) -> None:
    """Take up again which log the intent is in; what older versions wrote is in none."""
    if "log" in facts:
        recall_log(case, facts["log"])


def _require_room(folder: Path) -> None:
    """Stop while nothing is changed where the rest of the evidence would find no room."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise PreconditionNotMet("room-missing", path=str(folder), free=free, needed=NEEDED_BYTES)


def _intended_wipe(case: Case) -> IntendedWipe:
    wipe, regions = case.known_profile.wipe, case.inspected.regions
    return IntendedWipe(
        method=wipe.method.lower(),
        technique=wipe.technique,
        erase_keys=True,
        regions=tuple(region.region for region in flash_regions(regions)),
        memory_map=regions,
    )
