"""The pmp driver against a scripted peer that uses none of our codec."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

import pytest

from agent.clearance import WipeTarget, clear_for_wipe
from agent.drivers.base import PreparedWipe, TerminalDriver, WipePlan
from agent.policy import Policy
from agent.proofs import UnbindingProof
from protocols.errors import DeviceRefused, LocalProtocolError, RemoteProtocolError, StateUnknown
from protocols.pmp.facts import Refusal
from protocols.pmp.link import Lane
from protocols.terminal import Binding, KeySlot, Peripheral, RegionOutcome, Screen, WipeProgress
from protocols.words import (
    Addressable,
    BindingKind,
    BindingState,
    Key,
    KeyKind,
    KeyState,
    PowerSource,
    RegionHolds,
    RegionResult,
    TamperState,
    Technique,
    WipeState,
)
from tests.agent.drivers.scripted import Datasets, answers, driver_on, parameter, text
from tests.agent.raw_peer import EVENT, RESPONSE, identity_body, message, screen_body

NONCE = bytes(range(32))
TOKEN = bytes(range(16))
TARGET = WipeTarget("9999990200000001", 7, NONCE)


def test_it_is_a_terminal_driver() -> None:
    driver, _ = answers()
    as_any: TerminalDriver = driver
    assert as_any.family == "pmp"


def test_identity() -> None:
    driver, peer = answers(identity_body())
    identity = driver.identity()
    assert (identity.maker, identity.label_number, identity.key_fingerprint) == (
        "HAIKE-TEST",
        "H60-00000001",
        bytes(range(32)),
    )
    assert peer.requests == [(0x0101, b"")]


def test_status() -> None:
    body = struct.pack(">BBBBBIQHBB", 1, 0, 80, 1, 0, 3, 900, 2, 2, 0) + b"\x01" + text("打印机") + b"\x01"
    driver, _ = answers(body)
    status = driver.status()
    assert (status.tamper, status.power) == (TamperState.TAMPERED, PowerSource.BATTERY)
    assert (status.unsettled_count, status.unsettled_amount, status.password_attempts_left) == (3, 900, 2)
    assert status.peripherals == (Peripheral("打印机", True),)


def test_bindings_slots_and_regions() -> None:
    bindings = b"\x01\x03\x01" + text("merchant_number") + text("999100058120001")
    slots = b"\x01" + struct.pack(">BBBBB", 6, 6, 1, 1, 0) + b"\1\2\3"
    regions = b"\x01\x01" + text("journal") + struct.pack(">BIIIBBB", 1, 4096, 8192, 4096, 1, 1, 0xFF)
    driver, _ = answers(bindings, slots, regions)
    assert driver.bindings() == (
        Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", "999100058120001"),
    )
    assert driver.key_slots() == (KeySlot(6, KeyKind.IDENTITY, KeyState.LOADED, True, False, b"\1\2\3"),)
    (region,) = driver.memory_map()
    assert (region.holds, region.addressable, region.size) == (RegionHolds.JOURNAL, Addressable.YES, 8192)


def test_keys_go_to_the_screen_that_was_seen() -> None:
    driver, peer = answers(screen_body(6, "海科融通 H60"), b"")
    screen = driver.screen()
    assert screen.lines == ("海科融通 H60",)
    driver.press((Key.F1, Key.F4), screen)
    assert peer.requests[1] == (0x0203, struct.pack(">IBBB", 6, 2, 0x81, 0x84))


def screens_after_a_press(*serials: int):
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        changed = [message(EVENT, 0x0202, 0, 0, screen_body(serial, f"{serial}")) for serial in serials]
        return [message(RESPONSE, command, tag), *changed]

    driver, _ = driver_on(script)
    before = Screen(5, 16, 8, False, ())
    driver.press((Key.CONFIRM,), before)
    return driver, before


def test_the_newest_later_screen_is_taken() -> None:
    driver, before = screens_after_a_press(4, 6, 7)
    screen = driver.next_screen(before, 1.0)
    assert screen is not None
    assert screen.lines == ("7",)
    assert driver.next_screen(screen, 1.0) is None


def test_no_later_screen_in_time() -> None:
    driver, before = screens_after_a_press(4, 5)
    assert driver.next_screen(before, 1.0) is None


def test_i10_a_flood_of_screens_does_not_hold_us() -> None:
    driver, peer = answers()
    serials = iter(range(6, 10_000_000))
    peer.before_take = lambda: peer.send(message(EVENT, 0x0202, 0, 0, screen_body(next(serials))))
    screen = driver.next_screen(Screen(5, 16, 8, False, ()), 1.0)
    assert screen is not None
    assert screen.serial > 5
    assert driver.next_screen(Screen(1 << 31, 16, 8, False, ()), 1.0) is None


SECRETS = parameter("unbind.password", b"135790") + parameter("operator.00.password", b"24681012")
KEPT = parameter("merchant_name", "测试商户".encode("gb18030")) + parameter("settlement_account", b"4111111111111111")


def test_i4_secret_parameters_are_dropped_at_the_edge() -> None:
    data = SECRETS + KEPT + parameter("new_in_firmware_4", b"1")
    driver, _ = driver_on(Datasets(parameters=data, records=(0, 5)))
    reading = driver.read_parameters()
    assert reading.values == {"merchant_name": "测试商户", "settlement_account": "411111******1111"}
    assert reading.digest == reading.totals.digest == hashlib.sha256(data).hexdigest()
    assert "135790" not in repr(reading)


@pytest.mark.parametrize(
    ("data", "records"),
    [
        (KEPT, 3),
        (KEPT[:-1], 2),
        (KEPT + b"\x05", 2),
        (parameter("merchant_name", b"\xff\xff"), 1),
        (parameter("m\u00e9", b"1"), 1),
    ],
)
def test_i10_wrong_parameters_break_the_protocol(data: bytes, records: int) -> None:
    driver, _ = driver_on(Datasets(parameters=data, records=(0, records)))
    with pytest.raises(RemoteProtocolError) as caught:
        driver.read_parameters()
    assert caught.value.excerpt == b""


def test_i10_parameters_without_end_are_not_read() -> None:
    driver, peer = answers(struct.pack(">HIQ", 1, 1, 1 << 40))
    with pytest.raises(RemoteProtocolError, match="at most"):
        driver.read_parameters()
    assert len(peer.requests) == 1


def test_a_wipe_is_prepared_and_started_with_a_clearance() -> None:
    driver, peer = answers(TOKEN + struct.pack(">III", 7, 40, 3), b"")
    prepared = driver.prepare_wipe(WipePlan(NONCE, Technique.BLOCK_ERASE, True, (1, 2)))
    assert prepared == PreparedWipe(TOKEN, 7, 40, 3)
    assert peer.requests[0] == (0x0401, NONCE + b"\x02\x01\x02\x01\x02")
    proof = UnbindingProof((), (), TARGET.tusn)
    leave = clear_for_wipe(Policy(waive_export_reason="test"), TARGET, export=None, unbinding=proof, platform=None)
    driver.start_wipe(prepared, leave, TARGET)
    assert peer.requests[1] == (0x0402, TOKEN)
    with pytest.raises(LocalProtocolError):
        driver.start_wipe(prepared, leave, TARGET)
    assert len(peer.requests) == 2


def test_i2_a_wipe_prepared_at_another_start_is_not_started() -> None:
    driver, peer = answers()
    proof = UnbindingProof((), (), TARGET.tusn)
    leave = clear_for_wipe(Policy(waive_export_reason="test"), TARGET, export=None, unbinding=proof, platform=None)
    with pytest.raises(LocalProtocolError):
        driver.start_wipe(PreparedWipe(TOKEN, 8, 40, 3), leave, TARGET)
    assert not peer.requests
    assert not leave.spent


def test_the_wipe_tells_where_it_is() -> None:
    status = struct.pack(">B32sIBB", 3, NONCE, 1, 1, 1) + struct.pack(">BBII", 1, 3, 2, 2)
    progress = message(EVENT, 0x0403, 0, 0, struct.pack(">BII", 1, 2, 9))
    driver, _ = driver_on(lambda command, tag, _: [progress, message(RESPONSE, command, tag, 0, status)])
    told = driver.wipe_status()
    assert (told.state, told.nonce, told.keys_erased) == (WipeState.DONE, NONCE, True)
    assert told.regions == (RegionOutcome(1, RegionResult.ERASED, 2, 2),)
    assert driver.next_wipe_progress(0) == WipeProgress(1, 2, 9)
    assert driver.next_wipe_progress(1.0) is None


def test_memory_is_read_in_pieces() -> None:
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        _, offset, length = struct.unpack(">BII", body)
        return [message(RESPONSE, command, tag, 0, struct.pack(">QI", offset, length) + b"\xff" * length)]

    driver, peer = driver_on(script, baud=9600)
    assert driver.read_memory(1, 100, 5000) == b"\xff" * 5000
    assert [struct.unpack(">BII", body) for _, body in peer.requests] == [
        (1, 100, 3840),
        (1, 3940, 1160),
    ]


def test_memory_from_another_place_breaks_the_protocol() -> None:
    driver, _ = answers(struct.pack(">QI", 1, 4) + b"\xff" * 4)
    with pytest.raises(RemoteProtocolError):
        driver.read_memory(1, 0, 4)


def test_digest_and_attestation() -> None:
    driver, peer = answers(NONCE, struct.pack(">H", 3) + b"EAT", struct.pack(">H", 3) + b"eat")
    assert driver.memory_digest(1, 0, 4096, bytes(32)) == NONCE
    assert driver.attest(after_wipe=False, nonce=NONCE) == b"EAT"
    assert driver.attest(after_wipe=True, nonce=NONCE) == b"eat"
    assert [body[:1] for _, body in peer.requests[1:]] == [b"\x01", b"\x02"]


FILL_REGIONS, MEMORY_FILL, FILL_ERASE = 0x0503, 0x0504, 0x0505


class Fillable:
    """Takes what it is filled with, in pieces of at most so many bytes."""

    def __init__(self, piece: int) -> None:
        self.piece = piece
        self.pieces: list[tuple[int, int, int]] = []
        self.content = b""

    def __call__(self, command: int, tag: int, body: bytes) -> list[bytes]:
        if command == FILL_REGIONS:
            return [message(RESPONSE, command, tag, 0, struct.pack(">HB", self.piece, 2) + b"\x01\x02")]
        if command == MEMORY_FILL:
            nonce, region, offset, length = struct.unpack(">32sBIH", body[:39])
            assert (nonce, length) == (NONCE, len(body) - 39)
            self.pieces.append((region, offset, length))
            self.content += body[39:]
        else:
            assert (command, body) == (FILL_ERASE, NONCE)
        return [message(RESPONSE, command, tag)]


@pytest.mark.parametrize(
    ("piece", "baud", "pieces"),
    [
        (16_384, None, [(2, 0, 16_384), (2, 16_384, 3_616)]),
        (8_192, None, [(2, 0, 8_192), (2, 8_192, 8_192), (2, 16_384, 3_616)]),
        (16_384, 9600, [(2, at, min(3_840, 20_000 - at)) for at in range(0, 20_000, 3_840)]),
    ],
)
def test_memory_is_filled_in_pieces_that_suit_the_terminal_and_the_line(
    piece: int, baud: int | None, pieces: list[tuple[int, int, int]]
) -> None:
    script = Fillable(piece)
    driver, _ = driver_on(script, baud=baud)
    stream = io.BytesIO(bytes(number * 7 % 251 for number in range(20_000)))
    taken: list[int] = []
    driver.fill_memory(NONCE, 2, 20_000, stream.read, taken.append)
    driver.erase_fill(NONCE)
    assert script.pieces == pieces
    assert script.content == stream.getvalue()
    assert taken == [length for _, _, length in pieces]


def test_a_terminal_says_what_can_be_filled_or_knows_nothing_of_it() -> None:
    driver, _ = driver_on(Fillable(16_384))
    assert driver.fillable_regions() == (1, 2)

    def unknown(command: int, tag: int, _body: bytes) -> list[bytes]:
        return [message(RESPONSE, command, tag, Refusal.UNKNOWN_COMMAND, b"\0")]

    driver, _ = driver_on(unknown)
    assert driver.fillable_regions() == ()

    def busy(command: int, tag: int, _body: bytes) -> list[bytes]:
        return [message(RESPONSE, command, tag, Refusal.BUSY, b"\0")]

    driver, _ = driver_on(busy)
    with pytest.raises(DeviceRefused):
        driver.fillable_regions()


def test_pieces_go_in_the_bulk_lane_so_that_all_else_overtakes_them(mocker: Any) -> None:
    driver, _ = driver_on(Fillable(16_384))
    sent = mocker.spy(driver._session._link, "send_message")
    driver.fill_memory(NONCE, 2, 20_000, bytes, lambda _count: None)
    assert [call.args[2] for call in sent.call_args_list] == [Lane.URGENT, Lane.BULK, Lane.BULK]


def test_i3_a_piece_whose_answer_is_lost_is_not_sent_again() -> None:
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        return Fillable(16_384)(command, tag, body) if command == FILL_REGIONS else []

    driver, peer = driver_on(script)
    with pytest.raises(StateUnknown):
        driver.fill_memory(NONCE, 2, 100, bytes, lambda _count: None)
    assert [command for command, _ in peer.requests].count(MEMORY_FILL) == 1


def test_closing_ends_the_session() -> None:
    driver, peer = answers()
    driver.close()
    assert peer.resets == 1
