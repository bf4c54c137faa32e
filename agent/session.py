"""A session with a pmp terminal: requests and their answers, by the rules of their effects (I2, I3)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from agent.clearance import WipeClearance, WipeTarget
from agent.flood import FloodGuard
from agent.open_requests import OpenRequests, read_answer, without_excerpt
from agent.pump import Pump
from protocols.command import CommandSpec, Effect
from protocols.errors import (
    DeadlineExceeded,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    StateUnknown,
)
from protocols.machine import Machine
from protocols.pmp.commands import EVENTS, EventId, Header, build_message, split_message
from protocols.pmp.facts import MessageKind
from protocols.pmp.handshake import Capability
from protocols.pmp.link import (
    SECURING_SECONDS,
    Lane,
    Link,
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkState,
    MessageReceived,
    SpeedSettled,
)
from protocols.terminal import Screen, WipeProgress

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")
EventT = TypeVar("EventT")
TerminalEvent = Screen | WipeProgress

OPEN_SECONDS = 10.0 + SECURING_SECONDS
"""Longer than the link itself keeps asking, so that it is the link that gives up and says why."""

MAX_EVENTS = 64
READ_TRIES = 2

READS_AHEAD = 3
"""Requests of a bulk READ under way together: while one answer is on the line, the next is made."""

PROGRESS_TIMES = 10
"""A large answer may take so many times its time limit, as long as bytes of it keep coming."""

LENT_SECONDS = 600.0
"""How long to wait at a time for a machine that the line is lent to; its own time limits are shorter."""

SPEED_SECONDS = 30.0
"""Longer than the link's own agreement on a speed takes, its way back included."""


@dataclass(frozen=True)
class Authorisation:
    """Leave to send a destructive command.

    Args:
        clearance: Spent by the call, before anything is sent.
        target: What is about to be wiped; must be what the clearance was given for.
    """

    clearance: WipeClearance
    target: WipeTarget


class HandshakeFailed(LinkLost):
    """The line held, and the handshake on it came to nothing."""


