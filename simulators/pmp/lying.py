"""A terminal that misuses its line: it floods, drips, answers too late, or starts anew as another one."""

from __future__ import annotations

from collections import deque
from typing import Any

from protocols.command import CommandSpec
from protocols.pmp.commands import ECHO, EventId, Header, build_message
from protocols.pmp.facts import MessageKind, Refusal
from protocols.pmp.link import LinkState
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from protocols.terminal import WipeProgress
from protocols.words import WipeState
from simulators.faults import EXPORT, WIPE, Fault, Faults
from simulators.pmp.device import Device
from simulators.pmp.dispatch import Answer
from simulators.pmp.endpoint import PmpTerminal, Port, Recorder
from simulators.power import Power

MESSAGES_AT_ONCE, FRAMES_AT_ONCE = 256, 64
FLOOD_SECONDS = 0.02
MOST_BATCHES = 16
"""Messages wait for the line, so a flood stops for a while: it is not this process that is to be flooded."""


DRIP_SECONDS = 1.0
LATE_SECONDS = 45.0
"""Longer than any single answer is waited for, but for the largest."""

MOST_HELD = 256
TURN_SECONDS = 0.01

LIES = frozenset(
    {
        Fault.FLOODS_EVENTS,
        Fault.FLOODS_ANSWERS,
        Fault.FLOODS_FRAMES,
        Fault.DRIPS,
        Fault.ANSWERS_LATE,
        Fault.REBOOTS_AS_TWIN,
    }
)
"""Faults that are of the line's use."""

_MOMENT_OF = {"DATASET_OPEN": EXPORT, "WIPE_START": WIPE}


def start_terminal(device: Device, record: Recorder, faults: Faults, power: Power | None = None) -> PmpTerminal:
    """Put a device on its lines; where its faults say so, as one that misuses them.

    Args:
        device: The terminal; it has been started.
        record: Told what has an effect.
        faults: What is wrong with it.
        power: Its power supply; one that never fails where None.
    """
    if any(fault in faults for fault in LIES):
        return LyingTerminal(device, record, faults, power)
    return PmpTerminal(device, record, power)


class LyingPort(Port):
    """The terminal's end of a line that it misuses; see `simulators.pmp.endpoint.Port`."""

    _terminal: LyingTerminal

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._scanner = FrameScanner()
        self._session = 0
        self._now = 0.0
        self._held = b""
        self._next_drip = 0.0
        self._late: deque[tuple[float, bytes]] = deque(maxlen=MOST_HELD)
        self._dispatcher = _Late(self._dispatcher.answer, self)  # type: ignore[assignment]
        self._tag = self._batches = 0
        self._next_flood = 0.0

    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes as they came from the line."""
        self._now = now
        for frame in self._scanner.feed(data):
            self._session = frame.session
        super().receive_bytes(data, now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now, and more or less than that."""
        if self.wants(Fault.FLOODS_FRAMES):
            ping = build_frame(Frame(FrameKind.PING, self._session, 0, 0, b"", False, False))
            return (ping * FRAMES_AT_ONCE)[:limit]
        self._flood()
        if not self.wants(Fault.DRIPS):
            return super().bytes_to_send(limit)
        self._held += super().bytes_to_send()
        if not self._held or self._now < self._next_drip:
            return b""
        self._next_drip = self._now + DRIP_SECONDS
        drop, self._held = self._held[:1], self._held[1:]
        return drop

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted for the line's sake, or None."""
        deadlines = [super().next_deadline()]
        if self._held:
            deadlines.append(self._next_drip)
        if self._late:
            deadlines.append(self._late[0][0])
        if any(self.wants(fault) for fault in (Fault.FLOODS_EVENTS, Fault.FLOODS_ANSWERS, Fault.FLOODS_FRAMES)):
            deadlines.append(self._now + TURN_SECONDS)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Retransmit or give up, and send what was held back for long enough."""
        self._now = now
        super().handle_timeout(now)
        while self._late and now >= self._late[0][0]:
            _, message = self._late.popleft()
            if self._link.state is LinkState.OPEN:
                self._link.send_message(message, now)

    def wants(self, fault: Fault) -> bool:
        """Tell whether it is time for a fault."""
        return not self._terminal.reached.isdisjoint(self._faults.words(fault))

    def hold_back(self, answer: Answer, now: float) -> None:
        """Keep an answer until nobody waits for it any more."""
        self._late.append((now + LATE_SECONDS, answer.message))

    def _flood(self) -> None:
        if self._link.idle:
            self._batches = 0
        if self._link.state is not LinkState.OPEN or self._batches == MOST_BATCHES or self._now < self._next_flood:
            return
        self._batches += 1
        self._next_flood = self._now + FLOOD_SECONDS
        events, answers = self.wants(Fault.FLOODS_EVENTS), self.wants(Fault.FLOODS_ANSWERS)
        for _ in range(MESSAGES_AT_ONCE):
            if events:
                self.report((EventId.WIPE_PROGRESS, WipeProgress(0, 0, 1)), self._now)
            if answers:
                self._tag = self._tag % 0xFFFF + 1
                self._link.send_message(
                    build_message(Header(MessageKind.RESPONSE, ECHO.id, self._tag, 0), b"\0\0"), self._now
                )


class _Late:
    """Answers too late where it is time for that; stands in the place of a `simulators.pmp.dispatch.Dispatcher`."""

    def __init__(self, answer: Any, port: LyingPort) -> None:
        self._answer = answer
        self._port = port

    def answer(self, message: bytes, now: float) -> Answer | None:
        """Answer one message, or hold its answer back."""
        late = self._port.wants(Fault.ANSWERS_LATE)
        answer: Answer | None = self._answer(message, now)
        if answer is None or not late:
            return answer
        self._port.hold_back(answer, now)
        return None


class LyingTerminal(PmpTerminal):
    """A terminal whose ports misuse their lines, and that may start anew as another one after its wipe.

    Args:
        device: The terminal; it has been started.
        record: Told what has an effect.
        faults: What is wrong with it.
        power: Its power supply; one that never fails where None.
    """

    _port_kind = LyingPort

    def __init__(self, device: Device, record: Recorder, faults: Faults, power: Power | None = None) -> None:
        super().__init__(device, record, power)
        self._reboots = Fault.REBOOTS_AS_TWIN in faults
        self.reached: set[str] = set()
        """The moments from when on it misbehaves that have come."""

    def handle_timeout(self, now: float) -> None:
        """Let the device work, and start it anew where that is due."""
        super().handle_timeout(now)
        if self._reboots and WIPE in self.reached and self.device.wipe_status().state is WipeState.DONE:
            self._reboots = False
            self.restart()

    def observe(self, spec: CommandSpec[Any, Any], refusal: Refusal | None) -> None:
        """Record a command that has an effect, and note what has come."""
        super().observe(spec, refusal)
        if refusal is None and spec.name in _MOMENT_OF:
            self.reached.add(_MOMENT_OF[spec.name])
