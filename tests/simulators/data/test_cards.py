from random import Random

import pytest

from protocols.words import Scheme
from simulators.data.cards import MADE_UP_PREFIX, PUBLISHED, card_pool, luhn_digit, make_card, pack_digits

PUBLISHED_NUMBERS = [number for numbers in PUBLISHED.values() for number in numbers]


@pytest.mark.parametrize("number", PUBLISHED_NUMBERS)
def test_the_published_numbers_carry_the_check_digit_that_we_compute(number):
    assert luhn_digit(number[:-1]) == number[-1]


def test_only_published_numbers_and_those_under_9999_are_used():
    for scheme, cards in card_pool(Random(1), 50).items():
        for card in cards:
            assert 15 <= len(card.number) <= 19
            assert luhn_digit(card.number[:-1]) == card.number[-1]
            made_up = card.number.startswith("9999") and card.number.startswith(MADE_UP_PREFIX.get(scheme, "-"))
            assert made_up or card.number in PUBLISHED[scheme]


def test_numbers_are_packed_as_bcd_and_filled_up():
    assert pack_digits("378282246310005", 10).hex() == "378282246310005fffff"
    card = make_card("4111111111111111", Random(1))
    assert card.account.hex() == "4111111111111111ffff"
    assert len(card.expiry) == 2
    assert card.track2.hex().startswith("4111111111111111d" + card.expiry.hex() + "201")
    assert len(card.track2) == 20


def test_every_card_scheme_has_cards():
    assert set(card_pool(Random(1), 1)) == set(Scheme) - {Scheme.ALIPAY, Scheme.WECHAT_PAY}