class Session:
    """Asks and answers over one link.

    Exceptions say what went wrong and never what was asked or answered: a body may hold a password's digit or a card
    number (I4).

    Args:
        pump: The loop that serves the line.
        link: The machine that the pump serves.
    """

    def __init__(self, pump: Pump[LinkEvent], link: Link) -> None:
        self._pump = pump
        self._link = link
        self._requests = OpenRequests()
        self._opened: LinkOpened | None = None
        # Only the newest matter: the screen that is shown, the progress that is made.
        self._events: dict[int, deque[TerminalEvent]] = {event: deque(maxlen=MAX_EVENTS) for event in EventId}
        self._flood = FloodGuard()
        self._loss: LinkLost | None = None

    # ------------------------------------------------------------------ opening and closing
    def open(self) -> LinkOpened:
        """Shake hands with the terminal.

        Returns:
            What both sides agreed on.

        Raises:
            HandshakeFailed: Nobody answered (``answered`` False, ``noise`` 0), only bytes of no frame came (``noise``
                over 0), or the terminal refused (``answered`` True).
            LinkLost: The line itself went; ``noise`` counts what came before.
        """
        try:
            self._link.start(self._pump.now())
            until = self._pump.now() + OPEN_SECONDS
            while self._pump.now() < until:
                event = self._pump.wait(until)
                if isinstance(event, LinkOpened):
                    self._opened = event
                    return event
                if isinstance(event, LinkClosed):
                    raise _lost(event, HandshakeFailed)
            raise HandshakeFailed("the handshake did not end", answered=False, noise=self._link.scanner.skipped_bytes)
        except HandshakeFailed as fault:
            self._loss = fault
            raise
        except LinkLost as fault:
            self._loss = LinkLost(fault.reason, answered=False, noise=self._link.scanner.skipped_bytes)
            raise self._loss from None

    def close(self) -> None:
        """Tell the terminal that this is over, where it can still be told, and free the line."""
        try:
            if self._loss is None:
                self._link.close()
                self._pump.flush()
        except LinkLost:
            return  # there is nobody left to tell
        finally:
            self._pump.transport.close()

    def now(self) -> float:
        """Return the present time in seconds, on the clock of this session."""
        return self._pump.now()

    # ------------------------------------------------------------------ commands
    def call(
        self,
        spec: CommandSpec[RequestT, ResponseT],
        request: RequestT,
        authorisation: Authorisation | None = None,
    ) -> ResponseT:
        """Send a command and wait for its answer.

        A READ that is not answered in time is asked once more. Anything else is sent once: where its answer is lost,
        nobody knows whether it was done (I3).

        Args:
            spec: The command.
            request: Its body.
            authorisation: Leave to send it; needed for a DESTRUCTIVE command and spent by it (I2).

        Returns:
            The body of the positive answer.

        Raises:
            LocalProtocolError: The body cannot be built, or there is no such leave.
            LinkLost: The line is gone; the command was not sent, or was a READ.
            DeviceRefused: The terminal refused.
            DeadlineExceeded: A READ was not answered in time.
            RemoteProtocolError: The answer to a READ breaks the protocol.
            StateUnknown: A command with an effect was sent and its answer was lost.
        """
        if (spec.effect is Effect.DESTRUCTIVE) is not (authorisation is not None):
            raise LocalProtocolError(f"{spec.name}: destructive commands, and only these, go with a clearance")
        body = spec.request.build(request)
        self._require_open()
        if authorisation is not None:
            authorisation.clearance.spend(authorisation.target)
        if spec.effect is Effect.READ:
            return next(self._read_ahead(spec, iter((body,)), 1))
        try:
            return self._exchange(spec, body)
        except (LinkLost, DeadlineExceeded, RemoteProtocolError) as fault:
            raise StateUnknown(spec.name, fault) from None

    def call_ahead(
        self, spec: CommandSpec[RequestT, ResponseT], requests: Iterable[RequestT], ahead: int = READS_AHEAD
    ) -> Iterator[ResponseT]:
        """Send a READ command once for each request, a few ahead of the answers.

        Other calls may come in between; leaving early is all right, answers that nobody wants any more are dropped.

        Args:
            spec: The command.
            requests: The bodies, taken as late as possible.
            ahead: How many requests may be open together.

        Yields:
            The bodies of the positive answers, in the order of the requests.

        Raises:
            LocalProtocolError: The command has an effect, or a body cannot be built.
            LinkLost: The line is gone.
            DeviceRefused: The terminal refused one; nothing comes after that.
            DeadlineExceeded: One was asked twice and not answered in time.
            RemoteProtocolError: An answer breaks the protocol.
        """
        if spec.effect is not Effect.READ:
            raise LocalProtocolError(f"{spec.name}: only what changes nothing is sent ahead")
        return self._read_ahead(spec, map(spec.request.build, requests), ahead)

    def raise_speed(self, baud: int) -> int:
        """Agree with the terminal on a faster line, where both sides and the line itself can.

        Args:
            baud: Bits per second that are wanted.

        Returns:
            Bits per second from now on; those of before where nothing came of it.

        Raises:
            LinkLost: The line is gone.
            RemoteProtocolError: The terminal broke the protocol.
        """
        self._require_open()
        if not self.agreed(Capability.SPEED):
            return self._link.baud
        self._link.propose_speed(baud, self._pump.now())
        until = self._pump.now() + SPEED_SECONDS
        while self._pump.now() < until:
            event = self._next_event(until)
            if isinstance(event, SpeedSettled):
                break
            if isinstance(event, MessageReceived):
                self._take(*split_message(event.data))
        return self._link.baud

    def lend(self, machine: Callable[[Link], Machine[EventT]]) -> Generator[EventT, None, None]:
        """Lend the line to another protocol until the generator is closed; then the session goes on.

        Args:
            machine: Makes the other machine, which is given the link for as long as that still has to be served too.
                It ends with an event; whoever has taken that one closes the generator.

        Yields:
            The machine's events.

        Raises:
            LinkLost: The line is gone, and with it the session.
        """
        self._require_open()
        self._link.rest()
        pump = self._pump.beside(machine(self._link))
        try:
            while True:
                event = pump.wait(self._pump.now() + LENT_SECONDS)
                if event is not None:
                    yield event
        except GeneratorExit:
            self._say_last(pump)
            raise
        except LinkLost as fault:
            self._loss = fault
            raise
        finally:
            self._link.resume(self._pump.now())

    def agreed(self, capability: Capability) -> bool:
        """Tell whether the handshake agreed on something."""
        return self._opened is not None and capability in self._opened.settings.capabilities

    def wait_event(self, event: EventId, timeout: float) -> TerminalEvent | None:
        """Wait for something that the terminal tells by itself.

        Args:
            event: Which kind.
            timeout: Seconds; 0 takes only what is there.

        Returns:
            The oldest event of this kind not taken yet, or None. Of more than 64 the oldest are dropped.

        Raises:
            LinkLost: The line is gone.
            RemoteProtocolError: The terminal broke the protocol.
        """
        queue = self._events[event]
        until = self._pump.now() + timeout
        overtime = MAX_EVENTS  # what is there already is taken after the time is up, but no flood of other messages
        while not queue:
            self._require_open()
            overtime -= self._pump.now() >= until
            arrived = self._wait(until)
            if arrived is not None:
                self._take(*split_message(arrived))
            if not queue and self._pump.now() >= until and (arrived is None or overtime <= 0):
                return None
        return queue.popleft()

    # ------------------------------------------------------------------ helpers
    def _read_ahead(
        self, spec: CommandSpec[RequestT, ResponseT], bodies: Iterator[bytes], ahead: int
    ) -> Iterator[ResponseT]:
        waiting: deque[tuple[int, bytes]] = deque()
        try:
            while True:
                while len(waiting) < ahead and (body := next(bodies, None)) is not None:
                    self._require_open()
                    waiting.append((self._ask(spec, body), body))
                if not waiting:
                    return
                for left in reversed(range(READ_TRIES)):
                    try:
                        answer = self._answer(spec, waiting[0][0])
                        break
                    except DeadlineExceeded:
                        if not left:
                            raise
                        for tag, _ in waiting:
                            self._requests.abandon(tag)
                        waiting = deque((self._ask(spec, body), body) for _, body in waiting)
                waiting.popleft()
                yield read_answer(spec, *answer)
        finally:
            for tag, _ in waiting:
                self._requests.abandon(tag)

    def _say_last(self, pump: Pump[EventT]) -> None:
        """Let another machine say its last words; where the line is gone, the next call tells."""
        try:
            pump.flush()
        except LinkLost as fault:
            self._loss = fault

    def _exchange(self, spec: CommandSpec[RequestT, ResponseT], body: bytes) -> ResponseT:
        tag = self._ask(spec, body)
        try:
            return read_answer(spec, *self._answer(spec, tag))
        finally:
            self._requests.abandon(tag)

    def _ask(self, spec: CommandSpec[RequestT, ResponseT], body: bytes) -> int:
        """Send a request and return its tag."""
        tag = self._requests.open()
        header = Header(MessageKind.REQUEST, spec.id, tag, 0)
        lane = Lane.BULK if spec.bulk_request else Lane.URGENT
        self._link.send_message(build_message(header, body), self._pump.now(), lane)
        return tag

    def _answer(self, spec: CommandSpec[RequestT, ResponseT], tag: int) -> tuple[Header, bytes]:
        """Wait for the answer to a request."""
        started = self._pump.now()
        while (answer := self._requests.answer(tag)) is None:
            until = started + spec.timeout
            if spec.bulk:
                progressed = max(started, self._link.progressed_at) + spec.timeout
                until = min(progressed, started + spec.timeout * PROGRESS_TIMES)
            if self._pump.now() >= until:
                raise DeadlineExceeded(spec.name, spec.timeout)
            message = self._wait(until)
            if message is not None:
                self._take(*split_message(message))
        return answer

    def _wait(self, until: float) -> bytes | None:
        """Wait for a message."""
        event = self._next_event(until)
        return event.data if isinstance(event, MessageReceived) else None

    def _next_event(self, until: float) -> LinkEvent | None:
        """Wait for whatever the link tells; a lost line ends the session for good."""
        try:
            event = self._pump.wait(until)
        except LinkLost as fault:
            self._loss = fault
            raise
        if isinstance(event, LinkClosed):
            self._loss = _lost(event)
            raise self._loss
        return event

    def _take(self, header: Header, body: bytes) -> None:
        """Keep an answer that somebody waits for, or an event.

        Raises:
            RemoteProtocolError: It is neither, nor a late answer that nobody waits for any more, or events flood us.
        """
        if header.kind is MessageKind.EVENT:
            layout = EVENTS.get(header.command)
            if layout is None or header.tag or header.status:
                raise RemoteProtocolError("event of an unknown kind, or with a tag or a status")
            self._flood.count(self._pump.now())
            self._events[header.command].append(without_excerpt(layout, body))
        elif header.kind is not MessageKind.RESPONSE:
            raise RemoteProtocolError("the terminal sent a request")
        else:
            self._requests.take(header, body)

    def _require_open(self) -> None:
        if self._loss is not None:
            loss = self._loss
            raise LinkLost(loss.reason, answered=loss.answered, noise=loss.noise, refusal=loss.refusal)
        if self._link.state is LinkState.CLOSED:
            raise LinkLost("the terminal ended the session")
        if self._link.state is not LinkState.OPEN:
            raise LocalProtocolError("the session is not open")


def _lost(event: LinkClosed, kind: type[LinkLost] = LinkLost) -> LinkLost:
    return kind(event.reason, answered=event.answered, noise=event.noise, refusal=event.refusal)
