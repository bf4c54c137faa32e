"""Ports that are unplugged and come back, under a virtual clock; nothing sleeps."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import LinkFault
from agent.pump import Pump
from agent.pump_loop import PumpLoop
from agent.transport.ports import SerialPort
from agent.transport.remark import LineRemark
from agent.transport.replug import PATIENCE_SECONDS, ReplugTransport
from agent.transport.serial_line import SerialTransport, Unplugged
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost
from protocols.pmp.link import (
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkSettings,
    LinkState,
    MessageReceived,
    Role,
    SpeedChange,
    SpeedSettled,
)
from tests.agent.virtual_time import Clock


class FakeSerial(SerialTransport):
    """A port that is there until it is torn out."""

    def __init__(self, target: SerialTarget, device: str) -> None:
        super().__init__(None, target)
        self.name = device
        self.out = False
        self.stuck = False
        self.written = b""
        self.closed = False

    @property
    def device(self) -> str:
        return self.name

    @property
    def descriptor(self) -> int | None:
        return 7

    def _alive(self) -> None:
        if self.out:
            raise Unplugged("torn out")
        if self.stuck:
            raise LinkLost("it takes no more bytes")

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        self._alive()
        return b"x"

    def read_now(self, max_bytes: int) -> bytes:
        return self.read(max_bytes, 0)

    def write(self, data: bytes) -> None:
        self._alive()
        self.written += data

    def write_now(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def set_baud(self, baud: int) -> bool:
        self._alive()
        self._baud = baud
        return True

    def close(self) -> None:
        self.closed = True


class Bench:
    """A machine with ports that come and go; ``plugged`` says which may be opened, and since when."""

    def __init__(self, target: SerialTarget, *listed: SerialPort, devices: dict[str, str] | None = None) -> None:
        self.clock = Clock()
        self.listed = list(listed)
        self.plugged: dict[str, float] = {target.port: 0.0}
        self.devices = devices or {}
        self.opened: list[FakeSerial] = []
        self.asked: list[SerialTarget] = []
        self.told: list[LineRemark] = []
        self.line = ReplugTransport(
            target,
            self.told.append,
            opening=self.opening,
            ports=lambda: self.listed,
            clock=self.clock,
            sleep=self.clock.advance,
        )

    def opening(self, target: SerialTarget) -> FakeSerial:
        if self.plugged.get(target.port, float("inf")) > self.clock():
            raise LinkFault("port-not-found", port=target.port)
        self.asked.append(target)
        self.opened.append(FakeSerial(target, self.devices.get(target.port, target.port)))
        return self.opened[-1]

    def tear_out(self, *back: tuple[str, float]) -> None:
        """Unplug; afterwards names come back after so many seconds."""
        self.opened[-1].out = True
        self.plugged = {name: self.clock() + seconds for name, seconds in back}


USB = SerialPort("/dev/ttyUSB0", "CP2102", "1-1.4", "0001")


def test_a_port_that_is_there_is_read_and_written() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    line = bench.line
    line.write(b"ab")
    assert line.write_now(b"c") == 1
    assert bench.opened[0].written == b"abc"
    assert (line.read(10, 1), line.read_now(10)) == (b"x", b"x")
    assert line.set_baud(9600)
    assert (line.baud, line.descriptor, line.escaped, line.highest_baud) == (9600, 7, False, 921_600)
    assert "9600" in line.description
    assert bench.told == []


@pytest.mark.parametrize(
    "touch",
    [
        lambda line: line.read_now(10) == b"",
        lambda line: line.write_now(b"abc") == 3,
        lambda line: line.write(b"abc") is None,
        lambda line: line.set_baud(9600) is False,
    ],
)
def test_an_unplugged_port_is_silent_and_swallows(touch: Callable[[ReplugTransport], bool]) -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    bench.tear_out(("/dev/ttyUSB0", 5))
    assert touch(bench.line)
    away = bench.line.descriptor
    assert touch(bench.line)
    closed = bench.opened[0].closed  # not yet: a loop may watch its descriptor still
    assert bench.line.read(10, 0.1) == b""
    assert (closed, bench.opened[0].closed) == (False, True)
    assert (away, bench.line.descriptor) == (None, 7)
    assert bench.line.read(10, 0.1) == b"x"


def test_what_happened_is_told_once_and_the_speed_stays() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0", parity="even"))
    bench.line.set_baud(460_800)
    bench.tear_out(("/dev/ttyUSB0", 12))
    bench.line.read(10, 0.1)
    assert bench.told == [
        LineRemark("unplugged", {"port": "/dev/ttyUSB0", "seconds": 30}),
        LineRemark("replugged", {"port": "/dev/ttyUSB0"}),
    ]
    assert bench.asked[-1] == SerialTarget("/dev/ttyUSB0", 460_800, parity="even")
    assert bench.line.baud == 460_800


def test_the_link_s_time_stands_still_while_the_port_is_away() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    began = bench.line.now()
    bench.clock.advance(3)
    bench.tear_out(("/dev/ttyUSB0", 20))
    bench.line.write(b"x")
    bench.clock.advance(2)
    assert bench.line.now() == began + 3
    bench.line.read(10, 0.1)
    assert bench.line.now() == began + 3
    bench.clock.advance(4)
    assert bench.line.now() == began + 7


def test_patience_ends() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    began = bench.clock()
    bench.tear_out()
    with pytest.raises(LinkLost, match="not back"):
        bench.line.read(10, 0.1)
    assert PATIENCE_SECONDS <= bench.clock() - began < PATIENCE_SECONDS + 1
    with pytest.raises(LinkLost, match="not back"):
        bench.line.read(10, 0.1)
    assert len(bench.told) == 1
    bench.line.close()


def test_a_line_that_is_stuck_and_there_is_not_waited_for() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    bench.opened[0].stuck = True
    with pytest.raises(LinkLost):
        bench.line.write(b"x")
    assert bench.told == []


def test_the_device_is_found_under_another_name_by_its_serial_number() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"), USB)
    bench.tear_out(("/dev/ttyUSB0", 1), ("/dev/ttyUSB3", 2))
    bench.listed = [
        SerialPort("/dev/ttyUSB0", "CP2102", "1-1.4", "0002"),  # another adapter in the old one's place
        SerialPort("/dev/ttyUSB3", "CP2102", "1-1.1", "0001"),
    ]
    bench.line.read(10, 0.1)
    assert bench.asked[-1].port == "/dev/ttyUSB3"


def test_another_adapter_is_not_taken_for_it() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"), USB)
    bench.tear_out(("/dev/ttyUSB0", 1))
    bench.listed = [SerialPort("/dev/ttyUSB0", "CP2102", "1-1.4", "0002")]
    with pytest.raises(LinkLost):
        bench.line.read(10, 0.1)


def test_an_adapter_without_serial_number_is_known_by_its_socket() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"), SerialPort("/dev/ttyUSB0", "CH340", "1-1.4", ""))
    bench.tear_out(("/dev/ttyUSB0", 1), ("/dev/ttyUSB1", 1))
    bench.listed = [
        SerialPort("/dev/ttyUSB0", "CH340", "1-1.2", ""),
        SerialPort("/dev/ttyUSB1", "CH340", "1-1.4", ""),
    ]
    bench.line.read(10, 0.1)
    assert bench.asked[-1].port == "/dev/ttyUSB1"


def test_a_port_without_usb_comes_back_under_its_name_or_its_device_s() -> None:
    bench = Bench(SerialTarget("slot-link", 9600), devices={"slot-link": "/dev/ttyS9"})
    bench.tear_out(("/dev/ttyS9", 1))
    bench.line.read(10, 0.1)
    assert bench.asked[-1] == SerialTarget("/dev/ttyS9", 9600)
    bench.tear_out(("slot-link", 1))
    bench.line.read(10, 0.1)
    assert bench.asked[-1] == SerialTarget("slot-link", 9600)


def test_the_number_of_a_pseudo_terminal_is_not_taken_for_it() -> None:
    bench = Bench(SerialTarget("slot-link"), devices={"slot-link": "/dev/pts/9"})
    bench.tear_out(("/dev/pts/9", 1))
    with pytest.raises(LinkLost):
        bench.line.read(10, 0.1)


def test_a_port_found_by_a_search_comes_back_as_the_same_device() -> None:
    bench = Bench(SerialTarget("hwgrep://CP2102", url=True), USB, devices={"hwgrep://CP2102": "/dev/ttyUSB0"})
    bench.tear_out(("/dev/ttyUSB2", 1))
    bench.listed = [
        SerialPort("/dev/ttyUSB1", "CP2102", "1-1.4", "0002"),
        SerialPort("/dev/ttyUSB2", "CP2102", "1-1.2", "0001"),
    ]
    bench.line.read(10, 0.1)
    assert bench.asked[-1] == SerialTarget("/dev/ttyUSB2")


def test_it_may_be_unplugged_again_and_again() -> None:
    bench = Bench(SerialTarget("/dev/ttyUSB0"))
    for _ in range(5):
        bench.tear_out(("/dev/ttyUSB0", 20))
        assert bench.line.read(10, 0.1) == b""
        assert bench.line.read(10, 0.1) == b"x"
    assert bench.line.now() == pytest.approx(1000)


class Terminal:
    """A terminal's link that answers each message, and goes on living while nobody is at its line."""

    def __init__(self, clock: Clock) -> None:
        self.link = Link(Role.TERMINAL, LinkSettings.for_line(9600, highest_baud=921_600), boot_id=1)
        self.baud = 9600
        self._clock = clock

    def feed(self, data: bytes, baud: int) -> None:
        self.link.receive_bytes(_as_heard(data, baud, self.baud), self._clock())

    def take(self, baud: int) -> bytes:
        self.link.handle_timeout(self._clock())
        said = self.link.bytes_to_send(4096)
        at = self.baud
        while (event := self.link.next_event()) is not None:
            if isinstance(event, SpeedChange):
                self.baud = event.baud
                self.link.speed_changed(self._clock())
            elif isinstance(event, MessageReceived):
                self.link.send_message(event.data[::-1], self._clock())
        return _as_heard(said, at, baud)


