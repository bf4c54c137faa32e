"""Blocks: the reference's own dump, the check value of the CRC, and everything that is no block."""

from __future__ import annotations

from random import Random

import pytest

from protocols.errors import LocalProtocolError
from protocols.ymodem.blocks import Block, BlockReader, Broken, Cancelled, Ended, Found, Stray, build_block, check_of

# Section 5, figure 6: "Filename block transmitted by sz", all 133 bytes with the SOH that the figure leaves out.
FIGURE_6 = bytes.fromhex(
    "01 00FF 62626373636865642E74787400 36333437203333313437343235313320 313030363434"
) + bytes(128 - 13 - 16 - 6) + bytes.fromhex("CA56")  # fmt: skip


def all_found(reader: BlockReader) -> list[Found]:
    return list(iter(reader.find, None))


def test_the_reference_s_block_is_read_and_built_again() -> None:
    reader = BlockReader(crc=True)
    reader.feed(FIGURE_6)
    (block,) = all_found(reader)
    assert isinstance(block, Block)
    assert block.number == 0
    assert block.data.startswith(b"bbcsched.txt\x006347 3314742513 100644\0")
    assert build_block(0, block.data, crc=True) == FIGURE_6


def test_the_crc_is_the_one_of_the_catalogue() -> None:
    assert check_of(b"123456789", crc=True) == b"\x31\xc3"  # CRC-16/XMODEM


def test_the_checksum_is_the_sum_without_carry() -> None:
    assert check_of(b"\xff\x03", crc=False) == b"\x02"
    assert build_block(1, b"\x01" * 128, crc=False)[-1:] == b"\x80"


def test_byte_by_byte_is_the_same_as_whole() -> None:
    data = build_block(255, bytes(1024), crc=True) + build_block(256, bytes(range(128)), crc=True) + b"\x04"
    whole, single = BlockReader(crc=True), BlockReader(crc=True)
    whole.feed(data)
    found = []
    for each in data:
        single.feed(bytes([each]))
        found += all_found(single)
    assert found == all_found(whole) == [Block(255, bytes(1024)), Block(0, bytes(range(128))), Ended()]


def test_a_block_has_one_of_two_lengths() -> None:
    with pytest.raises(LocalProtocolError):
        build_block(1, bytes(129), crc=True)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x04", [Ended()]),
        (b"\x04\x04", [Ended()]),
        (b"\x04a", [Stray(), Stray()]),
        (b"\x18", []),
        (b"\x18a", [Stray(), Stray()]),
        (b"\x01\x01\x01" + bytes(200), [Broken("block number and complement do not fit")]),
        (b"\x01\x01\xfe" + b"a" * 130, [Broken("wrong check of a block", whole=True)]),
        (b"\x02\x01\xfe" + b"a" * 130, []),
    ],
)
def test_what_is_no_block(data: bytes, found: list[Found]) -> None:
    reader = BlockReader(crc=True)
    reader.feed(data)
    assert all_found(reader) == found


def test_one_can_between_others_is_no_abort() -> None:
    reader = BlockReader(crc=True)
    reader.feed(b"\x18a\x18")
    assert all_found(reader) == [Stray(), Stray()]
    reader.feed(b"\x18")
    assert reader.find() == Cancelled()


def test_inside_tells_a_block_from_what_lies_before_it() -> None:
    reader = BlockReader(crc=True)
    reader.feed(b"\x18")
    assert all_found(reader) == []
    assert not reader.inside
    reader.drop()
    reader.feed(b"\x01\x05")
    assert all_found(reader) == []
    assert reader.inside


def test_i10_garbage_holds_one_block_at_most() -> None:
    random = Random("blocks")
    reader = BlockReader(crc=True)
    for _ in range(2000):
        reader.feed(random.randbytes(random.randrange(1, 200)))
        while (found := reader.find()) is not None and not isinstance(found, Cancelled):
            pass
        if found is not None:
            reader.drop()
        assert len(reader._buffer) < 1029
