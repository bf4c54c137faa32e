from dataclasses import replace

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, Refusal
from protocols.terminal import RegionOutcome, WipeProgress
from protocols.words import KeyState, RegionResult, Technique, WipeState
from simulators.board.wiping import Wipe
from simulators.state import Blueprint
from tests.simulators.rig import FLASH_REGIONS, NONCE, PowerCut, Rig, ended, leaks, wipe_request


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def peer(rig):
    peer = rig.connect()
    peer.unbind()
    return peer


def outcomes(status):
    return {each.region: each.result for each in status.regions}


def test_a_wipe_is_packed_and_read_back():
    regions = (RegionOutcome(1, RegionResult.ERASED, 9, 9), RegionOutcome(4, RegionResult.RUNNING, 2, 16))
    wipe = Wipe(WipeState.RUNNING, NONCE, True, True, regions, completed=3)
    assert Wipe.unpacked(wipe.packed()) == wipe
    assert (wipe.done, wipe.total) == (11, 25)
    assert Wipe.unpacked(Wipe().packed()) == Wipe()


def test_before_any_wipe_the_state_is_idle(rig):
    status = rig.connect().ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.wipe_count, status.keys_erased) == (WipeState.IDLE, bytes(32), 0, False)
    assert status.regions == ()


def test_a_wipe_erases_keys_first_then_the_regions_in_their_order(tmp_path):
    rig = Rig(tmp_path, block_seconds=0.05)
    peer = rig.connect()
    peer.unbind()
    prepared = peer.start_wipe((4, 2, 1, 3))
    rig.turn_until(lambda: any(isinstance(e, WipeProgress) and ended(e) for e in peer.events))
    reports = [event for event in peer.events if isinstance(event, WipeProgress)]
    assert reports[0] == WipeProgress(0, 0, prepared.blocks)
    assert list(dict.fromkeys(report.region for report in reports)) == [0, 4, 2, 1, 3]
    assert [report.blocks_done for report in reports] == sorted(report.blocks_done for report in reports)
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.wipe_count) == (WipeState.DONE, NONCE, 1)
    assert status.keys_erased
    assert outcomes(status) == dict.fromkeys((4, 2, 1, 3), RegionResult.ERASED)
    assert [each.region for each in status.regions] == [4, 2, 1, 3]
    assert rig.recorded[-1] == ("wipe", {"outcome": "DONE", "blocks": prepared.blocks})


def test_it_takes_the_time_that_the_blocks_take_and_reports_at_a_sane_rate(tmp_path):
    rig = Rig(tmp_path, block_seconds=0.05)
    peer = rig.connect()
    peer.unbind()
    peer.events.clear()
    start = rig.now
    prepared = peer.start_wipe()
    assert prepared.estimated_seconds == int(prepared.blocks * 0.05) + 1
    rig.turn_until(lambda: any(isinstance(e, WipeProgress) and ended(e) for e in peer.events))
    assert rig.now - start >= prepared.blocks * 0.05
    assert rig.now - start <= prepared.blocks * 0.05 * 1.5 + 1
    reports = sum(isinstance(event, WipeProgress) for event in peer.events)
    assert (rig.now - start) / 2 <= reports <= (rig.now - start) * 20 + 2


def test_after_the_wipe_nothing_is_there(rig, peer):
    peer.wipe()
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).records == 0
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.PARAMETERS)).records == 0
    slots = peer.ask(c.KEY_SLOTS).slots
    assert [slot.state for slot in slots] == [KeyState.ERASED] * 5 + [KeyState.LOADED]
    assert [slot.check_value for slot in slots[:5]] == [bytes(3)] * 5
    assert peer.ask(c.IDENTIFY).wipe_count == 1
    assert peer.screen.lines[2] == "未初始化"
    assert (rig.folder / "keys.bin").read_bytes() == bytes(512)