def _as_heard(data: bytes, said_at: int, heard_at: int) -> bytes:
    return data if said_at == heard_at else bytes(octet ^ 0x5A for octet in data)


class LineToTerminal(FakeSerial):
    """A port with a terminal at its other end."""

    def __init__(self, target: SerialTarget, clock: Clock, terminal: Terminal) -> None:
        super().__init__(target, target.port)
        self.fake_clock = clock
        self.terminal = terminal

    @property
    def descriptor(self) -> int | None:
        return None

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        self._alive()
        data = self.terminal.take(self._baud)
        if not data:
            self.fake_clock.advance(min(timeout_seconds, 0.05))
            data = self.terminal.take(self._baud)
        self.fake_clock.advance(0.001)
        return data

    def write(self, data: bytes) -> None:
        self._alive()
        self.terminal.feed(data, self._baud)


@pytest.mark.parametrize("away", [0.5, 25.0])
@pytest.mark.parametrize("faster", [False, True])
def test_the_link_goes_on_in_the_same_session(away: float, faster: bool) -> None:
    clock = Clock()
    terminal = Terminal(clock)
    lines: list[LineToTerminal] = []
    back_at = 0.0

    def opening(target: SerialTarget) -> LineToTerminal:
        if clock() < back_at:
            raise LinkFault("port-not-found", port=target.port)
        lines.append(LineToTerminal(target, clock, terminal))
        return lines[-1]

    def sleep(seconds: float) -> None:
        clock.advance(seconds)
        terminal.take(0)  # what it says meanwhile is lost

    line = ReplugTransport(SerialTarget("slot", 9600), opening=opening, ports=list, clock=clock, sleep=sleep)
    link = Link(Role.AGENT, LinkSettings.for_line(line.baud, highest_baud=line.highest_baud), session=9)
    pump: Pump[LinkEvent] = Pump(line, link, line.now)
    link.start(pump.now())
    opened = pump.wait(pump.now() + 10)
    assert isinstance(opened, LinkOpened)
    if faster:
        link.propose_speed(115_200, pump.now())
        assert pump.wait(pump.now() + 20) == SpeedSettled(115_200)
    for number in range(3):
        message = bytes([number]) * 5000 + b"end"
        link.send_message(message, pump.now())
        assert pump.wait(pump.now() + 0.2) is None  # in the middle of it
        lines[-1].out = True
        back_at = clock() + away
        until = pump.now() + 60
        while not isinstance(event := pump.wait(until), MessageReceived):
            assert isinstance(event, SpeedSettled), (number, event)
        assert event.data == message[::-1]
    assert (link.session, len(lines)) == (opened.session, 4)
    assert line.baud == terminal.baud


