"""The pmp link: an ordered, lossless exchange of messages over a line that loses, doubles, splits and garbles bytes.

A sans-I/O machine for both sides (note pmp.md, section Link) under a clock that the caller turns. Here are the
handshake, the states, keep-alive and the speed of the line; what belongs to one session's messages is in
`protocols.pmp.exchange`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp.channel import Channel, ChannelRefused, OpenChannel
from protocols.pmp.escape import Unescaper, escape, is_clean
from protocols.pmp.events import (
    LinkClosed,
    LinkEvent,
    LinkOpened,
    LinkStatistics,
    MessageReceived,
    SpeedChange,
    SpeedSettled,
)
from protocols.pmp.exchange import Exchange
from protocols.pmp.handshake import ACCEPT, HELLO, Capability, LinkSettings, accepted, agreed_by, granted, hello_of
from protocols.pmp.lanes import MAX_MESSAGE, Lane
from protocols.pmp.speed import SPEED, SpeedControl, SpeedState
from protocols.pmp.states import TRANSITIONS, LinkState, Role, Trigger
from protocols.pmp.wire import VERSION, Frame, FrameKind, FrameScanner, build_frame

__all__ = [
    "MAX_MESSAGE",
    "TRANSITIONS",
    "Lane",
    "Link",
    "LinkClosed",
    "LinkEvent",
    "LinkOpened",
    "LinkSettings",
    "LinkState",
    "LinkStatistics",
    "MessageReceived",
    "Role",
    "SpeedChange",
    "SpeedSettled",
    "Trigger",
]

HELLO_TRIES = 6
HELLO_INTERVAL = 0.8
KEEPALIVE_INTERVAL = 5.0
FAST_KEEPALIVE_INTERVAL = 1.0
KEEPALIVE_TRIES = 3
SECURING_SECONDS = 30.0
FRAME_GAP = 0.6
EXPIRIES_BEFORE_FALLBACK = 3
SESSIONS = 1 << 16
OPEN_STATES = (LinkState.SECURING, LinkState.OPEN)  # no set: the hash of an Enum is slow


class Link:
    """One side of a pmp link.

    Args:
        role: Which side.
        settings: What this side is ready to do.
        session: The agent's random session number (ignored by a terminal), 0 to 65,535.
        boot_id: The terminal's number of this start (ignored by an agent), 0 to 2³²-1.
        channel: Makes the private channel of a session; None where this side has none. With it PRIVATE is offered.
        hello_tries: How often an agent says HELLO before it gives up.
    """

    def __init__(
        self,
        role: Role,
        settings: LinkSettings,
        *,
        session: int = 0,
        boot_id: int = 0,
        channel: OpenChannel | None = None,
        hello_tries: int = HELLO_TRIES,
    ) -> None:
        self.role = role
        self.state = LinkState.IDLE
        private = Capability.PRIVATE if channel is not None else Capability(0)
        self._offer = replace(settings, capabilities=settings.capabilities & ~Capability.PRIVATE | private)
        self.settings = self._offer
        self.session = session
        self.boot_id = boot_id
        self.scanner = FrameScanner()
        self.progressed_at = 0.0
        """When the peer last sent anything new."""
        self._open_channel = channel
        self._hello_tries_allowed = hello_tries
        self._exchange = Exchange(self._offer, self.scanner, None)
        self._speed = SpeedControl(role, settings.baud, settings.highest_baud)
        self._unescaper: Unescaper | None = None
        self._out = bytearray()
        self._events: deque[LinkEvent] = deque()
        self._answered = False
        self._hello_tries = 0
        self._hello_at = 0.0
        self._secure_until = 0.0
        self._now = 0.0
        self._ping_at = 0.0
        self._pings = 0
        self._watching = False
        self._received_at = 0.0
        self._resent = 0

    # ------------------------------------------------------------------ what the owner asks for
    def start(self, now: float) -> None:
        """Begin the handshake (agent only).

        Raises:
            LocalProtocolError: The link was started before, or this is a terminal's.
        """
        if not self._move(Trigger.START):
            raise LocalProtocolError("this link cannot be started")
        if Capability.ESCAPED in self._offer.capabilities:
            self._unescaper = Unescaper()
        for session in range(self.session, self.session + SESSIONS):
            self.session = session % SESSIONS
            if is_clean(self._hello()):  # so that a terminal understands it whatever coding it takes the line for
                break
        self._send_hello(now)

    def send_message(self, data: bytes, now: float, lane: Lane = Lane.URGENT, key: int | None = None) -> None:
        """Queue a message of 1 to 131,072 bytes.

        Args:
            data: The message.
            now: The present time in seconds.
            lane: What is in the bulk lane lets everything urgent go first.
            key: By which `cancel` finds it, or None.

        Raises:
            LocalProtocolError: The link is not open, or the message is empty or too long.
        """
        if self.state is not LinkState.OPEN:
            raise LocalProtocolError(f"link is {self.state.value}, not open")
        if not 0 < len(data) <= MAX_MESSAGE:
            raise LocalProtocolError(f"message of {len(data)} bytes; 1 to {MAX_MESSAGE} allowed")
        self._now = now
        self._exchange.put(data, lane, key)
        if self.role is Role.AGENT and not self._watching:
            self._watching = True
            self._heard(now)

    def cancel(self, key: int) -> None:
        """Take back the messages with a key that are not wholly sent yet."""
        self._exchange.cancel(key)

    def propose_speed(self, baud: int, now: float) -> None:
        """Ask the terminal for another speed of the line (agent only); `SpeedSettled` tells what came of it.

        Raises:
            LocalProtocolError: The link is not open, SPEED was not agreed, or an agreement is under way or reached.
        """
        if self.state is not LinkState.OPEN or Capability.SPEED not in self.settings.capabilities:
            raise LocalProtocolError("no other speed can be agreed on this link")
        self._now = now
        self._speed.propose(baud, now)

    def speed_changed(self, now: float) -> None:
        """Take note that the line has the speed of the latest `SpeedChange`."""
        self._now = now
        self._speed.switched(now)
        self._at_new_speed()
        self._follow_speed()

    def speed_refused(self, now: float) -> None:
        """Take note that the line cannot have the speed of the latest `SpeedChange`, and has the old one."""
        self._now = now
        self._speed.failed(now)
        self._follow_speed()

    @property
    def baud(self) -> int:
        """Bits per second of the line, 0 where they are not known."""
        return self._speed.baud

    @property
    def idle(self) -> bool:
        """True where the peer has acknowledged everything that was queued."""
        return self._exchange.sender.idle

    @property
    def statistics(self) -> LinkStatistics:
        """What this link has seen so far."""
        seen, sender = self.scanner, self._exchange.sender
        resent = self._resent + sender.retransmissions
        return LinkStatistics(
            seen.taken_bytes,
            seen.errors,
            seen.corrected,
            seen.skipped_bytes,
            seen.broken_frames,
            resent,
            sender.round_trip,
            sender.frame,
        )

    def rest(self) -> None:
        """Stop expecting anything of the peer, so that its silence is no longer taken for a lost line."""
        self._watching = False

    def resume(self, now: float) -> None:
        """Go on after the line was lent to another protocol: the silence meanwhile was none of the peer's.

        Args:
            now: The present time in seconds.
        """
        self._now = self._received_at = now
        self.scanner.give_up()
        if self.state in OPEN_STATES:
            self._heard(now)

    def close(self) -> None:
        """Tell the peer that this session is over; nothing waits for an answer."""
        if self.state in OPEN_STATES or self.state is LinkState.OPENING:
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
        if self._unescaper is not None:
            data = self._unescaper.feed(data)
        for frame in self.scanner.feed(data):
            self._receive(frame, now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now: control frames first, then data; see `protocols.machine.Machine`."""
        while (note := self._speed.take_note()) is not None:
            self._put(FrameKind.SPEED, SPEED.build(note))
        if self.state in OPEN_STATES and self._speed.settled:
            self._put_traffic(limit)
        out = bytes(self._out)
        self._out.clear()
        return out

    def next_event(self) -> LinkEvent | None:
        """Return the oldest event not taken yet, or None."""
        if not self._events:
            return None
        event = self._events.popleft()
        if isinstance(event, MessageReceived):
            self._exchange.taken(event.data)
        return event

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted, or None."""
        if self.state is LinkState.OPENING:
            return self._hello_at
        if self.state not in OPEN_STATES:
            return self._speed.next_deadline()
        deadlines = [self._speed.next_deadline()]
        if self._speed.settled:
            deadlines += [self._exchange.sender.deadline(), self._ping_at if self._pinging else None]
        if self.state is LinkState.SECURING:
            deadlines.append(self._secure_until)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Retransmit, ask again, or give up; see `protocols.machine.Machine`."""
        self._now = now
        if self.state is LinkState.OPENING:
            if now < self._hello_at:
                return
            if self._hello_tries >= self._hello_tries_allowed:
                self._end(Trigger.SILENCE, "nobody answered the handshake")
            else:
                self._send_hello(now)
            return
        self._speed.handle_timeout(now)
        self._follow_speed()
        if self.state not in OPEN_STATES or not self._speed.settled:
            return
        sender = self._exchange.sender
        if not sender.expire(now):
            self._end(Trigger.SILENCE, "the peer stopped acknowledging")
        elif self.state is LinkState.SECURING and now >= self._secure_until:
            self._refuse("the private channel was not established in time", "handshake")
        elif self._pinging and now >= self._ping_at:
            self._ping(now)
        elif sender.wants_probe(now):
            self._put(FrameKind.PING)
        elif self.role is Role.AGENT and sender.unanswered >= EXPIRIES_BEFORE_FALLBACK:
            self._fall_back()

    # ------------------------------------------------------------------ frames in
    def _receive(self, frame: Frame, now: float) -> None:
        if frame.kind is FrameKind.HELLO:
            self._on_hello(frame, now)
            return
        if self.role is Role.TERMINAL and self.state is LinkState.IDLE:
            self._deny(frame)
            return
        if frame.session != self.session or self.state in (LinkState.IDLE, LinkState.CLOSED):
            return
        self._answered = True
        self._heard(now)
        if frame.kind is FrameKind.ACCEPT:
            self._on_accept(frame, now)
        elif frame.kind is FrameKind.RESET:
            securing = self.state is LinkState.SECURING  # it gave up a handshake, and could not say why
            self._end(Trigger.RESET, "reset by the peer", "handshake" if securing else "")
        elif self.state in OPEN_STATES:
            self._on_traffic(frame, now)

    def _on_traffic(self, frame: Frame, now: float) -> None:
        if frame.kind is FrameKind.SPEED:
            self._on_speed(frame, now)
            return
        exchange = self._exchange
        if frame.kind is FrameKind.ACK:
            exchange.take_answer(frame, now)
            return
        exchange.take_acknowledged(frame.acknowledged, now)
        if frame.kind is FrameKind.PING:
            exchange.answer_wanted()
            return
        expected = exchange.receiver.expected
        try:
            messages = exchange.take_data(frame)
        except RemoteProtocolError as fault:
            self._refuse(fault.reason)
            return
        except ChannelRefused as fault:
            self._put_traffic(None)  # an alert, so that the peer learns why
            self._refuse(fault.reason, fault.code)
            return
        if exchange.receiver.expected != expected:
            self.progressed_at = now
        if self.state is LinkState.SECURING and exchange.channel is not None and exchange.channel.established:
            self._move(Trigger.SECURED)
            self._opened(exchange.channel.binding)
        self._events.extend(MessageReceived(message) for message in messages)

    def _on_speed(self, frame: Frame, now: float) -> None:
        if self.state is not LinkState.OPEN or Capability.SPEED not in self.settings.capabilities:
            return
        try:
            note = SPEED.parse(frame.payload)
        except RemoteProtocolError:
            return
        self._speed.receive(note, now)
        self._follow_speed()

    def _on_hello(self, frame: Frame, now: float) -> None:
        if self.role is not Role.TERMINAL:
            return
        try:
            hello = HELLO.parse(frame.payload)
        except RemoteProtocolError:
            return
        if not hello.lowest_version <= VERSION <= hello.highest_version:
            self._put(FrameKind.RESET, session=frame.session)  # a session that is open stays so
            return
        agreed = granted(self._offer, hello)
        if agreed is None:
            return
        if self.state not in OPEN_STATES or frame.session != self.session:
            if self._speed.state is not SpeedState.STEADY:
                # The speed is the old session's; whoever begins another knows the first one only, and asks again.
                self._fall_back()
                return
            self.session = frame.session
            self._agree(agreed, Trigger.HELLO, Trigger.PRIVATE_HELLO, now)
        self._put(FrameKind.ACCEPT, ACCEPT.build(accepted(self.settings, self.boot_id)))

    def _on_accept(self, frame: Frame, now: float) -> None:
        if self.role is not Role.AGENT:
            return
        try:
            accept = ACCEPT.parse(frame.payload)
            agreed = agreed_by(self._offer, accept)
        except RemoteProtocolError as fault:
            self._refuse(fault.reason)
            return
        if self.state is LinkState.OPENING:
            self.boot_id = accept.boot_id
            self._agree(agreed, Trigger.ACCEPT, Trigger.PRIVATE_ACCEPT, now)
        elif accept.boot_id != self.boot_id:  # it restarted, and met a HELLO that was late on the line
            self._refuse("the terminal restarted")

    # ------------------------------------------------------------------ helpers
    def _put_traffic(self, limit: int | None) -> None:
        exchange = self._exchange
        answer = exchange.next_answer(carried=True)
        if answer is not None:
            self._put(FrameKind.ACK, answer)
        while limit is None or len(self._out) < limit:
            sending = exchange.next_data(self._now)
            if sending is None:
                break
            data, more, lane = sending.piece
            self._put(
                FrameKind.DATA,
                data,
                sequence=sending.sequence,
                more=more,
                urgent=lane is Lane.URGENT,
                level=sending.level,
            )
            exchange.answered()
        answer = exchange.next_answer(carried=False)
        if answer is not None:
            self._put(FrameKind.ACK, answer)

    def _heard(self, now: float) -> None:
        self._ping_at = now + self._keepalive
        self._pings = 0
        self._speed.heard(now)

    @property
    def _keepalive(self) -> float:
        """Seconds of silence before a PING; fewer at an agreed speed, which the terminal leaves if it hears nothing."""
        return KEEPALIVE_INTERVAL if self._speed.baud == self._speed.base else FAST_KEEPALIVE_INTERVAL

    @property
    def _pinging(self) -> bool:
        """Whether silence means anything: something is waited for, or a terminal leaves a speed where it hears none."""
        return self._watching or (self.role is Role.AGENT and self._speed.baud != self._speed.base)

    def _ping(self, now: float) -> None:
        if self._pings >= KEEPALIVE_TRIES:
            if self._speed.baud == self._speed.base:
                self._end(Trigger.SILENCE, "the peer fell silent")
                return
            self._fall_back()
            self._pings = 0
        self._pings += 1
        self._ping_at = now + self._keepalive
        self._put(FrameKind.PING)

    def _fall_back(self) -> None:
        self._speed.fall_back()
        self._follow_speed()

    def _follow_speed(self) -> None:
        """Tell the owner what became of the speed."""
        change = self._speed.take_change()
        if change is not None:
            self._events.append(SpeedChange(change))
        if self._speed.take_settled():
            self._at_new_speed()
            self._events.append(SpeedSettled(self._speed.baud))

    def _at_new_speed(self) -> None:
        self.settings = replace(self.settings, baud=self._speed.baud)
        self._exchange.sender.byte_seconds = self.settings.byte_seconds
        if self._speed.settled:
            self._exchange.sender.start_over()
            self._exchange.forget_noise()
            self._ping_at = self._now + self._keepalive

    def _deny(self, frame: Frame) -> None:
        """Answer a session that this terminal does not know, as after a restart, so that the agent need not wait."""
        if frame.kind in (FrameKind.DATA, FrameKind.PING):
            self._put(FrameKind.RESET, session=frame.session)

    def _refuse(self, reason: str, refusal: str = "") -> None:
        """End the session because the peer broke the protocol."""
        self._put(FrameKind.RESET)
        self._end(Trigger.RESET, reason, refusal)

    def _agree(self, settings: LinkSettings, plain: Trigger, private: Trigger, now: float) -> None:
        """Begin a session as both sides agreed."""
        secured = self._open_channel is not None and Capability.PRIVATE in settings.capabilities
        self._move(private if secured else plain)
        self.settings = settings
        channel = self._open_channel() if self._open_channel is not None and secured else None
        self._renew(channel)
        if self.role is Role.TERMINAL:
            self._unescaper = Unescaper() if Capability.ESCAPED in settings.capabilities else None
        # What an earlier session still asked for has nobody left to answer to.
        self._events = deque(event for event in self._events if isinstance(event, SpeedChange | LinkClosed))
        if channel is None:
            self._opened(b"")
            return
        channel.start()
        self._secure_until = now + SECURING_SECONDS
        if self.role is Role.AGENT:
            self._watching = True
            self._heard(now)

    def _opened(self, binding: bytes) -> None:
        self._watching = False
        self._events.append(LinkOpened(self.session, self.settings, self.boot_id, binding))

    def _renew(self, channel: Channel | None = None) -> None:
        self._resent += self._exchange.sender.retransmissions
        self._exchange = Exchange(self.settings, self.scanner, channel)

    def _hello(self) -> bytes:
        return build_frame(Frame(FrameKind.HELLO, self.session, 0, 0, HELLO.build(hello_of(self._offer))))

    def _send_hello(self, now: float) -> None:
        self._hello_tries += 1
        self._hello_at = now + HELLO_INTERVAL
        self._out += self._hello()

    def _put(
        self,
        kind: FrameKind,
        payload: bytes = b"",
        *,
        sequence: int | None = None,
        more: bool = False,
        urgent: bool = False,
        level: int = 0,
        session: int | None = None,
    ) -> None:
        number = self._exchange.sender.next_sequence if sequence is None else sequence
        owner = self.session if session is None else session
        frame = Frame(kind, owner, number, self._exchange.receiver.expected, payload, more, urgent)
        data = build_frame(frame, level)
        self._out += data if self._unescaper is None else escape(data)

    def _move(self, trigger: Trigger) -> bool:
        target = TRANSITIONS[self.role].get((self.state, trigger))
        if target is None:
            return False
        self.state = target
        return True

    def _end(self, trigger: Trigger, reason: str, refusal: str = "") -> None:
        if self._move(trigger):
            self._watching = False
            if self.role is Role.TERMINAL:
                self._speed.fall_back()
                self._follow_speed()
            self._renew()
            self._events.append(LinkClosed(reason, self._answered, self.scanner.skipped_bytes, refusal))
