"""A private channel without cryptography: it notices loss, doubling and wrong order, and refuses like a real one."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from protocols.pmp.channel import ChannelRefused

HEADER = 3
CHECKSUM = 4
HANDSHAKE = 0x16
APPLICATION = 0x17
ALERT = 0x15


@dataclass
class FakeChannel:
    """One end of it. A `protocols.pmp.channel.Channel`.

    The client sends ``flights[0]`` bytes, the server ``flights[1]``, the client ``flights[2]``. A record is its kind,
    its length, what it says, and a checksum over that and the number of records before it.

    Args:
        client: Which end: the agent's is the client.
        secret: What the binding is made from; two ends with the same have the same binding.
        refuses: Code of the refusal that the other side's first record meets, or empty.
        flights: Bytes of the three records of the handshake.
    """

    client: bool
    secret: bytes = b"secret"
    refuses: str = ""
    flights: tuple[int, int, int] = (250, 900, 700)
    established: bool = False
    sealed: int = 0
    _out: bytearray = field(default_factory=bytearray)
    _in: bytearray = field(default_factory=bytearray)
    _sent: int = 0
    _taken: int = 0

    @property
    def binding(self) -> bytes:
        """32 bytes of the secret, once established."""
        return self.secret.ljust(32, b".")[:32] if self.established else b""

    def start(self) -> None:
        """Begin the handshake."""
        if self.client:
            self._out += self._record(HANDSHAKE, bytes(self.flights[0]))

    def outgoing(self) -> bytes:
        """Return what the channel has to say."""
        out = bytes(self._out)
        self._out.clear()
        return out

    def seal(self, data: bytes) -> bytes:
        """Make one record."""
        assert self.established, "nothing may be sealed before the channel is established"
        assert 0 < len(data) <= 16_384
        self.sealed += 1
        return self.outgoing() + self._record(APPLICATION, data)

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the peer's channel."""
        assert data, "a channel is given 1 byte or more"
        self._in += data
        said = b""
        while len(self._in) >= HEADER:
            end = HEADER + int.from_bytes(self._in[1:HEADER], "big") + CHECKSUM
            if len(self._in) < end:
                break
            record = bytes(self._in[:end])
            del self._in[:end]
            said += self._take(record)
        return said

    def _take(self, record: bytes) -> bytes:
        content = record[HEADER:-CHECKSUM]
        if record[-CHECKSUM:] != self._checksum(record[:-CHECKSUM], self._taken):
            raise ChannelRefused("record", "a record is not the peer's next")
        self._taken += 1
        if record[0] == ALERT:
            raise ChannelRefused("handshake", "the peer refused")
        if record[0] == APPLICATION:
            return content
        if self.refuses:
            self._out += self._record(ALERT, b"\x28")
            raise ChannelRefused(self.refuses, "the peer's certificate is not good enough")
        if self.client:
            self._out += self._record(HANDSHAKE, bytes(self.flights[2]))
            self.established = True
        elif self._taken == 1:
            self._out += self._record(HANDSHAKE, bytes(self.flights[1]))
        else:
            self.established = True
        return b""

    def _record(self, kind: int, content: bytes) -> bytes:
        start = bytes([kind]) + len(content).to_bytes(2, "big") + content
        self._sent += 1
        return start + self._checksum(start, self._sent - 1)

    def _checksum(self, start: bytes, number: int) -> bytes:
        return zlib.crc32(start, number + 1).to_bytes(CHECKSUM, "big")
