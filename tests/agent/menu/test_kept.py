"""What is kept of a screen."""

from __future__ import annotations

from agent.menu.case import MenuCase
from agent.menu.kept import rows_to_keep, rows_to_tell
from agent.menu.recognise import recognise
from protocols.terminal import Screen
from tests.agent.menu.fake_terminal import MERCHANT, TUSN, FakeTerminal, haike_profile

CASE = MenuCase(TUSN, MERCHANT)


def kept(display: Screen, *, typing: bool = False) -> tuple[str, ...]:
    menu = haike_profile().menu
    assert menu is not None
    return rows_to_keep(display, recognise(menu, display), CASE, typing=typing)


def test_i4_the_case_is_shown_and_its_merchant_number_is_not() -> None:
    terminal = FakeTerminal()
    terminal.go("confirm")
    assert kept(terminal.screen())[2:5] == (TUSN, "商户号:", "×" * 15)


def test_i4_what_an_open_field_holds_is_not_kept() -> None:
    terminal = FakeTerminal()
    terminal.go("merchant")
    terminal.typed = "99"
    assert kept(terminal.screen())[2] == "××_"


def test_i4_an_unknown_screen_shows_no_number_of_four_digits() -> None:
    unknown = Screen(1, 16, 8, False, ("验证码 1234", "4.更多", TUSN[-8:], "999"))
    assert kept(unknown) == ("验证码 ××××", "4.更多", TUSN[-8:], "999")


def test_i4_an_unknown_screen_that_comes_while_typing_shows_no_digit() -> None:
    assert kept(Screen(1, 16, 8, False, ("密码#13_", TUSN)), typing=True) == ("密码#××_", "×" * 16)


def test_an_error_shows_the_rows_in_one_line() -> None:
    assert rows_to_tell((" 请稍候", "", "1.更多")) == "请稍候 | 1.更多"
