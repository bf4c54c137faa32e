import hashlib
import hmac

import cbor2
import pytest

from protocols.eat import decode_claims
from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, Phase, Refusal
from protocols.terminal import WipeProgress
from protocols.words import BindingState, Key, RegionResult, WipeState
from simulators.hardware.record_log import VALID
from tests.simulators.rig import FLASH_REGIONS, NONCE, PowerCut, Rig, ended, leaks

SMALL = 2
KEY = bytes(range(100, 132))


def randomness(size, seed=b"seed"):
    return hashlib.shake_256(seed).digest(size)


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.close()


def wiped(rig):
    peer = rig.connect()
    peer.unbind()
    peer.wipe()
    peer.events.clear()
    return peer


@pytest.fixture
def peer(rig):
    return wiped(rig)


def region(peer, number):
    return next(each for each in peer.ask(c.MEMORY_MAP).regions if each.region == number)


def fill(peer, number, data, step=16_384, nonce=NONCE):
    for at in range(0, len(data), step):
        assert peer.ask(c.MEMORY_FILL, m.MemoryFill(nonce, number, at, data[at : at + step])) == m.Empty()


def filled(peer, number):
    data = randomness(region(peer, number).size, bytes([number]))
    fill(peer, number, data)
    return data


def digest(peer, number, size):
    return peer.ask(c.MEMORY_DIGEST, m.MemoryDigest(number, 0, size, KEY)).digest


def erase_again(rig, peer):
    peer.events.clear()
    assert peer.ask(c.FILL_ERASE, m.FillErase(NONCE)) == m.Empty()
    rig.turn_until(lambda: any(isinstance(each, WipeProgress) and ended(each) for each in peer.events))


def test_every_flash_region_that_a_wipe_empties_can_be_filled(rig):
    told = rig.connect().ask(c.FILL_REGIONS)
    assert told == m.FillRegions(16_384, tuple(map(m.RegionNumber, FLASH_REGIONS)))


def test_what_was_sent_is_in_the_flash_and_in_the_digest(rig, peer):
    sent = {number: filled(peer, number) for number in FLASH_REGIONS}
    image = (rig.folder / "flash.img").read_bytes()
    for number, data in sent.items():
        place = region(peer, number)
        assert image[place.start : place.start + place.size] == data
        assert digest(peer, number, place.size) == hmac.digest(KEY, data, "sha256")
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.wipe_count) == (WipeState.FILLED, NONCE, 1)
    assert {each.result for each in status.regions} == {RegionResult.WAITING}


def test_then_all_of_it_is_erased_again_and_counts_as_the_same_wipe(rig, peer):
    for number in FLASH_REGIONS:
        filled(peer, number)
    erase_again(rig, peer)
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.wipe_count) == (WipeState.DONE, NONCE, 1)
    for number in FLASH_REGIONS:
        size = region(peer, number).size
        assert digest(peer, number, size) == hmac.digest(KEY, b"\xff" * size, "sha256")
    assert leaks(rig.folder, rig.blueprint) == []
    assert [name for name, _ in rig.recorded if name in ("wipe", "fill-erase")] == ["wipe", "fill-erase"]


def test_programming_only_clears_bits(rig, peer):
    place = region(peer, SMALL)
    rig.device._memory.flash.program(place.start, b"\x0f")
    filled_with = b"\xf1" + randomness(99)
    fill(peer, SMALL, filled_with)
    assert digest(peer, SMALL, 100) == hmac.digest(KEY, b"\x01" + filled_with[1:], "sha256")


@pytest.mark.parametrize(
    ("request_of", "refusal"),
    [
        (lambda size: m.MemoryFill(bytes(32), SMALL, 0, b"x"), Refusal.NOT_PREPARED),
        (lambda size: m.MemoryFill(NONCE, 5, 0, b"x"), Refusal.NO_SUCH_REGION),
        (lambda size: m.MemoryFill(NONCE, 7, 0, b"x"), Refusal.NO_SUCH_REGION),
        (lambda size: m.MemoryFill(NONCE, 99, 0, b"x"), Refusal.NO_SUCH_REGION),
        (lambda size: m.MemoryFill(NONCE, SMALL, 1, b"x"), Refusal.OUT_OF_RANGE),
        (lambda size: m.MemoryFill(NONCE, SMALL, size, b"x"), Refusal.OUT_OF_RANGE),
    ],
)
def test_anything_but_the_next_bytes_of_an_erased_region_is_refused(peer, request_of, refusal):
    before = peer.ask(c.WIPE_STATUS)
    assert peer.refusal(c.MEMORY_FILL, request_of(region(peer, SMALL).size)) is refusal
    assert peer.ask(c.WIPE_STATUS) == before