@pytest.mark.parametrize("seed", [1, 7, 123_456_789])
def test_no_transaction_card_number_key_or_password_is_left_in_any_file(tmp_path, seed):
    blueprint = Blueprint("haike-h60", seed, 40, 0)
    rig = Rig(tmp_path, blueprint=blueprint)
    peer = rig.connect()
    found = leaks(tmp_path, blueprint)
    assert {each.partition(":")[0] for each in found} == {"flash.img", "keys.bin"}, "the search must find what is there"
    peer.unbind()
    unbound = leaks(tmp_path, blueprint)
    assert len(unbound) == len(found), "unbinding alone empties nothing"
    peer.wipe()
    assert leaks(tmp_path, blueprint) == []
    rig.close()
    again = Rig(tmp_path, blueprint=blueprint)
    assert leaks(tmp_path, blueprint) == []
    again.close()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"regions": (m.RegionNumber(1), m.RegionNumber(9))}, Refusal.NO_SUCH_REGION),
        ({"regions": (m.RegionNumber(5),)}, Refusal.NO_SUCH_REGION),
        ({"regions": (m.RegionNumber(6),)}, Refusal.NO_SUCH_REGION),
        ({"regions": (m.RegionNumber(7),)}, Refusal.NO_SUCH_REGION),
        ({"regions": (m.RegionNumber(1), m.RegionNumber(1))}, Refusal.NO_SUCH_REGION),
        ({"regions": (), "erase_keys": False}, Refusal.BAD_REQUEST),
        ({"technique": Technique.OVERWRITE}, Refusal.BAD_REQUEST),
        ({"technique": Technique.CRYPTOGRAPHIC_ERASE}, Refusal.BAD_REQUEST),
    ],
)
def test_what_cannot_be_wiped_is_refused(peer, change, refusal):
    assert peer.refusal(c.WIPE_PREPARE, replace(wipe_request(), **change)) is refusal
    assert peer.ask(c.WIPE_STATUS).state is WipeState.IDLE


def test_a_bound_terminal_refuses(rig):
    peer = rig.connect()
    assert peer.refusal(c.WIPE_PREPARE, wipe_request()) is Refusal.STILL_BOUND


def test_i2_a_token_is_good_for_one_start_and_only_the_latest_counts(rig, peer):
    assert peer.refusal(c.WIPE_START, m.WipeStart(bytes(16))) is Refusal.NOT_PREPARED
    first = peer.ask(c.WIPE_PREPARE, wipe_request())
    assert peer.ask(c.WIPE_STATUS).state is WipeState.PREPARED
    assert outcomes(peer.ask(c.WIPE_STATUS)) == dict.fromkeys(FLASH_REGIONS, RegionResult.WAITING)
    second = peer.ask(c.WIPE_PREPARE, wipe_request())
    assert first.token != second.token
    assert peer.refusal(c.WIPE_START, m.WipeStart(first.token)) is Refusal.NOT_PREPARED
    peer.ask(c.WIPE_START, m.WipeStart(second.token))
    rig.turn(2.0)
    assert peer.refusal(c.WIPE_START, m.WipeStart(second.token)) is Refusal.NOT_PREPARED
    assert peer.ask(c.WIPE_STATUS).wipe_count == 1


def test_i2_a_restart_forgets_what_was_prepared(rig, peer):
    prepared = peer.ask(c.WIPE_PREPARE, wipe_request())
    peer.ask(c.REBOOT)
    rig.turn(0.1)
    again = rig.connect()
    assert again.ask(c.WIPE_STATUS).state is WipeState.IDLE
    assert again.refusal(c.WIPE_START, m.WipeStart(prepared.token)) is Refusal.NOT_PREPARED
    assert again.ask(c.WIPE_PREPARE, wipe_request()).token != prepared.token


@pytest.mark.parametrize("block", [0, 1, 11, 12, 40, 60])
def test_i7_a_power_cut_at_any_block_is_found_at_the_next_start_and_a_new_wipe_finishes_it(tmp_path, block):
    rig = Rig(tmp_path, f"cut-at-block={block}")
    peer = rig.connect()
    peer.unbind()
    with pytest.raises(PowerCut):
        peer.wipe()
    rig.close()
    rig = Rig(tmp_path)
    peer = rig.connect()
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.nonce, status.keys_erased) == (WipeState.INTERRUPTED, NONCE, True)
    assert status.wipe_count == 0
    assert sum(each.blocks_done for each in status.regions) <= block
    results = [each.result for each in status.regions]
    assert results.count(RegionResult.FAILED) == 1
    assert RegionResult.RUNNING not in results
    assert all(each.blocks_done == each.blocks_total for each in status.regions if each.result is RegionResult.ERASED)
    assert peer.refusal(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)) is Refusal.WRONG_STATE
    for spec in (c.IDENTIFY, c.STATUS, c.BINDINGS, c.KEY_SLOTS, c.SCREEN_READ):
        assert peer.ask(spec)
    assert not rig.device._wiper.running
    assert peer.wipe().wipe_count == 1
    assert leaks(tmp_path, rig.blueprint) == []


