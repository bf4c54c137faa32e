"""What each lie is, as whoever asks sees it, and what is in the memory for all that."""

import hashlib
import hmac

import pytest

from protocols.eat import decode_claims
from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, Phase
from protocols.words import KeyState, RegionResult, WipeState
from simulators.board.lying import LyingBoard, start_board
from simulators.board.terminal import Board
from simulators.hardware.keystore import SIZE
from tests.simulators.board.test_terminal import attested
from tests.simulators.rig import Rig, leaks

KEY = b"k" * 32
PARAMETERS, RECEIPTS, KEYS = 2, 3, 5
RECEIPT_BYTES = 131_072


@pytest.fixture
def made(tmp_path):
    rigs = []

    def make(*faults):
        rigs.append(Rig(tmp_path / "state", *faults))
        return rigs[-1], rigs[-1].connect()

    yield make
    for rig in rigs:
        rig.close()


def wiped(made, *faults):
    rig, peer = made(*faults)
    peer.unbind()
    peer.wipe()
    return rig, peer


def blank_read(peer, region, size):
    return set(peer.ask(c.MEMORY_READ, m.MemoryRead(region, 0, 512)).data) == {0xFF if region != KEYS else 0}


def blank_digest(peer, region, size):
    said = peer.ask(c.MEMORY_DIGEST, m.MemoryDigest(region, 0, size, KEY)).digest
    return said == hmac.digest(KEY, b"\xff" * size, "sha256")


def test_only_liars_are_liars(made):
    assert type(made()[0].device) is Board
    assert start_board.__module__ == LyingBoard.__module__


def test_answers_blank_shows_blank_memory_in_every_way_and_holds_everything(made):
    rig, peer = wiped(made, "answers-blank")
    assert blank_read(peer, RECEIPTS, RECEIPT_BYTES)
    assert blank_digest(peer, RECEIPTS, RECEIPT_BYTES)
    claims, _ = attested(peer, Phase.POST)
    said = {each.region: each for each in claims.regions}
    assert said[RECEIPTS].digest == hashlib.sha256(b"\xff" * RECEIPT_BYTES).digest()
    assert said[RECEIPTS].result == RegionResult.ERASED
    assert leaks(rig.folder, rig.blueprint)


def test_digests_from_an_image_are_blank_and_what_is_read_is_not(made):
    _, peer = wiped(made, "digests-from-image")
    assert blank_digest(peer, RECEIPTS, RECEIPT_BYTES)
    assert not blank_read(peer, RECEIPTS, RECEIPT_BYTES)


def test_headers_alone_are_erased(made):
    rig, _ = wiped(made, "erases-headers")
    start = next(each.start for each in rig.device.memory_map() if each.region == RECEIPTS)
    flash = (rig.folder / "flash.img").read_bytes()
    assert set(flash[start : start + 4096]) == {0xFF}
    assert set(flash[start + 4096 : start + 8192]) != {0xFF}


def test_keys_are_kept_and_shown_as_blank_but_for_their_check_values(made):
    rig, peer = wiped(made, "keeps-keys")
    assert any((rig.folder / "keys.bin").read_bytes())
    assert blank_read(peer, KEYS, SIZE)
    assert peer.ask(c.WIPE_STATUS).keys_erased
    slots = peer.ask(c.KEY_SLOTS).slots
    assert {each.state for each in slots if not each.survives_wipe} == {KeyState.LOADED}
    assert all(any(each.check_value) for each in slots)


def test_a_wipe_that_is_not_counted(made):
    _, peer = wiped(made, "wipe-count-stays")
    claims, _ = attested(peer, Phase.POST)
    assert (peer.ask(c.IDENTIFY).wipe_count, peer.ask(c.WIPE_STATUS).wipe_count, claims.wipe_count) == (0, 0, 0)


@pytest.mark.parametrize(("fault", "least"), [("never-finishes", 0), ("stuck-progress", 3), ("endless-progress", 3)])
def test_a_wipe_without_end(made, fault, least):
    rig, peer = made(fault)
    peer.unbind()
    peer.events.clear()
    peer.start_wipe()
    rig.turn(25)
    done = [each.blocks_done for each in peer.events if hasattr(each, "blocks_done")]
    assert len(done) >= least
    assert done == ([1] * len(done) if fault == "stuck-progress" else list(range(1, len(done) + 1)))
    assert peer.ask(c.WIPE_STATUS).state is WipeState.RUNNING


def regions(peer):
    return {each.region: each.size for each in peer.ask(c.MEMORY_MAP).regions}


def test_maps_that_are_not_whole(made):
    honest = regions(made()[1])
    assert regions(made("map-lacks-region=3")[1]).keys() == honest.keys() - {RECEIPTS}
    assert regions(made("map-halves-region=3")[1])[RECEIPTS] == honest[RECEIPTS] // 2
    _, peer = made("map-shrinks=before")
    assert regions(peer) == honest
    peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert regions(peer).keys() == honest.keys() - {RECEIPTS}


