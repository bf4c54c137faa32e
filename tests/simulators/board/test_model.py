from simulators.haike_h60.tables import MODEL


def test_numbers_and_names_come_from_the_table():
    assert (MODEL.tusn_prefix, MODEL.peripheral_prefix) == ("99999902", "88888802")
    assert MODEL.label_number("9999990212345678") == "H60-12345678"
    assert MODEL.peripherals == ("printer", "scanner", "pin_pad")
    assert MODEL.unknown_name == "haike-x99"