def test_i7_a_wipe_that_is_done_counts_and_no_other_wherever_the_power_goes(tmp_path):
    changes = count_changes_of_a_wipe(tmp_path / "counted")
    for number in range(changes - 3, changes + 1):
        folder = tmp_path / str(number)
        unbound(folder).close()
        rig = Rig(folder, f"cut-at-write={number}")
        with pytest.raises(PowerCut):
            rig.connect().wipe()
        rig.close()
        rig = Rig(folder)
        status = rig.connect().ask(c.WIPE_STATUS)
        assert (status.state, status.wipe_count) in {(WipeState.INTERRUPTED, 0), (WipeState.DONE, 1)}
        assert rig.device.identity().wipe_count == status.wipe_count
        rig.close()


def unbound(folder):
    rig = Rig(folder)
    rig.connect().unbind()
    return rig


def count_changes_of_a_wipe(folder):
    """Count the changes of the flash from a start to the end of a wipe."""
    unbound(folder).close()
    rig = Rig(folder, f"cut-at-write={1 << 20}")
    changes = []
    rig.device._memory.flash.half_way = lambda: changes.append(1)
    rig.connect().wipe()
    rig.close()
    return len(changes) + BOOT_CHANGES


BOOT_CHANGES = 3
"""Changes of the flash that a start makes: header, body and status of its count."""


def test_a_wipe_goes_on_when_nobody_listens(rig, peer):
    peer.start_wipe()
    peer.port.line_lost()
    rig.peers.clear()
    rig.turn(2.0)
    assert rig.connect().ask(c.WIPE_STATUS).state is WipeState.DONE


def test_keys_alone_can_be_erased(rig, peer):
    prepared = peer.start_wipe(())
    assert prepared.blocks == 0
    rig.turn(0.2)
    status = peer.ask(c.WIPE_STATUS)
    assert (status.state, status.keys_erased, status.regions) == (WipeState.DONE, True, ())
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).records > 0


def test_a_second_wipe_counts_and_keeps_the_keys_erased(rig, peer):
    peer.wipe()
    peer.events.clear()
    keys_left_alone = replace(wipe_request((1,), bytes(32)), erase_keys=False)
    prepared = peer.ask(c.WIPE_PREPARE, keys_left_alone)
    peer.ask(c.WIPE_START, m.WipeStart(prepared.token))
    rig.turn(2.0)
    status = peer.ask(c.WIPE_STATUS)
    assert (status.wipe_count, status.keys_erased, outcomes(status)) == (2, True, {1: RegionResult.ERASED})


@pytest.mark.parametrize("region", [1, 2, 3, 4, 5])
def test_a_skipped_region_is_claimed_and_still_full(tmp_path, region):
    rig = Rig(tmp_path, f"skips-region={region}")
    peer = rig.connect()
    peer.unbind()
    assert peer.wipe().keys_erased
    sizes = {each.region: (each.size, each.blank) for each in peer.ask(c.MEMORY_MAP).regions}
    for number in (1, 2, 3, 4, 5):
        size, blank = sizes[number]
        data = peer.ask(c.MEMORY_READ, m.MemoryRead(number, 0, min(size, 65_536))).data
        assert (data.count(blank) == len(data)) == (number != region), number


def test_a_liar_claims_all_and_erases_nothing(tmp_path):
    rig = Rig(tmp_path, "lies-about-wipe")
    peer = rig.connect()
    peer.unbind()
    before = leaks(tmp_path, rig.blueprint)
    status = peer.wipe()
    assert (status.wipe_count, status.keys_erased) == (1, True)
    assert outcomes(status) == dict.fromkeys(FLASH_REGIONS, RegionResult.ERASED)
    assert leaks(tmp_path, rig.blueprint) == before
