"""The agent's side of the model: the real workflow on a disk, a ledger and a terminal that are kept in memory.

Nothing of the workflow is copied: `agent.workflow.retire.retire` and `agent.workflow.resume.resume` run as they are,
with every row of the real table. Put in the place of something else is only what reaches out of the process (disk,
database, line, clock), what costs time and decides nothing (encryption, signatures), and the walk through the menu,
which has its own tests. The whole of what is replaced stands in `tests.contract.model.stand_ins`.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import PreconditionNotMet
from agent.evidence.errors import NotCheckable
from agent.evidence.intent import INTENT, wipe_nonce
from agent.journal import JournalEvent
from agent.ledger.store import CaseRecord, CaseState
from agent.policy import Policy
from agent.secret import Secret
from agent.workflow.recall import recollect
from agent.workflow.request import RetireRequest
from tests.contract.model.terminal import NEW, OLD, Terminal

CASE = "R20260101-AAAAAA"
KEY = bytes(range(32))
PARTIAL, FINAL = "partial", "final"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Killed(BaseException):
    """The agent is gone, as by kill -9: whatever it still tries does nothing."""


@dataclass(frozen=True)
class Scenario:
    """What is asked for."""

    name: str
    wipe: bool = True
    rebind: bool = False
    waive: bool = False
    prove: bool = False

    @property
    def request(self):
        return RetireRequest(
            target="tcp://127.0.0.1:9",
            home=Path("/model/home"),
            out=Path("/model/out"),
            merchant_number=OLD,
            password=Secret("740218"),
            recipients=(),
            policy=Policy(
                waive_export_reason="TEST" if self.waive else "", minimum_evidence_level=3 if self.prove else 2
            ),
            reason="TEST",
            operator="operator 7 (TEST)",
            wipe=self.wipe,
            answers={asked: Secret("1") for asked in ("operator_password", "second_password", "phone")},
            new_merchant_number=NEW if self.rebind else "",
        )


@dataclass
class World:
    """Everything that outlives the agent, and the choices of the run that is going on.

    Args:
        choices: By the place where it is made, which way each choice goes that does not go well.
    """

    scenario: Scenario
    terminal: Terminal = field(default_factory=Terminal)
    entries: tuple = ()
    record: CaseRecord | None = None
    request: object = None
    files: dict | None = None
    place: str = PARTIAL
    export_proven: bool = False
    word_wanted: bool = False
    choices: tuple = ()
    asked: list = field(default_factory=list)
    breaches: list = field(default_factory=list)
    dead: bool = False
    steady: float = 0.0
    cause: str = ""

    def after(self, choices):
        """Return a copy of it for another run with these choices."""
        new = copy(self)
        new.terminal = copy(self.terminal)
        new.files = None if self.files is None else dict(self.files)
        new.choices, new.asked, new.breaches, new.dead, new.steady, new.cause = choices, [], [], False, 0.0, ""
        return new

    @property
    def key(self):
        """Return what makes two of them the same for whoever takes the case up."""
        said = recollect(self.entries)
        findings = tuple(sorted({each.code for each in said.findings}))
        last = {each.step: each.event for each in self.entries if each.event is not JournalEvent.NOTE}
        steps = frozenset(said.done), frozenset((name, last[name]) for name in said.begun), findings
        state = (self.record.state, self.record.result) if self.record else None
        files = None if self.files is None else (self.place, *sorted(self.files))
        return self.terminal.key(self.nonce), steps, state, files, self.export_proven, self.word_wanted

    @property
    def is_over(self):
        """True where the case was stopped and cannot be taken up, so that only another one can follow."""
        stopped = self.record is not None and self.record.state is CaseState.STOPPED
        return stopped and "intent" in recollect(self.entries).done

    @property
    def nonce(self):
        return wipe_nonce(self.files[INTENT]) if self.files and INTENT in self.files else None

    # ------------------------------------------------------------------ choosing and breaking
    def choose(self, what, options):
        """Return which way something goes; the first of the options is the way without a fault."""
        at = len(self.asked)
        self.asked.append((what, len(options)))
        return options[dict(self.choices).get(at, 0)]

    def require_life(self):
        if self.dead:
            raise Killed

    def died_after(self, what):
        """Let the agent die where it may."""
        if self.choose(f"after {what}", ("lives", "dies")) == "dies":
            self.dead = True
            raise Killed

    def breach(self, invariant, text):
        self.breaches.append((invariant, text))

    # ------------------------------------------------------------------ the ledger
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def case(self, _number):
        return self.record

    def cases(self):
        return [self.record] if self.record else []

    def _set(self, **values):
        self.require_life()
        assert self.record is not None
        self.record = replace(self.record, **values)
        self.died_after(f"case {values}")

    def open_case(self, number, opened, folder, request):
        self.require_life()
        self.record = CaseRecord(number, "", "", opened, CaseState.OPEN, "", str(folder))
        self.request = request
        self.died_after("opening")

    def set_terminal(self, _number, tusn, model):
        self._set(tusn=tusn, model=model)

    def set_folder(self, _number, folder):
        self._set(folder=str(folder) if folder else "")

    def end_case(self, _number, state, result):
        self._set(state=state, result=result)

    def append(self, entry):
        self.require_life()
        how = self.choose(f"{entry.event} {entry.step}", ("ok", "dies", "full"))
        if how == "full":
            self.terminal.harmed = True
            raise PreconditionNotMet("ledger-unusable", path="-", why="TEST")
        self.entries += (entry,)
        if how == "dies":
            self.dead = True
            raise Killed

    def last(self, _number):
        return self.entries[-1] if self.entries else None


class Ledger:
    """The ledger as the workflow sees it: `World.request` is a field there and a method here."""

    def __init__(self, world):
        self._world = world

    def __getattr__(self, name):
        return getattr(self._world, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def request(self, _number):
        return self._world.request

    def entries(self, _number):
        return list(self._world.entries)


class Folder:
    """The folder of the case's evidence."""

    def __init__(self, world):
        self._world = world
        self.partial, self.final = Place(world, ""), Place(world, "")
        self.case = CASE

    def path(self, name):
        return Place(self._world, name)

    def create(self):
        self._world.require_life()
        if self._world.files is not None:
            raise PreconditionNotMet("bundle-exists", path="-")
        self._world.files, self._world.place = {}, PARTIAL
        self._world.died_after("folder")
        return self

    def take_up(self):
        self._world.require_life()
        if self._world.files is None:
            raise PreconditionNotMet("bundle-missing", path="-")
        self._world.place = PARTIAL
        self._world.files = {name: self._world.files[name] for name in self._world.files if name != "statement"}
        self._world.died_after("folder")
        return self

    def write(self, name, data):
        self._world.require_life()
        self._world.files[name] = data
        self._world.died_after(f"file {name}")

    def read(self, name):
        if self._world.files is None or name not in self._world.files:
            raise NotCheckable("file-absent", file=name)
        return self._world.files[name]

    def finish(self):
        self._world.require_life()
        self._world.place = FINAL
        self._world.died_after("rename")
        return self.final


class Place:
    """A path."""

    def __init__(self, world, name):
        self._world, self.name = world, name

    def exists(self):
        return self.name in (self._world.files or {})

    def unlink(self, **_):
        self._world.require_life()
        if self.exists():
            del self._world.files[self.name]

    def __str__(self):
        return self.name or "-"
