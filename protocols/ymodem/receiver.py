"""The receiving end of XMODEM-1K, YMODEM and YMODEM-G: it asks, checks, acknowledges, and gives the bytes out."""

from __future__ import annotations

from collections import deque

from protocols.errors import DeadlineExceeded, LinkLost, LocalProtocolError, ProtocolError, RemoteProtocolError
from protocols.ymodem import codes
from protocols.ymodem.blocks import Block, BlockReader, Broken, Cancelled, Ended, Found, Stray
from protocols.ymodem.codes import Variant
from protocols.ymodem.events import DataReceived, HeaderReceived, ReceiverEvent, TransferCancelled
from protocols.ymodem.events import TransferDone as Done
from protocols.ymodem.events import TransferFailed as Failed
from protocols.ymodem.header import parse_header
from protocols.ymodem.states import RECEIVER_TRANSITIONS, Trigger
from protocols.ymodem.states import ReceiverState as State

TAIL_BYTES = 32
"""How much of what came last is kept to find an abort in it."""

_FIRST = (State.OPENING, State.READY, State.CLOSING)
"""States in which the next block is the first of something, so that it is asked for and not refused."""


class Receiver:
    """Receives one file; a `protocols.machine.Machine` of `ReceiverEvent`.

    At most one unfinished block is kept. The events of what was fed last are for the owner to take before it feeds
    more. After the last event `bytes_to_send` still gives out the last answer, which has to go on the line.

    Args:
        variant: The protocol.
        limit: Most bytes the file may have; a longer one is refused.
        size: Bytes of the file where they are known; a sender that announces or sends another number is refused.
    """

    def __init__(self, variant: Variant, limit: int, size: int | None = None) -> None:
        self._variant = variant
        self._limit = limit
        self._wanted = size
        self._length = size
        self._state = State.IDLE
        self._reader = BlockReader(crc=True)
        self._events: deque[ReceiverEvent] = deque()
        self._out = bytearray()
        self._tail = b""
        self._expected = 0
        self._received = 0
        self._padded = False
        self._heard = 0
        self._faults = 0
        self._unheard = 0
        self._began = 0.0
        self._last_byte = 0.0
        self._wait_until = 0.0
        self._block_since: float | None = None
        self._purge_since: float | None = None
        self._clear_after = codes.CLEAR_SECONDS

    @property
    def state(self) -> State:
        """Where the transfer is."""
        return self._state

    @property
    def received(self) -> int:
        """Bytes of the file so far."""
        return self._received

    def start(self, now: float) -> None:
        """Ask for the file.

        Args:
            now: The present time in seconds.

        Raises:
            LocalProtocolError: It was started before.
        """
        if self._state is not State.IDLE:
            raise LocalProtocolError("a receiver is started once")
        self._move(Trigger.START_BATCH if self._variant.batch else Trigger.START_FILE)
        self._expected = 0 if self._variant.batch else 1
        self._began = now
        self._ask(now)

    def cancel(self) -> None:
        """Give up, and tell the sender so; there is no event."""
        if self._state not in (State.IDLE, State.OVER):
            self._over(codes.ABORT)

    # ------------------------------------------------------------------ machine
    def receive_bytes(self, data: bytes, now: float) -> None:
        """Take bytes as they came from the line; see `protocols.machine.Machine`."""
        if not data or self._is_still:
            return
        self._last_byte = now
        self._heard += len(data)
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        if self._purge_since is not None:
            return  # 7.4: until the line is clear
        self._reader.feed(data)
        while (found := self._next_found()) is not None:
            self._block_since = None
            self._take(found, now)
        if self._block_since is None and self._reader.inside:
            self._block_since = now

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        """Return what has to go on the line now, at most a few bytes; see `protocols.machine.Machine`."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def next_event(self) -> ReceiverEvent | None:
        """Return the oldest event that was not taken yet, or None."""
        return self._events.popleft() if self._events else None

    def next_deadline(self) -> float | None:
        """Return the time at which `handle_timeout` wants to be called, or None."""
        if self._is_still:
            return None
        if self._purge_since is not None:
            return min(self._last_byte + self._clear_after, self._purge_since + codes.PURGE_SECONDS)
        if self._block_since is not None:
            return min(self._last_byte + codes.CHARACTER_SECONDS, self._block_since + codes.BLOCK_SECONDS)
        return self._wait_until

    def handle_timeout(self, now: float) -> None:
        """Ask again, refuse what did not become a block, or give up; see `protocols.machine.Machine`."""
        deadline = self.next_deadline()
        if deadline is None or now < deadline:
            return
        if self._purge_since is None and self._block_since is None:
            self._missing(now)
            return
        reason = "" if self._purge_since is not None else "a block that does not end"
        self._purge_since = self._block_since = None
        self._reader.drop()
        if self._tail.rstrip(bytes([codes.BS])).endswith(codes.ABORT):
            self._fail(TransferCancelled())  # the peer gave up inside a block
        elif not reason or self._may_go_on(reason):
            self._repeat(now)

    # ------------------------------------------------------------------ what came
    def _next_found(self) -> Found | None:
        return None if self._is_still or self._purge_since is not None else self._reader.find()

    def _take(self, found: Found, now: float) -> None:
        match found:
            case Block():
                self._take_block(found, now)
            case Ended():
                self._take_end(now)
            case Cancelled():
                self._fail(TransferCancelled())
            case Broken():
                self._purge(found.reason, now, codes.SETTLE_SECONDS if found.whole else codes.CLEAR_SECONDS)
            case Stray():
                # What a program prints before it begins to send is no error; `_missing` bounds it.
                if self._heard_nothing_yet:
                    return
                self._purge("bytes between blocks", now, codes.CLEAR_SECONDS)

    def _take_block(self, block: Block, now: float) -> None:
        if block.number != self._expected % codes.BLOCK_NUMBERS:
            before = (self._expected - 1) % codes.BLOCK_NUMBERS
            repeated = block.number == before and self._expected > (0 if self._variant.batch else 1)
            if repeated and not self._streaming:
                # 7.3.2: our ACK was lost.
                if self._may_go_on("a block repeated again and again"):
                    self._acknowledge(now)
                return
            self._fail(RemoteProtocolError("a block with another number than the next"), codes.ABORT)
            return
        try:
            if self._state in (State.OPENING, State.CLOSING):
                self._take_header(block.data, now)
            else:
                self._take_data(block.data, now)
        except RemoteProtocolError as fault:
            self._fail(fault, codes.ABORT)

    def _take_header(self, data: bytes, now: float) -> None:
        header = parse_header(data)
        if not header.name:
            if self._state is State.OPENING:
                self._fail(RemoteProtocolError("the sender has no file"), bytes([codes.ACK]))
                return
            self._move(Trigger.EMPTY_HEADER)
            self._finish(b"" if self._streaming else bytes([codes.ACK]))
            return
        if self._state is State.CLOSING:
            raise RemoteProtocolError("a second file")
        if header.length is not None:
            if self._wanted is not None and header.length != self._wanted:
                raise RemoteProtocolError("block 0: another length than was announced")
            self._length = header.length
        if self._length is not None and self._length > self._limit:
            raise RemoteProtocolError("block 0: a file longer than it may be")
        self._events.append(HeaderReceived(header))
        self._move(Trigger.HEADER)
        self._advance(now)

    def _take_data(self, data: bytes, now: float) -> None:
        if self._length is not None:
            room = self._length - self._received
            if room <= 0:
                # 7.2: one more block of nothing but padding may follow a file that fills its last block.
                if self._padded or data.strip(bytes([codes.PADDING, 0])):
                    raise RemoteProtocolError("more bytes than were announced")
                self._padded = True
            data = data[: max(0, room)]
        elif self._received + len(data) > self._limit:
            raise RemoteProtocolError("a file longer than it may be")
        self._received += len(data)
        if data:
            self._events.append(DataReceived(data))
        self._move(Trigger.BLOCK)
        self._advance(now)

    def _advance(self, now: float) -> None:
        """Go on to the next block: there was progress."""
        self._expected += 1
        self._faults = 0
        self._acknowledge(now)

    def _take_end(self, now: float) -> None:
        if self._state is State.OPENING:
            self._purge("EOT before a file", now, codes.CLEAR_SECONDS)
        elif self._state is State.CLOSING:
            if self._may_go_on("EOT again and again"):
                self._answer_end(now)  # our ACK was lost
        elif self._state is not State.ENDING and not self._streaming:
            # 5, figure 3: NAK for the first, because noise can look like it.
            self._move(Trigger.FIRST_EOT)
            self._send(codes.NAK, now, codes.RECEIVER_SECONDS)
        elif self._length is not None and self._received < self._length:
            self._fail(RemoteProtocolError("fewer bytes than were announced"), codes.ABORT)
        else:
            self._faults = 0
            self._move(Trigger.EOT)
            self._expected = 0
            self._answer_end(now)

    def _answer_end(self, now: float) -> None:
        self._out.append(codes.ACK)
        if self._variant.batch:
            self._ask(now)
        else:
            self._move(Trigger.NO_BATCH)
            self._finish(b"")

    # ------------------------------------------------------------------ answers
    @property
    def _is_still(self) -> bool:
        return self._state in (State.IDLE, State.OVER)

    @property
    def _streaming(self) -> bool:
        return self._variant is Variant.YMODEM_G

    @property
    def _heard_nothing_yet(self) -> bool:
        return self._expected == (0 if self._variant.batch else 1) and self._state in (State.OPENING, State.READY)

    def _send(self, code: int, now: float, wait: float) -> None:
        self._out.append(code)
        self._wait_until = now + wait

    def _ask(self, now: float) -> None:
        """Ask for the first block of something."""
        if not self._variant.batch and self._unheard >= codes.CRC_TRIES:
            self._reader.crc = False  # 8.2.1: the sender may know the checksum only
            self._send(codes.NAK, now, codes.RECEIVER_SECONDS)
            return
        soon = self._state is not State.READY or not self._variant.batch
        wait = codes.FIRST_SECONDS if soon else codes.RECEIVER_SECONDS
        self._send(codes.ASK_STREAM if self._streaming else codes.ASK_CRC, now, wait)

    def _acknowledge(self, now: float) -> None:
        """Say that a block is there; behind block 0 the file has to be asked for (5, figure 3; 6, figure 8)."""
        if not self._streaming:
            self._send(codes.ACK, now, codes.RECEIVER_SECONDS)
        self._wait_until = now + codes.RECEIVER_SECONDS
        if self._state is State.READY:
            self._ask(now)

    def _repeat(self, now: float) -> None:
        """Have the last block sent again."""
        if self._state in _FIRST:
            self._ask(now)
        else:
            self._send(codes.NAK, now, codes.RECEIVER_SECONDS)

    # ------------------------------------------------------------------ errors
    def _purge(self, reason: str, now: float, clear: float) -> None:
        """Wait for the line to clear, then ask again (7.4)."""
        self._reader.drop()
        if self._may_go_on(reason):
            self._purge_since, self._clear_after = now, clear

    def _may_go_on(self, reason: str) -> bool:
        """Count an error; False where it ended the transfer."""
        self._faults += 1
        # 6: where it streams, any error ends it; but what is heard before and behind the file is no error in it.
        fatal = self._streaming and self._state in (State.READY, State.RECEIVING)
        if self._faults <= codes.RETRIES and not fatal:
            return True
        self._fail(RemoteProtocolError(reason), codes.ABORT)
        return False

    def _missing(self, now: float) -> None:
        """Nothing came that begins a block."""
        if self._heard_nothing_yet:
            if now - self._began < codes.SENDER_SECONDS:
                self._unheard += 1
                self._ask(now)
            else:
                silent = LinkLost("nobody sends a file", answered=False, noise=self._heard)
                self._fail(silent, codes.ABORT)
            return
        self._faults += 1
        if self._state is State.CLOSING and self._faults >= codes.CLOSING_TRIES:
            self._move(Trigger.SILENCE)
            self._finish(b"")
        elif self._faults > codes.RETRIES or (self._streaming and self._state is State.RECEIVING):
            waited = codes.RECEIVER_SECONDS * self._faults
            self._fail(DeadlineExceeded(f"{self._variant.value} block", waited), codes.ABORT)
        else:
            self._repeat(now)

    def _fail(self, fault: ProtocolError, answer: bytes = b"") -> None:
        self._events.append(Failed(fault))
        self._over(answer)

    def _over(self, answer: bytes) -> None:
        self._move(Trigger.FAULT)
        self._out[:] = answer
        self._reader.drop()

    def _finish(self, answer: bytes) -> None:
        self._out += answer
        self._events.append(Done(self._received))
        self._reader.drop()

    def _move(self, trigger: Trigger) -> None:
        self._state = RECEIVER_TRANSITIONS[self._state, trigger]
