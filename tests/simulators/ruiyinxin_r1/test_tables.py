from simulators.board.factory import facts_of
from simulators.ruiyinxin_r1.tables import MODEL
from simulators.state import Blueprint


def test_it_announces_the_number_on_its_label():
    facts = facts_of(MODEL, Blueprint("ruiyinxin-r1", 3, 10, 0))
    assert facts.answers["machine_number"] == facts.tusn[-8:]


def test_it_is_paired_with_a_phone_and_no_line_reaches_its_screen():
    assert MODEL.peripherals == ("phone",)
    assert not MODEL.remote
