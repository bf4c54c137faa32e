"""Two ends and the two wires between them: one paced, faulty line, moved on by coarse ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from simulators.cable.end import End
from simulators.cable.noise import Impairments
from simulators.cable.wire import Wire

READ_AT_ONCE = 64
IDLE_TICKS = 4


@dataclass(frozen=True)
class CableSettings:
    """How a line is.

    Args:
        impairments: What is wrong with it, in each direction.
        baud: Bits per second that it is good for; None follows its ends.
        default_baud: Bits per second where nothing else says.
        seed: Gives all chance.
        greeting: Comes out at the near end when somebody is there for the first time.
        unplug_after: Unplug the near end once when so many bytes have come out in all; None for never.
        plug_after: Seconds until it is plugged in again by itself, however it was unplugged; None for never.
    """

    impairments: Impairments = field(default_factory=Impairments)
    baud: int | None = None
    default_baud: int = 115_200
    seed: int = 1
    greeting: bytes = b""
    unplug_after: int | None = None
    plug_after: float | None = None


class Cable:
    """One line. While anything moves on it, it wants to be called at every tick; else when a descriptor is ready.

    Args:
        near: The agent's end, the one that can be unplugged.
        far: The terminal's end.
        settings: How the line is.
        place: Number of the line among several, so that each has its own chance.
    """

    def __init__(self, near: End, far: End, settings: CableSettings, place: int = 0) -> None:
        self.near = near
        self.far = far
        self.awake = True
        """Whether it wants to be called at every tick."""
        self._settings = settings
        seed = f"{settings.seed}:{place}"
        self._there = Wire(settings.impairments, f"{seed}:near-far")
        self._back = Wire(settings.impairments, f"{seed}:far-near")
        self._ways = ((near, self._there, far), (far, self._back, near))
        self._idle = 0
        self._greeted = not settings.greeting
        self._is_cut = False
        self._unplugged = False
        self._unplug_after = settings.unplug_after
        self._plug_at: float | None = None
        self._near_baud: int | None = None
        self._far_baud: int | None = None

    # ------------------------------------------------------------------ the loop's side
    def watched(self) -> Sequence[int]:
        """Return the descriptors whose readiness wakes it."""
        return tuple(chain(self.near.watched(), self.far.watched()))

    def next_poll(self, now: float) -> float | None:
        """Return when it wants to be called although nothing moves, or None."""
        polls = (self.near.next_poll(now), self.far.next_poll(now), self._plug_at)
        return min((each for each in polls if each is not None), default=None)

    def turn(self, now: float) -> None:
        """Move what has come and what is due."""
        self._look_at_speeds()
        moved = False
        for source, wire, sink in self._ways:
            moved = self._feed(source, wire, now) or moved
            moved = self._drain(wire, sink, now) or moved
        if not self._greeted and self.near.present:
            self._greeted = True
            baud = self._speed_of(self.near)
            self._back.put(self._settings.greeting, now, baud)
            moved = True
        self._plug_or_unplug(now)
        busy = moved or not self._there.drained or not self._back.drained
        self._idle = 0 if busy else self._idle + 1
        self.awake = self._idle < IDLE_TICKS

    def close(self) -> None:
        """Let go of both ends."""
        self.near.close()
        self.far.close()

    # ------------------------------------------------------------------ what people do to it
    def toggle_cut(self) -> None:
        """Cut the line, or heal it."""
        self._is_cut = not self._is_cut
        for wire in (self._there, self._back):
            if self._is_cut:
                wire.cut()
            else:
                wire.heal()

    def toggle_plug(self, now: float) -> None:
        """Unplug the near end, or plug it in again."""
        self._unplugged = not self._unplugged
        self._plug_at = None
        self.awake = True
        self._idle = 0
        if self._unplugged:
            self.near.unplug()
            self._there.clear()
            if self._settings.plug_after is not None:
                self._plug_at = now + self._settings.plug_after
        else:
            self.near.plug(now)

    def statistics(self) -> dict[str, Any]:
        """Return what has happened so far, each way."""
        return {
            "near_to_far": {**self._there.statistics(), "overrun_bytes": self.far.overrun_bytes},
            "far_to_near": {**self._back.statistics(), "overrun_bytes": self.near.overrun_bytes},
        }

    # ------------------------------------------------------------------ helpers
    def _look_at_speeds(self) -> None:
        self._near_baud = self.near.speed()
        self._far_baud = self.far.speed()
        self.near.follow(self._speed_of(self.near))
        self.far.follow(self._speed_of(self.far))

    def _speed_of(self, end: End) -> int:
        """Return bits per second at an end; one that sets none has those of the line, or of the other end."""
        own, other = (self._near_baud, self._far_baud) if end is self.near else (self._far_baud, self._near_baud)
        return own or self._settings.baud or other or self._settings.default_baud

    def _feed(self, source: End, wire: Wire, now: float) -> bool:
        """Take from an end what the wire has room for; little room is not worth a call."""
        baud = self._speed_of(source)
        room = wire.room(now, baud)
        if room < READ_AT_ONCE:
            return True
        data = source.read(room, now)
        wire.put(data, now, baud, self._settings.baud)
        return bool(data)

    def _drain(self, wire: Wire, sink: End, now: float) -> bool:
        data = wire.take(now, self._speed_of(sink))
        sink.write(data)
        return bool(data)

    def _plug_or_unplug(self, now: float) -> None:
        if self._plug_at is not None and now >= self._plug_at:
            self.toggle_plug(now)
        elif self._unplug_after is not None and self._carried >= self._unplug_after:
            self._unplug_after = None
            if not self._unplugged:
                self.toggle_plug(now)

    @property
    def _carried(self) -> int:
        return self._there.given_bytes + self._back.given_bytes
