"""A terminal, a line and an agent in one process under a clock of their own, and how each of them dies.

Whoever dies leaves exactly what a ``kill -9`` or a power cut leaves: the agent its files as they are (nothing of its
stack is unwound, see `World.bury_agent`), the terminal its flash, keys and counters and nothing of its working memory,
the line nothing at all. Everything else goes on. No time passes but the clock's.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import pyrage

import agent.connect
import agent.ledger.leases
import simulators.board.parameters
from agent.clock import Clock
from agent.errors import AgentError
from agent.evidence.keys.agent_key import AgentKey
from agent.ledger.store import CaseState, Ledger
from agent.policy import Policy
from agent.secret import Secret
from agent.workflow.events import StepChanged
from agent.workflow.request import RetireOutcome, RetireRequest
from agent.workflow.resume import resume
from agent.workflow.retire import retire
from protocols.errors import LinkLost, ProtocolError
from protocols.pmp.fec import parity_length
from protocols.pmp.link import LinkSettings
from protocols.pmp.wire import CHECKSUM_BYTES, HEADER_BYTES, START
from simulators.catalog import find_model
from simulators.faults import Faults, LineFaults, parse_faults
from simulators.pmp.endpoint import PmpTerminal, Port
from simulators.pmp.tls import tls_opener
from simulators.power import Power, PowerPoint
from simulators.record import RECORD_FILE, Record
from simulators.server import Simulation, SimulationOptions
from simulators.state import Blueprint, StateFolder

MODEL = "haike-h60"
SEED = 7
TRANSACTIONS = 12
BLOCK_SECONDS = 0.004
ANSWERED = ("operator_password", "second_password", "phone")
TARGET = "tcp://127.0.0.1:9"
MOST_RUNS = 6
"""How often a case is taken up before the test gives up."""

OFF_SECONDS = 2.0
"""How long a terminal that lost its power is without it."""

LONGEST = 4 * 3600.0
"""Seconds of the clock after which something hangs."""


class PowerCut(BaseException):
    """The terminal loses its power; not an `Exception`, so that nothing of its program gets to see it."""


class Hang(AssertionError):
    """Nobody is getting anywhere."""


@dataclass
class Time:
    """The clocks: steady seconds that everybody shares, and the wall clock, which may be wrong.

    Args:
        began: What the wall clock said when the steady one stood at 1,000.
    """

    began: datetime
    steady: float = 1000.0
    jump: timedelta = timedelta(0)

    def wall(self) -> datetime:
        return self.began + timedelta(seconds=self.steady - 1000.0) + self.jump

    def advance(self, seconds: float) -> None:
        self.steady += seconds
        if self.steady > LONGEST:
            raise Hang("hours have passed")

    def clock(self) -> Clock:
        return Clock(wall=self.wall, steady=lambda: self.steady)


class Terminal:
    """The simulated terminal while it has power.

    Args:
        state: Its state folder.
        time: The clock.
        faults: As ``--fault`` takes them.
        observe: Told of every line of its record once it is written.
        power: Told of every point where the power may go; it goes where that raises `PowerCut`.
    """

    def __init__(
        self,
        state: Path,
        time: Time,
        faults: tuple[str, ...],
        observe: Callable[..., None],
        power: Callable[[PowerPoint], None],
    ) -> None:
        model = find_model(MODEL)
        blueprint = _blueprint(state)
        self._record = Record(state / RECORD_FILE)

        def record(event: str, **facts: Any) -> None:
            self._record.add(event, **facts)
            observe(event, facts)

        self.faults = parse_faults(faults)
        self.seed = blueprint.seed
        self.device: Any = model.start(state, blueprint, self.faults, BLOCK_SECONDS, record, _cut_power, {})
        self.device._memory.flash.half_way = lambda: power(PowerPoint.IN_WRITE)
        self.device.boot()
        self.pmp = PmpTerminal(self.device, record, _Supply(power))
        self._time = time

    def plug_in(self, *, private: bool) -> Port:
        """Return a port for a new line."""
        channel = tls_opener(self.device.channel_identity(), (), cut_after=None) if private else None
        self.pmp._ports.clear()  # one line at a time, as in the simulator's own TCP line
        return self.pmp.open_port(LinkSettings.for_line(None), LineFaults(self.faults, self.seed), channel)


class _Supply(Power):
    """A power supply that a test fails."""

    def __init__(self, power: Callable[[PowerPoint], None]) -> None:
        super().__init__(Faults(), _cut_power)
        self._power = power

    def passes(self, point: PowerPoint) -> None:
        self._power(point)


class Line:
    """The agent's transport: frames go to the terminal and come back one by one, and each may be the last.

    Args:
        world: Where both ends are.
    """

    description = "memory"
    descriptor: int | None = None
    escaped = False
    baud: int | None = None
    highest_baud = 0

    def __init__(self, world: World) -> None:
        self._world = world
        self._port: Port | None = None
        self._inbox = bytearray()
        self.cut = False

    # ------------------------------------------------------------------ the agent's side
    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        until = self._world.time.steady + timeout_seconds
        with self._world.outside():
            while True:
                self._require()
                self._let_terminal_work()
                self._require()
                if self._inbox:
                    data = bytes(self._inbox[:max_bytes])
                    del self._inbox[:max_bytes]
                    self._world.time.advance(0.0005)
                    return data
                now = self._world.time.steady
                if now >= until:
                    return b""
                due = min((each for each in (self._deadline(), self._world.next_deadline()) if each), default=until)
                self._world.time.advance(max(0.0005, min(due, until) - now))

    def write(self, data: bytes) -> None:
        with self._world.outside():
            self._require()
            for frame in frames(data):
                self._world.to_terminal(self, frame)
                self._require()

    def read_now(self, max_bytes: int) -> bytes:
        return self.read(max_bytes, 0)

    def write_now(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def set_baud(self, baud: int) -> bool:
        return False

    def close(self) -> None:
        self.hang_up()

    # ------------------------------------------------------------------ the cable
    def deliver(self, frame: bytes) -> None:
        """Let a frame of the agent arrive."""
        port = self._connected()
        if port is not None:
            self._world.powered(lambda: port.receive_bytes(frame, self._world.time.steady))

    def arrive(self, frame: bytes) -> None:
        """Let a frame of the terminal arrive."""
        self._inbox += frame

    def hang_up(self) -> None:
        """Cut the line for good; the terminal notices as it would by TCP."""
        self.cut = True
        port, self._port = self._port, None
        if port is not None and self._world.terminal is not None:
            self._world.powered(port.line_lost)

    def drop_terminal(self) -> None:
        """Forget the end of a terminal that has lost its power."""
        self._port = None

    def _require(self) -> None:
        if self.cut:
            raise LinkLost("cut by the test")

    def _connected(self) -> Port | None:
        if self._port is None and self._world.terminal is not None:
            self._port = self._world.terminal.plug_in(private=self._world.private)
        return self._port

    def _deadline(self) -> float | None:
        terminal, port = self._world.terminal, self._port
        due = [] if terminal is None else [terminal.pmp.next_deadline()]
        due += [] if port is None else [port.next_deadline()]
        return min((each for each in due if each is not None), default=None)

    def _let_terminal_work(self) -> None:
        now = self._world.time.steady
        self._world.work(now)
        port = self._connected()
        if port is None:
            return
        self._world.powered(lambda: port.handle_timeout(now))
        while self._port is port and not self.cut:
            out = self._world.powered(lambda: port.bytes_to_send(1))
            if not out:
                break
            for frame in frames(out):
                self._world.to_agent(self, frame)
        if self._port is port and port.take_hang_up():
            self.hang_up()


class World:
    """Everything of one trial.

    Args:
        folder: Where the template was copied to.
        faults: Faults of the terminal.
        private: Whether the line is private (TLS).
    """

    def __init__(self, folder: Path, *, faults: tuple[str, ...] = (), private: bool = False) -> None:
        self.folder = folder
        self.state, self.home, self.out = folder / "terminal", folder / "home", folder / "out"
        self.owner = pyrage.x25519.Identity.from_str((folder / "owner").read_text())
        self.time = Time(datetime.fromisoformat((folder / "began").read_text()))
        self.private = private
        self._faults = faults
        self.line: Line | None = None
        self.agent_works = False
        self.agents = 0
        self.step = "open"
        self.buried = 0
        self.watchers: list[Callable[[str, dict[str, Any]], None]] = []
        self.on_frame: Callable[[str, Line, bytes], bool] = lambda _way, _line, _frame: True
        self.on_power_point: Callable[[PowerPoint], bool] = lambda _point: False
        self.on_power_cut: Callable[[], None] = lambda: self.lose_power(back_after=OFF_SECONDS)
        self.off_until: float | None = None
        self.terminal: Terminal | None = None
        self.switch_on()
        self.blueprint = _blueprint(self.state)
        facts = find_model(MODEL).facts(self.blueprint)
        self.request = RetireRequest(
            target=TARGET,
            home=self.home,
            out=self.out,
            merchant_number=facts.merchant_number,
            password=Secret(facts.password),
            recipients=(str(self.owner.to_public()),),
            trust_dirs=(self.state / "trust",),
            reason="shop closed (TEST)",
            operator="operator 7 (TEST)",
            policy=Policy(link_privacy="prefer" if private else "plain"),
            answers=cast(Any, {asked: Secret(facts.answers[asked]) for asked in ANSWERED}),
        )

    # ------------------------------------------------------------------ the terminal
    def switch_on(self) -> None:
        self.off_until = None
        try:
            self.terminal = Terminal(self.state, self.time, self._faults, self._observe, self._power)
        except PowerCut:
            self.on_power_cut()

    def lose_power(self, *, back_after: float, by_tcp: bool = False) -> None:
        """Take the power off the terminal; nothing of its working memory is left.

        Args:
            back_after: Seconds until it has power again.
            by_tcp: Whether the line is a connection, which is gone with it; else a cable, of which nobody is told.
        """
        self.terminal = None
        self.off_until = self.time.steady + back_after
        if self.line is not None:
            self.line.drop_terminal()
            self.line.cut = self.line.cut or by_tcp

    def _power(self, point: PowerPoint) -> None:
        if self.on_power_point(point):
            raise PowerCut

    def powered(self, work: Callable[[], Any]) -> Any:
        """Let the terminal do something, which a power cut may end; None where it does."""
        if self.terminal is None:
            return None
        try:
            return work()
        except PowerCut:
            self.on_power_cut()
            return None

    def work(self, now: float) -> None:
        """Let the terminal do what is due, or start again where its time has come."""
        if self.terminal is None and self.off_until is not None and now >= self.off_until:
            self.switch_on()
        terminal = self.terminal
        if terminal is not None:
            due = terminal.pmp.next_deadline()
            if due is not None and now >= due:
                self.powered(lambda: terminal.pmp.handle_timeout(now))

    def next_deadline(self) -> float | None:
        return self.off_until

    def let_pass(self, seconds: float) -> None:
        """Let time pass without any agent."""
        until = self.time.steady + seconds
        with self.outside():
            while self.time.steady < until:
                self.work(self.time.steady)
                due = self.off_until if self.terminal is None else self.terminal.pmp.next_deadline()
                self.time.advance(max(0.0005, min(until, until if due is None else due) - self.time.steady))

    def _observe(self, event: str, facts: dict[str, Any]) -> None:
        for watcher in self.watchers:
            watcher(event, facts)

    # ------------------------------------------------------------------ the line
    def to_terminal(self, line: Line, frame: bytes) -> None:
        if self.on_frame("to-terminal", line, frame):
            line.deliver(frame)
            self.on_frame("to-terminal, delivered", line, frame)

    def to_agent(self, line: Line, frame: bytes) -> None:
        if self.on_frame("to-agent", line, frame):
            line.arrive(frame)
            self.on_frame("to-agent, delivered", line, frame)

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Say that what happens now is not the agent's doing."""
        before, self.agent_works = self.agent_works, False
        try:
            yield
        finally:
            self.agent_works = before

    # ------------------------------------------------------------------ the agent
    def run(self, act: Callable[[], RetireOutcome]) -> RetireOutcome | BaseException:
        """Let an agent do something, and return what came of it; what a person would see as an error included."""
        self.agents += 1
        with self._at_this_desk():
            self.agent_works = True
            try:
                return act()
            except (AgentError, ProtocolError, MemoryError) as fault:
                return fault
            finally:
                self.agent_works = False
                if self.line is not None:
                    self.line.hang_up()

    def retire(self) -> RetireOutcome | BaseException:
        return self.run(lambda: retire(self.request, self._told, self.time.clock()))

    def resume(self, case: str) -> RetireOutcome | BaseException:
        return self.run(lambda: resume(case, self.request, self._told, self.time.clock()))

    def bury_agent(self) -> None:
        """Let the agent have been killed just now: its files are as they are, and it never does anything again.

        Its open files go with it to another folder, so that its locks hold nobody up, as a dead process's would not.
        """
        self.agent_works = False
        self.buried += 1
        for name in ("home", "out"):
            path, dead = self.folder / name, self.folder / f"{name}.dead{self.agents}"
            if path.exists():
                path.rename(dead)
                shutil.copytree(dead, path, symlinks=True)
        if self.line is not None:
            with self.outside():
                self.line.hang_up()

    def to_the_end(self) -> RetireOutcome | BaseException:
        """Do what a technician does after something broke off: take the case up until it has its end."""
        for _ in range(MOST_RUNS):
            with Ledger.open(self.home) as ledger:
                cases = ledger.cases()
            newest = cases[0] if cases else None
            if newest is None or (newest.state is CaseState.STOPPED):
                came = self.retire()
            elif newest.state is CaseState.CLOSED:
                return came_of(newest.result)
            else:
                came = self.resume(newest.case)
            if isinstance(came, RetireOutcome) and not came.resumable:
                return came
            self.let_pass(5.0)
        return came

    def _told(self, event: Any) -> None:
        """Remember which step the agent is at, to name points by."""
        if isinstance(event, StepChanged):
            self.step = event.step

    @contextmanager
    def _at_this_desk(self) -> Iterator[None]:
        """Give the agent this world's line, and a process number of its own."""
        number = self.agents

        def opened(*_args: Any, **_options: Any) -> Line:
            self.line = Line(self)
            return self.line

        connect, leases = cast(Any, agent.connect), cast(Any, agent.ledger.leases)
        kept = connect.open_transport, leases.own_process, leases.still_runs
        connect.open_transport = opened
        leases.own_process = lambda: (number, f"agent {number}")
        leases.still_runs = lambda pid, _started: pid == self.agents
        try:
            yield
        finally:
            connect.open_transport, leases.own_process, leases.still_runs = kept


