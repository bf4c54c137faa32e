"""Lines that pyserial serves by waiting: its own loop, and a port of Windows as it behaves."""

from __future__ import annotations

import errno

import pytest
import serial

from agent.transport.open_serial import open_serial
from agent.transport.serial_line import SerialTransport, Unplugged, lost
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost
from tests.agent.virtual_time import Clock


class FakePort:
    """A port as pyserial's for Windows: no descriptor, and a queue that the line empties at its speed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._baud = 115_200
        self.incoming = b""
        self.out_waiting = 0
        self.stuck = False
        self.gone = False
        self.speeds: list[int] = []
        self.possible = {9600, 115_200, 921_600}
        self.closed = 0

    @property
    def in_waiting(self) -> int:
        return len(self.incoming)

    def read(self, size: int) -> bytes:
        self._alive()
        if not self.incoming:
            self._clock.advance(0.05)
        data, self.incoming = self.incoming[:size], self.incoming[size:]
        return data

    def write(self, data: bytes) -> int:
        self._alive()
        self.out_waiting += len(data)
        return len(data)

    @property
    def baudrate(self) -> int:
        return self._baud

    @baudrate.setter
    def baudrate(self, baud: int) -> None:
        self._alive()
        if baud not in self.possible:
            raise OSError("Cannot configure port, something went wrong")
        self._baud = baud
        self.speeds.append(baud)

    def close(self) -> None:
        self.closed += 1

    def _alive(self) -> None:
        if self.gone:
            raise OSError("ClearCommError failed")


class FakeLine:
    """A transport on a fake port, under a clock that sleeping turns."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.port = FakePort(self.clock)
        self.slept: list[float] = []
        self.transport = SerialTransport(self.port, SerialTarget("COM3"), clock=self.clock, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)
        if not self.port.stuck:
            self.port.out_waiting = max(0, self.port.out_waiting - round(seconds * self.port.baudrate / 10))


@pytest.fixture
def fake() -> FakeLine:
    return FakeLine()


def test_it_has_no_descriptor_and_says_so(fake: FakeLine) -> None:
    assert fake.transport.descriptor is None
    assert not fake.transport.escaped
    assert fake.transport.highest_baud == 921_600


def test_reading_waits_as_long_as_it_is_told(fake: FakeLine) -> None:
    began = fake.clock()
    assert fake.transport.read(10, 2.0) == b""
    assert 2.0 <= fake.clock() - began < 2.2
    fake.port.incoming = b"abcdef"
    assert fake.transport.read(4, 2.0) == b"abcd"
    assert fake.transport.read_now(4) == b"ef"


def test_a_speed_is_set_after_the_last_byte_has_left(fake: FakeLine) -> None:
    fake.transport.write(bytes(11_520))
    assert fake.transport.set_baud(921_600)
    assert sum(fake.slept) == pytest.approx(1.0, abs=0.05)
    assert (fake.port.out_waiting, fake.port.speeds) == (0, [921_600])
    assert fake.transport.baud == 921_600


def test_an_adapter_that_does_not_tell_what_it_holds_is_given_its_time(fake: FakeLine) -> None:
    fake.transport.write(bytes(5760))
    fake.port.out_waiting = 0
    assert fake.transport.set_baud(9600)
    assert sum(fake.slept) == pytest.approx(0.5)


def test_a_line_that_is_held_keeps_its_speed(fake: FakeLine) -> None:
    fake.port.stuck = True
    fake.transport.write(bytes(1152))
    assert not fake.transport.set_baud(921_600)
    assert sum(fake.slept) < 2
    assert (fake.transport.baud, fake.port.speeds) == (115_200, [])


def test_a_speed_that_the_port_cannot_have(fake: FakeLine) -> None:
    assert not fake.transport.set_baud(460_800)
    assert (fake.transport.baud, fake.port.baudrate) == (115_200, 115_200)


def test_a_port_that_is_left_without_any_speed_is_lost() -> None:
    fake = FakeLine()
    fake.port.possible = set()
    with pytest.raises(LinkLost):
        fake.transport.set_baud(9600)


def test_a_port_that_takes_nothing_is_lost_and_not_unplugged() -> None:
    fault = lost(serial.SerialTimeoutException("Write timeout"))
    assert not isinstance(fault, Unplugged)
    assert isinstance(lost(serial.SerialException("ClearCommError failed")), Unplugged)
    assert isinstance(lost(OSError(errno.EIO, "Input/output error")), Unplugged)


def test_a_port_that_is_gone_is_a_lost_link(fake: FakeLine) -> None:
    fake.port.gone = True
    with pytest.raises(LinkLost):
        fake.transport.read(1, 0)
    with pytest.raises(LinkLost):
        fake.transport.write_now(b"x")
    with pytest.raises(LinkLost):
        fake.transport.set_baud(9600)
    fake.transport.close()


def test_a_url_is_read_without_a_file_descriptor() -> None:
    transport = open_serial(SerialTarget("loop://", url=True))
    transport.write(b"x" * 300)
    got = b""
    while len(got) < 300:
        piece = transport.read(128, 5)
        assert 0 < len(piece) <= 128
        got += piece
    assert got == b"x" * 300
    assert transport.read(1, 0) == b""
    transport.close()
