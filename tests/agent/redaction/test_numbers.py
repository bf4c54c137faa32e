"""What is a card number: the published test numbers of the schemes, and nothing near them."""

from __future__ import annotations

import pytest

from agent.redaction.numbers import ISSUERS, is_card_number, luhn_valid

PUBLISHED = (
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "30569309025904",
    "38520000023237",
    "6011111111111117",
    "3530111333300000",
    "6200000000000005",
    "6205500000000000004",
    "8171999927660000",
    "2200000000000053",
    "6759649826438453",
)
"""Numbers that schemes and processors publish for testing; that of Mir is its prefix, zeros and a check digit."""


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_test_numbers_are_card_numbers(number: str) -> None:
    assert is_card_number(number)


@pytest.mark.parametrize("number", PUBLISHED)
def test_another_check_digit_makes_it_none(number: str) -> None:
    others = [number[:-1] + str((int(number[-1]) + step) % 10) for step in range(1, 10)]
    assert not any(map(is_card_number, others))


def test_luhn_by_its_standards_example() -> None:
    """ISO/IEC 7812-1, annex B, has 4992 73 9871 with the check digit 6."""
    assert luhn_valid("49927398716")
    assert not luhn_valid("49927398717")


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "0" * 16,
        "411111111111116",  # valid by Luhn, and of a length that its issuer has not
        "41111111111111111111",
        "9999990200000007",
        "1234567812345670",
        "999100053110001",
        "1700000000000",
        "20260504090000",
    ],
)
def test_other_numbers_are_none(digits: str) -> None:
    assert not is_card_number(digits)


def test_the_table_of_issuers_is_in_order() -> None:
    for first, last, lengths in ISSUERS:
        assert len(str(first)) == len(str(last))
        assert first <= last
        assert min(lengths) >= 13
        assert max(lengths) <= 19
