"""The frames of the note pmp.md are what the code reads and writes, and follow their definitions."""

from __future__ import annotations

import re
from random import Random

import pytest

from protocols.pmp import escape, exchange, fec, lanes, noise
from protocols.pmp.escape import FORBIDDEN, Unescaper
from protocols.pmp.handshake import Capability, Hello, LinkSettings
from protocols.pmp.lanes import Lane, Piece, SealedPieces
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from tests.protocols.pmp import note, rig

FRAMES = note.frame_names()
BROKEN = ("BROKEN.payload", "BROKEN.header")
ESCAPED = ("ESCAPED.sent", "ESCAPED.received")


def test_every_kind_of_frame_has_its_dump() -> None:
    assert {note.values()[name]["kind"] for name in FRAMES} == {kind.name for kind in FrameKind}


@pytest.mark.parametrize("name", FRAMES)
def test_frame_dump(name: str) -> None:
    frame, level = note.frame_of(name)
    scanner = FrameScanner()
    assert scanner.feed(note.dumps()[name]) == [frame]
    assert (scanner.skipped_bytes, scanner.errors) == (0, 0)
    assert build_frame(frame, level) == note.dumps()[name]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_frame_of_the_note_is_taken_in_step(name: str) -> None:
    value = note.values()[name]
    assert note.dumps()[name] != note.dumps()[value["frame"]]
    scanner = FrameScanner()
    found = scanner.feed(note.dumps()["FRAME.ACK"] + note.dumps()[name])
    assert found == [note.frame_of("FRAME.ACK")[0], note.frame_of(value["frame"])[0]]
    assert (scanner.errors, scanner.corrected) == (value["wrong_bytes"], value["wrong_bytes"])


def test_a_broken_header_is_not_mended_at_the_beginning_or_behind_garbage() -> None:
    for garbage in (b"", b"\x00", note.dumps()["FRAME.ACK"] + b"\x00"):
        scanner = FrameScanner()
        found = scanner.feed(garbage + note.dumps()["BROKEN.header"] + note.dumps()["FRAME.RESET"])
        assert found[-1] == note.frame_of("FRAME.RESET")[0]
        assert note.frame_of("FRAME.PING")[0] not in found


def test_escaped_dumps() -> None:
    sent, received = ESCAPED
    frame = bytes.fromhex(note.values()[sent]["frame"].removeprefix("hex:"))
    assert note.values()[received] == note.values()[sent]
    assert FrameScanner().feed(frame)
    assert escape.escape(frame) == note.dumps()[sent]
    assert not set(FORBIDDEN) & set(note.dumps()[sent])
    for name in ESCAPED:
        whole, bytewise = Unescaper(), Unescaper()
        assert whole.feed(note.dumps()[name]) == frame
        assert b"".join(bytewise.feed(bytes([each])) for each in note.dumps()[name]) == frame
    assert note.dumps()[received].translate(None, bytes(FORBIDDEN)) == note.dumps()[sent] != note.dumps()[received]


def test_private_piece_dump() -> None:
    value = note.values()["PIECE.urgent"]
    piece = Piece(bytes.fromhex(value["data"].removeprefix("hex:")), value["more"], Lane[value["lane"]])
    assert SealedPieces().feed(note.dumps()["PIECE.urgent"]) == [piece]
    assert piece.data == note.dumps()["KEY_PRESS.request"]
    outgoing = lanes.Outgoing()
    outgoing.put(piece.data, piece.lane)
    sent = lanes.SealedSource(outgoing, OpenText()).next_piece(1024)
    assert sent == Piece(note.dumps()["PIECE.urgent"], more=False, lane=Lane.BULK)


class OpenText:
    """A channel that hides nothing."""

    established = True
    binding = b""

    def start(self) -> None:
        """Begin."""

    def receive(self, data: bytes) -> bytes:
        """Return what came."""
        return data

    def outgoing(self) -> bytes:
        """Say nothing."""
        return b""

    def seal(self, data: bytes) -> bytes:
        """Return what is to be sent."""
        return data


