"""Words of a serial line that profiles and targets share."""

from __future__ import annotations

from typing import get_args

from agent.transport.target import parse_target
from protocols import line


def test_a_target_takes_every_word() -> None:
    for parity in get_args(line.Parity):
        for flow in get_args(line.Flow):
            parse_target(f"serial:COM3?parity={parity}&flow={flow}")
