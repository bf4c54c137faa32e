"""What must hold whatever died: judged by the terminal's own record, its flash, the owner's key and a verifier."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyrage

from agent.evidence.bundle import EXPORT, PARTIAL
from agent.evidence.dsse import STATEMENT
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.journal import JournalEvent
from agent.ledger.store import CaseState, Ledger
from agent.workflow.request import RetireOutcome
from agent.workflow.retire import trust_folders
from simulators.board.memory import FLASH_FILE, KEYS_FILE
from simulators.record import RECORD_FILE
from simulators.state import Blueprint
from tests.crash.world import Closed, World
from tests.simulators.rig import forms, secret_bytes_of, secrets_of

PASSWORDS_A_RUN = 2
"""How often the menu of the model asks for the password until it has unbound the terminal."""

COMPARED = ("transactions.jsonl", "totals.json", "parameters.jsonl")


@lru_cache(1)
def planted(blueprint: Blueprint) -> tuple[bytes, ...]:
    """Return every form in which something of a terminal's past could stand in its memory."""
    return tuple(
        {form for each in set(secrets_of(blueprint)) for form in forms(each)} | set(secret_bytes_of(blueprint))
    )


class Judge:
    """Watches a world from its first moment and says what was wrong.

    Args:
        world: The world.
        expected: Members of the export by their digests, as the uninterrupted run has them; None to learn them.
    """

    def __init__(self, world: World, expected: dict[str, str] | None) -> None:
        self._world = world
        self._expected = expected
        self._passwords: dict[int, int] = {}
        self._changed: set[str] = set()
        self._changes: list[str] = []
        self._searched: dict[bytes, list[str]] = {}
        self.violations: list[str] = []
        world.watchers.append(self._watch)

    # ------------------------------------------------------------------ while it happens
    def _watch(self, event: str, facts: dict[str, Any]) -> None:
        command = facts.get("command") if facts.get("answer") == "OK" else None
        if event == "password":
            agent = self._world.agents
            self._passwords[agent] = self._passwords.get(agent, 0) + 1
            if not facts["right"]:
                self._wrong("I6: a wrong password was tried")
            if self._passwords[agent] > PASSWORDS_A_RUN:
                self._wrong("I6: a password was typed more often than a person gave it")
        if event == "unbound" or command == "WIPE_START":
            self._require_export(event if command is None else str(command))

    def _require_export(self, change: str) -> None:
        """The moment of truth: whatever is in the agent's mind, the export has to be on the disk (I1)."""
        with Ledger.open(self._world.home) as ledger:
            case = next(each for each in ledger.cases() if each.state is CaseState.OPEN)
            done = {each.step for each in ledger.entries(case.case) if each.event is JournalEvent.DONE}
            verified = [
                each.facts.get("verified")
                for each in ledger.entries(case.case)
                if (each.event, each.step) == (JournalEvent.DONE, "verify-export")
            ]
        self._changed.add(case.case)
        self._changes.append(change)
        if not {"verify-export", "intent"} <= done or not verified[-1]:
            self._wrong(f"I1: {change} without a verified export in the journal")
        self._compare_export(self._world.out / f"{case.case}{PARTIAL}" / EXPORT, change)

    # ------------------------------------------------------------------ between two runs
    def look(self) -> None:
        """Look at what is there for a customer to see: nobody may be told a lie at any time (I5)."""
        with Ledger.open(self._world.home) as ledger:
            for case in ledger.cases():
                if case.state is CaseState.STOPPED and case.case in self._changed:
                    self._wrong("I7: a case that changed the terminal ended as one that changed nothing")
        for folder in sorted(self._world.out.glob("*")) if self._world.out.exists() else ():
            if (folder / STATEMENT).exists():
                found = verify_bundle(folder, self._trust()).result
                left = self._left()
                if found is Result.PASS and left:
                    self._wrong(f"I5: PASS with {len(left)} finds in the memory, first {left[0]}")

    # ------------------------------------------------------------------ at the end
    def final(self, came: RetireOutcome | BaseException) -> None:
        """Judge how it all ended: as without the interruption (I7)."""
        self.look()
        self._judge_record()
        if isinstance(came, RetireOutcome):
            if came.result is not Result.PASS:
                codes = [each.code for each in came.statement_findings]
                self._wrong(f"I7: ended {came.result.value}: {codes}, {came.cause!r}")
        elif not (isinstance(came, Closed) and came.result == "PASS"):
            self._wrong(f"I7: ended in {came!r} {getattr(came, 'facts', '')}")
        with Ledger.open(self._world.home) as ledger:
            cases = [each for each in ledger.cases() if each.state is not CaseState.STOPPED]
        # An agent that died while it was still looking for the terminal leaves an empty folder, and no case yet.
        folders = sorted(path.name for path in self._world.out.iterdir() if any(path.iterdir()))
        if [(each.state, each.result, each.folder) for each in cases] != [
            (CaseState.CLOSED, "PASS", str(self._world.out / each.case)) for each in cases
        ] or len(cases) != 1:
            self._wrong(f"I7: the ledger says {cases}")
        if not cases or folders != [each.case for each in cases]:
            self._wrong(f"I7: in the folder of bundles: {folders}")
            return
        bundle = self._world.out / folders[0]
        report = verify_bundle(bundle, self._trust())
        if report.result is not Result.PASS:
            self._wrong(f"I7: the bundle verifies as {report.result.value}")
        self._compare_export(bundle / EXPORT, "the end")
        if left := self._left():
            self._wrong(f"I7: {len(left)} finds in the memory at the end, first {left[0]}")

    def refused(self, go_on: Callable[[], RetireOutcome | BaseException]) -> None:
        """Judge a case that may not go on: that it ends in an error, and that nothing is changed by going on (I1)."""
        before = [] if self._world.agents == 1 and not self._world.buried else list(self._changes)
        came = go_on()
        if isinstance(came, RetireOutcome) and came.result is Result.PASS:
            self._wrong("I1: PASS for an export that is none")
        if self._changes != before:
            self._wrong(f"I1: the terminal was changed all the same: {self._changes}")

    def members(self, path: Path) -> dict[str, str]:
        """Open an export as its owner does, and return the digest of each member that tells of the terminal alone."""
        plain = pyrage.decrypt(path.read_bytes(), [self._world.owner])
        with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
            found = {each.name: archive.extractfile(each).read() for each in archive.getmembers()}
        digests = {name: hashlib.sha256(found[name]).hexdigest() for name in COMPARED if name in found}
        manifest = json.loads(found["manifest.json"])
        return digests | {"journal": json.dumps(manifest.get("journal"), sort_keys=True)}

    # ------------------------------------------------------------------ helpers
    def _judge_record(self) -> None:
        """Read the terminal's own record: nothing is done twice but what the terminal said was not done (I3)."""
        lines = (self._world.state / RECORD_FILE).read_text().splitlines()
        record = [json.loads(line) for line in lines]
        open_start = False
        for each in record:
            if each.get("command") == "WIPE_START" and each["answer"] == "OK":
                if open_start:
                    self._wrong("I3: WIPE_START twice, and the terminal never said that the first was interrupted")
                open_start = True
            if each["event"] == "boot" and each["last_wipe"] != "DONE":
                open_start = False  # interrupted, or never begun: it says so itself
        counts = {
            name: sum(each["event"] == name for each in record) for name in ("unbound", "wipe", "unbound-another")
        }
        if counts != {"unbound": 1, "wipe": 1, "unbound-another": 0}:
            self._wrong(f"I3: the terminal counts {counts}")

    def _compare_export(self, path: Path, when: str) -> None:
        try:
            found = self.members(path)
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with it
            self._wrong(f"I1: at {when} the owner cannot open the export: {fault!r}")
            return
        if self._expected is not None and found != self._expected:
            self._wrong(f"I1: at {when} the export is another: {found}")

    def _left(self) -> list[str]:
        """Search the terminal's memory for everything that was planted in it."""
        memory = b"".join((self._world.state / name).read_bytes() for name in (FLASH_FILE, KEYS_FILE))
        if memory not in self._searched:
            self._searched[memory] = [each.hex() for each in planted(self._world.blueprint) if each in memory]
        return self._searched[memory]

    def _trust(self) -> TrustStore:
        return TrustStore.load(trust_folders(self._world.home, self._world.request.trust_dirs))

    def _wrong(self, what: str) -> None:
        self.violations.append(what)
