"""The made-up merchant that a terminal is bound to: five elements, names, operators and passwords, by the seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from protocols.words import BindingKind
from simulators.data.cards import luhn_digit

TEST_ACQUIRER = "999"
REGIONS = ("1000", "2900", "5810", "5840")
CATEGORIES = ("5411", "5812", "5912", "7011")
OPERATOR_NAME = "测试员一"
TEST_PHONES = "12000"


@dataclass(frozen=True)
class Merchant:
    """What the acquirer and the merchant have put into a terminal. All of it is made up.

    Args:
        merchant_number: 15 digits: acquirer 999, region, merchant category code, number.
        terminal_number: 8 digits.
        merchant_name: Chinese name.
        acquirer_code: 8 digits.
        acquirer_host: Name and port of the acquirer's host.
        credit_code: 18 characters in the form of a unified social credit code.
        settlement_account: 19 digits.
        deployment_address: Chinese address.
        unbinding_password: 6 digits.
        supervisor_password: Of operator 00, 8 digits.
        system_password: Of operator 99, 8 digits.
        restore_password: For restoring what the terminal left its maker with, 6 digits.
        phone: 11 digits in a range that no network has.
        verification_code: What the platform sends to that phone, 6 digits.
    """

    merchant_number: str
    terminal_number: str
    merchant_name: str
    acquirer_code: str
    acquirer_host: str
    credit_code: str
    settlement_account: str
    deployment_address: str
    unbinding_password: str
    supervisor_password: str
    system_password: str
    restore_password: str
    phone: str
    verification_code: str

    @property
    def bindings(self) -> tuple[tuple[BindingKind, str, str], ...]:
        """The five elements that one TUSN maps to, as (kind, name, value)."""
        return (
            (BindingKind.ACCOUNT, "settlement_account", self.settlement_account),
            (BindingKind.MERCHANT, "acquirer_code", self.acquirer_code),
            (BindingKind.MERCHANT, "merchant_number", self.merchant_number),
            (BindingKind.MERCHANT, "merchant_credit_code", self.credit_code),
            (BindingKind.MERCHANT, "deployment_address", self.deployment_address),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything of the merchant that no wipe may leave behind."""
        elements = tuple(value for _, _, value in self.bindings)
        passwords = (self.unbinding_password, self.supervisor_password, self.system_password, self.restore_password)
        return (*elements, *passwords, self.phone, self.terminal_number, self.merchant_name, OPERATOR_NAME)


def make_merchant(seed: int, tusn: str) -> Merchant:
    """Make the merchant of a seed.

    Args:
        seed: The terminal's seed.
        tusn: The terminal's serial number. No password is part of it: a search for what a wipe left must not find a
            password in a number that stays.
    """
    random = Random(f"merchant:{seed}")
    number = random.randrange(1, 10_000)
    account = "9999626" + _digits(random, 11)
    more = Random(f"merchant, more:{seed}")
    return Merchant(
        merchant_number=TEST_ACQUIRER + random.choice(REGIONS) + random.choice(CATEGORIES) + f"{number:04d}",
        terminal_number=_apart_from(tusn, random, 8),
        merchant_name=f"测试商户{number:04d}号店",
        acquirer_code=TEST_ACQUIRER + "1" + _digits(random, 4),
        acquirer_host="acquirer.example:8583",
        credit_code=f"91999900MATEST{_digits(random, 4)}",
        settlement_account=account + luhn_digit(account),
        deployment_address=f"测试省样例市示范路{random.randrange(1, 1000)}号",
        unbinding_password=_apart_from(tusn, random, 6),
        supervisor_password=_apart_from(tusn, random, 8),
        system_password=_apart_from(tusn, random, 8),
        restore_password=_apart_from(tusn, more, 6),
        phone=TEST_PHONES + _digits(more, 6),
        verification_code=_apart_from(tusn, more, 6),
    )


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def _apart_from(text: str, random: Random, count: int) -> str:
    """Draw digits that are no part of ``text`` and have at least four different ones among them."""
    while True:
        drawn = _digits(random, count)
        if drawn not in text and len(set(drawn)) >= 4:
            return drawn
