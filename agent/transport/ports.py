"""Which serial ports this machine has. Nothing is opened or probed: other devices may listen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import UsageFault


@dataclass(frozen=True)
class SerialPort:
    """One serial port.

    Args:
        device: Its name, a TARGET of the command line.
        description: What the system says it is.
        usb_location: Where it is plugged in, as ``1-1.4``; empty where it is no USB port. Stays the same when devices
            are plugged in another order, which their names do not.
        serial_number: Serial number of the USB adapter; often missing.
    """

    device: str
    description: str
    usb_location: str
    serial_number: str


def list_ports(directories: Sequence[Path] = ()) -> tuple[SerialPort, ...]:
    """List the serial ports, by name.

    Args:
        directories: Folders whose entries are ports too; pyserial never lists a PTY.

    Returns:
        The ports.

    Raises:
        UsageFault: A folder cannot be read.
    """
    from serial.tools import list_ports as pyserial_ports

    found = {
        port.device: SerialPort(
            port.device,
            port.description if port.description and port.description != "n/a" else "",
            port.location or "",
            port.serial_number or "",
        )
        for port in pyserial_ports.comports()
    }
    for directory in directories:
        try:
            entries = [entry for entry in directory.iterdir() if entry.is_char_device()]
        except OSError as fault:
            raise UsageFault("ports-folder", path=str(directory), why=fault.strerror or "") from None
        for entry in entries:
            found.setdefault(str(entry), SerialPort(str(entry), "", "", ""))
    return tuple(found[name] for name in sorted(found))
