"""What links offer and settle on."""

from __future__ import annotations

import pytest

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.handshake import ACCEPT, HELLO, Accept, Hello, LinkSettings
from protocols.pmp.wire import MAX_PAYLOAD, OVERHEAD_BYTES


@pytest.mark.parametrize("changed", [{"frame_payload": 63}, {"frame_payload": 16_385}, {"window": 0}, {"window": 129}])
def test_settings_that_the_wire_cannot_carry_are_refused(changed: dict[str, int]) -> None:
    with pytest.raises(LocalProtocolError):
        LinkSettings(**changed)


@pytest.mark.parametrize("baud", [1200, 9600, 115_200, 921_600])
def test_on_a_serial_line_a_frame_takes_about_a_second_at_most_and_the_time_out_covers_one(baud: int) -> None:
    settings = LinkSettings.for_line(baud)
    frame = (settings.frame_payload + OVERHEAD_BYTES) * settings.byte_seconds
    assert frame < 1.2
    # Time counts from the frame that was sent last, and the peer may be in the middle of one of its own.
    assert settings.initial_timeout >= frame + 0.5


def test_tcp_gets_the_largest_frames() -> None:
    assert LinkSettings.for_line(None).frame_payload == MAX_PAYLOAD


def test_offers_are_of_fixed_size() -> None:
    assert len(HELLO.build(Hello(1, 1, 64, 1, 0))) == 9
    assert len(ACCEPT.build(Accept(1, 64, 1, 0, 0))) == 12
    with pytest.raises(RemoteProtocolError):
        HELLO.parse(bytes(10))
    with pytest.raises(RemoteProtocolError):
        ACCEPT.parse(bytes(11))