def test_no_byte_is_filled_twice_and_none_behind_the_end(peer):
    fill(peer, SMALL, b"x" * 10)
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, 0, b"y")) is Refusal.OUT_OF_RANGE
    size = region(peer, SMALL).size
    fill_rest = randomness(size - 10)
    for at in range(0, len(fill_rest), 16_384):
        peer.ask(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, 10 + at, fill_rest[at : at + 16_384]))
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, size, b"z")) is Refusal.OUT_OF_RANGE


def test_before_a_wipe_nothing_is_filled(rig):
    peer = rig.connect()
    before = (rig.folder / "flash.img").read_bytes()
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(bytes(32), SMALL, 0, b"\0")) is Refusal.WRONG_STATE
    assert peer.refusal(c.FILL_ERASE, m.FillErase(bytes(32))) is Refusal.WRONG_STATE
    assert (rig.folder / "flash.img").read_bytes() == before


def test_a_region_that_the_wipe_left_out_is_not_filled(rig):
    peer = rig.connect()
    peer.unbind()
    peer.start_wipe((1, 3))
    rig.turn_until(lambda: any(isinstance(each, WipeProgress) and ended(each) for each in peer.events))
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, 0, b"x")) is Refusal.NOT_ERASED


def test_what_is_not_filled_yet_has_no_digest_and_nothing_filled_is_read(peer):
    fill(peer, SMALL, b"x" * 10)
    assert peer.refusal(c.MEMORY_DIGEST, m.MemoryDigest(SMALL, 0, 11, KEY)) is Refusal.NOT_ERASED
    assert digest(peer, SMALL, 10) == hmac.digest(KEY, b"x" * 10, "sha256")
    assert peer.refusal(c.MEMORY_READ, m.MemoryRead(SMALL, 0, 10)) is Refusal.NOT_ERASED
    assert digest(peer, 3, 10) == hmac.digest(KEY, b"\xff" * 10, "sha256")


def test_bytes_of_the_agents_are_no_records_of_the_merchants(rig, peer):
    """Not even where chance makes them look like a journal full of transactions that are not settled."""
    for number in FLASH_REGIONS[1:]:
        filled(peer, number)
    size = region(peer, 1).size
    fill(peer, 1, bytes([VALID]) * 4096 + bytes(size - 4096))
    assert peer.ask(c.STATUS).unsettled_count == 0
    assert {each.state for each in peer.ask(c.BINDINGS).bindings} == {BindingState.UNBOUND}
    assert peer.refusal(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)) is Refusal.WRONG_STATE
    screen = peer.screen
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(screen.serial, (Key.F1,))) is Refusal.WRONG_STATE
    erase_again(rig, peer)
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).records == 0


def signed_answers(peer):
    token = cbor2.loads(peer.ask(c.ATTEST, m.Attest(Phase.POST, NONCE)).token)
    return {each.region: (each.key, each.digest) for each in decode_claims(token.value[2]).answers}


def test_what_a_filled_region_answered_is_attested_until_it_is_filled_or_wiped_anew(rig, peer, tmp_path):
    digest(peer, SMALL, region(peer, SMALL).size)
    assert signed_answers(peer) == {}
    sent = {number: filled(peer, number) for number in (SMALL, 4)}
    digest(peer, SMALL, 16)
    assert signed_answers(peer) == {}
    peer.ask(c.MEMORY_DIGEST, m.MemoryDigest(SMALL, 0, len(sent[SMALL]), NONCE))
    answers = {number: (KEY, digest(peer, number, len(data))) for number, data in sent.items()}
    erase_again(rig, peer)
    digest(peer, SMALL, len(sent[SMALL]))
    assert signed_answers(peer) == answers
    rig.close()
    again = Rig(tmp_path)
    peer = again.connect()
    assert signed_answers(peer) == answers
    fill(peer, SMALL, b"x")
    assert signed_answers(peer) == {}
    erase_again(again, peer)
    data = filled(peer, 4)
    assert set(signed_answers(peer)) == set()
    digest(peer, 4, len(data))
    assert set(signed_answers(peer)) == {4}
    peer.events.clear()
    peer.start_wipe()
    again.turn_until(lambda: any(isinstance(each, WipeProgress) and ended(each) for each in peer.events))
    assert signed_answers(peer) == {}
    again.close()


def test_a_restart_ends_the_filling_and_what_is_there_waits_to_be_erased(rig, peer, tmp_path):
    fill(peer, SMALL, randomness(4096))
    rig.close()
    again = Rig(tmp_path)
    peer = again.connect()
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.wipe_count) == (WipeState.FILLED, 1)
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, 4096, b"x")) is Refusal.WRONG_STATE
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, 3, 0, b"x")) is Refusal.WRONG_STATE
    assert peer.refusal(c.MEMORY_DIGEST, m.MemoryDigest(SMALL, 0, 16, KEY)) is Refusal.NOT_ERASED
    erase_again(again, peer)
    assert peer.ask(c.WIPE_STATUS).state is WipeState.DONE
    filled(peer, SMALL)
    again.close()


