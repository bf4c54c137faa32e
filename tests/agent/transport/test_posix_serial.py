"""A serial port of a POSIX system, on a PTY: read, written and switched by its file descriptor."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import termios
import tty
from collections.abc import Iterator

import pytest

from agent.transport import serial_line
from agent.transport.open_serial import open_serial
from agent.transport.posix_serial import PosixSerialTransport
from agent.transport.serial_line import SerialTransport
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

LIMIT_OF_SELECT = 1024


@pytest.fixture
def line() -> Iterator[tuple[SerialTransport, int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    transport = open_serial(SerialTarget(name))
    yield transport, master, name
    transport.close()
    for descriptor in (master, slave):
        with contextlib.suppress(OSError):  # a test may have closed it
            os.close(descriptor)


def test_bytes_go_both_ways(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    everything = bytes(range(256))
    transport.write(everything)
    assert os.read(master, 1000) == everything
    os.write(master, everything)
    got = b""
    while len(got) < 256:
        got += transport.read(100, 5)
    assert got == everything


def test_it_says_what_it_is(line: tuple[SerialTransport, int, str]) -> None:
    transport, _, name = line
    assert transport.description == f"{name} (115200 baud)"
    assert transport.baud == 115_200


@pytest.mark.parametrize("timeout", [0.0, 0.01, -1.0])
def test_nothing_in_time_is_no_bytes(line: tuple[SerialTransport, int, str], timeout: float) -> None:
    assert line[0].read(10, timeout) == b""


def test_no_more_bytes_than_asked_for(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    os.write(master, b"abcdef")
    assert transport.read(1, 5) == b"a"
    assert transport.read(2, 5) == b"bc"
    assert transport.read(100, 5) == b"def"


def test_an_unplugged_line_is_a_lost_link(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    os.close(master)
    with pytest.raises(LinkLost):
        transport.read(10, 5)
    with pytest.raises(LinkLost):
        transport.write(b"x")


def test_a_line_that_does_not_move_is_a_lost_link(
    line: tuple[SerialTransport, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_line, "WRITE_SECONDS", 0.05)
    with pytest.raises(LinkLost):
        line[0].write(bytes(1_000_000))


def test_what_is_there_is_taken_without_waiting(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    assert transport.descriptor is not None
    assert transport.read_now(10) == b""
    os.write(master, b"abc")
    assert transport.read_now(2) == b"ab"
    assert transport.read_now(10) == b"c"
    assert transport.read_now(10) == b""


def test_a_full_line_takes_nothing_more_for_now(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    taken = transport.write_now(bytes(1_000_000))
    assert 0 < taken < 1_000_000
    while transport.write_now(b"x") > 0:
        taken += 1
    while taken > 0:
        taken -= len(os.read(master, 65_536))
    assert transport.write_now(b"y") == 1


def test_silence_after_another_speed_is_no_loss(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    assert transport.set_baud(9600)
    assert transport.baud == 9600
    assert transport.description.endswith("(9600 baud)")
    assert transport.read_now(10) == b""
    os.write(master, b"z")
    assert transport.read_now(10) == b"z"


def test_the_line_has_the_speed_that_was_set(line: tuple[SerialTransport, int, str]) -> None:
    transport, _, _ = line
    assert transport.set_baud(460_800)
    assert transport.descriptor is not None
    assert termios.tcgetattr(transport.descriptor)[4:6] == [termios.B460800, termios.B460800]


@pytest.mark.parametrize("baud", [-5, 5_000_000_000])
def test_a_speed_that_the_line_cannot_have_leaves_the_old_one(
    line: tuple[SerialTransport, int, str], baud: int
) -> None:
    transport, _, _ = line
    assert not transport.set_baud(baud)
    assert transport.baud == 115_200
    assert transport.descriptor is not None
    assert termios.tcgetattr(transport.descriptor)[5] == termios.B115200
    assert transport.read_now(10) == b""


def test_a_driver_that_keeps_another_speed_is_found_out(
    line: tuple[SerialTransport, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    transport, _, _ = line
    monkeypatch.setattr(termios, "B57600", termios.B115200)  # what pyserial sets then, and we expect, differ
    monkeypatch.setattr(type(transport._port), "_reconfigure_port", lambda *ignored, **more: None)
    assert not transport.set_baud(9600)
    assert transport.baud == 115_200


def test_the_speed_of_an_unplugged_line_cannot_be_set(line: tuple[SerialTransport, int, str]) -> None:
    transport, master, _ = line
    os.close(master)
    with pytest.raises(LinkLost):
        transport.set_baud(9600)


def test_a_closed_line_touches_no_other_file(line: tuple[SerialTransport, int, str]) -> None:
    transport, _, _ = line
    number = transport.descriptor
    transport.close()
    reader, writer = os.pipe()
    assert number in (reader, writer)
    with pytest.raises(LinkLost):
        transport.read_now(10)
    with pytest.raises(LinkLost):
        transport.read(10, 1)
    with pytest.raises(LinkLost):
        transport.write(b"x")
    with pytest.raises(LinkLost):
        transport.set_baud(9600)
    os.close(reader)
    os.close(writer)


def test_flow_control_by_xon_and_xoff_is_told() -> None:
    master, slave = os.openpty()
    transport = open_serial(SerialTarget(os.ttyname(slave), flow="xonxoff"))
    assert transport.escaped
    transport.close()
    for descriptor in (master, slave):
        os.close(descriptor)


def test_more_descriptors_than_select_knows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = LIMIT_OF_SELECT + 64
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this process may have {hard} descriptors at most")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    held = []
    try:
        master, slave = os.openpty()
        held += [master, slave]
        held.append(fcntl.fcntl(slave, fcntl.F_DUPFD, LIMIT_OF_SELECT))
        while held[-1] < LIMIT_OF_SELECT + 8:
            held.append(os.dup(slave))
        # The lowest free number is what the next open gets: fill everything below.
        while (filler := os.dup(slave)) < LIMIT_OF_SELECT:
            held.append(filler)
        held.append(filler)
        tty.setraw(slave)
        transport = open_serial(SerialTarget(os.ttyname(slave)))
        assert isinstance(transport, PosixSerialTransport)
        assert transport.descriptor is not None
        assert transport.descriptor >= LIMIT_OF_SELECT
        transport.write(b"out")
        assert os.read(master, 10) == b"out"
        os.write(master, b"in")
        assert transport.read(10, 5) == b"in"
        assert transport.read(10, 0.01) == b""
        transport.close()
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
