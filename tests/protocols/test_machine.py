"""The one shape that every sans-I/O protocol object has."""

from __future__ import annotations

import inspect

from protocols.machine import Machine
from protocols.pmp.link import Link

METHODS = ("receive_bytes", "bytes_to_send", "next_event", "next_deadline", "handle_timeout")


def test_a_pmp_link_has_the_shape() -> None:
    for name in METHODS:
        wanted = list(inspect.signature(getattr(Machine, name)).parameters)
        assert list(inspect.signature(getattr(Link, name)).parameters) == wanted


def test_a_machine_is_given_the_time_and_never_asks_for_it() -> None:
    for name in ("receive_bytes", "handle_timeout"):
        assert "now" in inspect.signature(getattr(Machine, name)).parameters
