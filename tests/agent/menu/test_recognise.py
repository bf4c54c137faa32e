"""Which screen a display shows."""

from __future__ import annotations

import random

import pytest

from agent.menu.recognise import choices, recognise
from protocols.menu import Menu
from protocols.terminal import Screen
from protocols.words import Key
from tests.agent.menu.fake_terminal import MERCHANT, TUSN, FakeTerminal, haike_profile


@pytest.fixture
def menu() -> Menu:
    found = haike_profile().menu
    assert found is not None
    return found


def display(*lines: str, masked: bool = False) -> Screen:
    return Screen(1, 16, 8, masked, lines)


@pytest.mark.parametrize(
    "at",
    [
        "idle",
        "main",
        "settings",
        "devices",
        "device",
        "merchant",
        "password",
        "confirm",
        "second",
        "wrong",
        "mismatch",
        "locked",
        "unsettled",
        "not_bound",
        "done",
    ],
)
def test_each_screen_is_recognised(at: str, menu: Menu) -> None:
    terminal = FakeTerminal()
    terminal.go(at)
    known = recognise(menu, terminal.screen())
    assert known is not None
    assert known.screen.id == at


def test_places_are_read(menu: Menu) -> None:
    terminal = FakeTerminal()
    terminal.go("confirm")
    known = recognise(menu, terminal.screen())
    assert known is not None
    assert known.places == {"tusn": TUSN, "merchant_number": MERCHANT}


def test_blanks_around_a_row_do_not_matter(menu: Menu) -> None:
    known = recognise(menu, display("    密码错误", " 剩余次数:2 "))
    assert known is not None
    assert known.places == {"attempts_left": "2"}


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        ("密码错误",),
        ("密码错误", "剩余次数:二"),
        ("剩余次数:2", "密码错误"),
        ("确认解绑?", "TUSN:", TUSN, "商户号:", "未绑定"),
        ("请刷卡或按功能键", "海科融通 H60"),
    ],
)
def test_what_is_not_quite_a_screen_is_unknown(lines: tuple[str, ...], menu: Menu) -> None:
    assert recognise(menu, display(*lines)) is None


def test_i6_a_password_field_that_is_not_masked_is_unknown(menu: Menu) -> None:
    lines = ("解绑", "请输入密码:", "**_", "剩余次数:3")
    assert recognise(menu, display(*lines)) is None
    assert recognise(menu, display(*lines, masked=True)) is not None
    assert recognise(menu, display("功能菜单", masked=True)) is None


def test_a_display_that_could_be_two_screens_is_unknown(menu: Menu) -> None:
    doubled = Menu(
        menu.columns,
        menu.rows,
        menu.item,
        menu.patience_seconds,
        menu.source,
        (*menu.screens, menu.screens[1]),
        menu.goals,
    )
    assert recognise(doubled, display("功能菜单")) is None


def test_choices_are_rows_with_a_digit(menu: Menu) -> None:
    shown = display("功能菜单", "1.签到", " 4.系统设置", "x.打印", "12.更多", "5.")
    assert list(choices(menu, shown)) == [(Key.DIGIT_1, "签到"), (Key.DIGIT_4, "系统设置")]


def test_i10_any_text_is_a_screen_or_unknown(menu: Menu) -> None:
    seed = 21
    source = random.Random(seed)
    pieces = ["解绑", "TUSN:", TUSN, MERCHANT, "密码错误", "剩余次数:", *"9*_{1. \x00\ud800🂡"]
    for _ in range(500):
        lines = tuple("".join(source.choices(pieces, k=source.randrange(4))) for _ in range(source.randrange(20)))
        recognise(menu, display(*lines))
        list(choices(menu, display(*lines)))
