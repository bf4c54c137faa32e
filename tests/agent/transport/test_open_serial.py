"""Opening serial ports and URLs, and every way in which that fails."""

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
from agent.transport.open_serial import open_serial
from agent.transport.serial_line import SerialTransport
from agent.transport.target import SerialTarget

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


def test_characters_look_as_the_target_says(line: tuple[SerialTransport, int, str]) -> None:
    transport, _, name = line
    transport.close()
    asked = SerialTarget(name, 9600, parity="even", stop_bits=2, flow="rtscts")
    again = open_serial(asked)
    port = again._port
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (9600, 8, "E", 2)
    assert (port.rtscts, port.xonxoff) == (True, False)
    assert not again.escaped
    again.close()


def test_a_port_behind_a_url_of_this_machine_is_ours_alone_too(line: tuple[SerialTransport, int, str]) -> None:
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget(f"alt://{line[2]}?class=PosixPollSerial", url=True))
    assert caught.value.code == "port-busy"


def test_settings_that_a_kind_of_port_cannot_have(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise NotImplementedError("flow control")

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    with pytest.raises(UsageFault) as caught:
        open_serial(SerialTarget("cp2110://x", url=True, flow="xonxoff"))
    assert caught.value.code == "target-line-settings"


def test_no_port_fits_a_search() -> None:
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget("hwgrep://no-such-device-anywhere", url=True))
    assert caught.value.code == "port-not-found"


@pytest.mark.parametrize("url", ["loop://?no_such_option=1", "hwgrep://(", "nonsense://x"])
def test_i10_a_url_that_pyserial_does_not_understand(url: str) -> None:
    with pytest.raises(UsageFault) as caught:
        open_serial(SerialTarget(url, url=True))
    assert caught.value.code == "target-serial-url"
