"""Block 0 of a YMODEM batch: the file's name and length (section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.ymodem.codes import LONG_BLOCK, SHORT_BLOCK

MAX_DIGITS = 18
"""Longest decimal number that is read as a length."""


@dataclass(frozen=True)
class FileHeader:
    """What block 0 says.

    Args:
        name: As the sender wrote it; never to be used as a path. Empty: there is no more file.
        length: Bytes of the file without padding, or None where the sender does not say.
    """

    name: bytes
    length: int | None = None


def build_header(header: FileHeader) -> bytes:
    """Build the data of a block 0: name and length, and nothing of who sends it or when.

    Returns:
        128 bytes, or 1,024 where the name is so long.

    Raises:
        LocalProtocolError: The name has a NUL or a space, or does not fit.
    """
    if not header.name:
        return bytes(SHORT_BLOCK)
    if b"\0" in header.name or b" " in header.name:
        raise LocalProtocolError("a name in block 0 has neither NUL nor space")
    text = header.name + b"\0" + (b"" if header.length is None else b"%d" % header.length)
    if len(text) >= LONG_BLOCK:
        raise LocalProtocolError(f"a name of {len(header.name)} bytes does not fit into block 0")
    return text.ljust(SHORT_BLOCK if len(text) < SHORT_BLOCK else LONG_BLOCK, b"\0")


def parse_header(data: bytes) -> FileHeader:
    """Read the data of a block 0; date, mode, serial number and what else may follow the length is ignored.

    Args:
        data: 128 or 1,024 bytes.

    Raises:
        RemoteProtocolError: The name does not end, or the length is no decimal number of at most 18 digits.
    """
    name, end, rest = data.partition(b"\0")
    if not end:
        raise RemoteProtocolError("block 0: the name does not end")
    if not name:
        return FileHeader(b"")
    text = rest.partition(b"\0")[0].split(b" ", 1)[0]
    if not text:
        return FileHeader(name)
    if not text.isdigit() or len(text) > MAX_DIGITS:
        raise RemoteProtocolError("block 0: the length is no decimal number", offset=len(name) + 1)
    return FileHeader(name, int(text))
