"""The list of ports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from serial.tools import list_ports as pyserial_ports
from serial.tools.list_ports_common import ListPortInfo

from agent.errors import UsageFault
from agent.transport.ports import SerialPort, list_ports


def usb(device: str, location: str | None, serial_number: str | None) -> ListPortInfo:
    port = ListPortInfo(device)
    port.description = "USB Serial"
    port.location = location
    port.serial_number = serial_number
    return port


def test_ports_are_listed_by_name_with_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [usb("ttyUSB1", "1-1.4", "FT0001"), usb("ttyUSB0", None, None), ListPortInfo("ttyS0")]
    monkeypatch.setattr(pyserial_ports, "comports", lambda: found)
    assert list_ports() == (
        SerialPort("ttyS0", "", "", ""),
        SerialPort("ttyUSB0", "USB Serial", "", ""),
        SerialPort("ttyUSB1", "USB Serial", "1-1.4", "FT0001"),
    )


@pytest.mark.skipif(os.name != "posix", reason="PTYs are POSIX")
def test_a_folder_of_ports_is_listed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyserial_ports, "comports", list)
    master, slave = os.openpty()
    (tmp_path / "slot1").symlink_to(os.ttyname(slave))
    (tmp_path / "readme").write_text("no port", encoding="utf-8")
    assert list_ports([tmp_path]) == (SerialPort(str(tmp_path / "slot1"), "", "", ""),)
    os.close(master)
    os.close(slave)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as caught:
        list_ports([tmp_path / "none"])
    assert caught.value.code == "ports-folder"