@dataclass(frozen=True)
class Closed(Exception):
    """The case has its end already."""

    result: str


def came_of(result: str) -> Closed:
    return Closed(result)


def make_template(folder: Path, transactions: int = TRANSACTIONS) -> Blueprint:
    """Make a terminal, an agent's home and an owner; trials work on copies.

    Args:
        folder: Where.
        transactions: How many the terminal has.

    Returns:
        What the terminal was made from.
    """
    parameters = cast(Any, simulators.board.parameters)
    parameters.PARAMETER = _Remembering(parameters.PARAMETER)
    options = SimulationOptions(MODEL, None, None, folder / "terminal", seed=SEED, transactions=transactions)
    Simulation(options).close()
    (folder / "terminal" / RECORD_FILE).unlink()
    began = datetime.now(UTC)
    (folder / "began").write_text(began.isoformat())
    (folder / "owner").write_text(str(pyrage.x25519.Identity.generate()))
    AgentKey.create(folder / "home", "desk (TEST)", at=began - timedelta(days=3))
    with Ledger.open(folder / "home"):
        return _blueprint(folder / "terminal")


class _Remembering:
    """A layout that parses the same bytes once: the simulated firmware reads all of its parameters for every screen."""

    def __init__(self, layout: Any) -> None:
        self.parse = lru_cache(4096)(layout.parse)
        self.build = layout.build


def frames(data: bytes) -> Iterator[bytes]:
    """Split bytes of a line into frames; what is none stays together."""
    while data:
        end = len(data)
        if len(data) >= HEADER_BYTES and data[0] == START:
            body = int.from_bytes(data[9:11], "big") + CHECKSUM_BYTES
            end = HEADER_BYTES + body + parity_length(body, data[2] >> 6)
        yield data[:end]
        data = data[end:]


def _blueprint(state: Path) -> Blueprint:
    found = StateFolder(state)
    try:
        blueprint = found.blueprint()
    finally:
        found.close()
    assert blueprint is not None
    return blueprint


def _cut_power() -> None:
    raise PowerCut
