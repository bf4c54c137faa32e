"""A session with a pmp terminal: requests and their answers, one at a time, by the rules of their effects (I2, I3)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TypeVar

from agent.clearance import WipeClearance, WipeTarget
from agent.pump import Pump
from protocols.command import CommandSpec, Effect
from protocols.errors import (
    DeadlineExceeded,
    DeviceRefused,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    StateUnknown,
)
from protocols.pmp import layouts
from protocols.pmp.commands import EVENTS, EventId, Header, build_message, split_message
from protocols.pmp.facts import ALWAYS_POSSIBLE, MessageKind, Refusal
from protocols.pmp.link import Link, LinkClosed, LinkEvent, LinkOpened, LinkState, MessageReceived
from protocols.terminal import Screen, WipeProgress
from protocols.wire import Layout

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")
TerminalEvent = Screen | WipeProgress

OPEN_SECONDS = 10.0
"""Longer than the link itself keeps asking, so that it is the link that gives up and says why."""

MAX_EVENTS = 64
MAX_ABANDONED = 64
READ_TRIES = 2
LAST_TAG = 0xFFFF


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
        self._tag = 0
        self._abandoned: deque[int] = deque(maxlen=MAX_ABANDONED)
        # Only the newest matter: the screen that is shown, the progress that is made.
        self._events: dict[int, deque[TerminalEvent]] = {event: deque(maxlen=MAX_EVENTS) for event in EventId}
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
                    return event
                if isinstance(event, LinkClosed):
                    raise HandshakeFailed(event.reason, answered=event.answered, noise=event.noise)
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
            for _ in range(READ_TRIES - 1):
                try:
                    return self._exchange(spec, body)
                except DeadlineExceeded:
                    continue
            return self._exchange(spec, body)
        try:
            return self._exchange(spec, body)
        except (LinkLost, DeadlineExceeded, RemoteProtocolError) as fault:
            raise StateUnknown(spec.name, fault) from None

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
                self._take(*split_message(arrived), awaited=None)
            if not queue and self._pump.now() >= until and (arrived is None or overtime <= 0):
                return None
        return queue.popleft()

    # ------------------------------------------------------------------ helpers
    def _exchange(self, spec: CommandSpec[RequestT, ResponseT], body: bytes) -> ResponseT:
        self._tag = self._tag % LAST_TAG + 1
        tag = self._tag
        until = self._pump.now() + spec.timeout
        self._link.send_message(build_message(Header(MessageKind.REQUEST, spec.id, tag, 0), body), self._pump.now())
        answered = False
        try:
            while self._pump.now() < until:
                message = self._wait(until)
                if message is None:
                    continue
                header, answer = split_message(message)
                if self._take(header, answer, awaited=tag):
                    answered = True
                    return _read_answer(spec, header, answer)
        finally:
            if not answered:
                self._abandoned.append(tag)
        raise DeadlineExceeded(spec.name, spec.timeout)

    def _wait(self, until: float) -> bytes | None:
        """Wait for a message; a lost line ends the session for good."""
        try:
            event = self._pump.wait(until)
        except LinkLost as fault:
            self._loss = fault
            raise
        if isinstance(event, LinkClosed):
            self._loss = LinkLost(event.reason, answered=event.answered, noise=event.noise)
            raise self._loss
        return event.data if isinstance(event, MessageReceived) else None

    def _take(self, header: Header, body: bytes, *, awaited: int | None) -> bool:
        """Tell whether a message is the awaited answer; keep it where it is an event.

        Raises:
            RemoteProtocolError: It is neither, nor a late answer that nobody waits for any more.
        """
        if header.kind is MessageKind.EVENT:
            layout = EVENTS.get(header.command)
            if layout is None or header.tag or header.status:
                raise RemoteProtocolError("event of an unknown kind, or with a tag or a status")
            self._events[header.command].append(_without_excerpt(layout, body))
            return False
        if header.kind is not MessageKind.RESPONSE:
            raise RemoteProtocolError("the terminal sent a request")
        if awaited is not None and header.tag == awaited:
            return True
        if header.tag not in self._abandoned:
            raise RemoteProtocolError("answer to a request that is not open")
        self._abandoned.remove(header.tag)
        return False

    def _require_open(self) -> None:
        if self._loss is not None:
            raise LinkLost(self._loss.reason, answered=self._loss.answered, noise=self._loss.noise)
        if self._link.state is LinkState.CLOSED:
            raise LinkLost("the terminal ended the session")
        if self._link.state is not LinkState.OPEN:
            raise LocalProtocolError("the session is not open")


def _read_answer(spec: CommandSpec[RequestT, ResponseT], header: Header, body: bytes) -> ResponseT:
    if header.command != spec.id:
        raise RemoteProtocolError(f"{spec.name}: the answer names another command")
    if header.status == 0:
        return _without_excerpt(spec.response, body)
    if header.status not in spec.refusals | ALWAYS_POSSIBLE:
        raise RemoteProtocolError(f"{spec.name}: refused with code {header.status}, which it cannot be refused with")
    _without_excerpt(layouts.REFUSAL, body)  # checked, and then dropped: a terminal may repeat what it was asked
    raise DeviceRefused(spec.name, header.status, Refusal(header.status).name)


def _without_excerpt(layout: Layout[ResponseT], body: bytes) -> ResponseT:
    """Parse a body, and let no bytes of it travel in the error."""
    try:
        return layout.parse(body)
    except RemoteProtocolError as fault:
        raise RemoteProtocolError(fault.reason, offset=fault.offset) from None
