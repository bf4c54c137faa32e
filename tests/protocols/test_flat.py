"""Flat layouts: the same bytes as construct, exact lengths, and a plain no to whatever is not flat."""

from __future__ import annotations

import struct

import construct
import pytest

from protocols.errors import LocalProtocolError
from protocols.flat import Flat
from protocols.wire import Octets

LAYOUT = construct.Struct(
    "start" / construct.Const(0xA5, construct.Int8ub),
    "number" / construct.Int16ub,
    "reserved" / construct.Const(bytes(2)),
    "key" / Octets(3),
    "flag" / construct.Flag,
    "large" / construct.Int64ub,
)
DATA = bytes.fromhex("a5 0102 0000 6b6579 01 0000000000000005")
VALUES = (0x0102, b"key", True, 5)


def test_reads_and_writes_what_construct_does() -> None:
    flat = Flat(LAYOUT)
    assert flat.names == ("number", "key", "flag", "large")
    assert flat.size == len(DATA) == LAYOUT.sizeof()
    assert flat.unpack(DATA) == VALUES
    assert flat.pack(VALUES) == DATA
    assert LAYOUT.build(dict(zip(flat.names, VALUES, strict=True))) == DATA


@pytest.mark.parametrize("data", [DATA[:-1], DATA + b"\x00", b""])
def test_another_size_is_refused(data: bytes) -> None:
    with pytest.raises(struct.error):
        Flat(LAYOUT).unpack(data)


@pytest.mark.parametrize("at", [0, 3, 4])
def test_a_wrong_constant_is_refused(at: int) -> None:
    with pytest.raises(construct.ConstError):
        Flat(LAYOUT).unpack(DATA[:at] + b"\x77" + DATA[at + 1 :])


@pytest.mark.parametrize(
    "values", [(65_536, b"key", True, 5), (1, b"ke", True, 5), (1, b"keys", True, 5), (-1, b"key", 0, 5)]
)
def test_values_that_do_not_fit_are_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(struct.error):
        Flat(LAYOUT).pack(values)


@pytest.mark.parametrize(
    "part",
    [
        construct.Int16ul,
        construct.GreedyBytes,
        construct.Bytes(construct.this.length),
        construct.PrefixedArray(construct.Int8ub, construct.Int8ub),
        construct.Struct("inner" / construct.Int8ub),
    ],
)
def test_what_is_not_flat_is_refused(part: construct.Construct) -> None:
    with pytest.raises(LocalProtocolError):
        Flat(construct.Struct("part" / part))


def test_one_field_and_none() -> None:
    assert Flat(construct.Struct("one" / construct.Int8ub)).unpack(b"\x07") == (7,)
    nothing = Flat(construct.Struct("fixed" / construct.Const(b"ab")))
    assert nothing.unpack(b"ab") == ()
    assert nothing.pack(()) == b"ab"
