"""Opening a serial port or one of pyserial's URLs, and telling why that failed."""

from __future__ import annotations

import errno
import os
import re
from typing import Any

from agent.errors import LinkFault, UsageFault
from agent.transport.serial_line import PORT_FAULTS, SLICE_SECONDS, WRITE_SECONDS, SerialTransport
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

# What pyserial lets out when it misreads a URL: its own complaint about an option fails in loop:// with a KeyError, and
# hwgrep:// hands a wrong regular expression on.
_MISREAD = (ValueError, LookupError, re.error)

_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_BUSY = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


def open_serial(target: SerialTarget) -> SerialTransport:
    """Open a serial port for us alone.

    Args:
        target: Which port and how fast.

    Returns:
        The open pipe.

    Raises:
        UsageFault: pyserial does not understand the URL or the speed.
        LinkFault: The port is not there, is in use, or may not be opened.
    """
    import serial  # here, since the command line must start without it

    options: dict[str, Any] = {
        "baudrate": target.baud,
        "timeout": SLICE_SECONDS,
        "write_timeout": WRITE_SECONDS,
        "xonxoff": target.flow == "xonxoff",
    }
    if os.name == "posix" and not target.url:
        options["exclusive"] = True
    try:
        port = serial.serial_for_url(target.port, **options)
        return _transport(port, target)
    except LinkLost:
        raise LinkFault("port-open-failed", port=target.port, why="it went away") from None
    except PORT_FAULTS as fault:
        raise _open_fault(target.port, fault) from None
    except _MISREAD:
        raise UsageFault("target-serial-url", port=target.port) from None


def _transport(port: Any, target: SerialTarget) -> SerialTransport:
    if os.name == "posix" and isinstance(getattr(port, "fd", None), int):
        from agent.transport.posix_serial import PosixSerialTransport

        return PosixSerialTransport(port, target)
    return SerialTransport(port, target)


def _open_fault(port: str, fault: Exception) -> LinkFault:
    """Tell the ways apart in which a port cannot be opened; on Windows pyserial leaves them in the text alone."""
    text = str(fault)
    number = fault.errno if isinstance(fault, OSError) else None
    if number in _MISSING or "FileNotFoundError" in text:
        return LinkFault("port-not-found", port=port)
    if number in _BUSY or (os.name == "nt" and "PermissionError" in text):
        return LinkFault("port-busy", port=port)
    if number in (errno.EACCES, errno.EPERM):
        return LinkFault("port-permission", port=port)
    why = os.strerror(number) if number else "not a serial port, or not reachable"
    return LinkFault("port-open-failed", port=port, why=why)
