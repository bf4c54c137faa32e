"""A scripted terminal made of struct and zlib alone: it shares no code with what it tests."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence

ACK, DATA, HELLO, ACCEPT, RESET, PING = range(6)
MORE = 0x10
REQUEST, RESPONSE, EVENT = 1, 2, 3
CLEAN_AND_EMPTY = bytes([0, 8])  # no noise, room for eight frames

Message = bytes
Script = Callable[[int, int, bytes], Sequence[Message]]
"""From a request's command, tag and body to the messages that follow it."""


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM, bit by bit."""
    register = 0
    for octet in data:
        register ^= octet << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return register


def frame(kind: int, session: int, sequence: int, acknowledged: int, payload: bytes = b"", more: bool = False) -> bytes:
    """One frame."""
    header = struct.pack(
        ">BBBHHHH", 0xA5, 1, kind | (MORE if more else 0), session, sequence, acknowledged, len(payload)
    )
    header += struct.pack(">H", crc16(header))
    return header + payload + struct.pack(">I", zlib.crc32(header + payload))


def message(kind: int, command: int, tag: int, status: int = 0, body: bytes = b"") -> Message:
    """One message."""
    return struct.pack(">BBHHH", kind, 0, command, tag, status) + body


def text(value: str) -> bytes:
    """A text of the protocol."""
    encoded = value.encode("gb18030")
    return bytes([len(encoded)]) + encoded


def screen_body(serial: int, *lines: str, masked: bool = False) -> bytes:
    """The body of a screen."""
    return struct.pack(">IBBBB", serial, 16, 8, masked, len(lines)) + b"".join(text(line) for line in lines)


def identity_body(model: str = "haike-h60") -> bytes:
    """The body of an identity, made up."""
    words = ("9999990200000001", "HAIKE-TEST", model, "H60-B", "HKOS", "3.2.1", "H60-00000001")
    return b"".join(text(word) for word in words) + struct.pack(">II", 7, 0) + bytes(range(32))


class RawPeer:
    """Answers the handshake and each request as its script says.

    Args:
        script: What follows a request.
        frame_payload: Largest payload that it agrees to.
        accept: Whether it answers HELLO with ACCEPT; else with RESET, or with nothing (None).
    """

    def __init__(self, script: Script, *, frame_payload: int = 1024, accept: bool | None = True) -> None:
        self.requests: list[tuple[int, bytes]] = []
        self.hellos = 0
        self.resets = 0
        self.session = 0
        self.script = script
        self.before_take: Callable[[], None] = lambda: None
        self._payload = frame_payload
        self._accept = accept
        self._in = b""
        self._out = b""
        self._request = b""
        self._sequence = 0
        self._expected = 0

    def feed(self, data: bytes) -> None:
        self._in += data
        while len(self._in) >= 17:
            start, version, flags, session, sequence, _, length = struct.unpack(">BBBHHHH", self._in[:11])
            assert (start, version) == (0xA5, 1)
            assert struct.unpack(">H", self._in[11:13])[0] == crc16(self._in[:11])
            if len(self._in) < 17 + length:
                return
            payload = self._in[13 : 13 + length]
            assert struct.unpack(">I", self._in[13 + length : 17 + length])[0] == zlib.crc32(self._in[: 13 + length])
            self._in = self._in[17 + length :]
            self._receive(flags & 0x0F, bool(flags & MORE), session, sequence, payload)

    def take(self) -> bytes:
        self.before_take()
        out, self._out = self._out[:65_536], self._out[65_536:]
        return out

    def send(self, data: Message) -> None:
        """Send a message."""
        pieces = [data[at : at + self._payload] for at in range(0, len(data), self._payload)]
        for place, piece in enumerate(pieces):
            self.send_piece(piece, more=place < len(pieces) - 1)

    def send_piece(self, data: bytes, *, more: bool) -> None:
        """Send one frame of a message."""
        self._out += frame(DATA, self.session, self._sequence, self._expected, data, more)
        self._sequence = (self._sequence + 1) & 0xFFFF

    def send_raw(self, data: bytes) -> None:
        """Put bytes on the line."""
        self._out += data

    def send_reset(self) -> None:
        """End the session."""
        self._out += frame(RESET, self.session, self._sequence, self._expected)

    def _receive(self, kind: int, more: bool, session: int, sequence: int, payload: bytes) -> None:
        if kind == HELLO:
            self.hellos += 1
            self.session = session
            if self._accept:
                _, _, offered, window, _ = struct.unpack(">BBHBI", payload)
                self._payload = min(self._payload, offered)
                settled = struct.pack(">BHBII", 1, self._payload, min(8, window), 0, 4711)
                self._out += frame(ACCEPT, session, 0, 0, settled)
            elif self._accept is not None:
                self.send_reset()
        elif kind == RESET:
            self.resets += 1
        elif kind == PING:
            self._out += frame(ACK, session, self._sequence, self._expected, CLEAN_AND_EMPTY)
        elif kind == DATA and sequence == self._expected:
            self._expected = (self._expected + 1) & 0xFFFF
            self._request += payload
            self._out += frame(ACK, session, self._sequence, self._expected, CLEAN_AND_EMPTY)
            if not more:
                request, self._request = self._request, b""
                _, _, command, tag, _ = struct.unpack(">BBHHH", request[:8])
                self.requests.append((command, request[8:]))
                for each in self.script(command, tag, request[8:]):
                    self.send(each)
