"""The pmp link: an ordered, lossless exchange of messages over a line that loses, doubles, splits and garbles bytes.

A sans-I/O machine for both sides (note pmp.md, section Link). Sequence numbers, selective acknowledgement,
retransmission by measured round-trip time (RFC 6298), the handshake and keep-alive all live here, under a clock that
the caller turns.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.handshake import ACCEPT, HELLO, Accept, Hello, LinkSettings
from protocols.pmp.states import TRANSITIONS, LinkState, Role, Trigger
from protocols.pmp.window import Receiver, Sender
from protocols.pmp.wire import (
    MAX_PAYLOAD,
    MAX_WINDOW,
    MIN_PAYLOAD,
    VERSION,
    Frame,
    FrameKind,
    FrameScanner,
    build_frame,
)

__all__ = [
    "TRANSITIONS",
    "Link",
    "LinkClosed",
    "LinkEvent",
    "LinkOpened",
    "LinkSettings",
    "LinkState",
    "MessageReceived",
    "Role",
    "Trigger",
]

MAX_MESSAGE = 131_072
HELLO_TRIES = 6
HELLO_INTERVAL = 0.8
KEEPALIVE_INTERVAL = 5.0
KEEPALIVE_TRIES = 3
FRAME_GAP = 0.6
BITMAP_BYTES = 4


@dataclass(frozen=True)
class LinkOpened:
    """Event: the handshake is done.

    Args:
        session: The session's number.
        settings: What both sides agreed on.
        boot_id: The number the terminal drew at its last start; another one later means that it restarted.
    """

    session: int
    settings: LinkSettings
    boot_id: int


@dataclass(frozen=True)
class MessageReceived:
    """Event: a whole message arrived, once and in order."""

    data: bytes


@dataclass(frozen=True)
class LinkClosed:
    """Event: the link is over.

    Args:
        reason: Why, in English, for logs.
        answered: False where the peer never sent one whole frame.
        noise: Bytes that belonged to no frame.
    """

    reason: str
    answered: bool
    noise: int


LinkEvent = LinkOpened | MessageReceived | LinkClosed


class Link:
    """One side of a pmp link.

    Args:
        role: Which side.
        settings: What this side is ready to do.
        session: The agent's random session number (ignored by a terminal), 0 to 65,535.
        boot_id: The terminal's number of this start (ignored by an agent), 0 to 2³²-1.
    """

    def __init__(self, role: Role, settings: LinkSettings, *, session: int = 0, boot_id: int = 0) -> None:
        self.role = role
        self.state = LinkState.IDLE
        self.settings = settings
        self.session = session
        self.boot_id = boot_id
        self.scanner = FrameScanner()
        self._offer = settings
        self._sender = Sender(settings)
        self._receiver = Receiver(MAX_MESSAGE)
        self._out = bytearray()
        self._events: deque[LinkEvent] = deque()
        self._acknowledge = False
        self._answered = False
        self._hello_tries = 0
        self._hello_at = 0.0
        self._now = 0.0
        self._ping_at = 0.0
        self._pings = 0
        self._watching = False
        self._received_at = 0.0

    # ------------------------------------------------------------------ what the owner asks for
    def start(self, now: float) -> None:
        """Begin the handshake (agent only).

        Raises:
            LocalProtocolError: The link was started before, or this is a terminal's.
        """
        if not self._move(Trigger.START):
            raise LocalProtocolError("this link cannot be started")
        self._send_hello(now)

    def send_message(self, data: bytes, now: float) -> None:
        """Queue a message of 1 to 131,072 bytes.

        Raises:
            LocalProtocolError: The link is not open, or the message is empty or too long.
        """
        if self.state is not LinkState.OPEN:
            raise LocalProtocolError(f"link is {self.state.value}, not open")
        if not 0 < len(data) <= MAX_MESSAGE:
            raise LocalProtocolError(f"message of {len(data)} bytes; 1 to {MAX_MESSAGE} allowed")
        self._now = now
        self._sender.queue(data)
        if self.role is Role.AGENT and not self._watching:
            self._watching = True
            self._heard(now)

    @property
    def idle(self) -> bool:
        """True where the peer has acknowledged everything that was queued."""
        return self._sender.idle

    def rest(self) -> None:
        """Stop expecting anything of the peer, so that its silence is no longer taken for a lost line."""
        self._watching = False

    def close(self) -> None:
        """Tell the peer that this session is over; nothing waits for an answer."""
        if self.state in (LinkState.OPEN, LinkState.OPENING):
            self._put(FrameKind.RESET)
        self._end(Trigger.CLOSE, "closed by us")

    # ------------------------------------------------------------------ protocols.machine.Machine
    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes from the line; see `protocols.machine.Machine`."""
        self._now = now
        if not data:
            return
        if now - self._received_at > FRAME_GAP:
            # A peer that was killed in the middle of a long frame must not swallow the next one's handshake.
            self.scanner.give_up()
        self._received_at = now
        for frame in self.scanner.feed(data):
            self._receive(frame, now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now: control frames first, then data with a piggy-backed answer."""
        if self.state is LinkState.OPEN:
            bitmap = self._receiver.bitmap()
            silent = True
            if self._acknowledge and bitmap:
                self._put(FrameKind.ACK, bitmap.to_bytes(BITMAP_BYTES, "big"))
                silent = False
            while limit is None or len(self._out) < limit:
                frame = self._sender.next_due(self._now)
                if frame is None:
                    break
                sequence, payload, more = frame
                self._put(FrameKind.DATA, payload, sequence=sequence, more=more)
                silent = False
            if self._acknowledge and silent:
                self._put(FrameKind.ACK)
            self._acknowledge = False
        out = bytes(self._out)
        self._out.clear()
        return out

    def next_event(self) -> LinkEvent | None:
        """Return the oldest event not taken yet, or None."""
        return self._events.popleft() if self._events else None

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        if self.state is LinkState.OPENING:
            return self._hello_at
        if self.state is not LinkState.OPEN:
            return None
        deadlines = (self._sender.deadline(), self._ping_at if self._watching else None)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Retransmit, ask again, or give up; see `protocols.machine.Machine`."""
        self._now = now
        if self.state is LinkState.OPENING and now >= self._hello_at:
            if self._hello_tries >= HELLO_TRIES:
                self._end(Trigger.SILENCE, "nobody answered the handshake")
            else:
                self._send_hello(now)
        elif self.state is LinkState.OPEN:
            if not self._sender.expire(now):
                self._end(Trigger.SILENCE, "the peer stopped acknowledging")
            elif self._watching and now >= self._ping_at:
                self._ping(now)

    # ------------------------------------------------------------------ frames in
    def _receive(self, frame: Frame, now: float) -> None:
        if frame.kind is FrameKind.HELLO:
            self._on_hello(frame)
            return
        if self.role is Role.TERMINAL and self.state is LinkState.IDLE:
            self._deny(frame)
            return
        if frame.session != self.session or self.state in (LinkState.IDLE, LinkState.CLOSED):
            return
        self._answered = True
        self._heard(now)
        if frame.kind is FrameKind.ACCEPT:
            self._on_accept(frame)
        elif frame.kind is FrameKind.RESET:
            self._end(Trigger.RESET, "reset by the peer")
        elif self.state is LinkState.OPEN:
            self._on_traffic(frame, now)

    def _on_traffic(self, frame: Frame, now: float) -> None:
        bitmap = None
        if frame.kind is FrameKind.ACK:
            if len(frame.payload) not in (0, BITMAP_BYTES):
                return
            bitmap = int.from_bytes(frame.payload, "big")
        self._sender.acknowledge(frame.acknowledged, bitmap, now)
        if frame.kind is FrameKind.PING:
            self._acknowledge = True
        elif frame.kind is FrameKind.DATA:
            self._acknowledge = True
            try:
                messages = self._receiver.take(frame.sequence, frame.payload, frame.more)
            except RemoteProtocolError as fault:
                self._refuse(fault.reason)
                return
            self._events.extend(MessageReceived(message) for message in messages)

    def _on_hello(self, frame: Frame) -> None:
        if self.role is not Role.TERMINAL:
            return
        try:
            hello = HELLO.parse(frame.payload)
        except RemoteProtocolError:
            return
        if not hello.lowest_version <= VERSION <= hello.highest_version:
            self._put(FrameKind.RESET, session=frame.session)  # a session that is open stays so
            return
        if not MIN_PAYLOAD <= hello.frame_payload <= MAX_PAYLOAD or not 1 <= hello.window <= MAX_WINDOW:
            return
        if self.state is not LinkState.OPEN or frame.session != self.session:
            self._move(Trigger.HELLO)
            self.session = frame.session
            self._agree(
                LinkSettings(
                    min(hello.frame_payload, self._offer.frame_payload),
                    min(hello.window, self._offer.window),
                    self._offer.initial_timeout,
                )
            )
        accept = Accept(VERSION, self.settings.frame_payload, self.settings.window, 0, self.boot_id)
        self._put(FrameKind.ACCEPT, ACCEPT.build(accept))

    def _on_accept(self, frame: Frame) -> None:
        if self.role is not Role.AGENT:
            return
        try:
            accept = ACCEPT.parse(frame.payload)
            agreed = LinkSettings(accept.frame_payload, accept.window, self._offer.initial_timeout)
        except (RemoteProtocolError, LocalProtocolError):
            self._refuse("the terminal's ACCEPT makes no sense")
            return
        if self.state is LinkState.OPEN:
            if accept.boot_id != self.boot_id:  # it restarted, and met a HELLO that was late on the line
                self._refuse("the terminal restarted")
            return
        fits = accept.frame_payload <= self._offer.frame_payload and accept.window <= self._offer.window
        if accept.version != VERSION or accept.capabilities or not fits:
            self._refuse("the terminal accepted what was not offered")
            return
        self._move(Trigger.ACCEPT)
        self.boot_id = accept.boot_id
        self._agree(agreed)

    # ------------------------------------------------------------------ helpers
    def _heard(self, now: float) -> None:
        self._ping_at = now + KEEPALIVE_INTERVAL
        self._pings = 0

    def _ping(self, now: float) -> None:
        if self._pings >= KEEPALIVE_TRIES:
            self._end(Trigger.SILENCE, "the peer fell silent")
            return
        self._pings += 1
        self._ping_at = now + KEEPALIVE_INTERVAL
        self._put(FrameKind.PING)

    def _deny(self, frame: Frame) -> None:
        """Answer a session that this terminal does not know, as after a restart, so that the agent need not wait."""
        if frame.kind in (FrameKind.DATA, FrameKind.PING):
            self._put(FrameKind.RESET, session=frame.session)

    def _refuse(self, reason: str) -> None:
        """End the session because the peer broke the protocol."""
        self._put(FrameKind.RESET)
        self._end(Trigger.RESET, reason)

    def _agree(self, settings: LinkSettings) -> None:
        self.settings = settings
        self._sender = Sender(settings)
        self._receiver = Receiver(MAX_MESSAGE)
        self._acknowledge = False
        # What an earlier session still asked for has nobody left to answer to.
        self._events = deque(event for event in self._events if not isinstance(event, MessageReceived))
        self._events.append(LinkOpened(self.session, settings, self.boot_id))

    def _send_hello(self, now: float) -> None:
        self._hello_tries += 1
        self._hello_at = now + HELLO_INTERVAL
        offer = Hello(VERSION, VERSION, self._offer.frame_payload, self._offer.window, 0)
        self._put(FrameKind.HELLO, HELLO.build(offer))

    def _put(
        self,
        kind: FrameKind,
        payload: bytes = b"",
        *,
        sequence: int | None = None,
        more: bool = False,
        session: int | None = None,
    ) -> None:
        number = self._sender.next_sequence if sequence is None else sequence
        owner = self.session if session is None else session
        self._out += build_frame(Frame(kind, owner, number, self._receiver.expected, payload, more))

    def _move(self, trigger: Trigger) -> bool:
        target = TRANSITIONS[self.role].get((self.state, trigger))
        if target is None:
            return False
        self.state = target
        return True

    def _end(self, trigger: Trigger, reason: str) -> None:
        if self._move(trigger):
            self._watching = False
            self._sender = Sender(self.settings)
            self._receiver = Receiver(MAX_MESSAGE)
            self._events.append(LinkClosed(reason, self._answered, self.scanner.skipped_bytes))