def test_an_agent_counts_its_session_number_on_as_the_note_tells() -> None:
    told = re.search(r"drew 0x(\w+) finds.*?takes 0x(\w+)\.", note.section("Handshake", 3), re.S)
    assert told
    drawn, taken = (int(each, 16) for each in told.groups())
    hello = note.read(Hello, note.values()["HELLO.payload"])
    settings = LinkSettings(hello.frame_payload, hello.window, capabilities=Capability(hello.capabilities))
    agent = rig.agent(settings, drawn)
    agent.start(0.0)
    assert agent.session == taken
    for session in range(drawn, taken):
        frame = Frame(FrameKind.HELLO, session, 0, 0, note.dumps()["HELLO.payload"])
        assert {*FORBIDDEN, escape.ESCAPE} & set(build_frame(frame))


def test_the_handshake_frames_carry_the_handshake_payloads() -> None:
    for kind in ("HELLO", "ACCEPT"):
        assert note.values()[f"FRAME.{kind}"]["payload"] == "hex:" + note.dumps()[f"{kind}.payload"].hex()


def test_the_data_frame_carries_a_message_of_this_page() -> None:
    assert note.dumps()["KEY_PRESS.request"] in note.dumps()["FRAME.DATA"]


@pytest.mark.parametrize(("name", "window", "early"), [("wide", 32, (13, 22)), ("selective", 8, (13, 15, 16))])
def test_what_the_acknowledgements_of_the_note_say(name: str, window: int, early: tuple[int, ...]) -> None:
    frame, _level = note.frame_of(f"FRAME.ACK.{name}")
    settings = LinkSettings(64, window, baud=115_200)
    taker = exchange.Exchange(settings, FrameScanner(), None)
    for sequence in (*range(frame.acknowledged), *early):
        taker.take_data(Frame(FrameKind.DATA, frame.session, sequence, 0, bytes([sequence]), more=True))
    answer = taker.next_answer(carried=False)
    assert answer is not None
    assert answer[1:] == frame.payload[1:]

    sender = exchange.Exchange(settings, FrameScanner(), None)
    sender.put(bytes(64 * 64), Lane.BULK, None)
    for sent in range(frame.acknowledged):
        assert sender.next_data(0.0) is not None
        sender.take_acknowledged(sent + 1, 0.0)
    while sender.next_data(0.0) is not None:
        pass
    sender.take_answer(frame, 1.0)
    again = [sending.sequence for sending in iter(lambda: sender.next_data(1.0), None)]
    assert again == [each for each in range(frame.acknowledged, max(early)) if each not in early]


def test_the_quality_of_the_dumps_is_what_the_note_says() -> None:
    assert "100 stands for one wrong byte in 10,000" in " ".join(note.section("Noise", 3).split())
    for errors, quality in ((0, 0), (10, 100), (1, 125), (100_000, 1)):
        meter = noise.NoiseMeter()
        meter.count(100_000, errors)
        assert meter.quality == quality
    assert note.frame_of("FRAME.ACK.wide")[0].payload[0] == 100
    assert note.frame_of("FRAME.ACK")[0].payload[0] == 0


def crc(data: bytes, bits: int, polynomial: int, start: int) -> int:
    """A checksum bit by bit from its polynomial, highest bit first; the code under test uses library functions."""
    value = start
    for byte in data:
        for bit in range(7, -1, -1):
            top = value >> (bits - 1) ^ byte >> bit & 1
            value = value << 1 & (1 << bits) - 1 ^ (polynomial if top & 1 else 0)
    return value


def crc32(data: bytes) -> int:
    """CRC-32 of IEEE 802.3: the same, with the bits of each byte and of the result turned around."""
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
    return int(f"{crc(mirrored, 32, 0x04C11DB7, 0xFFFFFFFF):032b}"[::-1], 2) ^ 0xFFFFFFFF


