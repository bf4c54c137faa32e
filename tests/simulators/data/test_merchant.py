import pytest

from simulators.data.cards import luhn_digit
from simulators.data.merchant import make_merchant

TUSN = "9999990212345678"


@pytest.mark.parametrize("seed", range(30))
def test_a_merchant_has_the_form_of_one_and_is_marked_as_made_up(seed):
    merchant = make_merchant(seed, TUSN)
    assert merchant.merchant_number.isdigit()
    assert len(merchant.merchant_number) == 15
    assert merchant.merchant_number.startswith("999")
    assert len(merchant.terminal_number) == len(merchant.acquirer_code) == 8
    assert len(merchant.credit_code) == 18
    assert luhn_digit(merchant.settlement_account[:-1]) == merchant.settlement_account[-1]
    assert len(merchant.unbinding_password) == 6
    assert "测试" in merchant.merchant_name
    for secret in (merchant.unbinding_password, merchant.supervisor_password, merchant.system_password):
        assert secret not in TUSN
    assert {name for _, name, _ in merchant.bindings} == {
        "settlement_account",
        "acquirer_code",
        "merchant_number",
        "merchant_credit_code",
        "deployment_address",
    }
    assert set(merchant.secrets) >= {value for _, _, value in merchant.bindings} | {merchant.unbinding_password}


def test_a_seed_gives_one_merchant_and_another_seed_another():
    assert make_merchant(7, TUSN) == make_merchant(7, TUSN)
    assert len({make_merchant(seed, TUSN).merchant_number for seed in range(50)}) > 40
