"""Choosing from lists."""

from __future__ import annotations

import pytest

from agent.menu.case import MenuCase
from agent.menu.lists import MAX_SCROLLS, Choose, Found, ListSearch, Missing, Scroll
from protocols.menu import Entry, Item, Mark, Menu, MenuScreen
from protocols.terminal import Screen
from protocols.words import Key

CASE = MenuCase("9999990412345678", "999100058120001")
DOWN, UP, OK = (Key.DOWN,), (Key.UP,), (Key.CONFIRM,)
PAGED = MenuScreen(
    "paged",
    (Mark("设备"),),
    items=(Item("系统管理", "system"),),
    entries=(Entry("{tusn_last8} 本机", "device"),),
    next=DOWN,
)
LIT = MenuScreen(
    "lit",
    (Mark("设备"),),
    items=(Item("设置", "settings"),),
    entries=(Entry("{tusn_last8} 本机", "device"),),
    choose="highlight",
    next=DOWN,
    previous=UP,
)
MENU = Menu(16, 8, "{digit}.{name}", 5, "assumed", (PAGED, LIT), (), highlight=">{name}")


class List:
    """A list that is looked through."""

    def __init__(self, screen: MenuScreen, target: str) -> None:
        self.search = ListSearch(MENU, CASE)
        self.screen, self.target, self.serial = screen, target, 0

    def find(self, *rows: str, stuck: bool = False) -> Found:
        self.serial += 1
        return self.search.find(self.screen, self.target, Screen(self.serial, 16, 8, False, rows), stuck=stuck)


def test_by_digit() -> None:
    assert List(PAGED, "system").find("设备", "3.系统管理") == Choose((Key.DIGIT_3,))


def test_by_digit_on_another_page() -> None:
    pages = List(PAGED, "system")
    assert pages.find("1.签到") == Scroll(DOWN)
    assert pages.find("1.打印", "2.系统管理") == Choose((Key.DIGIT_2,))


def test_pages_that_repeat_end() -> None:
    pages = List(PAGED, "system")
    assert [pages.find(row) for row in ("1.签到", "1.打印", "1.签到")] == [Scroll(DOWN), Scroll(DOWN), Missing()]


def test_a_page_that_is_read_again_does_not_repeat() -> None:
    search = ListSearch(MENU, CASE)
    page = Screen(7, 16, 8, False, ("1.签到",))
    assert search.find(PAGED, "system", page) == Scroll(DOWN)
    assert search.find(PAGED, "system", page) == Scroll(DOWN)


@pytest.mark.parametrize("rows", [("1.12345678 本机", "2.12345678 本机"), ("1.系统管理", "2.系统管理")])
def test_i9_what_stands_there_twice_is_not_chosen(rows: tuple[str, ...]) -> None:
    assert List(PAGED, "device" if "本机" in rows[0] else "system").find(*rows) == Missing()


def test_i9_look_alikes_are_passed_over() -> None:
    rows = ("1.12345687 本机", "2.12345678 蓝牙", "3.12345678 本机", "4.87654321 本机")
    assert List(PAGED, "device").find(*rows) == Choose((Key.DIGIT_3,))


def test_the_highlight_is_moved_to_the_row() -> None:
    lit = List(LIT, "device")
    assert lit.find(">设置", " 12345678 本机") == Scroll(DOWN)
    assert lit.find(" 设置", ">12345678 本机") == Choose(OK)


def test_the_highlight_is_moved_up_where_the_row_stands_above() -> None:
    lit = List(LIT, "settings")
    assert lit.find(" 设置", ">12345678 本机") == Scroll(UP)
    assert lit.find(">设置", " 12345678 本机") == Choose(OK)


@pytest.mark.parametrize("stuck", [False, True])
def test_the_other_way_at_the_end_of_the_list(stuck: bool) -> None:
    lit = List(LIT, "settings")
    assert lit.find("a", ">b") == Scroll(DOWN)
    assert lit.find("a", ">b", stuck=stuck) == Scroll(UP)
    assert lit.find("设置", ">a") == Scroll(UP)
    assert lit.find(">设置", "a") == Choose(OK)


def test_a_highlight_on_no_row_or_on_two() -> None:
    assert List(LIT, "settings").find("设置", "a") == Missing()
    assert List(LIT, "settings").find(">设置", ">a") == Missing()


def test_i10_a_list_without_end_ends() -> None:
    pages = List(PAGED, "system")
    found = [pages.find(f"1.{number}") for number in range(MAX_SCROLLS + 1)]
    assert found == [Scroll(DOWN)] * MAX_SCROLLS + [Missing()]


def test_the_next_list_begins_anew() -> None:
    pages = List(PAGED, "system")
    pages.find("1.签到")
    pages.search.forget()
    assert pages.find("1.签到") == Scroll(DOWN)
