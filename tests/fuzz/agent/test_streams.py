"""Both ends of a line against what a real session sent, spoilt: 20,000 spoilt chunks each way (I10)."""

from __future__ import annotations

from random import Random

import pytest

from agent.connect import connect_over
from agent.errors import AgentError
from protocols.errors import ProtocolError
from protocols.pmp.link import LinkSettings
from protocols.pmp.wire import MAX_FRAME
from simulators.faults import LineFaults
from simulators.pmp.endpoint import Port
from tests.agent.virtual_time import Clock, MemoryLine
from tests.protocols.inputs import mutated
from tests.simulators.rig import Rig

CHUNKS = 20_000
SESSION = 99
BAUD = 115_200
CLEAN_SHARE = 0.9
LEAST = 10


class Recorded:
    """A terminal's end of a line that keeps what went each way."""

    def __init__(self, rig: Rig, clock: Clock) -> None:
        self._rig = rig
        self._clock = clock
        self.port = rig.terminal.open_port(LinkSettings.for_line(BAUD), LineFaults(rig.faults, 1))
        self.from_agent: list[bytes] = []
        self.from_terminal: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self.from_agent.append(data)
        self.port.receive_bytes(data, self._clock())

    def take(self) -> bytes:
        self._rig.terminal.handle_timeout(self._clock())
        self.port.handle_timeout(self._clock())
        data = self.port.bytes_to_send(65_536)
        if data:
            self.from_terminal.append(data)
        return data


class Replayed:
    """A terminal that says what another said before, spoilt, whatever it is asked."""

    def __init__(self, chunks: list[bytes], random: Random) -> None:
        self.chunks = [each if random.random() < CLEAN_SHARE else mutated(random, each) for each in chunks]

    def feed(self, data: bytes) -> None:
        """Listen to nothing."""

    def take(self) -> bytes:
        return self.chunks.pop(0)[:65_536] if self.chunks else b""


def use(line: MemoryLine, clock: Clock) -> None:
    """Ask a terminal for everything that can be asked without changing it."""
    with connect_over(line, clock=clock, session_number=lambda: SESSION) as connected:
        driver = connected.driver
        driver.identity()
        driver.status()
        driver.bindings()
        driver.key_slots()
        driver.memory_map()
        driver.screen()
        driver.read_parameters()
        receipts = driver.open_receipts()
        assert receipts is not None
        sum(1 for _ in receipts.receipts())
        journal = driver.open_journal()
        sum(1 for _ in journal.transactions())
        journal.terminal_totals()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    return Rig(tmp_path_factory.mktemp("terminal") / "state")


@pytest.fixture(scope="module")
def recorded(rig: Rig) -> Recorded:
    clock = Clock()
    peer = Recorded(rig, clock)
    use(MemoryLine(clock, peer, BAUD), clock)
    assert min(len(peer.from_agent), len(peer.from_terminal)) > LEAST
    return peer


def test_i10_a_terminal_survives_whatever_an_agent_sends(rig: Rig, recorded: Recorded) -> None:
    random = Random("terminal")
    fed = answered = 0
    while fed < CHUNKS:
        port: Port = rig.terminal.open_port(LinkSettings.for_line(BAUD), LineFaults(rig.faults, 1))
        now = 0.0
        for chunk in recorded.from_agent:
            data = chunk if random.random() < CLEAN_SHARE else mutated(random, chunk)
            fed += 1
            now += random.choice((0.0, 0.01, 0.7))
            at = random.randrange(len(data) + 1)
            for part in (data[:at], data[at:]):
                port.receive_bytes(part, now)
            deadline = port.next_deadline()
            if deadline is not None and deadline <= now:
                port.handle_timeout(now)
            answered += len(port.bytes_to_send(1 << 20))
            assert port._link.scanner.held_bytes < MAX_FRAME
        rig.terminal._ports.remove(port)
    print(f"{fed:,} chunks to terminals, which sent {answered / 1e6:.1f} MB")


def test_i10_an_agent_survives_whatever_a_terminal_sends(recorded: Recorded) -> None:
    random = Random("agent")
    taken = ended = whole = 0
    while taken < CHUNKS:
        clock = Clock()
        taken += len(recorded.from_terminal)
        try:
            use(MemoryLine(clock, Replayed(recorded.from_terminal, random), BAUD), clock)
        except (AgentError, ProtocolError):
            ended += 1
        else:
            whole += 1
    print(f"{taken:,} chunks to agents: {ended:,} sessions ended in a documented error, {whole:,} were whole")
    assert ended
