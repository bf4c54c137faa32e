"""A terminal's own serial port: as slow as a real one, of its own speed, and unaware of who is at the other end."""

from __future__ import annotations

import selectors
from collections.abc import Sequence

from simulators.cable.end import End
from simulators.cable.noise import Impairments
from simulators.cable.wire import Wire
from simulators.pmp.endpoint import Port

TICK = 1 / 256  # exact in binary, so that all lines round to the same times
IDLE_TICKS = 4


class UartLine:
    """A UART and what its plug is in, usually a pseudo-terminal.

    What the agent has set as the speed of its side counts: where it is not that of the UART, garbage is understood in
    both directions. The session stays while nobody has the port open, because a UART does not notice. What the port
    has to say is asked for little by little, so that something urgent does not wait behind kilobytes.

    While bytes move, the line wants to be called at every tick, at the same times as all others, and leaves the
    selector; else it waits there.

    Args:
        port: The terminal's end.
        end: Where the agent is; closed with the line.
        baud: Bits per second.
    """

    def __init__(self, port: Port, end: End, baud: int) -> None:
        self._port = port
        self._baud = baud
        self._end = end
        self._in = Wire(Impairments(), "in")
        self._out = Wire(Impairments(), "out")
        self._selector: selectors.BaseSelector | None = None
        self._watched: Sequence[int] = ()
        self._tick_at: float | None = None
        self._idle = 0

    @property
    def target(self) -> str:
        """``serial:PATH``."""
        return self._end.target

    @property
    def baud(self) -> int:
        """Bits per second of the UART now."""
        return self._baud

    def attach(self, selector: selectors.BaseSelector, now: float) -> None:
        """Begin to serve."""
        self._selector = selector
        self._tick_at = now

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        if self._tick_at is not None and self._idle < IDLE_TICKS:
            return self._tick_at  # what is due sooner could not go out before
        deadlines = (self._port.next_deadline(), self._tick_at)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Retransmit or give up; hand over what has come in."""
        self._port.handle_timeout(now)
        if self._tick_at is not None and now >= self._tick_at:
            self._receive(now)

    def flush(self, now: float) -> None:
        """Put on the line what the port has to say, as far as there is room, and let out what is due."""
        if self._idle < IDLE_TICKS and self._tick_at is not None and now < self._tick_at:
            return
        moved = self._ask(now)
        self._end.write(out := self._out.take(now, self._end.speed() or self._baud))
        wanted = self._port.speed_wanted
        if wanted is not None and self._out.drained and not moved:
            self._baud = wanted
            self._port.speed_changed(now)
            moved = True
        self._port.take_hang_up()  # a serial line stays where it is when a terminal restarts
        if moved or out or not self._out.drained or not self._in.drained:
            self._idle = 0
        self._schedule(now)

    def close(self) -> None:
        """Let go of the end."""
        self._wake()
        self._selector = None
        self._end.close()

    def _ask(self, now: float) -> bool:
        """Ask the port for what there is room for; return whether it had anything."""
        room, asked = self._out.room(now, self._baud), False
        if room:
            self._port.handle_timeout(now)  # or what it hands over would be timed by when something last came
        while room:
            data = self._port.bytes_to_send(room)
            self._out.put(data, now, self._baud)
            if not data:
                return asked
            asked = True
            room = self._out.room(now, self._baud)
        return True

    def _receive(self, now: float) -> None:
        agent = self._end.speed() or self._baud
        room = self._in.room(now, agent)
        data = self._end.read(room, now) if room else b""
        if room:
            self._in.put(data, now, agent)
        came = self._in.take(now, self._baud)
        if came:
            self._port.receive_bytes(came, now)
        self._idle = 0 if data or came or not room else self._idle + 1

    def _schedule(self, now: float) -> None:
        if self._idle < IDLE_TICKS:
            self._wake()
            self._tick_at = (now // TICK + 1) * TICK
            return
        if self._selector is not None and not self._watched:
            self._watched = self._end.watched()
            for descriptor in self._watched:
                self._selector.register(descriptor, selectors.EVENT_READ, self._ready)
        if self._tick_at is None or now >= self._tick_at:
            self._tick_at = self._end.next_poll(now)

    def _wake(self) -> None:
        for descriptor in self._watched:
            if self._selector is not None:
                self._selector.unregister(descriptor)
        self._watched = ()

    def _ready(self, _events: int, now: float) -> None:
        self._wake()
        self._idle = 0
        self._receive(now)
        self._tick_at = now
