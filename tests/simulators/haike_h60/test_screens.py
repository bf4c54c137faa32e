from unicodedata import east_asian_width

import pytest

from protocols.words import Key
from simulators.haike_h60.screens import COLUMNS, DIGITS, KEYBOARD, OPEN_MENU, ROWS, SCREENS, Act, Name

WIDEST = {
    "greeting": "欢迎使用",
    "merchant": "9" * 15,
    "number": "9" * 16,
    "short": "9" * 8,
    "version": "3.2.1",
    "entry": "9" * 15 + "_",
    "left": 3,
    **{f"device{place}": f"{place}.99999999 键盘" for place in range(1, 5)},
}


def cells(text):
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@pytest.mark.parametrize("name", Name)
def test_every_screen_fits_the_display(name):
    rows = [row.format_map(WIDEST) for row in SCREENS[name].rows]
    assert len(rows) <= ROWS
    assert all(cells(row) <= COLUMNS for row in rows), rows


def test_every_screen_is_in_the_table_and_can_be_reached():
    assert set(SCREENS) == set(Name)
    led_to = {target for spec in SCREENS.values() for target in spec.keys.values() if isinstance(target, Name)}
    by_acts = {Name.MAIN, Name.DEVICE, Name.MERCHANT, Name.PASSWORD, Name.CONFIRM, Name.DONE, Name.WRONG}
    by_acts |= {Name.MISMATCH, Name.LOCKED, Name.UNSETTLED, Name.NOT_BOUND}
    assert led_to | by_acts == set(Name)


def test_every_screen_but_the_idle_one_can_be_left():
    for name, spec in SCREENS.items():
        assert name is Name.IDLE or spec.keys.get(Key.CANCEL) or spec.keys.get(Key.CONFIRM), name


def test_entries_are_numbered_as_they_stand_on_the_screen():
    for spec in SCREENS.values():
        numbered = {row[0] for row in spec.rows if row[1:2] == "."}
        digits = {DIGITS[key] for key in spec.keys if key in DIGITS}
        assert not numbered or numbered == digits


def test_the_keyboard_has_every_key_that_the_menu_needs():
    assert OPEN_MENU <= KEYBOARD
    assert {key for spec in SCREENS.values() for key in spec.keys} <= KEYBOARD
    assert set(DIGITS) <= KEYBOARD
    assert set(DIGITS.values()) == set("0123456789")


def test_every_act_is_used():
    assert {target for spec in SCREENS.values() for target in spec.keys.values() if isinstance(target, Act)} == set(Act)


def test_only_passwords_are_masked():
    assert {name for name, spec in SCREENS.items() if spec.entry and spec.entry.masked} == {Name.PASSWORD, Name.SECOND}
