"""What stands in for everything outside the workflow: see `tests.contract.model.world`."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import agent.evidence.job as job_module
import agent.journal as journal_module
import agent.workflow.bundle as bundle_module
import agent.workflow.ending as ending_module
import agent.workflow.menu_task as menu_module
import agent.workflow.recall as recall_module
import agent.workflow.resume as resume_module
import agent.workflow.retire as retire_module
from agent.errors import VerificationFailed
from agent.evidence.bundle import DEVICE_POST, DEVICE_PRE, EXPORT
from agent.evidence.checks.case import _check_journal_order, _check_journal_outcome
from agent.evidence.erasure_proof import ERASURE_PROOF
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Effect, Result
from agent.evidence.intent import INTENT, parse_intent
from agent.evidence.job import JOB, digest_of, parse_job
from agent.journal import FIRST_PREVIOUS, Entry
from agent.menu.runner import UnbindOutcome
from agent.profiles import find_profile
from agent.proofs import EXPORT_SEAL, VerifiedExport
from agent.workflow.steps import export as export_module
from agent.workflow.steps import inspect as inspect_module
from agent.workflow.steps import intent as intent_module
from agent.workflow.steps import rebind as rebind_module
from agent.workflow.steps import unbind as unbind_module
from protocols.errors import LinkLost
from tests.contract.model.terminal import NEW, OLD, REGIONS, TWIN, ModelDriver, Terminal
from tests.contract.model.world import CASE, FINAL, KEY, Folder, Killed, Ledger, World

now: list[World] = []


@cache
def _profile():
    profile = find_profile("haike-h60")
    rows = tuple(
        replace(each, name=region.name, least_size=region.size, wipeable=True, holds=region.holds)
        for each, region in _rows(profile)
    )
    return replace(profile, regions=rows)


def _rows(profile):
    return zip(profile.regions, REGIONS, strict=False)


@contextmanager
def _connect(*_, **__):
    world = now[0]
    world.require_life()
    how = world.choose("connect", ("ok", "absent", "other") if world.record else ("ok", "absent"))
    if how == "absent":
        raise LinkLost("nobody", answered=False)
    terminal = world.terminal
    if how == "other":  # the twin of the terminal as it was at the beginning, or as it should be at the end
        terminal = Terminal(tusn=TWIN, bound=OLD if world.terminal.bound == OLD else "")
    yield SimpleNamespace(driver=ModelDriver(world, terminal))


def _unbind(driver, *_, **__):
    driver.commit("unbind", lambda at: setattr(at, "bound", ""))
    return UnbindOutcome("screen")


def _bind(driver, *_, **__):
    driver.commit("bind", lambda at: setattr(at, "bound", NEW))
    return UnbindOutcome("screen")


def _test_transaction(driver, *_, **__):
    for kind in ("sale", "reversal"):
        driver.commit(kind, lambda at, kind=kind: setattr(at, "sales", (*at.sales, kind)))


def _remove(_path, **_):
    world = now[0]
    world.require_life()
    if world.files is None or world.place == FINAL:
        return
    if world.choose("remove folder", ("ok", "dies half way")) != "ok":
        world.files.pop(INTENT, None)
        world.dead = True
        raise Killed
    world.files, world.export_proven = None, False
    world.died_after("removal")


def _write_export(driver, *_, **__):
    driver.open_journal()
    now[0].files[EXPORT] = b"export"
    now[0].died_after("export")
    return SimpleNamespace(sha256="a" * 64, size=1, recipients=(), journal=None, parameters=None, receipts=None)


def _verify_export(_written):
    world = now[0]
    if world.scenario.waive or world.choose("verify-export", ("ok", "differs")) != "ok":
        world.export_proven = world.scenario.waive
        world.terminal.harmed |= not world.scenario.waive
        raise VerificationFailed("export-digest", written="-", found="-")
    world.export_proven = True
    return VerifiedExport("a" * 64, 1, "b" * 64, 0, (), (), seal=EXPORT_SEAL)


def _recall_export(path, record):
    if not path.exists():
        raise VerificationFailed("export-unreadable", why="-")
    return VerifiedExport(**vars(record), seal=EXPORT_SEAL)


def _issue_statement(_folder, facts, _key, _trust, _makers=()):
    """Judge as the issuing function does: by what stands in the files and what the workflow says of the read-back."""
    world = now[0]
    world.files["statement"] = b""
    result = _judge(world.files, facts)
    at = world.terminal
    if result is Result.PASS and (at.bound == OLD or (world.scenario.wipe and at.content != "blank")):
        world.breach("I5", f"PASS, and the terminal is {at.content} and bound to {at.bound or 'nobody'}")
    world.died_after("statement")
    return SimpleNamespace(result=result, level=2, findings=())


def _judge(files, facts):
    effects = {each.effect for each in facts.findings}
    if Effect.FAIL in effects:
        return Result.FAIL
    try:
        for check in (_check_journal_order, _check_journal_outcome):
            check(_examined(files))
    except NotCheckable:
        return Result.UNKNOWN
    except EvidenceRejected:
        return Result.FAIL
    if Effect.UNKNOWN in effects or not {JOB, DEVICE_PRE, INTENT, DEVICE_POST} <= files.keys():
        return Result.UNKNOWN
    intent = parse_intent(files[INTENT])
    _, _, content, bound = files[DEVICE_POST].decode().split()
    wanted = {each.region for each in intent.wipe.memory_map if each.wipeable} if intent.wipe else set()
    wiped = not intent.wipe or (content == "blank" and facts.wipe_started and facts.wipe_ended)
    if now[0].scenario.prove and ERASURE_PROOF not in files:
        return Result.UNKNOWN
    if not wiped or wanted != {each.region for each in facts.read_back} or bound != "unbound":
        return Result.UNKNOWN
    return Result.PASS if all(each.blank for each in facts.read_back) else Result.FAIL


def _examined(files):
    """Return what the checks of the journal look at."""
    sealed = SimpleNamespace(files=files, entry=lambda name: SimpleNamespace(sha256=digest_of(files[name])))
    wipes = now[0].scenario.wipe
    journal = SimpleNamespace(need=lambda: now[0].entries)
    return SimpleNamespace(material=SimpleNamespace(journal=journal, files=sealed, unbinds_alone=not wipes))


def _make_entry(case, last, time, event, step, facts):
    """Make an entry without its hashes."""
    return Entry(case, last.sequence + 1 if last else 1, time, event, step, facts, FIRST_PREVIOUS, FIRST_PREVIOUS)


def _eat(_token, *_, **__):
    terminal = now[0].terminal
    fingerprint = (terminal.tusn.encode() * 2).hex()
    return SimpleNamespace(claims=SimpleNamespace(tusn=terminal.tusn), key_fingerprint=fingerprint)


class Folders:
    """`agent.evidence.bundle.CaseFolder`, to make or find the one folder that there is."""

    def __new__(cls, *_):
        return Folder(now[0])

    @staticmethod
    def create(*_):
        return Folder(now[0]).create()

    @staticmethod
    def resume(*_):
        return Folder(now[0]).take_up()


def _replacements():
    """Return every (module, name, what stands in for it)."""
    ledger = SimpleNamespace(open=lambda _home: Ledger(now[0]))
    held = SimpleNamespace(take=lambda _port: None, renewing=lambda report: report)
    key = SimpleNamespace(self_signed=False, chain_pem=b"pem")
    for module in (retire_module, resume_module):
        yield from (
            (module, "Ledger", ledger),
            (module, "CaseFolder", Folders),
            (module, "hold", lambda *_: nullcontext(held)),
            (module, "connect", _connect),
            (module, "agent_key", lambda *_: key),
            (module, "find_profile", lambda *_, **__: _profile()),
            (module, "private_channels", lambda *_: None),
            (module, "check_signer", lambda *_: None),
            (module, "prepare_log", lambda _home: None),
            (module, "end_intents", lambda _case: None),
            (module, "TrustStore", SimpleNamespace(load=lambda _folders: SimpleNamespace(maker_roots=()))),
        )
    yield from (
        (retire_module, "draw_case_number", lambda _clock: CASE),
        (retire_module, "parse_recipients", lambda _recipients: ()),
        (resume_module, "shutil", SimpleNamespace(rmtree=_remove)),
        (ending_module, "shutil", SimpleNamespace(rmtree=_remove)),
        (ending_module, "uninterrupted", nullcontext),
        (bundle_module, "issue_statement", _issue_statement),
        (bundle_module, "statement_makers", lambda *_: ()),
        (menu_module, "filmed", lambda *_: nullcontext(SimpleNamespace(take=None))),
        (unbind_module, "unbind", _unbind),
        (rebind_module, "bind", _bind),
        (rebind_module, "run_test_transaction", _test_transaction),
        (inspect_module, "verify_eat", _eat),
        (inspect_module, "binding_key", lambda *_: KEY),
        (recall_module, "load_binding_key", lambda *_: KEY),
        (recall_module, "recall_export", _recall_export),
        (recall_module, "parse_job", cache(parse_job)),
        (recall_module, "parse_intent", cache(parse_intent)),
        (job_module.secrets, "token_bytes", bytes),
        (journal_module, "make_entry", _make_entry),
        (journal_module.Journal, "lines", lambda _journal: b"lines"),
        (export_module, "write_export", _write_export),
        (export_module, "check_belonging", lambda *_: None),
        (export_module, "verify_export", _verify_export),
        (intent_module, "enter_intent", lambda _case, data: {"proof": digest_of(data), "vkey": ""}),
        (recall_module, "INTENT_LOGGED", INTENT),
        (intent_module, "shutil", SimpleNamespace(disk_usage=lambda _path: SimpleNamespace(free=1 << 40))),
        (
            intent_module,
            "read_file",
            lambda path, **_: SimpleNamespace(sha256=hashlib.sha256(str(path).encode()).hexdigest()),
        ),
    )


@contextmanager
def replaced():
    """Put the model in the place of everything outside the workflow."""
    with ExitStack() as stack:
        for module, name, stand_in in _replacements():
            stack.enter_context(patch.object(module, name, stand_in))
        yield