def test_a_power_cut_while_it_is_erased_again_leaves_it_to_be_erased(tmp_path):
    rig = Rig(tmp_path, block_seconds=0.05)
    peer = wiped(rig)
    filled(peer, SMALL)
    total = sum(each.blocks_total for each in peer.ask(c.WIPE_STATUS).regions)
    rig.close()
    cut = Rig(tmp_path, f"cut-at-block={total - 2}", block_seconds=0.05)
    peer = cut.connect()
    peer.ask(c.FILL_ERASE, m.FillErase(NONCE))
    with pytest.raises(PowerCut):
        cut.turn(20)
    cut.close()
    again = Rig(tmp_path, block_seconds=0.05)
    peer = again.connect()
    status = peer.ask(c.WIPE_STATUS)
    assert status.state is WipeState.FILLED
    assert {each.region: each.result for each in status.regions}[SMALL] is RegionResult.WAITING
    erase_again(again, peer)
    assert peer.ask(c.WIPE_STATUS).state is WipeState.DONE
    again.close()


def test_erasing_again_takes_the_time_of_its_blocks_and_may_be_asked_twice(tmp_path):
    rig = Rig(tmp_path, block_seconds=0.05)
    peer = wiped(rig)
    filled(peer, 3)
    start = rig.now
    peer.ask(c.FILL_ERASE, m.FillErase(NONCE))
    peer.ask(c.FILL_ERASE, m.FillErase(NONCE))
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, 3, 0, b"x")) is Refusal.WRONG_STATE
    assert peer.ask(c.WIPE_STATUS).state is WipeState.FILLED
    rig.turn_until(lambda: any(isinstance(each, WipeProgress) and ended(each) for each in peer.events))
    blocks = region(peer, 3).size // 4096
    assert blocks * 0.05 <= rig.now - start <= blocks * 0.05 * 1.5 + 1
    peer.ask(c.FILL_ERASE, m.FillErase(NONCE))
    assert peer.ask(c.WIPE_STATUS).state is WipeState.DONE
    rig.close()


def test_another_wipe_takes_it_away_too(rig, peer):
    filled(peer, SMALL)
    peer.events.clear()
    peer.start_wipe(nonce=KEY)
    rig.turn_until(lambda: any(isinstance(each, WipeProgress) and ended(each) for each in peer.events))
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.wipe_count) == (WipeState.DONE, KEY, 2)
    assert digest(peer, SMALL, 10) == hmac.digest(KEY, b"\xff" * 10, "sha256")
    assert peer.refusal(c.FILL_ERASE, m.FillErase(NONCE)) is Refusal.NOT_PREPARED


def test_a_terminal_with_too_little_memory_says_blank_and_fails_the_digest(tmp_path):
    rig = Rig(tmp_path, "too-little-memory")
    peer = wiped(rig)
    size = region(peer, 1).size
    assert digest(peer, 1, size) == hmac.digest(KEY, b"\xff" * size, "sha256")
    assert leaks(rig.folder, rig.blueprint)
    data = filled(peer, 1)
    assert digest(peer, 1, size) != hmac.digest(KEY, data, "sha256")
    other = filled(peer, SMALL)
    assert digest(peer, SMALL, len(other)) == hmac.digest(KEY, other, "sha256")
    erase_again(rig, peer)
    assert digest(peer, 1, size) == hmac.digest(KEY, b"\xff" * size, "sha256")
    assert leaks(rig.folder, rig.blueprint)
    rig.close()


def test_a_terminal_may_know_no_filling_or_take_only_so_much_of_it(tmp_path):
    rig = Rig(tmp_path / "none", "no-fill")
    peer = rig.connect()
    requests = (
        (c.FILL_REGIONS, m.Empty()),
        (c.MEMORY_FILL, m.MemoryFill(NONCE, 1, 0, b"x")),
        (c.FILL_ERASE, m.FillErase(NONCE)),
    )
    for spec, request in requests:
        header, _ = peer.exchange(spec.id, spec.request.build(request))
        assert header.status == Refusal.UNKNOWN_COMMAND
    rig.close()
    rig = Rig(tmp_path / "some", "fill-refused=1")
    peer = wiped(rig)
    fill(peer, SMALL, b"x")
    assert peer.refusal(c.MEMORY_FILL, m.MemoryFill(NONCE, SMALL, 1, b"x")) is Refusal.WRONG_STATE
    erase_again(rig, peer)
    rig.close()
