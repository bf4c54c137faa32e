"""A terminal on a serial port, or behind one of pyserial's URLs."""

from __future__ import annotations

import errno
import os
import re
import select
import time
from typing import Any

from agent.errors import LinkFault, UsageFault
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

WRITE_SECONDS = 15.0

# Changing pyserial's time-out configures the port anew (over rfc2217 that is a whole negotiation), so it is set once
# and longer waits are made of slices of it.
_SLICE_SECONDS = 0.05

# Wake-ups cost more than bytes: after the first byte wait for about 64 more, but not so long that a slow line stalls.
_SETTLE_BYTES = 64
_SETTLE_SECONDS = 0.005

# What pyserial lets out when it misreads a URL: its own complaint about an option fails in loop:// with a KeyError, and
# hwgrep:// hands a wrong regular expression on.
_MISREAD = (ValueError, LookupError, re.error)

_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_BUSY = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


class SerialTransport:
    """An open pyserial port as a pipe of bytes.

    Args:
        port: The open ``serial.Serial`` or its like; this object owns it from now on.
        target: What it was opened from.
    """

    def __init__(self, port: Any, target: SerialTarget) -> None:
        self._port = port
        self._target = target
        self._settle = min(_SETTLE_SECONDS, _SETTLE_BYTES * 10 / target.baud)
        self._descriptor = _pollable(port)

    @property
    def description(self) -> str:
        """Port and speed."""
        return f"{self._target.port} ({self._target.baud} baud)"

    @property
    def baud(self) -> int | None:
        """Bits per second."""
        return self._target.baud

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; see `agent.transport.base.Transport`."""
        try:
            if self._descriptor is not None:
                return self._read_descriptor(self._descriptor, max_bytes, max(0.0, timeout_seconds))
            return self._read_port(max_bytes, time.monotonic() + timeout_seconds)
        except OSError as fault:  # SerialException is one
            raise _lost(fault) from None

    def write(self, data: bytes) -> None:
        """Hand bytes to the port, waiting at most 15 s for a line that does not move."""
        try:
            self._port.write(data)
        except OSError as fault:
            raise _lost(fault) from None

    def close(self) -> None:
        """Free the port."""
        try:
            self._port.close()
        except OSError:
            return  # an unplugged port cannot be closed properly, and need not be

    def _read_descriptor(self, descriptor: int, max_bytes: int, timeout: float) -> bytes:
        # poll and read, not pyserial's select: select stops at file descriptor 1,024.
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        if not poller.poll(timeout * 1000):
            return b""
        data = os.read(descriptor, max_bytes)
        if not data:
            raise LinkLost("serial line lost: unplugged")
        if len(data) < min(_SETTLE_BYTES, max_bytes):
            time.sleep(self._settle)
            if poller.poll(0):
                data += os.read(descriptor, max_bytes - len(data))
        return data

    def _read_port(self, max_bytes: int, until: float) -> bytes:
        while not (first := bytes(self._port.read(1))) and time.monotonic() < until:
            pass  # each read waits for a slice
        if not first or max_bytes == 1:
            return first
        if self._port.in_waiting < _SETTLE_BYTES:
            time.sleep(self._settle)
        return first + bytes(self._port.read(min(self._port.in_waiting, max_bytes - 1)))


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
        "timeout": _SLICE_SECONDS,
        "write_timeout": WRITE_SECONDS,
    }
    if os.name == "posix" and not target.url:
        options["exclusive"] = True
    try:
        port = serial.serial_for_url(target.port, **options)
    except OSError as fault:
        raise _open_fault(target.port, fault) from None
    except _MISREAD:
        raise UsageFault("target-serial-url", port=target.port) from None
    return SerialTransport(port, target)


def _open_fault(port: str, fault: OSError) -> LinkFault:
    """Tell the ways apart in which a port cannot be opened; on Windows pyserial leaves them in the text alone."""
    text = str(fault)
    if fault.errno in _MISSING or "FileNotFoundError" in text:
        return LinkFault("port-not-found", port=port)
    if fault.errno in _BUSY or (os.name == "nt" and "PermissionError" in text):
        return LinkFault("port-busy", port=port)
    if fault.errno in (errno.EACCES, errno.EPERM):
        return LinkFault("port-permission", port=port)
    why = os.strerror(fault.errno) if fault.errno else "not a serial port, or not reachable"
    return LinkFault("port-open-failed", port=port, why=why)


def _lost(fault: OSError) -> LinkLost:
    why = os.strerror(fault.errno) if fault.errno else "unplugged, or it takes no more bytes"
    return LinkLost(f"serial line lost: {why}")


def _pollable(port: Any) -> int | None:
    """Return the port's file descriptor where it can be polled, else None."""
    if not hasattr(select, "poll") or not hasattr(port, "fd"):
        return None
    return port.fd if isinstance(port.fd, int) else None
