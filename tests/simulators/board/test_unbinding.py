from protocols.pmp.commands import DATASET_OPEN, STATUS
from protocols.pmp.facts import Dataset
from protocols.pmp.messages import DatasetName
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
