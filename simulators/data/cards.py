"""Card numbers that belong to nobody, and how a terminal packs them.

Either a number that its scheme publishes for testing, or one under 9999, which ISO/IEC 7812-1 leaves to national
standards bodies and no scheme issues.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from protocols.words import Scheme

PUBLISHED = {
    Scheme.UNIONPAY: ("6200000000000005", "6250947000000014", "6205500000000000004"),
    Scheme.VISA: ("4111111111111111", "4012888888881881", "4242424242424242", "4000056655665556"),
    Scheme.MASTERCARD: ("5555555555554444", "5105105105105100", "2223003122003222"),
    Scheme.JCB: ("3530111333300000", "3566002020360505"),
    Scheme.AMEX: ("378282246310005", "371449635398431", "378734493671000"),
}
"""Numbers that the schemes and their processors publish for testing."""

MADE_UP_PREFIX = {Scheme.UNIONPAY: "999962", Scheme.PREPAID: "999988"}
ACCOUNT_BYTES = 10
EXPIRY_BYTES = 2
TRACK2_BYTES = 20
NO_DIGITS = 0xFF


@dataclass(frozen=True)
class Card:
    """A made-up card as the terminal stores it.

    Args:
        number: The card number, 15 to 19 digits.
        account: The number as BCD padded with F, 10 bytes.
        expiry: ``YYMM`` as BCD, 2 bytes.
        track2: Track 2 equivalent (ISO/IEC 7813) as BCD padded with F, 20 bytes; the separator is D.
    """

    number: str
    account: bytes
    expiry: bytes
    track2: bytes


def luhn_digit(body: str) -> str:
    """Return the check digit for the digits before it (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def pack_digits(digits: str, size: int) -> bytes:
    """Write digits (and D) as BCD, padded with F to ``size`` bytes."""
    return bytes.fromhex(digits.ljust(2 * size, "F"))


def make_card(number: str, random: Random) -> Card:
    """Make a card with an expiry date and a track 2 of its own."""
    expiry = f"{random.randrange(27, 32)}{random.randrange(1, 13):02d}"
    discretionary = f"{random.randrange(10**8):08d}"
    track2 = f"{number}D{expiry}201{discretionary}"
    return Card(
        number,
        pack_digits(number, ACCOUNT_BYTES),
        pack_digits(expiry, EXPIRY_BYTES),
        pack_digits(track2, TRACK2_BYTES),
    )


def card_pool(random: Random, made_up: int) -> dict[Scheme, list[Card]]:
    """Make the cards that a terminal has seen.

    Args:
        random: Where they come from.
        made_up: How many made-up numbers there are for each scheme that has them.
    """
    pool = {scheme: [make_card(number, random) for number in numbers] for scheme, numbers in PUBLISHED.items()}
    for scheme, prefix in MADE_UP_PREFIX.items():
        for _ in range(made_up):
            length = 19 if random.random() < 0.4 else 16
            body = prefix + "".join(random.choices("0123456789", k=length - len(prefix) - 1))
            pool.setdefault(scheme, []).append(make_card(body + luhn_digit(body), random))
    return pool