def test_i9_another_terminal_on_the_cable_ends_the_session() -> None:
    clock = Clock()
    terminals = [Terminal(clock), Terminal(clock)]
    lines: list[LineToTerminal] = []

    def opening(target: SerialTarget) -> LineToTerminal:
        lines.append(LineToTerminal(target, clock, terminals[len(lines)]))
        return lines[-1]

    line = ReplugTransport(SerialTarget("slot", 9600), opening=opening, ports=list, clock=clock, sleep=clock.advance)
    link = Link(Role.AGENT, LinkSettings.for_line(line.baud), session=9)
    pump: Pump[LinkEvent] = Pump(line, link, line.now)
    link.start(pump.now())
    assert isinstance(pump.wait(pump.now() + 10), LinkOpened)
    lines[-1].out = True
    link.send_message(b"wipe", pump.now())
    assert isinstance(pump.wait(pump.now() + 60), LinkClosed)
    assert len(lines) == 2
    assert terminals[1].link.state is not LinkState.OPEN


class PtyTerminal:
    """A terminal's link behind a symbolic link to a pseudo-terminal, which can be torn out; served by a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.link = Link(Role.TERMINAL, LinkSettings.for_line(115_200), boot_id=1)
        self._master = -1
        self._over = threading.Event()
        self._gate = threading.Lock()
        self.plug()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def plug(self) -> None:
        with self._gate:
            self._master, slave = os.openpty()
            tty.setraw(slave)
            self.path.symlink_to(os.ttyname(slave))
            os.close(slave)
            os.set_blocking(self._master, False)

    def tear_out(self) -> None:
        with self._gate:
            self.path.unlink()
            os.close(self._master)
            self._master = -1

    def close(self) -> None:
        self._over.set()
        self._thread.join(10)
        self.tear_out()

    def _run(self) -> None:
        while not self._over.wait(0.002):
            with self._gate:
                self._turn()

    def _turn(self) -> None:
        now = time.monotonic()
        self.link.handle_timeout(now)
        data = b""
        with contextlib.suppress(OSError):
            data = os.read(self._master, 4096) if self._master >= 0 else b""
        self.link.receive_bytes(data, now)
        while (event := self.link.next_event()) is not None:
            if isinstance(event, MessageReceived):
                self.link.send_message(event.data[::-1], now)
        said = self.link.bytes_to_send(1024)
        with contextlib.suppress(OSError):
            if self._master >= 0 and said:
                os.write(self._master, said)


@pytest.mark.skipif(os.name != "posix", reason="PTYs are POSIX")
@pytest.mark.parametrize("shared", [False, True])
def test_a_pseudo_terminal_is_torn_out_and_comes_back(shared: bool, tmp_path: Path) -> None:
    terminal = PtyTerminal(tmp_path / "tty")
    told: list[str] = []

    def tell(remark: LineRemark) -> None:
        told.append(remark.code)
        if remark.code == "unplugged":
            terminal.plug()

    line = ReplugTransport(SerialTarget(str(terminal.path)), tell, ports=list)
    link = Link(Role.AGENT, LinkSettings.for_line(line.baud), session=9)
    with PumpLoop() if shared else contextlib.nullcontext() as loop:
        pump: Pump[LinkEvent] = Pump(line, link, line.now, loop)
        link.start(pump.now())
        opened = pump.wait(pump.now() + 10)
        assert isinstance(opened, LinkOpened)
        for number in range(2):
            message = bytes([number]) * 3000 + b"end"
            link.send_message(message, pump.now())
            pump.wait(pump.now())
            terminal.tear_out()
            assert pump.wait(pump.now() + 30) == MessageReceived(message[::-1])
    assert told == ["unplugged", "replugged"] * 2
    line.close()
    terminal.close()
