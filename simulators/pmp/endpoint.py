"""A simulated terminal as its lines see it: a device and one port for each line, without any input or output.

All ports show the same device. What it reports by itself goes to every port that has a session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from protocols.command import CommandSpec, Effect
from protocols.pmp.channel import OpenChannel
from protocols.pmp.commands import EVENTS, Header, build_message
from protocols.pmp.facts import MessageKind, Refusal
from protocols.pmp.handshake import Capability
from protocols.pmp.link import (
    Lane,
    Link,
    LinkClosed,
    LinkOpened,
    LinkSettings,
    LinkState,
    MessageReceived,
    Role,
    SpeedChange,
)
from simulators.faults import Faults, LineFaults
from simulators.pmp.device import Device, DeviceEvent
from simulators.pmp.dispatch import Dispatcher
from simulators.pmp.handover import Handover, behind_frames
from simulators.pmp.services import Services
from simulators.power import Power, PowerPoint

RESTART_PATIENCE = 2.0
Recorder = Callable[..., None]


class Port:
    """One line's end inside the terminal; a `protocols.machine.Machine` without events.

    Args:
        terminal: What it belongs to.
        settings: What the line is ready to carry.
        faults: What they make of the bytes that go out.
        channel: Makes the private channel of a session; None where the terminal has no private links.
        private_only: Whether sessions on a plain link are ended at once.
        datasets: By which protocol datasets are sent; see `simulators.pmp.services.Services`.
    """

    def __init__(
        self,
        terminal: PmpTerminal,
        settings: LinkSettings,
        faults: LineFaults,
        channel: OpenChannel | None = None,
        *,
        private_only: bool = False,
        datasets: str = "pmp",
    ) -> None:
        self._channel = channel
        self._private_only = private_only
        self._served = False
        self._terminal = terminal
        self._settings = settings
        self._faults = faults
        self._services = Services(terminal.device, datasets)
        self._dispatcher = Dispatcher(self._services.handlers, terminal.observe)
        self._link = self._fresh_link()
        self._hang_up = False
        self.speed_wanted: int | None = None
        """Bits per second that the line has to take once what was handed over has left it; then `speed_changed`."""
        self._handover: Handover | None = None
        self._answering = False  # an answer was sent, and has not arrived yet

    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes as they came from the line."""
        if self._handover is not None:
            data = self._handover.receive_bytes(data, now)
            self._take_back_line(now)
        if not data:
            return
        self._link.receive_bytes(data, now)
        self._serve(now)
        if self._services.sending is not None and self._link.idle:
            self._handover = Handover(*self._services.sending, self._faults, now)  # our answer has arrived
            self._services.sending = None
            self._handover.receive_bytes(behind_frames(data), now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now, and forget it; see `protocols.machine.Machine`."""
        if self._handover is not None:
            return self._faults.outgoing(self._handover.bytes_to_send(limit))
        return self._faults.outgoing(self._link.bytes_to_send(limit))

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted for the line's sake, or None."""
        if self._handover is not None:
            return self._handover.next_deadline()
        return self._link.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """Retransmit or give up."""
        if self._handover is not None:
            self._handover.handle_timeout(now)
            self._take_back_line(now)
            return
        self._link.handle_timeout(now)
        self._serve(now)

    def speed_changed(self, now: float) -> None:
        """Take note that the line has the speed that was wanted."""
        self.speed_wanted = None
        self._link.speed_changed(now)
        self._serve(now)

    def line_lost(self) -> None:
        """Forget the session: the line was closed, or another one took its place."""
        self._link = self._fresh_link()
        self._session_over()

    def restart(self) -> None:
        """Forget everything, as a terminal that starts anew; the line is hung up."""
        self._link = self._fresh_link()
        self._handover = None
        self._services.reset()
        self._hang_up = True
        self.speed_wanted = self._settings.baud or None  # a terminal that starts sets its port up anew

    def take_hang_up(self) -> bool:
        """Tell once whether the terminal has let go of the line."""
        wanted, self._hang_up = self._hang_up, False
        return wanted

    def _take_back_line(self, now: float) -> None:
        """Go on with the session where the transfer is over."""
        if self._handover is not None and self._handover.over:
            self._handover = None
            self._link.resume(now)

    def end_views(self) -> None:
        """Close the datasets that are open in this session."""
        self._services.end_views()

    def report(self, event: DeviceEvent, now: float) -> None:
        """Send an event, where there is a session to send it to."""
        if self._link.state is LinkState.OPEN:
            number, body = event
            self._link.send_message(
                build_message(Header(MessageKind.EVENT, number, 0, 0), EVENTS[number].build(body)), now
            )

    def _note_arrival(self) -> None:
        """Tell the power supply of an answer that has arrived."""
        if self._answering and self._link.idle:
            self._answering = False
            self._terminal.power.passes(PowerPoint.AFTER_ANSWER)

    def _serve(self, now: float) -> None:
        self._note_arrival()  # it may have come with the next command
        while (event := self._link.next_event()) is not None:
            if isinstance(event, SpeedChange):
                self.speed_wanted = event.baud
            if isinstance(event, LinkOpened | LinkClosed):
                self._session_over()
            if isinstance(event, LinkOpened):
                agreed = event.settings.capabilities
                self._services.binding = event.binding
                self._services.packing = Capability.PACKING in agreed
                self._services.raw = not agreed & (Capability.PRIVATE | Capability.ESCAPED)
                self._served = bool(event.binding) or not self._private_only
                if not self._served:
                    self._link.close()
            if not isinstance(event, MessageReceived) or not self._served:
                continue
            self._services.sending = None  # whoever asks for something else does not wait for a dataset
            self._terminal.power.passes(PowerPoint.BEFORE_COMMAND)
            answer = self._dispatcher.answer(event.data, now)
            self._terminal.power.passes(PowerPoint.AFTER_COMMAND)
            for handle in self._services.take_closed():
                self._link.cancel(handle)  # nobody waits for the rest of a dataset that was closed
            if answer is not None and self._link.state is LinkState.OPEN:
                lane = Lane.BULK if answer.bulk else Lane.URGENT
                self._link.send_message(answer.message, now, lane, answer.handle if answer.bulk else None)
                self._answering = True
            self._terminal.report_events(now)
            if self._services.views_ended:
                self._terminal.end_views()
            if self._services.restart_wanted:
                self._terminal.restart_soon(now)
        self._note_arrival()
        if self._services.restart_wanted and self._link.idle:
            self._terminal.restart()  # the answer has arrived

    def _session_over(self) -> None:
        """Forget what belonged to a session that ended, maybe because another one begins."""
        restart = self._services.restart_wanted
        self._services.reset()
        self._handover = None
        if restart:
            self._terminal.restart()  # nobody is left to wait for

    def _fresh_link(self) -> Link:
        return Link(Role.TERMINAL, self._settings, boot_id=self._terminal.device.boot_id, channel=self._channel)


class PmpTerminal:
    """A device with its ports.

    Args:
        device: The terminal; it has been started.
        record: Called with a word and facts for everything that had an effect.
        power: Its power supply; one that never fails where None.
    """

    _port_kind: type[Port] = Port

    def __init__(self, device: Device, record: Recorder, power: Power | None = None) -> None:
        self.device = device
        self.power = power or Power(Faults(), lambda: None)
        self._record = record
        self._ports: list[Port] = []
        self._restart_at: float | None = None

    def open_port(
        self,
        settings: LinkSettings,
        faults: LineFaults,
        channel: OpenChannel | None = None,
        *,
        private_only: bool = False,
        datasets: str = "pmp",
    ) -> Port:
        """Add a port for one more line."""
        port = self._port_kind(self, settings, faults, channel, private_only=private_only, datasets=datasets)
        self._ports.append(port)
        return port

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted for the device's sake, or None. Each port has its own besides."""
        deadlines = (self.device.next_deadline(), self._restart_at)
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Let the device work, and restart it where that is due."""
        self.device.advance(now)
        self.report_events(now)
        if self._restart_at is not None and now >= self._restart_at:
            self.restart()

    def restart(self) -> None:
        """Start anew: every session ends."""
        self._restart_at = None
        self.device.boot()
        self.device.take_events()
        for port in self._ports:
            port.restart()

    def end_views(self) -> None:
        """Close the datasets of every session, because their memory is about to go."""
        for port in self._ports:
            port.end_views()

    def report_events(self, now: float) -> None:
        """Send what the device reports by itself to every port."""
        for event in self.device.take_events():
            for port in self._ports:
                port.report(event, now)

    def restart_soon(self, now: float) -> None:
        """Restart when the answer to the command was acknowledged, or after a while without that."""
        if self._restart_at is None:
            self._restart_at = now + RESTART_PATIENCE

    def observe(self, spec: CommandSpec[Any, Any], refusal: Refusal | None) -> None:
        """Record a command that has an effect, by its name and answer only (I4)."""
        if spec.effect is not Effect.READ:
            self._record("command", command=spec.name, answer="OK" if refusal is None else refusal.name)
