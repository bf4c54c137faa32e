from simulators.board.factory import facts_of, seeded_merchant
from simulators.lakala_l300.tables import MODEL
from simulators.state import Blueprint


def test_it_announces_both_passwords_and_the_operator():
    answers = facts_of(MODEL, Blueprint("lakala-l300", 3, 10, 0)).answers
    merchant = seeded_merchant(MODEL, 3)
    assert answers["operator"] == "99"
    assert answers["operator_password"] == merchant.system_password
    assert answers["second_password"] == merchant.restore_password
    assert len({answers["operator_password"], answers["second_password"], merchant.unbinding_password}) == 3


def test_its_own_peripherals_and_numbers():
    assert MODEL.peripherals == ("printer", "scanner")
    assert MODEL.remote
    assert MODEL.label_number("9999990512345678") == "L300-12345678"
