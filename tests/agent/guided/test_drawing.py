"""Screens made from profiles."""

from __future__ import annotations

import dataclasses

import pytest

from agent.guided.drawing import Contents, draw, places_of_screen, row_words, rows_for_engine, without_digits
from agent.menu.recognise import choices, recognise
from protocols.menu import Entry, Item, Mark, Menu, MenuScreen
from protocols.terminal import Screen
from protocols.words import Key
from tests.agent.guided.profiles import PLACES, all_screens, menus


@pytest.mark.parametrize(
    ("model", "menu", "screen"), all_screens(), ids=lambda each: getattr(each, "id", str(each)[:20])
)
def test_the_engine_recognises_every_screen_of_every_profile(model: str, menu: Menu, screen: MenuScreen) -> None:
    masked = screen.field is not None and screen.field.masked
    for typed in ("", "1234"):
        places = {**PLACES, "typed": typed, "hidden": "*" * len(typed), "attempts_left": "3"}
        rows = rows_for_engine(menu, screen, Contents(places))
        known = recognise(menu, Screen(1, menu.columns, menu.rows, masked, rows))
        assert known is not None, (model, rows)
        assert known.screen.id == screen.id
        assert {name: known.places[name] for name in known.places if name in places} == {
            name: places[name] for name in known.places if name in places
        }


@pytest.mark.parametrize(
    ("model", "menu", "screen"), all_screens(), ids=lambda each: getattr(each, "id", str(each)[:20])
)
def test_a_drawing_has_the_rows_of_the_display(model: str, menu: Menu, screen: MenuScreen) -> None:
    drawing = draw(menu, screen, PLACES)
    assert len(drawing.rows) == menu.rows, model
    assert drawing.columns == menu.columns
    assert any(drawing.rows)
    assert not any("{" in row for row in drawing.rows)


def haike() -> Menu:
    return menus()["haike-h60"]


def screen_of(menu: Menu, name: str) -> MenuScreen:
    return next(screen for screen in menu.screens if screen.id == name)


def test_a_drawing_admits_what_only_the_terminal_knows() -> None:
    menu = haike()
    assert draw(menu, screen_of(menu, "devices"), PLACES).rows[:4] == ("终端管理", "设备列表", "?.12345678 本机", "…")
    assert draw(menu, screen_of(menu, "password"), PLACES).rows[2:4] == ("_", "剩余次数:?")
    assert draw(menu, screen_of(menu, "idle"), PLACES).rows[:3] == ("海科融通 H60", "…", "请刷卡或按功能键")


def test_the_facts_of_the_case_are_drawn() -> None:
    menu = haike()
    assert PLACES["tusn"] in draw(menu, screen_of(menu, "done"), PLACES).rows
    assert "?.12345678 本机" in draw(menu, screen_of(menu, "devices"), PLACES).rows


def test_what_is_about_to_be_confirmed_must_be_read_off_the_terminal() -> None:
    rows = draw(haike(), screen_of(haike(), "confirm"), PLACES).rows
    assert rows[2] == "999999021234????"
    assert rows[4] == "99910005812????"


def test_items_have_digits_for_the_engine_that_the_film_forgets() -> None:
    menu = haike()
    rows = rows_for_engine(menu, screen_of(menu, "device"), Contents(PLACES))
    shown = Screen(1, menu.columns, menu.rows, False, rows)
    assert list(choices(menu, shown)) == [(Key.DIGIT_1, "解绑")]
    assert "?.解绑" in without_digits(menu, rows)
    assert rows_for_engine(menu, screen_of(menu, "device"), Contents(PLACES, listed=False))[3] == ""


LISTED = MenuScreen(
    "listed",
    (Mark("设备列表", 0), Mark("F1返回 F4确定", 3)),
    items=(Item("打印机", "printer"), Item("扫码", "scanner")),
    entries=(Entry("{tusn_last8} 本机", "device"),),
    choose="highlight",
)


def test_a_highlight_stands_on_one_row() -> None:
    menu = dataclasses.replace(haike(), rows=4, highlight=">{name}", screens=(LISTED,), goals=())
    rows = rows_for_engine(menu, LISTED, Contents(PLACES, highlighted=2))
    assert rows == ("设备列表", "打印机", "扫码", "F1返回 F4确定", ">12345678 本机")
    assert draw(menu, LISTED, PLACES).rows == ("设备列表", "打印机", "扫码", "F1返回 F4确定")
    assert row_words(LISTED, PLACES) == ["打印机", "扫码", "12345678 本机"]


def test_places_come_in_order() -> None:
    assert list(places_of_screen(screen_of(haike(), "confirm"))) == ["tusn", "merchant_number"]


def test_i4_contents_do_not_show_a_merchant_number() -> None:
    assert PLACES["merchant_number"] not in repr(Contents(PLACES))
    assert PLACES["merchant_number"] not in repr(draw(haike(), screen_of(haike(), "confirm"), PLACES))
