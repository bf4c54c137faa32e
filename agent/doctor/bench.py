"""Sessions on a line that is being examined: opened, tried, lost and opened again, with everything counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from agent.doctor.hearing import echoed, hear
from agent.doctor.measurements import BITS_A_BYTE, Counts, Exchange, Handshake, Heard, Nature, Quiet
from agent.doctor.patterns import MESSAGE_BYTES, goodput, pattern
from agent.doctor.tap import Tap
from agent.pump import Pump
from agent.session import HandshakeFailed, Session
from protocols.command import CommandSpec
from protocols.errors import DeadlineExceeded, DeviceRefused, LinkLost, RemoteProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.commands import EventId
from protocols.pmp.handshake import Capability
from protocols.pmp.link import Link, LinkSettings, LinkState, Role

ResultT = TypeVar("ResultT")

LEAST_PATIENCE = 2.0
PATIENCE_TIMES = 3
"""An answer may take so many times its line time, and two seconds: enough for the link to send again twice."""

FORGET_SECONDS = 0.3
XON = b"\x11"


class SessionBroke(Exception):
    """The session came to an end; the line may still be there."""


class LineGone(Exception):
    """The line itself is gone.

    Args:
        reason: Why.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bench:
    """One line on which session follows session.

    Args:
        tap: The line.
        clock: Seconds that only grow.
        session_number: Draws the number of a session.
    """

    def __init__(self, tap: Tap, clock: Callable[[], float], session_number: Callable[[], int]) -> None:
        self.tap = tap
        self.base = tap.baud
        """Bits per second that a session begins with."""
        self.escaped = tap.escaped
        self.lost = 0
        """How many sessions broke."""
        self._clock = clock
        self._session_number = session_number
        self._link: Link | None = None
        self._session: Session | None = None
        self._last = Counts()
        self._saw_noise = False
        self._waiting: float | None = None  # the shortest round trip, besides the time of its bytes
        self._frame: tuple[int, int] | None = None

    # ------------------------------------------------------------------ sessions
    def listen(self, seconds: float) -> Quiet:
        """Take what comes while nothing is sent.

        Raises:
            LineGone: The line is gone.
        """
        self.tap.mark()
        before, until = self.tap.received_bytes, self._clock() + seconds
        try:
            while (left := until - self._clock()) > 0:
                self.tap.read(4096, left)
        except LinkLost as fault:
            raise LineGone(fault.reason) from None
        return Quiet(seconds, self.tap.received_bytes - before, self.heard())

    def heard(self) -> Heard:
        """Tell what came since the line was last listened to or hands were last shaken."""
        return hear(self.tap.received, self.tap.sent)

    def open(self, tries: int) -> Handshake:
        """Shake hands at the speed and in the coding of this bench.

        Args:
            tries: How often HELLO is said.

        Raises:
            LineGone: The line is gone.
        """
        self.close()
        settings = LinkSettings.for_line(
            self.tap.baud, highest_baud=self.tap.highest_baud if self.base else 0, escaped=self.escaped
        )
        link = Link(Role.AGENT, settings, session=self._session_number(), hello_tries=tries)
        session = Session(Pump(self.tap, link, self._clock), link)
        self.tap.mark()
        started = self._clock()
        try:
            session.open()
        except HandshakeFailed as fault:
            return Handshake(self.tap.baud, self.escaped, None, self.heard(), fault.reason if fault.answered else "")
        except LinkLost as fault:
            raise LineGone(fault.reason) from None
        self._link, self._session = link, session
        echo = Heard(Nature.ECHO) if echoed(self.tap.received, self.tap.sent) else Heard()
        return Handshake(self.tap.baud, self.escaped, self._clock() - started, echo)

    def close(self) -> None:
        """End the session, where there is one, and give the line its first speed back."""
        if self._session is not None:
            self._session.close()
            self._session = self._link = None
        if self.base is not None and self.tap.baud != self.base:
            self.set_baud(self.base)

    def set_baud(self, baud: int) -> bool:
        """Give the line another speed, and forget what came meanwhile.

        Raises:
            LineGone: The line is gone.
        """
        try:
            done = self.tap.set_baud(baud)
        except LinkLost as fault:
            raise LineGone(fault.reason) from None
        self.listen(FORGET_SECONDS)
        return done

    def resume_stopped(self) -> None:
        """Send an XON, which wakes a peer that took a byte of ours for XOFF; to any other it is a byte of noise.

        Raises:
            LineGone: The line is gone.
        """
        try:
            self.tap.write(XON)
        except LinkLost as fault:
            raise LineGone(fault.reason) from None

    @property
    def can_raise(self) -> bool:
        """Whether the session agreed that the speed of the line may be changed."""
        return self._session is not None and self._session.agreed(Capability.SPEED) and bool(self.base)

    @property
    def frame(self) -> tuple[int, int] | None:
        """Payload that the link would use now, or used last, and the highest level of correction that it used."""
        if self._link is not None:
            payload, level = self._link.statistics.frame
            self._frame = payload, max(level, self._frame[1] if self._frame else 0)
        return self._frame

    # ------------------------------------------------------------------ what is asked
    def raise_speed(self, baud: int) -> bool:
        """Agree on another speed.

        Returns:
            Whether the line has it now.

        Raises:
            SessionBroke: The session is over.
            LineGone: The line is gone.
        """
        return self._asked(lambda session: session.raise_speed(baud) == baud)

    def ask(self, spec: CommandSpec[messages.Empty, Any]) -> Any | None:
        """Ask for something; None where the terminal refuses.

        Raises:
            SessionBroke: The session is over.
            LineGone: The line is gone.
        """
        try:
            return self._asked(lambda session: session.call(spec, messages.Empty()))
        except DeviceRefused:
            return None

    def idle(self, seconds: float) -> Quiet:
        """Keep the session and ask nothing.

        Raises:
            SessionBroke: The session is over.
            LineGone: The line is gone.
        """
        framed, received, until = self._framed(), self.tap.received_bytes, self._clock() + seconds
        while (left := until - self._clock()) > 0:
            self._asked(partial(Session.wait_event, event=EventId.SCREEN_CHANGED, timeout=left))
        # Whole frames that come late, such as one that is sent again for nothing, are no noise.
        stray = self.tap.received_bytes - received - (self._framed() - framed)
        return Quiet(seconds, max(0, stray))

    def echo(self, name: str, sizes: Sequence[int], *, ahead: int = 1, seed: int = 0) -> Exchange:
        """Send ECHOs and wait for them; whatever goes wrong is part of what is measured.

        After one that did not come back there is no session any more.

        Args:
            name: Pattern.
            sizes: Bytes of each, at most 1,024.
            ahead: How many may be under way together.
            seed: Gives the bytes of ``random``.

        Raises:
            SessionBroke: There was no session to begin with.
            LineGone: The line is gone.
        """
        session, link = self._session, self._link
        if session is None or link is None:
            raise SessionBroke
        requests = [pattern(name, size, seed + at) for at, size in enumerate(sizes)]
        line_bytes = [size + MESSAGE_BYTES for size in sizes]
        byte_seconds = BITS_A_BYTE / self.tap.baud if self.tap.baud else 0.0
        together = sum(sorted(line_bytes)[-ahead:])
        patience = LEAST_PATIENCE + PATIENCE_TIMES * 2 * together * byte_seconds
        spec = replace(commands.ECHO, timeout=patience)
        before, started = self._counts(), self._clock()
        arrived, same = 0, True
        try:
            answers = session.call_ahead(spec, map(messages.Echo, requests), ahead)
            for request, answer in zip(requests, answers, strict=True):
                arrived += 1
                same = same and answer.data == request
        except (DeadlineExceeded, RemoteProtocolError, DeviceRefused):
            self._drop()
        except LinkLost as fault:
            self._broke(link, fault)
        whole = arrived == len(requests)
        seconds = self._clock() - started
        # There and back one after the other where they go one by one; together they fill both directions at once.
        spent = sum(line_bytes) + (sum(line_bytes) if ahead == 1 else line_bytes[-1])
        if whole and ahead == 1:
            waited = max(0.0, seconds - spent * byte_seconds)
            self._waiting = waited if self._waiting is None else min(waited, self._waiting)
        return Exchange(
            name,
            sum(sizes),
            together,
            seconds if whole else None,
            spent * byte_seconds,
            same,
            self._judged(self._counts() - before),
            goodput(sizes, seconds - (self._waiting or 0.0), byte_seconds) if whole and ahead > 1 else None,
        )

    def counts(self) -> Counts:
        """Return what the link of this session, or of the one that broke last, has counted."""
        return self._judged(self._counts())

    # ------------------------------------------------------------------ helpers
    def _asked(self, question: Callable[[Session], ResultT]) -> ResultT:
        session, link = self._session, self._link
        if session is None or link is None:
            raise SessionBroke
        try:
            return question(session)
        except (DeadlineExceeded, RemoteProtocolError):
            self._drop()
            raise SessionBroke from None
        except LinkLost as fault:
            self._broke(link, fault)
            raise SessionBroke from None

    def _broke(self, link: Link, fault: LinkLost) -> None:
        """Take note of the end of a session, and tell whether the line went with it.

        Raises:
            LineGone: It did.
        """
        closed = link.state is LinkState.CLOSED  # the link itself gave up, on a line that is still there
        self._end()
        if not closed:
            raise LineGone(fault.reason) from None

    def _drop(self) -> None:
        """Give up a session in which something is stuck."""
        if self._session is not None:
            self._session.close()
        self._end()

    def _end(self) -> None:
        self.lost += 1
        self._last = self._counts()
        self._saw_noise = self._noise_told()
        self._frame = self.frame
        self._session = self._link = None

    def _noise_told(self) -> bool:
        """Tell whether the terminal says that it sees errors: only then the link would correct what it sends it."""
        if self._link is None:
            return self._saw_noise
        corrects = Capability.CORRECTION in self._link.settings.capabilities
        return not corrects or self._link.statistics.frame[1] > 0

    def _judged(self, counts: Counts) -> Counts:
        self._frame = self.frame
        return replace(counts, lost_frames=counts.retransmissions if self._noise_told() else 0)

    def _counts(self) -> Counts:
        if self._link is None:
            return self._last
        seen = self._link.statistics
        return Counts(
            self.tap.sent_bytes,
            self.tap.received_bytes,
            seen.wrong_bytes,
            seen.corrected_bytes,
            seen.skipped_bytes,
            seen.broken_frames,
            seen.retransmissions,
        )

    def _framed(self) -> int:
        """Return how many bytes belonged to whole frames so far."""
        if self._link is None:
            return 0
        seen = self._link.statistics
        return seen.taken_bytes - seen.skipped_bytes
