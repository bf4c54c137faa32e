from protocols.pmp.commands import DATASET_OPEN, STATUS
from protocols.pmp.facts import Dataset
from protocols.pmp.messages import DatasetName
from protocols.words import BindingState
from simulators.board.factory import seeded_merchant
from simulators.haike_h60.tables import MODEL
from simulators.state import Blueprint
from tests.simulators.rig import SEED, Rig

PASSWORD = seeded_merchant(MODEL, SEED).unbinding_password


def test_i6_attempts_and_the_lock_out_outlive_restarts(tmp_path):
    for left in (2, 1, 0, 0):
        rig = Rig(tmp_path)
        assert not rig.device._unbinding.try_password("000000")
        assert rig.device._unbinding.attempts_left == left
        assert rig.recorded[-1] == ("password", {"right": False, "attempts_left": left})
        status = rig.connect().ask(STATUS)
        assert (status.password_attempts_left, status.locked) == (left, left == 0)
        rig.close()


def test_the_right_password_gives_the_attempts_back(tmp_path):
    rig = Rig(tmp_path)
    rig.device._unbinding.try_password("1")
    assert rig.device._unbinding.try_password(PASSWORD)
    assert rig.device._unbinding.attempts_left == 3
    assert PASSWORD not in repr(rig.recorded)


def test_unbinding_is_recorded_and_outlives_a_restart(tmp_path):
    rig = Rig(tmp_path)
    rig.device._unbinding.unbind()
    assert rig.recorded[-1] == ("unbound", {})
    rig.close()
    again = Rig(tmp_path)
    assert again.device._unbinding.merchant_number is None
    assert again.device._unbinding.initialised


def test_unsettled_transactions_are_seen(tmp_path):
    assert not Rig(tmp_path / "a").device._unbinding.has_unsettled
    rig = Rig(tmp_path / "b", blueprint=Blueprint("haike-h60", SEED, 40, 3))
    assert rig.device._unbinding.has_unsettled


def test_a_wiped_terminal_takes_no_password(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.unbind()
    peer.wipe()
    assert not rig.device._unbinding.initialised
    assert not rig.device._unbinding.try_password(PASSWORD)


def test_a_journal_cleared_by_the_menu_is_recorded(tmp_path):
    rig = Rig(tmp_path)
    rig.device._unbinding.clear_journal()
    assert rig.recorded[-1] == ("journal-cleared", {})
    assert rig.connect().ask(DATASET_OPEN, DatasetName(Dataset.JOURNAL)).records == 0


def test_a_code_is_valid_for_a_while_once_it_was_sent_and_once_only(tmp_path):
    unbinding = Rig(tmp_path).device._unbinding
    code = seeded_merchant(MODEL, SEED).verification_code
    assert unbinding.try_code(code, 10.0) == "expired"
    unbinding.send_code(10.0)
    assert unbinding.try_code("000000", 11.0) == "wrong"
    assert unbinding.attempts_left == 2
    assert unbinding.try_code(code, 309.9) == "right"
    assert unbinding.attempts_left == 3
    assert unbinding.try_code(code, 309.9) == "expired"
    unbinding.send_code(400.0)
    assert unbinding.try_code(code, 700.0) == "expired"


def test_fault_code_expired(tmp_path):
    unbinding = Rig(tmp_path, "code-expired").device._unbinding
    unbinding.send_code(10.0)
    assert unbinding.try_code(seeded_merchant(MODEL, SEED).verification_code, 10.0) == "expired"


def test_what_waits_for_the_platform_is_pending(tmp_path):
    rig = Rig(tmp_path)
    rig.device._unbinding.unbind(pending=True)
    assert rig.device._unbinding.pending
    states = {each.name: each.state for each in rig.device.bindings()}
    assert states["printer"] is BindingState.UNBOUND
    assert states["merchant_number"] is states["settlement_account"] is BindingState.PENDING
    peer = rig.connect()
    peer.wipe()
    assert not rig.device._unbinding.pending


def test_a_wiped_terminal_is_bound_anew_with_its_makers_password(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.unbind()
    assert not rig.device._unbinding.try_password("888888")
    peer.wipe()
    assert rig.device._unbinding.try_password("888888")
    assert not rig.device._unbinding.has_keys
    rig.device._unbinding.bind("999100054110009")
    assert rig.device._unbinding.merchant_number == "999100054110009"


def test_a_test_sale_and_its_void_are_in_the_journal_and_can_be_settled(tmp_path):
    rig = Rig(tmp_path)
    unbinding = rig.device._unbinding
    assert not unbinding.void()
    assert unbinding.sell()
    sold = unbinding.last_trace
    assert unbinding.void()
    assert not unbinding.void()
    assert unbinding.last_trace == sold + 1
    assert rig.connect().ask(STATUS).unsettled_count == 2
    assert unbinding.settle()
    assert not unbinding.has_unsettled
    assert ("test-void", {"done": True}) in rig.recorded


def test_signing_on_and_off(tmp_path):
    rig = Rig(tmp_path)
    rig.device._unbinding.sign_off()
    assert not rig.device._unbinding.signed_on
    rig.device._unbinding.sign_on()
    assert [event for event, _ in rig.recorded[-2:]] == ["signed-off", "signed-on"]
    rig.device._unbinding.sign_off()
    rig.device.boot()
    assert rig.device._unbinding.signed_on
