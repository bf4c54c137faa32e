"""Bindings are shown masked."""

from __future__ import annotations

import pytest

from agent.cli.masking import masked, masked_binding, masked_merchant_number
from protocols.terminal import Binding
from protocols.words import BindingKind, BindingState


@pytest.mark.parametrize(
    ("kind", "name", "value", "shown"),
    [
        (BindingKind.MERCHANT, "merchant_number", "999100058120001", "999********0001"),
        (BindingKind.ACCOUNT, "settlement_account", "6217990000001234", "************1234"),
        (BindingKind.MERCHANT, "merchant_credit_code", "91999999TEST000001", "91************0001"),
        (BindingKind.MERCHANT, "deployment_address", "测试市测试路一号", "测试市*****"),
        (BindingKind.MERCHANT, "acquirer_code", "99900001", "99900001"),
        (BindingKind.MERCHANT, "acquirer_code", "9" * 16, "*" * 16),
        (BindingKind.MERCHANT, "something_new", "secret", "******"),
        (BindingKind.DEVICE, "printer", "SN-12345678", "*******5678"),
        (BindingKind.ACCOUNT, "settlement_account", "1234", "****"),
    ],
)
def test_i4_a_binding_is_masked(kind: BindingKind, name: str, value: str, shown: str) -> None:
    assert masked_binding(Binding(kind, BindingState.BOUND, name, value)) == shown


def test_i4_a_short_number_is_hidden_throughout() -> None:
    assert masked_merchant_number("99912345") == "********"
    assert masked("", 3, 4) == ""
