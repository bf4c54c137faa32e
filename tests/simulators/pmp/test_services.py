import hashlib
import hmac
from typing import Any

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, MessageKind, Phase, Refusal
from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.packing import unpack
from protocols.words import Key
from simulators.pmp.services import MAX_HANDLES, Services
from tests.simulators.rig import TRANSACTIONS, Rig


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def peer(rig):
    return rig.connect()


def test_every_command_has_a_handler(rig):
    assert set(Services(rig.device).handlers) == set(c.COMMANDS)


def test_every_reading_command_answers(peer):
    for spec in (c.IDENTIFY, c.STATUS, c.BINDINGS, c.KEY_SLOTS, c.MEMORY_MAP, c.SCREEN_READ, c.WIPE_STATUS):
        assert peer.ask(spec)


def test_a_key_for_a_screen_that_is_gone_is_refused_and_not_pressed(peer):
    screen = peer.screen
    peer.press(Key.F1, Key.F4)
    now = peer.screen
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(screen.serial, (Key.CANCEL,))) is Refusal.STALE_SCREEN
    assert peer.screen == now


def test_keys_that_the_keyboard_lacks_and_keys_named_twice_are_refused(peer):
    serial = peer.screen.serial
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(serial, (Key.LEFT,))) is Refusal.NO_SUCH_KEY
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(serial, (Key.F1, Key.F1))) is Refusal.BAD_REQUEST
    assert peer.screen.serial == serial


@pytest.mark.parametrize("piece", [1, 127, 128, 1000, 65_536])
def test_a_dataset_reads_the_same_in_pieces_of_any_size(peer, piece):
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert (opened.records, opened.size) == (TRANSACTIONS, TRANSACTIONS * 128)
    data = peer.read_dataset(opened, piece) if piece > 1 else peer.read_dataset(opened)
    totals = peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle))
    assert hashlib.sha256(data).digest() == totals.digest
    assert sum(each.count for each in totals.totals) == totals.records == TRANSACTIONS


def test_reading_at_the_end_brings_nothing_and_behind_it_is_refused(peer):
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.PARAMETERS))
    at_end = m.DatasetRead(opened.handle, opened.size, 10)
    assert peer.ask(c.DATASET_READ, at_end) == m.DataPiece(opened.size, b"")
    assert len(peer.ask(c.DATASET_READ, m.DatasetRead(opened.handle, opened.size - 3, 10)).data) == 3
    behind = m.DatasetRead(opened.handle, opened.size + 1, 10)
    assert peer.refusal(c.DATASET_READ, behind) is Refusal.OUT_OF_RANGE
    far = m.DatasetRead(opened.handle, (1 << 64) - 1, 10)
    assert peer.refusal(c.DATASET_READ, far) is Refusal.OUT_OF_RANGE
    for length in (0, 65_537, (1 << 32) - 1):
        assert peer.refusal(c.DATASET_READ, m.DatasetRead(opened.handle, 0, length)) is Refusal.BAD_REQUEST


@pytest.mark.parametrize("piece", [1, 1000, 65_536])
def test_packed_pieces_are_the_same_bytes_in_less_room(peer, piece):
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    for at in (0, opened.size - 3 * piece, opened.size):
        offset = max(0, at)
        request = m.DatasetRead(opened.handle, offset, piece)
        packed = peer.ask(c.DATASET_PACKED, request)
        assert packed.offset == offset
        assert unpack(packed.data, packed.length) == peer.ask(c.DATASET_READ, request).data
        assert len(packed.data) < packed.length / 2.5 or packed.length < 65_536


def test_packing_that_was_not_agreed_on_is_an_unknown_command(rig):
    peer = rig.connect(LinkSettings(capabilities=Capability(0)))
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    header, _ = peer.exchange(c.DATASET_PACKED.id, c.DATASET_READ.request.build(m.DatasetRead(opened.handle, 0, 1)))
    assert header.status == Refusal.UNKNOWN_COMMAND


@pytest.mark.parametrize("data", [b"", bytes(range(256)), bytes(1024)])
def test_an_echo_is_what_came(peer, data):
    assert peer.ask(c.ECHO, m.Echo(data)) == m.Echo(data)


def test_closing_takes_back_what_is_not_sent_yet(rig):
    peer = rig.connect(LinkSettings(frame_payload=64, window=1))
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    read = c.DATASET_READ.request.build(m.DatasetRead(opened.handle, 0, 65_536))
    for tag in (900, 901):
        peer.send(c.build_message(c.Header(MessageKind.REQUEST, c.DATASET_READ.id, tag, 0), read))
    peer.send(
        c.build_message(
            c.Header(MessageKind.REQUEST, c.DATASET_CLOSE.id, 902, 0),
            c.DATASET_CLOSE.request.build(m.DatasetHandle(opened.handle)),
        )
    )
    rig.turn_until(lambda: bool(peer.answers))
    assert [header.tag for header, _ in peer.answers] == [902]
    peer.answers.clear()
    assert peer.ask(c.IDENTIFY).boot_count == 1
    assert peer.answers == []


