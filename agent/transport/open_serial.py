"""Opening a serial port or one of pyserial's URLs, and telling why that failed."""

from __future__ import annotations

import errno
import os
import re
from typing import Any

from agent.errors import LinkFault, UsageFault
from agent.transport.device_server import GREETING_BYTES, device_server_fault
from agent.transport.serial_line import PORT_FAULTS, SLICE_SECONDS, WRITE_SECONDS, SerialTransport
from agent.transport.target import LOCAL_SCHEMES, SerialTarget
from protocols.errors import LinkLost

# What pyserial lets out when it misreads a URL: its own complaint about an option fails in loop:// with a KeyError, and
# hwgrep:// hands a wrong regular expression on.
_MISREAD = (ValueError, LookupError, re.error)

_PARITIES = {"none": "N", "even": "E", "odd": "O"}
_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_BUSY = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


def open_serial(target: SerialTarget) -> SerialTransport:
    """Open a serial port for us alone.

    Args:
        target: Which port, how fast, and how its characters look.

    Returns:
        The open pipe.

    Raises:
        UsageFault: pyserial does not understand the URL, or this kind of port cannot have such settings.
        LinkFault: The port is not there, is in use, or may not be opened.
    """
    import serial  # here, since the command line must start without it

    port: Any = None
    try:
        port = serial.serial_for_url(target.port, do_not_open=True, **_options(target))
        port.open()
        return _transport(port, target)
    except LinkLost:
        raise LinkFault("port-open-failed", port=target.port, why="it went away") from None
    except PORT_FAULTS as fault:
        raise _server_fault(port, target) or _open_fault(target.port, fault) from None
    except NotImplementedError:  # cp2110:// has no flow control by XON and XOFF, and not every system every speed
        raise UsageFault("target-line-settings", port=target.port) from None
    except _MISREAD:
        raise UsageFault("target-serial-url", port=target.port) from None


def _options(target: SerialTarget) -> dict[str, Any]:
    options: dict[str, Any] = {
        "baudrate": target.baud,
        "parity": _PARITIES[target.parity],
        "stopbits": target.stop_bits,
        "xonxoff": target.flow == "xonxoff",
        "rtscts": target.flow == "rtscts",
        "timeout": SLICE_SECONDS,
        # pyserial's rfc2217:// refuses to open with one; its socket has a time-out of its own.
        "write_timeout": None if target.scheme == "rfc2217" else WRITE_SECONDS,
    }
    if os.name == "posix" and (not target.url or target.scheme in LOCAL_SCHEMES):
        options["exclusive"] = True
    return options


def _transport(port: Any, target: SerialTarget) -> SerialTransport:
    if os.name == "posix" and isinstance(getattr(port, "fd", None), int):
        from agent.transport.posix_serial import PosixSerialTransport

        return PosixSerialTransport(port, target)
    return SerialTransport(port, target)


def _server_fault(port: Any, target: SerialTarget) -> LinkFault | None:
    """Look at what a server sent instead of rfc2217: pyserial keeps it and says only that nothing was agreed."""
    waiting = getattr(port, "_read_buffer", None)
    if target.scheme != "rfc2217" or waiting is None:
        return None
    said = b"".join(piece for piece in list(waiting.queue)[:GREETING_BYTES] if piece)
    return device_server_fault(said, target.port)


def _open_fault(port: str, fault: Exception) -> LinkFault:
    """Tell the ways apart in which a port cannot be opened; on Windows pyserial leaves them in the text alone."""
    text = str(fault)
    number = fault.errno if isinstance(fault, OSError) else None
    if number in _MISSING or "FileNotFoundError" in text or "no ports found" in text:
        return LinkFault("port-not-found", port=port)
    if number in _BUSY or (os.name == "nt" and "PermissionError" in text):
        return LinkFault("port-busy", port=port)
    if number in (errno.EACCES, errno.EPERM):
        return LinkFault("port-permission", port=port)
    why = os.strerror(number) if number else "not a serial port, or not reachable"
    return LinkFault("port-open-failed", port=port, why=why)
