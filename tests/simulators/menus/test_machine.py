import pytest

from protocols.words import Key
from simulators.menus.acts import act, does
from simulators.menus.machine import Menu
from simulators.menus.situation import ListedDevice, Situation
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables
from tests.simulators.menus.behind import FakeTerminal, chord, press, type_in

OWN = ListedDevice("9999990812345678", "本机", is_terminal=True)
SEEN: list[dict[str, str]] = []

TABLES = MenuTables(
    columns=16,
    rows=4,
    keyboard=frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.F1, Key.F2},
    idle="idle",
    screens={
        "idle": MenuScreen(("idle",), {Key.F1: "list"}, chords={frozenset({Key.F1, Key.F2}): "first"}),
        "list": MenuScreen(
            ("list", "{items}"), {Key.CANCEL: "idle"}, listing=Listing((Item("a", "first"), Item("b", "idle")))
        ),
        "first": MenuScreen(("{entry}",), {Key.CANCEL: "idle"}, Field("first", 4, "second", least=2)),
        "second": MenuScreen(("{typed_first}", "{entry}"), {Key.CANCEL: "idle"}, Field("second", 4, "shown")),
        "shown": MenuScreen(
            ("{typed_first}",),
            {Key.CONFIRM: act(does(lambda situation: SEEN.append(dict(situation.answers))), "idle")},
            keeps=("first",),
        ),
    },
)


@pytest.fixture
def menu():
    return Menu(TABLES, Situation(FakeTerminal(), (OWN,), OWN, "1.0"))


def test_chords_and_keys_lead_where_the_table_says(menu):
    assert press(menu, Key.F2).lines[0] == "idle"
    assert press(menu, Key.F1).lines == ("list", "1.a", "2.b", "")
    assert type_in(menu, "2").lines[0] == "idle"
    assert chord(menu, {Key.F1, Key.F2}).lines[0] == "_"


def test_a_field_is_ended_only_when_it_is_long_enough_and_remembered_as_long_as_screens_keep_it(menu):
    SEEN.clear()
    chord(menu, {Key.F1, Key.F2})
    type_in(menu, "1")
    assert press(menu, Key.CONFIRM).lines[0] == "1_"
    type_in(menu, "2345")
    assert press(menu, Key.CONFIRM).lines[:2] == ("1234", "_")
    type_in(menu, "9")
    assert press(menu, Key.CONFIRM).lines[0] == "1234"
    press(menu, Key.CONFIRM)
    assert SEEN == [{"first": "1234"}]
    assert menu._situation.answers == {}


def test_the_serial_counts_every_change(menu):
    assert menu.screen().serial == 1
    press(menu, Key.F2)
    chord(menu, {Key.F1, Key.CONFIRM})
    menu.touch()
    menu.show_idle()
    assert menu.screen().serial == 5
    menu.restart()
    assert menu.screen().serial == 1


def test_items_that_moved_still_lead_to_their_own_screens():
    moved = Menu(TABLES, Situation(FakeTerminal(), (OWN,), OWN, "1.0"), moved=3)
    assert press(moved, Key.F1).lines[:3] == ("list", "1.b", "2.a")
    assert type_in(moved, "2").lines[0] == "_"
