"""Layouts of the bodies: limits between fields, and room for the largest value that there may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from protocols import terminal as t
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp import layouts
from protocols.pmp import messages as m
from protocols.pmp.commands import HEADER_BYTES
from protocols.pmp.link import MAX_MESSAGE
from protocols.pmp.packing import MAX_GROWTH
from protocols.wire import Layout
from protocols.words import Key, RegionResult, Scheme, TransactionKind, WipeState
from tests.protocols.pmp import note

ALL = {name: each for name, each in vars(layouts).items() if isinstance(each, Layout)}


def body(name: str) -> Any:
    """Return the body of one of the note's messages."""
    return note.message(name)[2]


def test_no_body_outgrows_a_message() -> None:
    assert layouts.MAX_BODY + HEADER_BYTES == MAX_MESSAGE
    assert all(each.maximum <= layouts.MAX_BODY for each in ALL.values())


@pytest.mark.parametrize(
    "value",
    [
        m.DataPiece(2**64 - 1, bytes(layouts.MAX_PIECE)),
        m.PackedPiece(2**64 - 1, layouts.MAX_PIECE, bytes(layouts.MAX_PIECE + MAX_GROWTH)),
        m.Echo(bytes(layouts.MAX_ECHO)),
        m.RefusalDetail("x" * 255),
        m.KeyPress(2**32 - 1, (Key.F1, Key.F2, Key.F3, Key.F4)),
        m.WipePrepare(bytes(32), body("WIPE_PREPARE.request").technique, True, (m.RegionNumber(1),) * 255),
        m.Attestation(bytes(16_384)),
        m.DatasetTotals(1, bytes(32), (t.KindTotal(TransactionKind.SALE, Scheme.VISA, 2**32 - 1, 2**64 - 1),) * 72),
        t.WipeStatus(WipeState.DONE, bytes(32), 1, True, (t.RegionOutcome(1, RegionResult.ERASED, 1, 1),) * 255),
        t.Screen(1, 16, 8, False, ("字" * 8,) * 8),
        replace(body("IDENTIFY.response"), **dict.fromkeys(("tusn", "maker", "model", "label_number"), "9" * 255)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_largest_value_fits(value: Any) -> None:
    (layout,) = {id(each): each for each in ALL.values() if each.value_type is type(value)}.values()
    assert layout.parse(layout.build(value)) == value


@pytest.mark.parametrize("keys", [(), (Key.F1,) * 5])
def test_a_chord_has_one_to_four_keys(keys: tuple[Key, ...]) -> None:
    with pytest.raises(LocalProtocolError):
        layouts.KEY_PRESS.build(m.KeyPress(1, keys))
    with pytest.raises(RemoteProtocolError):
        layouts.KEY_PRESS.parse(bytes(4) + bytes([len(keys)]) + bytes(keys))


def test_a_battery_has_at_most_a_hundred_percent() -> None:
    status = body("STATUS.response")
    layouts.STATUS.parse(layouts.STATUS.build(replace(status, battery_percent=100)))
    with pytest.raises(LocalProtocolError):
        layouts.STATUS.build(replace(status, battery_percent=101))
    spoilt = bytearray(note.dumps()["STATUS.response"][HEADER_BYTES:])
    spoilt[2] = 101
    with pytest.raises(RemoteProtocolError, match="a rule between fields is broken"):
        layouts.STATUS.parse(bytes(spoilt))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_digests_are_exact(length: int) -> None:
    with pytest.raises(RemoteProtocolError):
        layouts.DIGEST.parse(bytes(length))
    with pytest.raises(LocalProtocolError):
        layouts.DIGEST.build(m.Digest(bytes(length)))


def test_text_outside_the_character_set_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="text is not in its character set"):
        layouts.REFUSAL.parse(b"\x02\xff\xff")


def test_rare_characters_survive_in_four_bytes() -> None:
    rare = m.RefusalDetail("𠮷")
    assert len(layouts.REFUSAL.build(rare)) == 5
    assert layouts.REFUSAL.parse(layouts.REFUSAL.build(rare)) == rare
