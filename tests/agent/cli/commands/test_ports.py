"""Listing ports opens none."""

import pytest

from agent.transport import ports
from agent.transport.ports import SerialPort


@pytest.fixture
def found(monkeypatch):
    def set_ports(*given):
        monkeypatch.setattr(ports, "list_ports", lambda folders: given)

    return set_ports


def test_ports_are_listed_with_what_to_do_next(posretire, found):
    found(SerialPort("/dev/ttyUSB0", "USB Serial", "1-1.4", "A1"))
    page = posretire("ports").out
    assert "/dev/ttyUSB0" in page
    assert "posretire inspect /dev/ttyUSB0" in page
    assert posretire("ports", "--json").document == {
        "ports": [
            {"device": "/dev/ttyUSB0", "description": "USB Serial", "usb_location": "1-1.4", "serial_number": "A1"}
        ]
    }


@pytest.mark.parametrize(("language", "word"), [("en", "No serial port"), ("zh", "没有找到串口")])
def test_no_ports(posretire, found, language, word):
    found()
    said = posretire("ports", "--lang", language)
    assert (said.code, said.err) == (0, "")
    assert word in said.out


def test_a_folder_that_is_not_there(posretire):
    said = posretire("ports", "--dir", "no-such-folder", "--json")
    assert (said.code, said.document["error"]) == (2, "ports-folder")
