"""The only place that does input and output: it serves one protocol machine over one transport."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

from agent.pacing import Pacer
from agent.transport.base import Transport
from agent.transport.waiting import wait_ready
from protocols.errors import LinkLost
from protocols.machine import Machine, SpeedChange, SpeedMachine

EventT = TypeVar("EventT")
OtherT = TypeVar("OtherT")

CHUNK_BYTES = 65_536
STUCK = "the other side takes no more bytes"
STUCK_SECONDS = 15.0
TURNS_OF_SENDING = 16
"""How often in a row a machine is asked for more to send, before the line is read again."""

SHORT_SETTLE_SECONDS, LONG_SETTLE_SECONDS = 0.005, 0.02
"""How long a serial line that talks is left alone: wake-ups cost more than bytes, but a person waits for an answer."""

LONG_TALK_SECONDS = 0.06
"""Whoever talks for so long without a break is not giving a short answer."""


class Keeper(Protocol):
    """Serves pumps whose owners wait, so that these need not do it themselves; see `agent.pump_loop.PumpLoop`."""

    def serve(self, pump: Pump[Any], until: float) -> None:
        """Serve a line until `Pump.stopped`, or until a point in time.

        Raises:
            LinkLost: The line is gone.
        """


class Pump(Generic[EventT]):
    """Moves bytes both ways and turns the machine's clock, for as long as somebody waits for an event.

    The line is read only while the machine has no event left to take, so what nobody takes is bounded by what one
    chunk of 64 KiB can hold; beyond that the line itself holds the peer back. A serial line is given no more than it
    will carry soon (`agent.pacing`), and is switched to another speed where the machine asks for it.

    Args:
        transport: The pipe of bytes.
        machine: The sans-I/O machine.
        clock: Seconds that only grow.
        keeper: Who serves the line while `wait` waits; None where the waiting thread itself does.
        rest: Waits for a descriptor, or for none; see `agent.transport.waiting.wait_ready`.
    """

    def __init__(
        self,
        transport: Transport,
        machine: Machine[EventT],
        clock: Callable[[], float] = time.monotonic,
        keeper: Keeper | None = None,
        rest: Callable[[int | None, float, bool], bool] = wait_ready,
    ) -> None:
        self.transport = transport
        self._machine = machine
        self._clock = clock
        self._keeper = keeper
        self._rest = rest
        self._pacer = Pacer(transport.baud)
        self._event: EventT | None = None
        self._unsent = b""  # handed over by the machine and not taken by the line
        self._stuck_at: float | None = None  # since when the line takes nothing
        self._more = False  # the machine has more to send than the line may have now
        self._speed: int | None = None  # to be switched to once the line is empty
        self._talks_since: float | None = None
        self._next_look = 0.0

    # ------------------------------------------------------------------ for the session
    def now(self) -> float:
        """Return the present time in seconds."""
        return self._clock()

    def flush(self) -> None:
        """Put on the line whatever the machine has to say, at once.

        Raises:
            LinkLost: The line is gone, or took nothing before and takes nothing now.
        """
        if self._stuck_at is not None:
            waiting = len(self._unsent)
            self._hand_over(self._clock())
            if len(self._unsent) == waiting:
                raise LinkLost(STUCK)  # whoever ends a session on such a line has waited already
        data, self._unsent = self._unsent + self._machine.bytes_to_send(), b""
        if data:
            self.transport.write(data)
            self._pacer.handed_over(len(data), self._clock())

    def beside(self, machine: Machine[OtherT]) -> Pump[OtherT]:
        """Return a pump that serves another machine on the same line, for as long as nobody waits on this one.

        Args:
            machine: The other machine.
        """
        other = Pump(self.transport, machine, self._clock, self._keeper, self._rest)
        other._pacer = self._pacer
        other._unsent, self._unsent = self._unsent, b""
        return other

    def wait(self, until: float) -> EventT | None:
        """Serve the line until there is an event, or until a point in time.

        Args:
            until: When to give up, on this pump's clock. A time that has passed still takes what is there already.

        Returns:
            The machine's oldest event, or None.

        Raises:
            LinkLost: The line is gone.
        """
        looked = False
        while True:
            now = self._clock()
            wake = self.turn(now)
            event, self._event = self._event, None
            if event is not None:
                return event
            if looked and now >= until:
                return None
            looked = True
            if self._keeper is None or self.stopped or now >= until:
                self.look(min(wake, until))
            else:
                self._keeper.serve(self, until)

    # ------------------------------------------------------------------ for whoever serves the line
    @property
    def stopped(self) -> bool:
        """True where the owner's thread has to go on.

        That is where there is an event, the line is about to be switched, or it can only be waited for by reading.
        """
        return self._event is not None or self._speed is not None or self.transport.descriptor is None

    @property
    def wants_room(self) -> bool:
        """True where the line refused bytes, so that it is worth knowing when it has room again."""
        return bool(self._unsent)

    @property
    def next_look(self) -> float:
        """Until when a line that talks is left alone; `take` is to be called then. 0 where it is quiet."""
        return self._next_look

    def turn(self, now: float) -> float:
        """Do all that can be done without reading or waiting.

        Args:
            now: The present time in seconds.

        Returns:
            When to do it again at the latest.

        Raises:
            LinkLost: The line is gone.
        """
        self._machine.handle_timeout(now)
        # Before an event is handed over, so that a caller who stays away for long has acknowledged what it got.
        self._send(now)
        if self._speed is not None:
            self._switch(now)
        if self._event is None and self._speed is None:
            event = self._machine.next_event()
            if isinstance(event, SpeedChange):
                self._speed = event.baud
                self._unsent += self._machine.bytes_to_send()  # said for the old speed
                return now
            self._event = event
        return self._next_turn(now)

    def look(self, wake: float) -> None:
        """Wait for input or room for output, and take the input.

        Args:
            wake: Until when.

        Raises:
            LinkLost: The line is gone.
        """
        now = self._clock()
        descriptor = self.transport.descriptor
        if descriptor is None:
            self._receive(self.transport.read(CHUNK_BYTES, max(0.0, wake - now)))
            return
        if now < self._next_look and now < wake:
            self._rest(None, min(wake, self._next_look) - now, False)
            if wake < self._next_look or self.take():
                return
        if self._rest(descriptor, max(0.0, wake - self._clock()), self.wants_room):
            self.take()

    def take(self) -> bool:
        """Take what the line has, without waiting; only where there is a descriptor.

        Returns:
            Whether there was anything.

        Raises:
            LinkLost: The line is gone.
        """
        data = self.transport.read_now(CHUNK_BYTES)
        if not data:
            self._talks_since, self._next_look = None, 0.0
            return False
        now = self._receive(data)
        if not self._pacer.unlimited:
            self._talks_since = now if self._talks_since is None else self._talks_since
            long = now - self._talks_since >= LONG_TALK_SECONDS
            self._next_look = now + (LONG_SETTLE_SECONDS if long else SHORT_SETTLE_SECONDS)
        return True

    # ------------------------------------------------------------------ helpers
    def _receive(self, data: bytes) -> float:
        now = self._clock()
        if data:
            self._machine.receive_bytes(data, now)
        return now

    def _send(self, now: float) -> None:
        self._more = False
        for _ in range(TURNS_OF_SENDING):
            if self._unsent and not self._hand_over(now):
                return
            room = CHUNK_BYTES if self._pacer.unlimited else self._pacer.room(now)
            if not room:
                self._more = True
                return
            if self._speed is not None:
                return  # what is said from now on is for the other speed
            self._unsent = self._machine.bytes_to_send(room)
            if not self._unsent:
                return
        self._more = True

    def _hand_over(self, now: float) -> bool:
        """Give the line what is left; False where it did not take all."""
        if self.transport.descriptor is None:
            self.transport.write(self._unsent)
            taken = len(self._unsent)
        else:
            taken = self.transport.write_now(self._unsent)
        self._unsent = self._unsent[taken:]
        self._pacer.handed_over(taken, now)
        if taken or self._stuck_at is None:
            self._stuck_at = now
        if not self._unsent:
            self._stuck_at = None
            return True
        if now - self._stuck_at >= STUCK_SECONDS:
            raise LinkLost(STUCK)
        return False

    def _switch(self, now: float) -> None:
        """Switch the line to the speed that the machine asked for, once the line has carried what it was given."""
        if self._unsent or now < self._pacer.empty_at or self._speed is None:
            return
        baud, self._speed = self._speed, None
        machine = cast(SpeedMachine, self._machine)
        if self.transport.set_baud(baud):
            self._pacer.change(baud)
            machine.speed_changed(self._clock())
        else:
            machine.speed_refused(self._clock())

    def _next_turn(self, now: float) -> float:
        wake = self._machine.next_deadline()
        times = [float("inf") if wake is None else wake]
        if self._unsent and self._stuck_at is not None:
            times.append(self._stuck_at + STUCK_SECONDS)
        if self._more:
            times.append(now if self._pacer.unlimited else self._pacer.next_room)
        if self._speed is not None:
            times.append(self._pacer.empty_at)
        return min(times)