def test_the_definitions_give_the_published_check_values() -> None:
    assert crc(b"123456789", 16, 0x1021, 0) == 0x31C3
    assert crc32(b"123456789") == 0xCBF43926
    assert "0x31C3" in note.section("Sources", 2)
    assert "0xCBF43926" in note.section("Sources", 2)


@pytest.mark.parametrize("name", FRAMES)
def test_the_checksums_of_the_dumps_follow_their_definitions(name: str) -> None:
    dump = note.dumps()[name]
    assert crc(dump[:11], 16, 0x1021, 0) == int.from_bytes(dump[11:13], "big")
    end = 13 + int.from_bytes(dump[9:11], "big")
    assert crc32(dump[:end]) == int.from_bytes(dump[end : end + 4], "big")


def times(left: int, right: int) -> int:
    """Multiply two polynomials over GF(2), then take the remainder by x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    for bit in range(8):
        product ^= (left << bit) * (right >> bit & 1)
    for bit in range(14, 7, -1):
        product ^= (0x11D << bit - 8) * (product >> bit & 1)
    return product


def generator(roots: int) -> list[int]:
    """Return (x − 1)(x − 2)(x − 4)… with so many roots, highest coefficient first."""
    polynomial, root = [1], 1
    for _ in range(roots):
        shifted = [*polynomial, 0]
        polynomial = [shifted[0], *(shifted[at] ^ times(shifted[at - 1], root) for at in range(1, len(shifted)))]
        root = times(root, 2)
    return polynomial


def remainder(block: bytes, size: int) -> bytes:
    """Divide block(x) · xⁿ by the generator polynomial, as on paper."""
    left, divisor = [*block, *bytes(size)], generator(size)
    for at in range(len(block)):
        factor = left[at]
        for place, coefficient in enumerate(divisor):
            left[at + place] ^= times(factor, coefficient)
    assert not any(left[: len(block)])
    return bytes(left[len(block) :])


@pytest.mark.parametrize("name", [name for name in FRAMES if note.values()[name]["level"]])
def test_the_parity_of_the_dumps_follows_its_definition(name: str) -> None:
    dump, level = note.dumps()[name], note.values()[name]["level"]
    end = 17 + int.from_bytes(dump[9:11], "big")
    size, checked = (0, 2, 6, 16)[level], dump[13:end]
    blocks = -(-len(checked) // (255 - size))
    assert dump[end:] == b"".join(remainder(checked[block::blocks], size) for block in range(blocks))


def test_there_is_a_dump_of_each_level_and_one_of_several_blocks() -> None:
    levels = {name: note.values()[name]["level"] for name in FRAMES}
    assert set(levels.values()) == set(range(len(fec.PARITY)))
    assert any(
        fec.blocks_of(len(note.frame_of(name)[0].payload) + 4, level) > 1 for name, level in levels.items() if level
    )


def test_levels_and_generator_polynomials_are_those_of_the_code() -> None:
    levels, polynomials = note.tables(note.section("Error correction", 3))
    assert levels[1:] == [
        [str(level), str(size), str(255 - size) if level else "·", str(size // 2)]
        for level, size in enumerate(fec.PARITY)
    ]
    assert polynomials[1:] == [[str(level), bytes(generator(fec.PARITY[level])).hex(" ")] for level in (1, 2, 3)]


def test_the_code_makes_parity_by_the_definition() -> None:
    random = Random(7)
    for level in (1, 2, 3):
        for length in (1, 40, 239, 249, 253, 254, 700):
            data = random.randbytes(length)
            size, blocks = fec.PARITY[level], fec.blocks_of(length, level)
            wanted = b"".join(remainder(data[block::blocks], size) for block in range(blocks))
            assert fec.parity(data, level) == wanted
