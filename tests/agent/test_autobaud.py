"""Finding the speed of a line, under a virtual clock."""

from __future__ import annotations

import pytest

from agent.autobaud import USUAL_SPEEDS, find_speed
from agent.errors import ExitCode, LinkFault
from agent.transport.remark import LineRemark
from tests.agent.raw_peer import RawPeer
from tests.agent.virtual_time import Clock, MemoryLine


class SpeedyPeer(RawPeer):
    """A terminal that hears and is heard at one speed; at others both ends get noise."""

    def __init__(self, baud: int, *, accept: bool | None = True) -> None:
        super().__init__(lambda command, tag, body: [], accept=accept)
        self.right = baud
        self.line_baud = 0
        self.heard_wrong = 0

    def feed(self, data: bytes) -> None:
        if self.line_baud == self.right:
            super().feed(data)
        else:
            self.heard_wrong += 1

    def take(self) -> bytes:
        if self.line_baud == self.right:
            return super().take()
        return b"\xfe\x9c" if self.heard_wrong else b""


class SpeedyLine(MemoryLine):
    """A line whose speed its peer knows."""

    def __init__(self, clock: Clock, peer: SpeedyPeer, impossible: frozenset[int] = frozenset()) -> None:
        super().__init__(clock, peer, 115_200, 4_000_000)
        self.speedy = peer
        self.impossible = impossible
        peer.line_baud = 115_200

    def set_baud(self, baud: int) -> bool:
        if baud in self.impossible or not super().set_baud(baud):
            return False
        self.speedy.line_baud = baud
        return True


def search(line: SpeedyLine, *first: int) -> tuple[int, list[LineRemark]]:
    told: list[LineRemark] = []
    found = find_speed(line, first, clock=line.clock, session_number=lambda: 7, told=told.append)
    return found, told


def tries(told: list[LineRemark]) -> list[int | str]:
    return [remark.facts["baud"] for remark in told if remark.code == "speed-tried"]


def test_the_speed_of_the_terminal_is_found_and_told() -> None:
    line = SpeedyLine(Clock(), SpeedyPeer(38_400))
    found, told = search(line)
    assert (found, line.baud) == (38_400, 38_400)
    assert tries(told) == [115_200, 9600, 57_600, 38_400]
    assert told[-1] == LineRemark("speed-found", {"baud": 38_400})


def test_the_speeds_of_profiles_come_first_and_none_is_tried_twice() -> None:
    line = SpeedyLine(Clock(), SpeedyPeer(57_600))
    found, told = search(line, 4800, 9600)
    assert found == 57_600
    assert tries(told) == [4800, 9600, 115_200, 57_600]


def test_the_session_of_the_search_is_ended() -> None:
    peer = SpeedyPeer(9600)
    search(SpeedyLine(Clock(), peer))
    assert peer.resets == 1


def test_a_terminal_that_refuses_has_the_right_speed_all_the_same() -> None:
    assert search(SpeedyLine(Clock(), SpeedyPeer(9600, accept=False)))[0] == 9600


def test_a_speed_that_the_line_cannot_have_is_left_out() -> None:
    line = SpeedyLine(Clock(), SpeedyPeer(38_400), frozenset({9600, 57_600}))
    assert search(line)[0] == 38_400


def test_nobody_answers_at_any_speed_and_the_search_ends_in_time() -> None:
    line = SpeedyLine(Clock(), SpeedyPeer(300))
    began = line.clock()
    with pytest.raises(LinkFault) as caught:
        search(line)
    assert (caught.value.code, caught.value.exit_code) == ("no-speed", ExitCode.LINK)
    assert caught.value.facts["speeds"] == ", ".join(map(str, USUAL_SPEEDS))
    assert line.clock() - began < 2.5 * len(USUAL_SPEEDS)


def test_a_line_that_breaks_ends_the_search() -> None:
    line = SpeedyLine(Clock(), SpeedyPeer(9600))
    line.cut = True
    with pytest.raises(LinkFault) as caught:
        search(line)
    assert caught.value.code == "link-lost"
