from protocols.words import Key
from simulators.menus.listing import OpenList
from simulators.menus.situation import ListedDevice, Situation
from simulators.menus.tables import Item, Listing, MenuTables
from tests.simulators.menus.behind import FakeTerminal

TABLES = MenuTables(16, 8, frozenset(Key), "idle", {})
OWN = ListedDevice("9999990812345678", "本机", is_terminal=True)
OTHER = ListedDevice("9999990812345687", "本机", is_terminal=True)
SITUATION = Situation(FakeTerminal(), (OTHER, OWN), OWN, "1.0")
FIVE = tuple(Item(name, name) for name in "abcde")


def shown(each):
    return each.rows(TABLES)


def test_digits_choose_what_is_on_the_page_and_no_more():
    pages = OpenList(Listing(FIVE, rows=2), SITUATION, None)
    assert shown(pages) == ["1.a", "2.b"]
    assert pages.press(Key.DIGIT_3) is None
    assert pages.press(Key.DIGIT_2) == ("b", None)
    pages.press(Key.DOWN)
    pages.press(Key.DOWN)
    pages.press(Key.DOWN)
    assert shown(pages) == ["5.e", ""]
    assert pages.press(Key.DIGIT_6) is None
    assert pages.press(Key.DIGIT_0) is None
    assert pages.press(Key.DIGIT_5) == ("e", None)
    pages.press(Key.UP)
    assert shown(pages) == ["3.c", "4.d"]


def test_a_highlight_moves_with_its_window_and_stops_at_the_ends():
    listing = Listing(FIVE, choose="highlight", rows=2, picks=frozenset({Key.CONFIRM, Key.F4}))
    moving = OpenList(listing, SITUATION, None)
    moving.press(Key.UP)
    assert shown(moving) == [">a", " b"]
    for _ in range(9):
        moving.press(Key.DOWN)
    assert shown(moving) == [" d", ">e"]
    assert moving.press(Key.DIGIT_1) is None
    assert moving.press(Key.F4) == ("e", None)
    for _ in range(3):
        moving.press(Key.UP)
    assert shown(moving) == [">b", " c"]


def test_devices_are_listed_by_their_last_eight_digits():
    devices = OpenList(Listing(devices="device", rows=3), SITUATION, "7:devices")
    assert shown(devices) == ["1.12345687 本机", "2.12345678 本机", ""]
    assert devices.press(Key.DIGIT_2) == ("device", OWN)


def test_another_order_is_always_another_and_repeats():
    for seed in range(30):
        rows = shown(OpenList(Listing(FIVE), SITUATION, f"{seed}:x"))
        assert rows != shown(OpenList(Listing(FIVE), SITUATION, None))
        assert sorted(row[2:] for row in rows) == list("abcde")
        assert rows == shown(OpenList(Listing(FIVE), SITUATION, f"{seed}:x"))


def test_nothing_can_be_chosen_from_an_empty_list():
    empty = Situation(FakeTerminal(), (), OWN, "1.0")
    listing = OpenList(Listing(devices="device", choose="highlight", rows=2), empty, None)
    listing.press(Key.DOWN)
    assert listing.press(Key.CONFIRM) is None
