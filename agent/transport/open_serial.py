"""Opening a serial port or one of pyserial's URLs, and telling why that failed."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import Any
from urllib.parse import urlsplit

from agent.errors import LinkFault, UsageFault
from agent.transport.device_server import device_server_fault
from agent.transport.serial_line import PORT_FAULTS, SLICE_SECONDS, WRITE_SECONDS, SerialTransport
from agent.transport.target import SerialTarget
from agent.transport.tcp import network_fault
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
    port: Any = None
    try:
        port = _closed_port(target)
        port.open()
        return _transport(port, target)
    except LinkLost:
        raise LinkFault("port-open-failed", port=target.port, why="it went away") from None
    except PORT_FAULTS as fault:
        raise _open_fault(port, target, fault) from None
    except NotImplementedError:  # cp2110:// has no flow control by XON and XOFF, and not every system every speed
        raise UsageFault("target-line-settings", port=target.port) from None
    except _MISREAD:
        raise UsageFault("target-serial-url", port=target.port) from None


def _closed_port(target: SerialTarget) -> Any:
    if target.scheme == "rfc2217":
        from agent.transport.rfc2217 import Rfc2217Port

        port = Rfc2217Port(None, **_options(target))
        port.port = target.port
        return port
    import serial  # here, since the command line must start without it

    return serial.serial_for_url(target.port, do_not_open=True, **_options(target))


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
    if os.name == "posix" and target.local:
        options["exclusive"] = True
    return options


def _transport(port: Any, target: SerialTarget) -> SerialTransport:
    if sys.platform != "win32" and isinstance(getattr(port, "fd", None), int):
        from agent.transport.posix_serial import PosixSerialTransport

        return PosixSerialTransport(port, target)
    return SerialTransport(port, target)


def _open_fault(port: Any, target: SerialTarget, fault: Exception) -> LinkFault:
    if target.scheme == "rfc2217":
        return _server_fault(port, target, fault)
    text, name = str(fault), target.port
    number = fault.errno if isinstance(fault, OSError) else None
    if number in _MISSING or "FileNotFoundError" in text or "no ports found" in text:
        return LinkFault("port-not-found", port=name)
    # On Windows pyserial leaves the reason in the text alone.
    if number in _BUSY or (os.name == "nt" and "PermissionError" in text):
        return LinkFault("port-busy", port=name)
    if number in (errno.EACCES, errno.EPERM):
        return LinkFault("port-permission", port=name)
    why = os.strerror(number) if number else "not a serial port, or not reachable"
    return LinkFault("port-open-failed", port=name, why=why)


def _server_fault(port: Any, target: SerialTarget, fault: Exception) -> LinkFault:
    """Tell why a device server's port cannot be had: by what it says, what the network says, what pyserial misses."""
    said = device_server_fault(port.said, target.port)
    if said is not None:
        return said
    if isinstance(fault.__context__, OSError | UnicodeError):
        address = urlsplit(target.port)
        return network_fault(fault.__context__, address.hostname or "?", address.port or 0)
    if "option 'control'" in str(fault):
        return LinkFault("device-server-control", line=target.port)
    return LinkFault("device-server-not-rfc2217", line=target.port)
