"""Waiting for one descriptor, with poll and without."""

from __future__ import annotations

import select
import socket

import pytest

from agent.transport.waiting import wait_readable, wait_ready, wait_writable


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


@pytest.mark.parametrize("poll", [True, False])
def test_room_is_waited_for_only_where_it_is_wanted(poll: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not poll:
        monkeypatch.delattr(select, "poll", raising=False)
    here, there = socket.socketpair()
    with here, there:
        assert not wait_ready(here.fileno(), 0, False)
        assert wait_ready(here.fileno(), float("inf"), True)
        there.send(b"x")
        assert wait_ready(here.fileno(), float("inf"), False)


def test_without_a_descriptor_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("agent.transport.waiting.time.sleep", slept.append)
    assert not wait_ready(None, 0.25, True)
    assert not wait_ready(None, -1, False)
    assert slept == [0.25, 0.0]
