"""A line taken from pmp to send a dataset by YMODEM or its kin (note pmp.md, Datasets by YMODEM)."""

from __future__ import annotations

from protocols.pmp.wire import FrameKind, FrameScanner, build_frame
from protocols.ymodem.codes import Variant
from protocols.ymodem.sender import Sender
from protocols.ymodem.states import SenderState
from simulators.faults import Fault, LineFaults
from simulators.pmp.device import DatasetView

NAME = b"dataset"
"""The file's name in block 0; nothing of the merchant or the terminal."""

_KEEPS = (FrameKind.ACK, FrameKind.PING)
"""Frames that do not mean that the agent is back in its session."""


class Handover:
    """Sends one dataset; over by its end, by a fault, or by the agent's next frame of pmp.

    Args:
        variant: The protocol.
        view: The dataset.
        faults: The line's faults.
        now: The present time in seconds.
    """

    def __init__(self, variant: Variant, view: DatasetView, faults: LineFaults, now: float) -> None:
        self._view = view
        self._faults = faults
        self._half_way = False
        self._recalled = False
        self._scanner = FrameScanner()
        size = view.size - 1 if Fault.SENDS_LESS in faults else view.size
        self._sender = Sender(variant, NAME, size, self._read)
        self._sender.start(now)
        self._now = now
        self._said_all = False

    @property
    def over(self) -> bool:
        """True where the session goes on."""
        return self._recalled or (self._ended and self._said_all)

    @property
    def _ended(self) -> bool:
        return self._sender.state is SenderState.OVER

    def receive_bytes(self, data: bytes, now: float) -> bytes:
        """Take bytes from the line.

        Returns:
            The frames of pmp among them, for the link.
        """
        self._now = now
        frames = self._scanner.feed(data)
        if any(frame.kind not in _KEEPS for frame in frames):
            self._recalled = True
            return b"".join(map(build_frame, frames))
        self._sender.receive_bytes(data, now)
        self._said_all = False
        return b""

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now; see `protocols.machine.Machine`."""
        if self._half_way and Fault.SENDING_CANCELLED in self._faults:
            self._sender.cancel()
        data = self._sender.bytes_to_send(limit)
        self._said_all = not data
        return b"" if self._half_way and Fault.SENDING_STOPS in self._faults else data

    def next_deadline(self) -> float | None:
        """Return when `handle_timeout` is wanted."""
        return self._now if self._ended else self._sender.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """Give up where the agent is silent."""
        self._now = now
        if not self._ended:
            self._sender.handle_timeout(now)
            self._said_all = False

    def _read(self, offset: int, length: int) -> bytes:
        self._half_way = self._half_way or offset + length > self._view.size // 2
        return self._view.read(offset, length)


def behind_frames(data: bytes) -> bytes:
    """Return what may be the agent's first question in bytes that began as frames of pmp: their last one, or nothing.

    Args:
        data: A chunk from the line.
    """
    frames = FrameScanner().feed(data)
    return b"" if frames and data.endswith(build_frame(frames[-1])) else data[-1:]
