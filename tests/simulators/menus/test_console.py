import pytest

from protocols.words import Key
from simulators.faults import POPUPS, parse_faults
from simulators.haike_h60.screens import MENU, OPEN_MENU
from simulators.menus.console import Console
from simulators.menus.popups import NETWORK_SECONDS, SCREENS
from simulators.menus.situation import ListedDevice, Situation
from simulators.menus.tables import cells
from tests.simulators.menus.behind import FakeTerminal

OWN = ListedDevice("9999990212345678", "本机", is_terminal=True)


def console(*faults, seed=1):
    recorded = []
    situation = Situation(FakeTerminal(), (OWN,), OWN, "3.2.1")
    made = Console(MENU, situation, parse_faults(faults), seed, lambda word: recorded.append(word))
    return made, recorded


def press(console, *keys, over_line=True):
    console.press(frozenset(keys), 10.0, over_line=over_line)
    return console.screen().lines[0]


def until_popup(word, seed=1):
    made, recorded = console(f"popup={word}", seed=seed)
    press(made, *OPEN_MENU)
    for _ in range(500):
        if made.screen().lines[0] == SCREENS[word].rows[0]:
            return made, recorded
        press(made, Key.DIGIT_4)
        if made.screen().lines[0] == "海科融通 H60":
            press(made, *OPEN_MENU)
    raise AssertionError("it never came")


def test_without_faults_every_change_is_reported_once():
    made, _ = console()
    assert press(made, *OPEN_MENU) == "功能菜单"
    made.show_idle()
    assert [screen.serial for screen in made.take_reports()] == [2, 3]
    assert made.take_reports() == []
    assert made.reading() == made.screen()
    assert made.next_deadline() is None


def test_fault_key_lost_takes_every_nth_key_of_the_line_and_none_of_the_fingers():
    made, _ = console("key-lost=2")
    assert press(made, *OPEN_MENU) == "功能菜单"
    serial = made.screen().serial
    assert press(made, Key.DIGIT_4) == "功能菜单"
    assert made.screen().serial == serial
    assert press(made, Key.DIGIT_4) == "系统设置"
    for _ in range(6):
        press(made, Key.DIGIT_9, over_line=False)
    assert made.screen().serial == serial + 7


def test_fault_event_lost_keeps_the_change_and_loses_its_report():
    made, _ = console("event-lost=3")
    press(made, *OPEN_MENU)
    for _ in range(5):
        press(made, Key.DIGIT_9)
    assert [screen.serial for screen in made.take_reports()] == [2, 3, 5, 6]
    assert made.screen().serial == 7


def test_fault_screen_noise_is_on_the_line_only_and_not_always_and_never_wider():
    made, _ = console("screen-noise")
    true = made.screen()
    readings = [made.reading() for _ in range(200)]
    wrong = [reading for reading in readings if reading != true]
    assert 10 < len(wrong) < 100
    assert all(reading.serial == true.serial for reading in readings)
    assert all(cells(row) <= 16 for reading in readings for row in reading.lines)
    assert made.screen() == true


def test_fault_english_menu_says_the_same_in_other_words():
    made, _ = console("english-menu")
    assert press(made, *OPEN_MENU) == "Functions"
    assert made.screen().lines[4] == "4.Settings"


def test_fault_item_moved_puts_items_in_another_order():
    made, _ = console("item-moved")
    press(made, *OPEN_MENU)
    rows = made.screen().lines[1:]
    place = next(row[0] for row in rows if row.endswith("系统设置"))
    assert rows != console()[0].screen().lines[1:]
    assert press(made, Key[f"DIGIT_{place}"]) == "系统设置"


@pytest.mark.parametrize("word", ["advertisement", "low-battery", "paper-out", "tear-off"])
def test_fault_popup_stands_over_the_screen_until_its_key(word):
    made, recorded = until_popup(word)
    made.take_reports()
    serial = made.screen().serial
    assert press(made, Key.DIGIT_1) == SCREENS[word].rows[0]
    assert press(made, SCREENS[word].press) != SCREENS[word].rows[0]
    assert [screen.serial for screen in made.take_reports()] == [serial + 1, serial + 2]
    assert recorded == []


def test_an_advertisement_that_is_confirmed_was_bought():
    made, recorded = until_popup("advertisement")
    press(made, Key.CONFIRM)
    assert recorded == ["advertisement-accepted"]


def test_the_network_comes_back_by_itself():
    made, _ = until_popup("network-lost")
    assert made.next_deadline() == 10.0 + NETWORK_SECONDS
    made.advance(10.1)
    assert press(made, Key.CANCEL) == SCREENS["network-lost"].rows[0]
    made.advance(10.0 + NETWORK_SECONDS)
    assert made.screen().lines[0] != SCREENS["network-lost"].rows[0]
    assert made.next_deadline() is None


def test_who_was_logged_off_begins_again():
    made, _ = until_popup("logged-off")
    assert press(made, Key.CANCEL) == "海科融通 H60"


def test_a_popup_reports_itself_and_ends_with_a_restart():
    for word in POPUPS:
        made, _ = until_popup(word)
        assert made.take_reports()[-1].lines[0] == SCREENS[word].rows[0]
        made.restart()
        assert (made.screen().serial, made.screen().lines[0], made.next_deadline()) == (1, "海科融通 H60", None)
