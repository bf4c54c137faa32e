"""What of a screen may be kept (I4)."""

from __future__ import annotations

import pytest

from agent.menu.mask import HIDDEN, STARS, masked_rows

TUSN = "9999990212345678"


def one(line: str, **given: object) -> str:
    """Mask one row of the terminal of the tests."""
    (row,) = masked_rows([line], tusn=TUSN, **given)  # type: ignore[arg-type]
    return row


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("999100058120001", HIDDEN * 15),  # a merchant number
        ("商户号:999100058120001_", "商户号:" + HIDDEN * 15 + "_"),
        ("138 0013 8000", f"{HIDDEN * 3} {HIDDEN * 4} {HIDDEN * 4}"),  # a phone number
        ("621799-9000-1", f"{HIDDEN * 6}-{HIDDEN * 4}-{HIDDEN}"),
        ("99999X8888888888", HIDDEN * 16),
        ("91310000MA1FL0AB2X", HIDDEN * 18),  # a merchant credit code
        ("验证码 482913", "验证码 " + HIDDEN * 6),
        ("２０２６１１２２", HIDDEN * 8),
        (TUSN + "1", HIDDEN * 17),  # longer than the serial number, so it is another number
        ("2.88888888 蓝牙打印", "2." + HIDDEN * 8 + " 蓝牙打印"),
    ],
)
def test_i4_numbers_are_not_kept(shown: str, kept: str) -> None:
    assert one(shown) == kept


@pytest.mark.parametrize(
    "shown",
    [TUSN, "TUSN:" + TUSN, "1.12345678 本机", "D20-12345678", "剩余次数:3", "HKOS 3.2.1", "1.签到", "金额 0.01", ""],
)
def test_the_serial_number_and_what_is_harmless_stay(shown: str) -> None:
    assert one(shown) == shown


def test_i4_a_masked_field_does_not_tell_how_much_was_typed() -> None:
    assert one("****_", masked=True) == one("************_", masked=True) == STARS + "_"
    assert one("_", masked=True) == "_"
    assert one("***", masked=False) == "***"


def test_i4_what_is_named_a_secret_goes_however_short_it_is() -> None:
    assert masked_rows(["1.查看", "4821_"], tusn=TUSN, secrets=["4821", ""]) == ("1.查看", HIDDEN * 4 + "_")
    assert one("14821", secrets=["482"]) == "14821"


def test_without_a_serial_number_every_number_goes() -> None:
    assert masked_rows([TUSN, "x"], tusn="") == (HIDDEN * 16, "x")
