"""The facts of a case."""

from __future__ import annotations

import pytest

from agent.menu.case import MenuCase

CASE = MenuCase("9999990212345678", "999100058120001", "H60-12345678")


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("tusn", "9999990212345678"),
        ("tusn_last8", "12345678"),
        ("merchant_number", "999100058120001"),
        ("machine_number", "H60-12345678"),
        ("amount", "0.01"),
    ],
)
def test_i9_a_place_agrees_or_not(place: str, right: str) -> None:
    assert CASE.agrees(place, right)
    assert not CASE.agrees(place, right[:-1] + "9")
    assert CASE.disagreeing({place: "9", "attempts_left": "3"}) == {place}


def test_other_places_have_nothing_to_do_with_the_case() -> None:
    assert CASE.agrees_with({"attempts_left": "3", "typed": "12", "phone": "138"})


def test_i4_the_merchant_number_is_not_shown() -> None:
    assert CASE.merchant_number not in repr(CASE)
