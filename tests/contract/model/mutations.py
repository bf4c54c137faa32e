"""Ways to break the workflow on purpose, each with the invariant whose breach the exploration must then find.

They change the real table, or one function of the real workflow. What is guarded twice is not here: taking one of two
guards away breaks nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import agent.workflow.ending as ending
import agent.workflow.engine as engine
import agent.workflow.resume as resume
import agent.workflow.retire as retire
import agent.workflow.table as table
from agent.clearance import WipeClearance
from agent.journal import JournalEvent
from agent.ledger.store import CaseState
from agent.wipe.read_back import ReadBack
from agent.workflow.case import Case
from agent.workflow.menu_task import carry_out
from agent.workflow.recall import recollect
from agent.workflow.steps import unbind, validate, wipe
from agent.workflow.table import Resume
from protocols.errors import StateUnknown
from protocols.words import WipeState

RETIRE, REBIND, PROVE = 0, 3, 4
"""Scenarios by their place."""


TABLES = ("RETIREMENT", "PROVEN_RETIREMENT", "UNBINDING", "REBINDING")


def _nothing(*_, **__):
    return None


@contextmanager
def _rows(change):
    """Change every table: ``change`` gets the rows by name and returns those that stand."""
    with patch.multiple(
        table,
        **{name: tuple(change(list(getattr(table, name)))) for name in TABLES},
    ):
        yield


def _row(step, **changes):
    return _rows(lambda rows: [replace(each, **changes) if each.name == step else each for each in rows])


def _without(step):
    return _rows(lambda rows: [each for each in rows if each.name != step])


def _after(step, before):
    """Put a step behind another one."""

    def change(rows):
        moved = [each for each in rows if each.name == step]
        rest = [each for each in rows if each.name != step]
        at = next((at for at, each in enumerate(rest) if each.name == before), -1)
        return [*rest[: at + 1], *moved, *rest[at + 1 :]]

    return _rows(change)


def _intent_after_the_act(case, step, act):
    evidence = act(case)
    case.journal.write(JournalEvent.INTENT, step.name)
    case.journal.write(JournalEvent.DONE, step.name, evidence)


def _done_before_the_act(case, step, act):
    case.journal.write(JournalEvent.INTENT, step.name)
    case.journal.write(
        JournalEvent.DONE, step.name, {"undone": [], "pending": [], "platform": "pending", "regions": []}
    )
    act(case)


def _without_what_failed(entries):
    """Take a step that failed for one that was not done."""
    said = recollect(entries)
    last = {each.step: each.event for each in entries}
    begun = {name: at for name, at in said.begun.items() if last[name] is not JournalEvent.FAILED}
    return replace(said, begun=begun)


def _without_what_is_unknown(entries):
    said = recollect(entries)
    last = {each.step: each.event for each in entries}
    begun = {name: at for name, at in said.begun.items() if last[name] is not JournalEvent.UNKNOWN}
    return replace(said, begun=begun)


def _start_until_it_answers(driver, prepared, target, clearance):
    try:
        driver.start_wipe(prepared, clearance, target)
    except StateUnknown:
        object.__setattr__(clearance, "_spent", False)
        driver.start_wipe(prepared, clearance, target)


def _unbind_without_looking(case):
    carry_out(case, "unbind", unbind._Walk(case), case.request.merchant_number)
    case.changed = True
    case.unbinding = unbind._prove(case)
    return {"undone": [], "pending": []}


def _folder_first(folder, ledger, number):
    ending.shutil.rmtree(folder.partial, ignore_errors=True)
    if ledger.case(number) is not None:
        ledger.set_folder(number, None)
        ledger.end_case(number, CaseState.STOPPED, "")


def _folder_only(folder, _ledger, _number):
    ending.shutil.rmtree(folder.partial, ignore_errors=True)


def _blank_without_reading(_driver, region, method, _draw, _progress):
    return ReadBack(region.region, region.name, region.size, method, region.size, 0, -1, digest_matches=True)


MUTATIONS = {
    # name: (invariant, scenario, faults a run, faults in all, how)
    "wipe is idempotent": ("I3", RETIRE, 1, 1, lambda: _row("wipe", resume=Resume.IDEMPOTENT, take_up=None)),
    "wipe is taken up without looking": (
        "I3", RETIRE, 1, 1, lambda: _row("wipe", take_up=lambda case, _: wipe.run(case))
    ),
    "wipe forgets when it was": ("I7", RETIRE, 1, 1, lambda: _row("wipe", recall=_nothing)),
    "unbind does not look first": (
        "I3", REBIND, 1, 1,
        lambda: _row("unbind", run=_unbind_without_looking, take_up=lambda case, _: _unbind_without_looking(case)),
    ),
    "rebind has no take_up": ("I3", REBIND, 1, 1, lambda: _row("rebind", take_up=None)),
    "prove has no take_up": ("I7", PROVE, 1, 1, lambda: _row("prove", take_up=None)),
    "test transaction is idempotent": ("I3", REBIND, 1, 1, lambda: _row("test-transaction", resume=Resume.IDEMPOTENT)),
    "validate forgets what it read": ("I7", RETIRE, 1, 1, lambda: _row("validate", recall=_nothing)),
    "no verification of the export": ("I1", RETIRE, 0, 0, lambda: _without("verify-export")),
    "verification after the unbinding": ("I1", REBIND, 0, 0, lambda: _after("verify-export", "unbind")),
    "no reading back": ("I7", RETIRE, 0, 0, lambda: _without("validate")),
    "reading back believes": ("I5", RETIRE, 1, 1, lambda: patch.object(validate, "read_back", _blank_without_reading)),
    "INTENT after the act": ("I3", REBIND, 1, 1, lambda: patch.object(engine, "_run", _intent_after_the_act)),
    "DONE before the act": ("I7", RETIRE, 1, 1, lambda: patch.object(engine, "_run", _done_before_the_act)),
    "what failed was not done": ("I3", REBIND, 2, 2, lambda: patch.object(resume, "recollect", _without_what_failed)),
    "what is unknown was not done": (
        "I3", REBIND, 1, 1, lambda: patch.object(resume, "recollect", _without_what_is_unknown)
    ),
    "a lost line is a definite end": ("I7", RETIRE, 1, 1, lambda: patch.object(ending, "is_definite", lambda _: True)),
    "the start is repeated": ("I3", RETIRE, 1, 1, lambda: patch.object(wipe, "start", _start_until_it_answers)),
    "clearances are not spent": ("I2", RETIRE, 0, 0, lambda: patch.object(WipeClearance, "spend", _nothing)),
    "any terminal will do": ("I9", REBIND, 2, 2, lambda: patch.object(resume, "_require_the_one_inspected", _nothing)),
    "an interrupted wipe is over": (
        "I7", RETIRE, 1, 1, lambda: patch.object(wipe, "UNDER_WAY_OR_OVER", frozenset(WipeState) - {WipeState.PREPARED})
    ),
    "nothing was ever changed": (
        "I7", RETIRE, 1, 1, lambda: patch.object(Case, "changed", property(lambda _: False, _nothing), create=True)
    ),
    "the folder goes before the case is stopped": (
        "I7", RETIRE, 2, 2, lambda: patch.object(retire, "stop", _folder_first)
    ),
    "a stopped case stays open": ("I7", RETIRE, 1, 1, lambda: patch.object(retire, "stop", _folder_only)),
}  # fmt: skip
