"""Waiting for one descriptor, with poll and without."""

from __future__ import annotations

import select
import socket

import pytest

from agent.transport.waiting import wait_readable, wait_writable


@pytest.mark.parametrize("poll", [True, False])
def test_a_socket_is_waited_for(poll: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not poll:
        monkeypatch.delattr(select, "poll", raising=False)
    here, there = socket.socketpair()
    with here, there:
        assert not wait_readable(here.fileno(), 0)
        assert not wait_readable(here.fileno(), -1)
        assert wait_writable(here.fileno(), 0)
        there.send(b"x")
        assert wait_readable(here.fileno(), 5)
        there.close()
        assert wait_readable(here.fileno(), 5)