def test_a_closed_handle_is_no_dataset(peer):
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    handle = m.DatasetHandle(opened.handle)
    peer.ask(c.DATASET_CLOSE, handle)
    assert peer.refusal(c.DATASET_CLOSE, handle) is Refusal.NO_SUCH_DATASET
    assert peer.refusal(c.DATASET_TOTALS, handle) is Refusal.NO_SUCH_DATASET
    assert peer.refusal(c.DATASET_READ, m.DatasetRead(opened.handle, 0, 1)) is Refusal.NO_SUCH_DATASET


def test_handles_are_bounded_and_come_back(peer):
    handles = [peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle for _ in range(MAX_HANDLES)]
    assert len(set(handles)) == MAX_HANDLES
    assert peer.refusal(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)) is Refusal.BUSY
    peer.ask(c.DATASET_CLOSE, m.DatasetHandle(handles[0]))
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle not in handles[1:]


def test_views_end_with_their_session(rig, peer):
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    peer.link.close()
    peer.move()
    rig.peers.remove(peer)
    again = type(peer)(rig, peer.port, session=99)
    rig.peers.append(again)
    again.open()
    assert again.refusal(c.DATASET_READ, m.DatasetRead(opened.handle, 0, 1)) is Refusal.NO_SUCH_DATASET


def test_a_wipe_ends_the_views_of_every_session(rig, peer):
    other = rig.connect()
    opened = other.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    peer.unbind()
    peer.start_wipe()
    read = m.DatasetRead(opened.handle, 0, 1)
    assert other.refusal(c.DATASET_READ, read) is Refusal.WRONG_STATE
    rig.turn(2.0)
    assert other.refusal(c.DATASET_READ, read) is Refusal.NO_SUCH_DATASET


def test_memory_is_told_only_where_it_was_erased(rig, peer):
    for region in (1, 5, 6, 7):
        assert peer.refusal(c.MEMORY_READ, m.MemoryRead(region, 0, 16)) is Refusal.NOT_ERASED
        assert peer.refusal(c.MEMORY_DIGEST, m.MemoryDigest(region, 0, 16, bytes(32))) is Refusal.NOT_ERASED
    assert peer.refusal(c.MEMORY_READ, m.MemoryRead(8, 0, 16)) is Refusal.NO_SUCH_REGION
    peer.unbind()
    peer.wipe()
    sizes = {region.region: (region.size, region.blank) for region in peer.ask(c.MEMORY_MAP).regions}
    for region in (1, 2, 3, 4, 5):
        size, blank = sizes[region]
        length = min(size, 65_536)
        piece = peer.ask(c.MEMORY_READ, m.MemoryRead(region, size - length, length))
        assert piece == m.DataPiece(size - length, bytes([blank]) * length)
        key = bytes(range(32))
        digest = peer.ask(c.MEMORY_DIGEST, m.MemoryDigest(region, 0, size, key)).digest
        assert digest == hmac.digest(key, bytes([blank]) * size, "sha256")
        assert peer.refusal(c.MEMORY_READ, m.MemoryRead(region, size, 1)) is Refusal.OUT_OF_RANGE
        assert peer.refusal(c.MEMORY_DIGEST, m.MemoryDigest(region, 1, size, key)) is Refusal.OUT_OF_RANGE
        assert peer.refusal(c.MEMORY_READ, m.MemoryRead(region, 0, 0)) is Refusal.BAD_REQUEST
        assert peer.refusal(c.MEMORY_READ, m.MemoryRead(region, 0, 65_537)) is Refusal.BAD_REQUEST
    for region in (6, 7):
        assert peer.refusal(c.MEMORY_READ, m.MemoryRead(region, 0, 16)) is Refusal.NOT_ERASED


def test_while_it_wipes_it_tells_of_itself_and_refuses_the_rest(rig, peer):
    peer.unbind()
    peer.start_wipe()
    for spec in (c.IDENTIFY, c.STATUS, c.BINDINGS, c.KEY_SLOTS, c.MEMORY_MAP, c.SCREEN_READ, c.WIPE_STATUS):
        assert peer.ask(spec)
    refused: tuple[tuple[Any, Any], ...] = (
        (c.KEY_PRESS, m.KeyPress(peer.screen.serial, (Key.CANCEL,))),
        (c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)),
        (c.MEMORY_READ, m.MemoryRead(1, 0, 16)),
        (c.MEMORY_DIGEST, m.MemoryDigest(1, 0, 16, bytes(32))),
        (c.WIPE_START, m.WipeStart(bytes(16))),
        (c.ATTEST, m.Attest(Phase.PRE, bytes(32))),
        (c.REBOOT, m.Empty()),
    )
    for spec, body in refused:
        assert peer.refusal(spec, body) is Refusal.WRONG_STATE, spec.name


def test_a_session_that_is_over_leaves_no_binding_to_the_next(rig):
    services = Services(rig.device)
    assert services.binding == b""
    services.binding = b"b" * 32
    services.reset()
    assert services.binding == b""
