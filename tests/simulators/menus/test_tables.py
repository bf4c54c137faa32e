import pytest

from protocols.words import Key
from simulators.menus.acts import act, bound
from simulators.menus.situation import WIDEST
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, cells, check_tables


def tables(**screens):
    idle = MenuScreen(("idle",), {Key.F1: act(bound("idle"), *screens)} if screens else {Key.F1: "idle"})
    return MenuTables(16, 4, frozenset(DIGITS) | {Key.F1, Key.CONFIRM}, "idle", {"idle": idle, **screens})


BACK = {Key.F1: "idle"}


@pytest.mark.parametrize(
    ("screen", "fault"),
    [
        (MenuScreen(("x",)), "cannot be left"),
        (MenuScreen(("x",), {Key.F1: "gone"}), "no such screen"),
        (MenuScreen(("x",), {Key.F2: "idle"}), "keyboard"),
        (MenuScreen(("1", "2", "3", "4", "5"), BACK), "5 rows of 4"),
        (MenuScreen(("功能菜单功能菜单x",), BACK), "too wide"),
        (MenuScreen(("{nothing}",), BACK), "unknown place 'nothing'"),
        (MenuScreen(("{entry}",), BACK), "a field needs"),
        (MenuScreen(("x",), BACK, Field("x", 3, "idle")), "a field needs"),
        (MenuScreen(("x",), BACK, listing=Listing((Item("x", "idle"),))), "needs a row"),
        (MenuScreen(("{items}",), BACK, listing=Listing()), "items or devices"),
        (MenuScreen(("{items}",), BACK, listing=Listing((Item("x" * 15, "idle"),))), "too wide"),
        (MenuScreen(("{items}",), BACK, listing=Listing(tuple(Item("x", "idle") for _ in range(5)))), "5 rows of 4"),
        (MenuScreen(("{items}",), BACK, listing=Listing((Item("x", "idle"),) * 10, rows=2)), "more than 9"),
    ],
)
def test_each_mistake_is_named(screen, fault):
    (found,) = check_tables(tables(odd=screen), WIDEST)
    assert fault in found


def test_a_sound_table_has_no_fault_and_a_screen_nobody_reaches_is_one():
    assert check_tables(tables(), WIDEST) == []
    sound = tables(odd=MenuScreen(("{entry}",), BACK, Field("x", 3, "idle")))
    assert check_tables(sound, WIDEST) == []
    lonely = MenuTables(16, 4, frozenset({Key.F1}), "idle", {**tables().screens, "odd": MenuScreen(("x",), BACK)})
    assert check_tables(lonely, WIDEST) == ["odd: nothing leads here"]


def test_a_chinese_character_takes_two_cells():
    assert cells("H60 解绑") == 8
