"""The words of a PDF, without laying out its pages (ISO 32000-1, sections 7.3.4, 7.4.4 and 9.10).

A string in a page's stream holds the codes of a font, not letters. Which font it is in is not followed: each string is
read by every table of codes in the file (``ToUnicode``), and once as it stands. So nothing that a reader would show is
missed, and the same words may come more than once.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping

MAX_INFLATED = 32 << 20
MAX_STREAMS = 2_000
MAX_TABLES = 32
MAX_CODES = 0xFFFF

_STREAM = re.compile(rb"stream\r?\n")
_END = b"endstream"
_SHOWN = re.compile(
    rb"\[((?:[^\[\]\\()]|\\.|\((?:[^()\\]|\\.)*\))*)\]\s*TJ|(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)\s*(?:Tj|'|\")", re.S
)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>", re.S)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_LISTED = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*\[(.*?)\]", re.S)

Codes = Mapping[bytes, str]
"""Letters by code; all codes of a table are of one or of two bytes."""


def pdf_texts(data: bytes) -> Iterator[bytes]:
    """Yield every text of a PDF: what its streams show, and streams that are text themselves, as attached files are.

    Args:
        data: The file. What is encrypted, or packed in another way than Flate, is not read.
    """
    streams = list(_streams(data))
    tables = [codes for stream in streams if b"beginbf" in stream and (codes := _codes(stream))]
    readers = [_reader(codes) for codes in tables[:MAX_TABLES]]
    yield re.sub(rb"stream\r?\n.*?endstream", b" ", data, flags=re.S)  # metadata and whatever stands outside of streams
    for stream in streams:
        shown = [b"".join(map(_string, _STRING.finditer(found[0]))) for found in _SHOWN.finditer(stream)]
        yield b"\n".join(shown) if shown else stream
        for read in readers if shown else ():
            yield "\n".join(map(read, shown)).encode()


def _streams(data: bytes) -> Iterator[bytes]:
    left = MAX_INFLATED
    for number, found in enumerate(_STREAM.finditer(data)):
        end = data.find(_END, found.end())
        if number == MAX_STREAMS or end < 0:
            return
        raw = _plain(data[found.end() : end])
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(raw, left)
        except zlib.error:
            content = raw
        left -= len(content)
        yield content
        if left <= 0:
            return


def _plain(raw: bytes) -> bytes:
    """Undo ASCII85 (section 7.4.3), which some writers pack Flate into."""
    text = raw.strip()
    if not text.endswith(b"~>"):
        return raw
    try:
        return base64.a85decode(text[:-2].removeprefix(b"<~"))
    except ValueError:
        return raw


def _string(found: re.Match[bytes]) -> bytes:
    if found[1] is None:
        digits = re.sub(rb"\s", b"", found[2])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPE.sub(_unescaped, found[1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes([int(found[1], 8) & 0xFF])
    return _ESCAPED.get(found[2], found[2] or b"")


def _codes(table: bytes) -> dict[bytes, str]:
    """Read a ToUnicode table."""
    codes: dict[bytes, str] = {}
    for kind, body in _BLOCK.findall(table):
        words = [_word(found[1]) for found in _HEX.finditer(body)]
        if kind == b"bfchar":
            codes.update(zip(words[::2], map(_letters, words[1::2]), strict=False))
        elif b"[" in body:
            for first, _, letters in _LISTED.findall(body):
                given = [_letters(_word(found[1])) for found in _HEX.finditer(letters)]
                codes.update((_code(_word(first), step), each) for step, each in enumerate(given))
        else:
            for first, last, start in zip(words[::3], words[1::3], words[2::3], strict=False):
                many = min(_number(last) - _number(first), MAX_CODES)
                codes.update((_code(first, step), _letter(_number(start) + step)) for step in range(many + 1))
    return codes


def _word(digits: bytes) -> bytes:
    cleaned = re.sub(rb"\s", b"", digits)
    return bytes.fromhex((b"0" * (len(cleaned) % 2) + cleaned).decode())


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")


def _code(first: bytes, step: int) -> bytes:
    return ((_number(first) + step) % (1 << 8 * max(1, len(first)))).to_bytes(max(1, len(first)), "big")


def _letter(number: int) -> str:
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "?"


def _letters(word: bytes) -> str:
    return word.decode("utf-16-be", "replace")


def _reader(codes: Codes) -> Callable[[bytes], str]:
    """Return what reads a string by a table."""
    width = max(1, min(map(len, codes)))
    if width == 1:
        letters = {_number(code): each for code, each in codes.items()}
        return lambda shown: shown.decode("latin-1").translate(letters)
    return lambda shown: "".join(codes.get(shown[at : at + width], "\ufffd") for at in range(0, len(shown), width))
