"""Many pumps served by one thread: real sockets, and events instead of sleeping."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

import pytest

from agent.pump import Pump
from agent.pump_loop import OVER, SPARE_TURNS, PumpLoop
from protocols.errors import LinkLost, LocalProtocolError
from protocols.machine import SpeedChange

LONG = 30.0
"""Longer than any of these tests takes; a wait that ends by this time has failed."""


class SocketLine:
    """One end of a pair of sockets as a transport, of TCP or of a serial line."""

    description = "socket pair"
    escaped = False
    highest_baud = 4_000_000

    def __init__(self, end: socket.socket, baud: int | None = None) -> None:
        end.setblocking(False)
        self.end = end
        self.baud = baud
        self.takes = True
        self.switched_by: list[str] = []

    @property
    def descriptor(self) -> int | None:
        return self.end.fileno()

    def read_now(self, max_bytes: int) -> bytes:
        try:
            data = self.end.recv(max_bytes)
        except BlockingIOError:
            return b""
        if not data:
            raise LinkLost("closed by the test")
        return data

    def write_now(self, data: bytes) -> int:
        try:
            return self.end.send(data) if self.takes else 0
        except BlockingIOError:
            return 0

    def set_baud(self, baud: int) -> bool:
        self.switched_by.append(threading.current_thread().name)
        self.baud = baud
        return True

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        raise AssertionError("has a descriptor")

    def write(self, data: bytes) -> None:
        raise AssertionError("has a descriptor")

    def close(self) -> None:
        self.end.close()


class Lines:
    """A machine whose events are lines of text; it says what it is told to."""

    def __init__(self) -> None:
        self.events: deque[bytes | SpeedChange] = deque()
        self.out = b""
        self.deadline: float | None = None
        self.timeouts = 0
        self.held = b""
        self.broken = False
        self.by: set[str] = set()
        self.changed = 0

    def receive_bytes(self, data: bytes, now: float) -> None:
        if self.broken:
            raise ZeroDivisionError
        self.by.add(threading.current_thread().name)
        *lines, self.held = (self.held + data).split(b"\n")
        for line in lines:
            self.events.append(SpeedChange(9600) if line == b"speed" else line)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        data, self.out = self.out[:limit], self.out[limit:] if limit else b""
        return data

    def next_event(self) -> bytes | SpeedChange | None:
        return self.events.popleft() if self.events else None

    def next_deadline(self) -> float | None:
        return self.deadline

    def handle_timeout(self, now: float) -> None:
        if self.deadline is not None and now >= self.deadline:
            self.timeouts += 1
            self.deadline = None
            self.events.append(b"timeout")

    def speed_changed(self, now: float) -> None:
        self.changed += 1

    def speed_refused(self, now: float) -> None:
        raise AssertionError("the line can have any speed")


class Rig:
    """Lines, their far ends, and the loop that serves them."""

    def __init__(self, loop: PumpLoop) -> None:
        self.loop = loop
        self.opened: list[socket.socket] = []

    def line(self, baud: int | None = None) -> tuple[Pump[bytes | SpeedChange], Lines, socket.socket]:
        near, far = socket.socketpair()
        self.opened += [near, far]
        machine = Lines()
        return Pump(SocketLine(near, baud), machine, keeper=self.loop), machine, far


@pytest.fixture
def rig() -> Iterator[Rig]:
    with PumpLoop() as loop:
        rig = Rig(loop)
        yield rig
    for each in rig.opened:
        each.close()


def until() -> float:
    return time.monotonic() + LONG


def in_thread(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run something in a thread of its own and collect what it returns or raises."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001  the test looks at it
            results.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


@pytest.mark.parametrize("baud", [None, 115_200])
def test_an_event_comes_back_to_the_owner_who_waits(rig: Rig, baud: int | None) -> None:
    pump, machine, far = rig.line(baud)
    far.sendall(b"one\ntwo\nthr")
    assert pump.wait(until()) == b"one"
    assert pump.wait(until()) == b"two"
    far.sendall(b"ee\n")
    assert pump.wait(until()) == b"three"
    assert machine.by == {"pump-loop"}


def test_many_lines_each_get_their_own(rig: Rig) -> None:
    lines = [rig.line(115_200 if number % 2 else None) for number in range(60)]

    def owner(pump: Pump[bytes | SpeedChange]) -> Callable[[], object]:
        return lambda: [pump.wait(until()) for _ in range(20)]

    owners = [in_thread(owner(pump)) for pump, _, _ in lines]
    for turn in range(20):
        for number, (_, _, far) in enumerate(lines):
            far.sendall(b"%d of %d\n" % (turn, number))
    for number, (thread, results) in enumerate(owners):
        thread.join(LONG)
        assert results == [[b"%d of %d" % (turn, number) for turn in range(20)]]


def test_nothing_comes_until_the_time_is_up(rig: Rig) -> None:
    pump, _, _ = rig.line()
    assert pump.wait(time.monotonic() + 0.01) is None


def test_who_waits_for_ever_waits(rig: Rig) -> None:
    pump, _, far = rig.line()
    owner, results = in_thread(lambda: pump.wait(float("inf")))
    far.sendall(b"at last\n")
    owner.join(LONG)
    assert results == [b"at last"]


def test_the_machine_is_woken_when_it_asked_for_it(rig: Rig) -> None:
    pump, machine, _ = rig.line()
    machine.deadline = time.monotonic() + 0.01
    assert pump.wait(until()) == b"timeout"
    assert machine.timeouts == 1


def test_what_is_said_goes_out_though_the_line_takes_little_at_a_time(rig: Rig) -> None:
    pump, machine, far = rig.line()
    machine.out = bytes(range(256)) * 10_000
    owner, results = in_thread(lambda: pump.wait(until()))
    got = b""
    while len(got) < 2_560_000:
        got += far.recv(65_536)
    assert got == bytes(range(256)) * 10_000
    far.sendall(b"thanks\n")
    owner.join(LONG)
    assert results == [b"thanks"]


def test_i8_a_lost_line_and_a_broken_machine_touch_no_other(rig: Rig) -> None:
    (lost, _, lost_far), (broken, broken_machine, broken_far), (well, _, well_far) = (rig.line() for _ in range(3))
    broken_machine.broken = True
    owners = [in_thread(lambda each=each: each.wait(until())) for each in (lost, broken, well)]  # type: ignore[misc]
    lost_far.close()
    broken_far.sendall(b"x\n")
    for thread, _ in owners[:2]:
        thread.join(LONG)
    well_far.sendall(b"still here\n")
    owners[2][0].join(LONG)
    results = [results[0] for _, results in owners]
    assert isinstance(results[0], LinkLost)
    assert isinstance(results[1], ZeroDivisionError)
    assert results[2] == b"still here"


def test_i8_a_descriptor_that_cannot_be_watched_touches_no_other_line(rig: Rig) -> None:
    pump, _, far = rig.line()

    class Odd(SocketLine):
        @property
        def descriptor(self) -> int | None:
            return 1_000_000

    assert isinstance(pump.transport, SocketLine)
    odd: Pump[bytes | SpeedChange] = Pump(Odd(pump.transport.end), Lines(), keeper=rig.loop)
    with pytest.raises(LinkLost, match="cannot be watched"):
        odd.wait(until())
    far.sendall(b"well\n")
    assert pump.wait(until()) == b"well"


def test_the_owner_itself_switches_the_line(rig: Rig) -> None:
    pump, machine, far = rig.line(115_200)
    far.sendall(b"speed\nfast\n")
    assert pump.wait(until()) == b"fast"
    assert machine.changed == 1
    line = pump.transport
    assert isinstance(line, SocketLine)
    assert line.baud == 9600
    assert line.switched_by == [threading.current_thread().name], "which waits for the line to run empty"


def test_an_unplugged_line_is_left_to_its_owner_and_comes_back(rig: Rig) -> None:
    """As `agent.transport.replug.ReplugTransport`: no descriptor, and a clock that stood still."""
    pump, machine, far = rig.line(115_200)
    near = pump.transport
    assert isinstance(near, SocketLine)

    class Unpluggable(SocketLine):
        away = False
        waited = threading.Event()
        waited_by = ""

        @property
        def descriptor(self) -> int | None:
            return None if self.away else super().descriptor

        def read_now(self, max_bytes: int) -> bytes:
            data = super().read_now(max_bytes)
            self.away = data == b"unplug"
            return b"" if self.away else data

        def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
            self.waited_by = threading.current_thread().name
            self.away = False
            self.waited.set()
            return b""

    line = Unpluggable(near.end, 115_200)
    behind: Pump[bytes | SpeedChange] = Pump(line, machine, lambda: time.monotonic() - 1000, keeper=rig.loop)
    far.sendall(b"unplug")
    owner, results = in_thread(lambda: behind.wait(until() - 1000))
    assert line.waited.wait(LONG)
    far.sendall(b"back\n")
    owner.join(LONG)
    assert results == [b"back"]
    assert line.waited_by == owner.name
    assert behind.wait(time.monotonic() - 1000 + 0.01) is None


def test_an_interrupted_owner_has_its_pump_back(rig: Rig) -> None:
    pump, machine, far = rig.line()
    owner, interrupted = threading.get_ident(), threading.Event()
    timeout = machine.handle_timeout

    def interrupt(now: float) -> None:
        timeout(now)
        if threading.current_thread().name == "pump-loop" and not interrupted.is_set():
            interrupted.set()
            signal.pthread_kill(owner, signal.SIGINT)

    machine.handle_timeout = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        pump.wait(until())
    assert interrupted.is_set()
    assert not rig.loop._loans
    far.sendall(b"later\n")
    assert pump.wait(until()) == b"later"


def test_whoever_waits_is_told_when_the_loop_ends() -> None:
    loop = PumpLoop()
    rig = Rig(loop)
    pump, machine, _ = rig.line()
    serving = threading.Event()
    bytes_to_send = machine.bytes_to_send

    def told(limit: int | None = None) -> bytes:
        if threading.current_thread().name == "pump-loop":
            serving.set()
        return bytes_to_send(limit)

    machine.bytes_to_send = told  # type: ignore[method-assign]
    with loop:
        owner, results = in_thread(lambda: pump.wait(until()))
        assert serving.wait(LONG)
    owner.join(LONG)
    assert [str(each) for each in results] == [str(LinkLost(OVER))]
    with pytest.raises(LinkLost):
        pump.wait(until())
    loop.close()
    for each in rig.opened:
        each.close()


def test_a_defect_of_the_loop_ends_every_wait(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    pump, _, _ = rig.line()
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def defect() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(rig.loop, "_listen", defect)
    with pytest.raises(ZeroDivisionError):
        pump.wait(until())


def test_turns_that_nobody_waits_for_are_forgotten(rig: Rig) -> None:
    pump, _, far = rig.line()
    for _ in range(3 * SPARE_TURNS):
        far.sendall(b"x\n")
        assert pump.wait(until()) == b"x"  # long before the time that it gave for it
    assert len(rig.loop._turns) <= SPARE_TURNS + 8


def test_a_line_without_a_descriptor_is_not_for_the_loop(rig: Rig) -> None:
    pump, _, _ = rig.line()

    class Blocking(SocketLine):
        @property
        def descriptor(self) -> int | None:
            return None

        def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
            return b"by itself\n"

    assert isinstance(pump.transport, SocketLine)
    blocking: Pump[bytes | SpeedChange] = Pump(Blocking(pump.transport.end), Lines(), keeper=rig.loop)
    assert blocking.wait(until()) == b"by itself"
    with pytest.raises(LocalProtocolError):
        rig.loop.serve(blocking, until())
