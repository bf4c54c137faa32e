"""The sending end of XMODEM-1K, YMODEM and YMODEM-G: it answers what the receiver asks for (7.3.1: receiver driven)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from protocols.errors import DeadlineExceeded, LinkLost, LocalProtocolError, ProtocolError, RemoteProtocolError
from protocols.ymodem import codes
from protocols.ymodem.blocks import build_block
from protocols.ymodem.codes import Variant
from protocols.ymodem.events import SenderEvent, TransferCancelled, TransferDone, TransferFailed
from protocols.ymodem.header import FileHeader, build_header
from protocols.ymodem.states import SENDER_TRANSITIONS, Trigger
from protocols.ymodem.states import SenderState as State

STREAM_BYTES = 65_536
"""Most that a streaming sender gives out at once where its owner names no limit."""

STREAM_PAUSE = 0.01
"""Seconds after which a streaming sender wants to be asked for more."""

ReadFile = Callable[[int, int], bytes]
"""Returns so many bytes (second) of the file from an offset (first)."""

_UNDER_WAY = (State.HEADER, State.SENDING, State.ENDING, State.LAST)
_WAITING = (State.OPENING, State.READY, State.CLOSING)


class Sender:
    """Sends one file; a `protocols.machine.Machine` of `SenderEvent`.

    One block is kept, and the file is read block by block. A sender of YMODEM-G streams where the receiver asks for
    it, and is then served as fast as `bytes_to_send` is called: its `next_deadline` is hardly later than now.

    Args:
        variant: The protocol; YMODEM-G also serves a receiver that asks for YMODEM.
        name: Goes into block 0; nothing personal, no path.
        size: Bytes of the file.
        read: Reads the file.
    """

    def __init__(self, variant: Variant, name: bytes, size: int, read: ReadFile) -> None:
        self._variant = variant
        self._header = build_header(FileHeader(name, size))
        self._size = size
        self._read = read
        self._state = State.IDLE
        self._events: deque[SenderEvent] = deque()
        self._crc = True
        self._streaming = False
        self._block = b""
        self._due = False
        self._number = 0
        self._offset = 0
        self._next_offset = 0
        self._tries = 0
        self._acknowledged = False
        self._cancels = 0
        self._progress_at = 0.0
        self._abort = b""
        self._heard = 0

    @property
    def state(self) -> State:
        """Where the transfer is."""
        return self._state

    def start(self, now: float) -> None:
        """Be ready for the receiver's first question.

        Args:
            now: The present time in seconds.

        Raises:
            LocalProtocolError: It was started before.
        """
        if self._state is not State.IDLE:
            raise LocalProtocolError("a sender is started once")
        self._move(Trigger.START_BATCH if self._variant.batch else Trigger.START_FILE)
        self._progress_at = now

    def cancel(self) -> None:
        """Give up, and tell the receiver so; there is no event."""
        if self._state not in (State.IDLE, State.OVER):
            self._over(codes.ABORT)

    # ------------------------------------------------------------------ machine
    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes as they came from the line; see `protocols.machine.Machine`."""
        for code in data:
            if self._state in (State.IDLE, State.OVER):
                return
            self._heard += 1
            self._cancels = self._cancels + 1 if code == codes.CAN else 0
            if self._cancels == 2:
                self._fail(TransferCancelled())
            else:
                self._take(code, now)

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now, and forget it; a block is never cut. See `protocols.machine.Machine`.

        Raises:
            LocalProtocolError: The file gave another number of bytes than it was asked for.
        """
        out = bytearray(self._abort)
        self._abort = b""
        most = STREAM_BYTES if limit is None else limit
        while self._due and len(out) < most:
            out += self._block
            self._due = False
            if self._streaming:
                self._stream_on()
        return bytes(out)

    def next_event(self) -> SenderEvent | None:
        """Return the oldest event that was not taken yet, or None."""
        return self._events.popleft() if self._events else None

    def next_deadline(self) -> float | None:
        """Return the time at which `handle_timeout` wants to be called, or None."""
        if self._state in (State.IDLE, State.OVER):
            return None
        if self._streaming and self._due:
            return self._progress_at + STREAM_PAUSE
        return self._progress_at + codes.SENDER_SECONDS

    def handle_timeout(self, now: float) -> None:
        """Give up after a minute without a sensible answer (7.3.3); see `protocols.machine.Machine`."""
        if self._state in (State.IDLE, State.OVER):
            return
        if self._streaming and self._due:
            self._progress_at = now  # it is the line that is slow
        elif now >= self._progress_at + codes.SENDER_SECONDS:
            if self._state in (State.OPENING, State.READY) and not self._number and not self._acknowledged:
                self._fail(LinkLost("nobody asks for the file", answered=False, noise=self._heard), codes.ABORT)
            else:
                self._fail(DeadlineExceeded(f"{self._variant.value} block", codes.SENDER_SECONDS), codes.ABORT)

    # ------------------------------------------------------------------ answers of the receiver
    def _take(self, code: int, now: float) -> None:
        if self._state in _WAITING:
            if self._mode_asked(code):
                self._progress(now)
                self._move(Trigger.ASKED)
                self._make_block()
        elif self._due:
            # What came before the block went out answers something else; only the first question may still change.
            if self._state is State.SENDING and not self._acknowledged and self._mode_asked(code):
                self._make_block()
        elif self._streaming and self._state is not State.ENDING:
            return
        elif code == codes.ACK:
            self._progress(now)
            self._acknowledge()
        elif code == codes.NAK or (code in (codes.ASK_CRC, codes.ASK_STREAM) and self._may_be_asked):
            if code == codes.ASK_CRC and not self._crc:
                self._crc = True  # what was taken for a NAK was none: who uses the checksum asks no more for a CRC
                self._make_block()
            self._again()

    def _mode_asked(self, code: int) -> bool:
        """Tell whether a byte asks for what this sender can give, and in which way (6, 8.2.3)."""
        if code == codes.ASK_CRC:
            self._crc, self._streaming = True, False
        elif code == codes.ASK_STREAM and self._variant is Variant.YMODEM_G:
            self._crc, self._streaming = True, True
        elif code == codes.NAK and not self._variant.batch:
            self._crc, self._streaming = False, False
        else:
            return False
        return True

    @property
    def _may_be_asked(self) -> bool:
        """8.2.3: a question repeats what is under way until its first ACK; later it is noise."""
        return self._state is not State.SENDING or not self._acknowledged

    def _acknowledge(self) -> None:
        if self._state is State.SENDING:
            self._acknowledged = True
            self._offset = self._next_offset
            self._number += 1
        self._move(Trigger.ACK)
        if self._state is State.CLOSING and not self._variant.batch:
            self._move(Trigger.NO_BATCH)
        if self._state is State.OVER:
            self._events.append(TransferDone(self._size))
        elif self._state in _UNDER_WAY:
            self._make_block()

    def _again(self) -> None:
        self._tries += 1
        if self._tries > codes.RETRIES:
            self._fail(RemoteProtocolError("a block refused again and again"), codes.ABORT)
        else:
            self._due = True

    def _progress(self, now: float) -> None:
        self._progress_at = now
        self._tries = 0

    # ------------------------------------------------------------------ what is sent
    def _make_block(self) -> None:
        """Build what the state wants on the line."""
        if self._state is State.SENDING and self._offset >= self._size:
            self._move(Trigger.ALL_SENT)
        if self._state is State.HEADER:
            self._block = build_block(0, self._header, crc=True)
        elif self._state is State.SENDING:
            self._number = max(1, self._number)
            self._block = build_block(self._number, self._next_data(), self._crc)
        elif self._state is State.ENDING:
            self._block = bytes([codes.EOT])
        else:
            self._block = build_block(0, build_header(FileHeader(b"")), crc=True)
        self._due = True

    def _next_data(self) -> bytes:
        length = min(codes.LONG_BLOCK, self._size - self._offset)
        data = self._read(self._offset, length)
        if len(data) != length:
            raise LocalProtocolError(f"a file gave {len(data)} bytes of {length}")
        self._next_offset = self._offset + length
        size = codes.SHORT_BLOCK if length <= codes.SHORT_BLOCK else codes.LONG_BLOCK
        return data.ljust(size, bytes([codes.PADDING]))

    def _stream_on(self) -> None:
        """Take a block as acknowledged where none is waited for; the EOT is (6, figure 8)."""
        if self._state in (State.HEADER, State.SENDING, State.LAST):
            self._acknowledge()

    # ------------------------------------------------------------------ the end
    def _fail(self, fault: ProtocolError, answer: bytes = b"") -> None:
        self._events.append(TransferFailed(fault))
        self._over(answer)

    def _over(self, answer: bytes) -> None:
        self._move(Trigger.FAULT)
        self._due = False
        self._abort = answer

    def _move(self, trigger: Trigger) -> None:
        self._state = SENDER_TRANSITIONS[self._state, trigger]
