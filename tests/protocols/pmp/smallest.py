"""The smallest terminal that the note pmp.md allows, written from the note alone: nothing of the protocols is used.

Window 1, frame payload 64, no capability but ESCAPED, no bitmap, no noise meter, no round trips, one lane of its own.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Callable

ACK, DATA, HELLO, ACCEPT, RESET, PING = range(6)
MORE, URGENT = 0x10, 0x20
PAYLOAD = 64
ESCAPED = 32


class SmallestTerminal:
    """A terminal that owns no clock and no line.

    Args:
        boot_id: Drawn at its start.
        answer: Makes the answer to a message.
    """

    def __init__(self, boot_id: int, answer: Callable[[bytes], bytes]) -> None:
        self._boot_id = boot_id
        self._answer = answer
        self._held = b""
        self._heard_at = 0.0
        self._escaped = False
        self._turned = 0
        self._session: int | None = None
        self.longest_held = 0
        self._begin(None)

    def _begin(self, session: int | None) -> None:
        self._session = session
        self._payload = PAYLOAD
        self._expected = 0  # the next number of the agent
        self._next = 0  # the next number of its own
        self._flying: bytes | None = None
        self._flying_flags = DATA
        self._due_at = 0.0
        self._time_out = 1.0
        self._expiries = 0
        self._credit = 1
        self._waiting = b""
        self._begun = {0: b"", URGENT: b""}

    # ------------------------------------------------------------------ frames
    def _frame(self, kind: int, payload: bytes = b"", sequence: int | None = None, session: int | None = None) -> bytes:
        numbers = (
            self._session if session is None else session,
            self._next if sequence is None else sequence,
            self._expected,
            len(payload),
        )
        header = bytes([0xA5, 1, kind]) + b"".join((number or 0).to_bytes(2, "big") for number in numbers)
        header += binascii.crc_hqx(header, 0).to_bytes(2, "big")
        frame = header + payload + zlib.crc32(header + payload).to_bytes(4, "big")
        if not self._escaped:
            return frame
        return b"".join(bytes([0x7D, byte ^ 0x20] if byte in b"\x11\x13\x91\x93\x7d" else [byte]) for byte in frame)

    def receive(self, data: bytes, now: float) -> bytes:
        """Take bytes from the line and return those to send."""
        if now - self._heard_at > 0.6:
            self._held = self._held[1:]
        self._heard_at = now
        out = b""
        for raw in data:
            byte = raw
            if self._escaped:
                if raw in b"\x11\x13\x91\x93":
                    continue
                if raw == 0x7D and not self._turned:
                    self._turned = 0x20
                    continue
                byte, self._turned = raw ^ self._turned, 0
            self._held += bytes([byte])
            while (size := self._wanted()) is not None and len(self._held) >= size:
                frame, rest = self._held[:size], self._held[size:]
                if zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "big"):
                    self._held = rest
                    out += self._take(frame, now)
                else:
                    self._held = self._held[1:]
            self.longest_held = max(self.longest_held, len(self._held))
        return out + self._send(now)

    def _wanted(self) -> int | None:
        """Throw away what begins no frame; return the size of the one that begins, once its header is there."""
        while self._held:
            at = self._held.find(0xA5)
            self._held = self._held[at:] if at >= 0 else b""
            if len(self._held) < 13:
                return None
            length = int.from_bytes(self._held[9:11], "big")
            whole = binascii.crc_hqx(self._held[:11], 0) == int.from_bytes(self._held[11:13], "big")
            if whole and self._held[1] == 1 and self._held[2] & 0xCF <= 6 and length <= self._payload:
                return 17 + length
            self._held = self._held[1:]
        return None

    def _take(self, frame: bytes, now: float) -> bytes:
        kind, payload = frame[2] & 0x0F, frame[13:-4]
        session, sequence, acknowledged = (int.from_bytes(frame[at : at + 2], "big") for at in (3, 5, 7))
        if kind == HELLO:
            return self._hello(session, payload)
        if self._session is None:
            return self._frame(RESET, session=session) if kind in (DATA, PING) else b""
        if session != self._session:
            return b""
        if kind == RESET:
            self._begin(None)
            return b""
        if kind in (ACK, DATA, PING):
            if self._flying is not None and acknowledged == (self._next + 1) % 65_536:
                self._next = acknowledged
                self._flying = None
                self._time_out, self._expiries = 1.0, 0
            if kind == ACK and len(payload) >= 2:
                self._credit = payload[1]
        if kind == DATA and sequence == self._expected:
            self._expected = (self._expected + 1) % 65_536
            self._join(frame[2], payload)
        # Of two ways to say so it takes the simpler one: an ACK each time, DATA or not.
        return self._frame(ACK, bytes([0, 1])) if kind in (DATA, PING) else b""

    def _hello(self, session: int, payload: bytes) -> bytes:
        if len(payload) != 9:
            return b""
        lowest, highest, wanted, window = payload[0], payload[1], int.from_bytes(payload[2:4], "big"), payload[4]
        if not lowest <= 1 <= highest:
            return self._frame(RESET, session=session)
        if not 64 <= wanted <= 16_384 or not 1 <= window <= 128:
            return b""
        if session != self._session:
            self._begin(session)
        granted = int.from_bytes(payload[5:9], "big") & ESCAPED
        self._escaped, self._turned = granted != 0, 0
        numbers = granted.to_bytes(4, "big") + self._boot_id.to_bytes(4, "big")
        accept = b"\x01" + self._payload.to_bytes(2, "big") + b"\x01" + numbers
        return self._frame(ACCEPT, accept)

    def _join(self, flags: int, payload: bytes) -> None:
        lane = flags & URGENT
        if not payload:
            self._begun[lane] = b""
            return
        self._begun[lane] += payload
        if not flags & MORE:
            message, self._begun[lane] = self._begun[lane], b""
            self._waiting += self._answer(message)  # this terminal's peer asks one thing at a time

    # ------------------------------------------------------------------ its own DATA
    def _send(self, now: float) -> bytes:
        if self._flying is not None or not self._waiting or self._session is None:
            return b""
        if not self._credit:
            self._due_at = self._due_at if self._due_at > now else now + 1.0
            return b""
        self._flying, self._waiting = self._waiting[: self._payload], self._waiting[self._payload :]
        self._flying_flags = DATA | (MORE if self._waiting else 0)
        self._due_at = now + self._time_out
        return self._frame(self._flying_flags, self._flying)

    @property
    def deadline(self) -> float | None:
        """When `tick` is wanted."""
        return self._due_at if self._flying is not None or self._waiting else None

    def tick(self, now: float) -> bytes:
        """Return what the time that has passed makes it send."""
        if self.deadline is None or now < self._due_at:
            return b""
        if self._flying is None:
            self._due_at = now + 1.0
            return self._frame(PING)
        self._expiries += 1
        if self._expiries >= 9:
            self._begin(None)
            return b""
        self._time_out = min(8.0, self._time_out * 2)
        self._due_at = now + self._time_out
        return self._frame(self._flying_flags, self._flying)
