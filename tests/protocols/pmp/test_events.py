"""What a link tells its owner cannot be changed afterwards, and is compared by what it says."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from protocols.pmp import link
from protocols.pmp.events import (
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkStatistics,
    MessageReceived,
    SpeedChange,
    SpeedSettled,
)
from protocols.pmp.handshake import LinkSettings

SAMPLES = {
    LinkOpened: (1, LinkSettings(), 7),
    MessageReceived: (b"x",),
    SpeedChange: (9600,),
    SpeedSettled: (9600,),
    LinkClosed: ("why", True, 0),
    LinkStatistics: (1, 2, 3, 4, 5, 6, None, (64, 0)),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_events_are_values(kind: type) -> None:
    event = kind(*SAMPLES[kind])
    assert event == kind(*SAMPLES[kind])
    (first, *_) = kind.__dataclass_fields__
    with pytest.raises(FrozenInstanceError):
        setattr(event, first, "changed")


def test_the_link_offers_all_events_under_its_own_name() -> None:
    assert set(get_args(LinkEvent)) == set(SAMPLES) - {LinkStatistics}
    assert all(getattr(link, each.__name__) is each for each in SAMPLES)


def test_a_plain_link_has_no_binding_and_a_silent_end_no_refusal() -> None:
    assert LinkOpened(1, LinkSettings(), 7).binding == b""
    assert LinkClosed("why", answered=False, noise=0).refusal == ""
