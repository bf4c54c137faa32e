import os
import select
import sys

import pytest

from simulators.errors import SimulationError
from simulators.lines.pseudo_terminal import PseudoTerminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def test_it_tells_nobody_from_nothing(tmp_path):
    pty = PseudoTerminal(tmp_path / "tty")
    assert pty.read(10) is None
    user = os.open(tmp_path / "tty", os.O_RDWR | os.O_NOCTTY)
    assert pty.read(10) == b""
    os.write(user, b"\x00\x03\r\n\x11")
    select.select([pty.master], [], [], 5)
    assert pty.read(3) + pty.read(10) == b"\x00\x03\r\n\x11", "nothing is interpreted"
    os.close(user)
    assert pty.read(10) is None
    pty.close()


def test_what_was_not_read_can_be_forgotten(tmp_path):
    pty = PseudoTerminal(tmp_path / "tty")
    os.write(pty.master, b"for the last one")
    pty.forget_unread()
    user = os.open(tmp_path / "tty", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        os.read(user, 10)
    os.close(user)
    pty.close()


def test_a_system_that_has_none_left_is_one_clear_error(tmp_path, monkeypatch):
    def none_left():
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "openpty", none_left)
    with pytest.raises(SimulationError) as caught:
        PseudoTerminal(tmp_path / "tty")
    assert caught.value.code == "cannot-link"
    assert caught.value.facts["why"] == "Too many open files"
    assert not (tmp_path / "tty").is_symlink()
