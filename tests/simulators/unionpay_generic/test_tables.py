from simulators.board.factory import facts_of, seeded_merchant
from simulators.state import Blueprint
from simulators.unionpay_generic.tables import MODEL


def test_it_announces_the_supervisor_and_the_password():
    answers = facts_of(MODEL, Blueprint("unionpay-generic", 3, 10, 0)).answers
    assert answers["operator"] == "00"
    assert answers["operator_password"] == seeded_merchant(MODEL, 3).supervisor_password


def test_its_own_peripherals_and_numbers():
    assert MODEL.peripherals == ("printer", "pin_pad")
    assert MODEL.remote
    assert MODEL.label_number("9999990612345678") == "UP-12345678"
