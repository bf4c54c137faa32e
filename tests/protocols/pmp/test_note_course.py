"""The states and the courses that the note pmp.md draws are those of the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

import pytest

from protocols.pmp import link
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.link import TRANSITIONS, LinkState, Role
from protocols.pmp.speed import AGENT, SPEED, TERMINAL, SpeedState
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from tests.protocols.pmp import note, rig

Table = Mapping[tuple[Enum, Enum], Enum]


def state_table(table: Table) -> str:
    """Draw the table of transitions."""
    rows = [f"| {state.name} | {trigger.value} | {to.name} |" for (state, trigger), to in table.items()]
    return "\n".join(["| state | trigger | next state |", "|---|---|---|", *rows, ""])


def state_diagram(table: Table, first: Enum) -> str:
    """Draw the diagram of transitions."""
    arrows = [f"    {state.name} --> {to.name}: {trigger.value}" for (state, trigger), to in table.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first.name}", *arrows, "```", ""])


@pytest.mark.parametrize(
    ("title", "drawn", "first"),
    [
        ("States", (TRANSITIONS[Role.AGENT], TRANSITIONS[Role.TERMINAL]), LinkState.IDLE),
        ("Speed", (AGENT, TERMINAL), SpeedState.STEADY),
    ],
)
def test_states_are_drawn_from_the_data(title: str, drawn: tuple[Table, ...], first: Enum) -> None:
    states = note.section(title, 3)
    places = [states.find(text) for table in drawn for text in (state_table(table), state_diagram(table, first))]
    assert -1 not in places, "the note's states are not those of the data"
    assert places == sorted(places)
    assert states.count(" --> ") == sum(len(each) + 1 for each in drawn)


def label(frame: Frame) -> str:
    """Name a frame as the diagrams do."""
    if frame.kind is FrameKind.SPEED:
        said = SPEED.parse(frame.payload)
        return f"SPEED {said.step.name} {said.baud}"
    if frame.kind is FrameKind.DATA:
        return f"DATA {frame.sequence}"
    if frame.kind is FrameKind.ACK:
        bitmap = frame.payload[2:].hex()
        return f"ACK {frame.acknowledged}" + (f", bitmap {bitmap}" if bitmap else "")
    return frame.kind.name


class Traced:
    """Two links whose frames are written down as a diagram's arrows."""

    def __init__(self, settings: LinkSettings) -> None:
        self.near, self.far = rig.agent(settings), rig.terminal(settings)
        self.baud = {Role.AGENT: settings.baud, Role.TERMINAL: settings.baud}
        self.carries = settings.baud
        self.lost: set[str] = set()
        self.now = 0.0
        self.arrows: list[str] = []
        self.came: list[bytes] = []

    def run(self) -> None:
        """Carry frames until nothing moves any more."""
        moved = True
        while moved:
            moved = False
            for link_, peer, names in ((self.near, self.far, "AT"), (self.far, self.near, "TA")):
                changes = self._take(link_)
                for frame in FrameScanner().feed(link_.bytes_to_send()):
                    moved = True
                    same = self.baud[link_.role] == self.baud[peer.role] <= self.carries
                    arrives = same and label(frame) not in self.lost
                    self.lost.discard(label(frame))
                    self.arrows.append(f"{names[0]}{'->>' if arrives else '-x'}{names[1]}: {label(frame)}")
                    if arrives:
                        peer.receive_bytes(build_frame(frame), self.now)
                for baud in changes:  # what was to be sent has left the line
                    moved = True
                    self.baud[link_.role] = baud
                    link_.speed_changed(self.now)

    def wait(self, until: float) -> None:
        """Turn the clock, and carry what it brings."""
        while self.now < until:
            times = [each.next_deadline() for each in (self.near, self.far)]
            self.now = min([until, *(each for each in times if each is not None and each > self.now)])
            for each in (self.near, self.far):
                each.handle_timeout(self.now)
            self.run()

    def _take(self, link_: link.Link) -> list[int]:
        taken = rig.events(link_)
        self.came += [event.data for event in taken if isinstance(event, link.MessageReceived)]
        return [event.baud for event in taken if isinstance(event, link.SpeedChange)]


def diagrams(title: str) -> list[list[str]]:
    """Return the arrows of the sequence diagrams in a section."""
    drawn = re.findall(r"^```mermaid\nsequenceDiagram\n(.*?)^```$", note.section(title, 3), re.M | re.S)
    return [[line.strip() for line in each.splitlines() if re.match(r"\s+\w+-(?:>>|x)", line)] for each in drawn]


def test_loss_and_selective_repeat_go_as_drawn() -> None:
    traced = Traced(rig.SETTINGS)
    traced.near.start(0.0)
    traced.run()
    traced.lost = {"DATA 1"}
    traced.near.send_message(bytes(5 * rig.SETTINGS.frame_payload), 0.0)
    traced.run()
    traced.far.send_message(b"answer", 0.0)
    traced.run()
    assert diagrams("Window") == [traced.arrows]
    assert traced.came == [bytes(5 * rig.SETTINGS.frame_payload), b"answer"]


@pytest.mark.parametrize(("place", "carries"), [(0, 921_600), (1, 460_800)])
def test_agreeing_on_a_speed_goes_as_drawn(place: int, carries: int) -> None:
    traced = Traced(LinkSettings(64, 8, 0.5, baud=115_200, highest_baud=921_600))
    traced.near.start(0.0)
    traced.run()
    traced.arrows.clear()
    traced.carries = carries
    traced.near.propose_speed(921_600, 0.0)
    traced.run()
    if place:
        traced.near.send_message(b"waits until the first speed is back", 0.0)
        traced.wait(4.4)
        assert traced.came == []
        assert set(traced.baud.values()) == {115_200}
        traced.wait(4.5)
        assert traced.came == [b"waits until the first speed is back"]
    else:
        assert set(traced.baud.values()) == {921_600}
    assert diagrams("Speed")[place] == traced.arrows
