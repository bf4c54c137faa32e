"""Serial lines on a PTY, and pyserial's own loop."""

from __future__ import annotations

import contextlib
import errno
import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from agent.errors import LinkFault, UsageFault
from agent.transport import serial_line
from agent.transport.serial_line import SerialTransport, open_serial
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

pytestmark = pytest.mark.skipif(os.name != "posix", reason="PTYs are POSIX")


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
    transport, _, name = line
    transport.close()
    monkeypatch.setattr(serial_line, "WRITE_SECONDS", 0.05)
    stuck = open_serial(SerialTarget(name))
    with pytest.raises(LinkLost):
        stuck.write(bytes(1_000_000))
    stuck.close()


def test_a_port_is_opened_for_us_alone(line: tuple[SerialTransport, int, str]) -> None:
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget(line[2]))
    assert caught.value.code == "port-busy"


def test_the_port_is_free_again_after_closing(line: tuple[SerialTransport, int, str]) -> None:
    transport, _, name = line
    transport.close()
    transport.close()
    open_serial(SerialTarget(name, 9600)).close()


def test_no_such_port(tmp_path: Path) -> None:
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget(str(tmp_path / "ttyUSB9")))
    assert (caught.value.code, list(caught.value.facts)) == ("port-not-found", ["port"])


def test_a_file_is_no_port(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget(str(file)))
    assert caught.value.code == "port-open-failed"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (serial.SerialException(errno.EACCES, "denied"), "port-permission"),
        (serial.SerialException(errno.EBUSY, "busy"), "port-busy"),
        (serial.SerialException("could not open port 'COM9': FileNotFoundError(2, …)"), "port-not-found"),
        (serial.SerialException("something else"), "port-open-failed"),
        (serial.SerialException(errno.EIO, "input/output error"), "port-open-failed"),
    ],
)
def test_each_way_to_fail_has_its_code(fault: OSError, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise fault

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget("COM9"))
    assert caught.value.code == code


@pytest.mark.parametrize("url", ["loop://?no_such_option=1", "hwgrep://(", "nonsense://x"])
def test_i10_a_url_that_pyserial_does_not_understand(url: str) -> None:
    with pytest.raises(UsageFault) as caught:
        open_serial(SerialTarget(url, url=True))
    assert caught.value.code == "target-serial-url"


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
