"""A serial port that may be unplugged for a while: the same device is waited for, and the link on it goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.errors import LinkFault, UsageFault
from agent.transport.open_serial import open_serial
from agent.transport.ports import SerialPort, list_ports
from agent.transport.remark import LineRemark, Told, nobody
from agent.transport.serial_line import SerialTransport, Unplugged
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

PATIENCE_SECONDS = 30
GONE = f"serial line lost: unplugged, and not back within {PATIENCE_SECONDS} s"
_LOOK_SECONDS = 0.25
_PSEUDO_TERMINALS = ("/dev/pts/", "/dev/ttys")


class ReplugTransport:
    """A serial port, opened again when it comes back; see `agent.transport.base.Transport`.

    An unplugged line reads nothing, swallows what is written (the link sends it again) and has no descriptor, so that
    whoever serves it comes to `read`. There the port is waited for: the same device under its old name, under the name
    that its symbolic link led to, or under another name with the same USB serial number, or else in the same socket.

    Args:
        target: What to open.
        told: Is told that the line was unplugged, and that it is back.
        opening: Opens a port.
        ports: Lists the ports of this machine.
        clock: Seconds that only grow.
        sleep: Lets so many seconds pass.

    Raises:
        UsageFault: See `agent.transport.open_serial.open_serial`.
        LinkFault: See there.
    """

    def __init__(
        self,
        target: SerialTarget,
        told: Told = nobody,
        *,
        opening: Callable[[SerialTarget], SerialTransport] = open_serial,
        ports: Callable[[], Sequence[SerialPort]] = list_ports,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target = target
        self._told = told
        self._opening = opening
        self._ports = ports
        self._clock = clock
        self._sleep = sleep
        self._line = opening(target)
        self._device = os.path.realpath(self._line.device)
        self._known = self._listed(self._device)
        self._lost_at: float | None = None
        self._away = 0.0
        self._given_up = False

    def now(self) -> float:
        """Return a time that stands still while the line is unplugged, so that nobody's patience ends meanwhile."""
        return (self._clock() if self._lost_at is None else self._lost_at) - self._away

    @property
    def description(self) -> str:
        """Port and speed."""
        return self._line.description

    @property
    def baud(self) -> int | None:
        """Bits per second, as last set."""
        return self._line.baud

    @property
    def highest_baud(self) -> int:
        """Most that may be tried on this line."""
        return self._line.highest_baud

    @property
    def escaped(self) -> bool:
        """Whether the line takes XON and XOFF for itself."""
        return self._line.escaped

    @property
    def descriptor(self) -> int | None:
        """The port's; None where it has none, or is unplugged."""
        return self._line.descriptor if self._lost_at is None else None

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        """Wait for bytes; where the line is unplugged, for its return instead, up to 30 s.

        Raises:
            LinkLost: It did not come back.
        """
        if self._lost_at is None:
            try:
                return self._line.read(max_bytes, timeout_seconds)
            except Unplugged:
                self._lose()
        self._wait_for_return()
        return b""

    def read_now(self, max_bytes: int) -> bytes:
        """Take what is there; nothing where the line is unplugged."""
        if self._lost_at is None:
            try:
                return self._line.read_now(max_bytes)
            except Unplugged:
                self._lose()
        return b""

    def write(self, data: bytes) -> None:
        """Hand bytes to the port; they are lost where it is unplugged."""
        if self._lost_at is None:
            try:
                self._line.write(data)
            except Unplugged:
                self._lose()

    def write_now(self, data: bytes) -> int:
        """Hand over what the port takes; all of it is lost where the line is unplugged."""
        if self._lost_at is None:
            try:
                return self._line.write_now(data)
            except Unplugged:
                self._lose()
        return len(data)

    def set_baud(self, baud: int) -> bool:
        """Switch the line; False where it is unplugged, since then it keeps the speed it had."""
        if self._lost_at is None:
            try:
                return self._line.set_baud(baud)
            except Unplugged:
                self._lose()
        return False

    def close(self) -> None:
        """Free the port."""
        self._line.close()

    # ------------------------------------------------------------------ helpers
    def _lose(self) -> None:
        # The port stays open until its owner comes to `read`: a loop may still watch its descriptor.
        self._lost_at = self._clock()

    def _wait_for_return(self) -> None:
        if self._given_up:
            raise LinkLost(GONE)
        lost_at = self._clock() if self._lost_at is None else self._lost_at
        baud = self._line.baud or self._target.baud
        self._line.close()
        self._told(LineRemark("unplugged", {"port": self._target.port, "seconds": PATIENCE_SECONDS}))
        while (line := self._reopened(baud)) is None:
            if self._clock() - lost_at >= PATIENCE_SECONDS:
                self._given_up = True
                raise LinkLost(GONE)
            self._sleep(_LOOK_SECONDS)
        self._line = line
        self._away += self._clock() - lost_at
        self._lost_at = None
        self._told(LineRemark("replugged", {"port": self._target.port}))

    def _reopened(self, baud: int) -> SerialTransport | None:
        for name, url in self._candidates():
            try:
                return self._opening(replace(self._target, port=name, url=url, baud=baud))
            except (LinkFault, UsageFault):  # not there yet, or the system has not given us leave yet
                continue
        return None

    def _candidates(self) -> list[tuple[str, bool]]:
        """Return under which names the device may be back, and whether each is a URL."""
        if self._known is None:
            names = [(self._target.port, self._target.url)]
            # The number of a pseudo-terminal is soon another's, such as somebody's shell.
            return names if self._device.startswith(_PSEUDO_TERMINALS) else [*names, (self._device, False)]
        return [(port.device, False) for port in self._ports() if _same(self._known, port)]

    def _listed(self, device: str) -> SerialPort | None:
        """Return what the system says of a port, where that tells it from all others."""
        for port in self._ports():
            if os.path.realpath(port.device) == device and (port.serial_number or port.usb_location):
                return port
        return None


def _same(known: SerialPort, port: SerialPort) -> bool:
    if known.serial_number:
        return port.serial_number == known.serial_number and port.description == known.description
    return not port.serial_number and port.usb_location == known.usb_location
