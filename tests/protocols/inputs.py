"""Everything in protocols that reads bytes from outside, with valid bytes for each, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from protocols import eat
from protocols.errors import RemoteProtocolError
from protocols.pmp import handshake, records
from protocols.pmp.commands import HEADER_BYTES, split_message
from protocols.pmp.escape import Unescaper, escape
from protocols.pmp.fec import STRONGEST
from protocols.pmp.lanes import SealedPieces
from protocols.pmp.speed import PATTERN, SPEED, SpeedNote, Step
from protocols.pmp.wire import MAX_FRAME, Frame, FrameKind, FrameScanner, build_frame
from protocols.ymodem.header import parse_header
from tests.protocols.pmp import note


@dataclass(frozen=True)
class Parser:
    """One parser.

    Args:
        name: What it reads.
        parse: Reads all of the bytes, or raises `RemoteProtocolError`.
        valid: Bytes that it must accept.
        strict: False where bytes behind a valid value, or a part of it, may be valid as well.
    """

    name: str
    parse: Callable[[bytes], Any]
    valid: bytes
    strict: bool = True


def _scan(data: bytes) -> Any:
    scanner = FrameScanner()
    found = scanner.feed(data)
    assert scanner.held_bytes < MAX_FRAME
    return found


def _scan_escaped(data: bytes) -> Any:
    return _scan(Unescaper().feed(data))


def _scan_in_step(data: bytes) -> Any:
    return _scan(build_frame(Frame(FrameKind.PING, 1, 0, 0)) + data)


def _cut_receipts(data: bytes) -> Any:
    cutter = records.ReceiptCutter()
    cut = list(cutter.feed(data))
    cutter.end()
    return cut


def parsers() -> Iterator[Parser]:
    """Yield every parser of protocols with each of its golden dumps."""
    dumps = note.dumps()
    for name in note.message_names():
        _header, layout, _body = note.message(name)
        yield Parser(name, layout.parse, dumps[name][HEADER_BYTES:])
    yield Parser("message header", split_message, dumps["STATUS.response"], strict=False)
    yield Parser("HELLO", handshake.HELLO.parse, dumps["HELLO.payload"])
    yield Parser("ACCEPT", handshake.ACCEPT.parse, dumps["ACCEPT.payload"])
    yield Parser("journal record", records.JOURNAL_RECORD.parse, dumps["JOURNAL.record"])
    yield Parser("parameter", records.PARAMETER.parse, dumps["PARAMETER.record"])
    yield Parser(
        "parameters", lambda data: list(records.parse_parameters(data)), dumps["PARAMETER.record"] * 3, strict=False
    )
    yield Parser("receipt", records.RECEIPT.parse, dumps["RECEIPT.record"])
    yield Parser("receipts", _cut_receipts, dumps["RECEIPT.record"] * 3, strict=False)
    # Forsberg's reference, section 5, figure 6.
    block_0 = b"bbcsched.txt\x006347 3314742513 100644".ljust(128, b"\0")
    yield Parser("YMODEM block 0", parse_header, block_0, strict=False)
    yield Parser("claims", eat.decode_claims, dumps["EAT.claims"])
    for name in dumps:
        if name.startswith("FRAME."):
            yield Parser(name, _scan, dumps[name], strict=False)
    data = Frame(FrameKind.DATA, 1, 2, 3, bytes(range(60)))
    for level in range(1, STRONGEST + 1):
        yield Parser(f"parity of level {level}", _scan_in_step, build_frame(data, level), strict=False)
    yield Parser("escaped frame", _scan_escaped, escape(build_frame(data)), strict=False)
    speed = SpeedNote(Step.TRIAL, 921_600, PATTERN[:64])
    yield Parser("SPEED", SPEED.parse, SPEED.build(speed))
    pieces = bytes.fromhex("01 0003 616263  00 0000  02 0001 64")
    yield Parser("private pieces", lambda data: SealedPieces().feed(data), pieces, strict=False)


def mutated(random: Random, data: bytes) -> bytes:
    """Spoil bytes: turn, cut, double, insert, or put an extreme value in."""
    spoilt = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(spoilt) + 1)
        how = random.randrange(6)
        if how == 0 and at < len(spoilt):
            spoilt[at] ^= 1 << random.randrange(8)
        elif how == 1:
            del spoilt[at:]
        elif how == 2:
            spoilt[at:at] = random.randbytes(random.randrange(1, 9))
        elif how == 3:
            del spoilt[at : at + random.randrange(1, 9)]
        elif how == 4:
            spoilt[at : at + 1] = random.choice((b"\x00", b"\xff", b"\x7f", b"\x80", b"\xa5", b"\x81\x30"))
        else:
            spoilt += spoilt[:at]
    return bytes(spoilt)


def survives(parser: Parser, data: bytes, what: str) -> None:
    """Parse bytes and let only the documented error pass (I10)."""
    try:
        parser.parse(data)
    except RemoteProtocolError as fault:
        told = (len(fault.excerpt), fault.offset)
    except Exception as fault:
        raise AssertionError(f"{parser.name} on {what}: {fault!r} for {data.hex()}") from fault
    else:
        return
    assert told[0] <= 16, f"{parser.name} on {what}"
    assert 0 <= told[1] <= len(data), f"{parser.name} on {what}"


def garbage_run(parser: Parser, count: int) -> None:
    """Feed so many seeded pieces of garbage."""
    random = Random(f"garbage {parser.name}")
    for number in range(count):
        length = random.choice((random.randrange(40), random.randrange(300), len(parser.valid)))
        survives(parser, random.randbytes(length), f"garbage {number}")


def mutation_run(parser: Parser, count: int) -> None:
    """Feed so many seeded mutations of the valid bytes."""
    random = Random(f"mutation {parser.name}")
    for number in range(count):
        survives(parser, mutated(random, parser.valid), f"mutation {number}")