def test_a_map_that_shrinks_once_the_wipe_is_done(made):
    _, peer = wiped(made, "map-shrinks=after")
    assert RECEIPTS not in regions(peer)
    assert RECEIPTS not in {each.region for each in attested(peer, Phase.POST)[0].regions}


def test_the_half_that_is_not_shown_is_kept(made):
    rig, peer = made("map-halves-region=3")
    start = next(each.start for each in rig.device.memory_map() if each.region == RECEIPTS)
    for at in (start, start + RECEIPT_BYTES - 4):
        rig.device._memory.flash.program(at, b"KEPT")
    peer.unbind()
    peer.wipe()
    flash = (rig.folder / "flash.img").read_bytes()
    assert flash[start : start + 4] == b"\xff" * 4
    assert flash[start + RECEIPT_BYTES - 4 : start + RECEIPT_BYTES] == b"KEPT"
    claims, _ = attested(peer, Phase.POST)
    said = next(each for each in claims.regions if each.region == RECEIPTS)
    assert said.digest == hashlib.sha256(b"\xff" * (RECEIPT_BYTES // 2)).digest(), "what it shows is blank"


def test_attestations_of_another_time(made):
    _, peer = made("replays-attestation=before")
    assert attested(peer, Phase.PRE, b"n" * 32)[0].nonce != b"n" * 32
    _, peer = wiped(made, "replays-attestation=after")
    assert attested(peer, Phase.PRE, b"n" * 32)[0].nonce == b"n" * 32
    claims = attested(peer, Phase.POST, b"n" * 32)[0]
    assert (claims.nonce != b"n" * 32, claims.wipe_state) == (True, WipeState.DONE)


def test_the_first_attestation_once_more(made):
    _, peer = made("replays-pre")
    first = peer.ask(c.ATTEST, m.Attest(Phase.PRE, b"n" * 32)).token
    assert peer.ask(c.ATTEST, m.Attest(Phase.POST, b"m" * 32)).token == first


def test_a_twin_with_the_same_serial_number(made):
    _, peer = made("swap-key")
    before = peer.ask(c.IDENTIFY)
    peer.unbind()
    peer.wipe()
    after = peer.ask(c.IDENTIFY)
    assert after.tusn == before.tusn
    assert after.key_fingerprint != before.key_fingerprint
    assert attested(peer, Phase.POST)[0].tusn == before.tusn, "its certificate is genuine"


def test_identify_lies_and_another_one_attests(made):
    _, peer = made("lies-in-identify")
    before = peer.ask(c.IDENTIFY)
    peer.unbind()
    peer.wipe()
    after = peer.ask(c.IDENTIFY)
    assert (after.tusn, after.key_fingerprint) == (before.tusn, before.key_fingerprint)
    assert attested(peer, Phase.POST)[0].tusn != before.tusn


def test_another_serial_number_from_a_moment_on(made):
    _, peer = made("changes-tusn=export")
    before = peer.ask(c.IDENTIFY).tusn
    peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert peer.ask(c.IDENTIFY).tusn != before


def test_a_twin_is_wiped_and_the_terminal_says_truly_that_it_was_not(made):
    rig, peer = wiped(made, "swaps-between")
    assert blank_read(peer, RECEIPTS, RECEIPT_BYTES)
    assert blank_digest(peer, RECEIPTS, RECEIPT_BYTES)
    assert blank_read(peer, KEYS, SIZE)
    claims, _ = attested(peer, Phase.POST)
    assert (claims.wipe_state, claims.wipe_count) == (WipeState.IDLE, 0)
    assert leaks(rig.folder, rig.blueprint)


@pytest.mark.parametrize(("fault", "both"), [("others-journal", False), ("others-export", True)])
def test_what_another_terminal_holds_is_sent(made, fault, both):
    def sent(peer, dataset):
        opened = peer.ask(c.DATASET_OPEN, m.DatasetName(dataset))
        data = peer.read_dataset(opened)
        totals = peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle))
        assert totals.digest == hashlib.sha256(data).digest()
        return data

    honest, peer = made()[1], made(fault)[1]
    assert sent(honest, Dataset.JOURNAL) != sent(peer, Dataset.JOURNAL)
    assert (sent(honest, Dataset.PARAMETERS) != sent(peer, Dataset.PARAMETERS)) is both


def test_a_token_is_decoded_here_as_anywhere(made):
    token = made("wipe-count-stays")[1].ask(c.ATTEST, m.Attest(Phase.PRE, KEY)).token
    import cbor2

    assert decode_claims(cbor2.loads(token).value[2]).nonce == KEY
