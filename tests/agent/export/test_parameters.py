import pytest

from agent.export.parameters import exported_parameters, may_hold_card_number
from tests.agent.export.fake_driver import PARAMETERS, SECRETS

CARD_NUMBERS = [
    "4111111111111111",
    "TEST 4111 1111 1111 1111",
    "TEST 3782-822463-10005",
    ";5555555555554444=30121010000?",
    "x378282246310005x",
    "6217990000000000018",
    "４１１１１１１１１１１１１１１１",
]


def test_i4_only_the_whitelist_leaves():
    exported, withheld = exported_parameters({**PARAMETERS, **SECRETS, "unheard.of": "x"})
    assert exported == {**PARAMETERS, "settlement_account": "621799*********0018"}
    assert withheld == ()


@pytest.mark.parametrize("value", CARD_NUMBERS)
@pytest.mark.parametrize("name", ["merchant_name", "deployment_address", "operator.01.name", "acquirer_host"])
def test_i4_a_card_number_in_a_text_withholds_the_text(name, value):
    assert exported_parameters({name: value, "currency": "156"}) == ({"currency": "156"}, (name,))


def test_a_merchant_number_and_a_credit_code_are_long_by_nature():
    values = {"merchant_number": "999100058120042", "merchant_credit_code": "911000000000000018"}
    assert exported_parameters(values) == (values, ())


def test_i4_a_merchant_number_is_no_place_for_a_card_number():
    assert exported_parameters({"merchant_number": "4111111111111111"}) == ({}, ("merchant_number",))


@pytest.mark.parametrize(
    "text", ["", "12", "深圳市测试路 100 号", "0755-1234567 13800138000", "2026-11-22 08:30", "10.0.0.1:8583"]
)
def test_ordinary_texts_hold_none(text):
    assert not may_hold_card_number(text)
