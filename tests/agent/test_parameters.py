"""The whitelist of parameters."""

from __future__ import annotations

import pytest

from agent.parameters import may_leave, shown_value


@pytest.mark.parametrize(
    "name", ["merchant_number", "terminal_number", "acquirer_host", "settlement_account", "operator.01.name"]
)
def test_what_is_listed_may_leave(name: str) -> None:
    assert may_leave(name)


@pytest.mark.parametrize(
    "name",
    [
        "operator.00.password",
        "operator.99.password",
        "unbind.password",
        "merchant_number.password",
        "merchant_number\n",
        "operator.1.name",
        "operator.٠١.name",
        "MERCHANT_NUMBER",
        "new_in_firmware_4",
        "",
    ],
)
def test_i4_what_is_not_listed_stays(name: str) -> None:
    assert not may_leave(name)


def test_i4_a_settlement_account_is_masked() -> None:
    assert shown_value("settlement_account", "4111111111111111") == "411111******1111"
    assert shown_value("merchant_number", "999100058120001") == "999100058120001"
