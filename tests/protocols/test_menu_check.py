"""What a menu must have besides the right types."""

from __future__ import annotations

from typing import Any

import pytest

from protocols.errors import ProfileError
from protocols.menu import Menu
from protocols.menu_check import check_menu
from protocols.table import read_table
from protocols.words import Key


def screen(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "shows": [{"pattern": name}]} | more


def menu_table(**changes: dict[str, Any]) -> dict[str, Any]:
    """A small menu; each change is merged into the screen of its name."""
    screens = {
        "start": screen("start", items=[{"label": "解绑", "leads": "list"}]),
        "list": screen("list", entries=[{"pattern": "{tusn_last8}", "leads": "confirm"}]),
        "confirm": screen(
            "confirm",
            shows=[
                {"pattern": "确认解绑?", "row": 0},
                {"pattern": "{tusn}", "row": 1},
                {"pattern": "{merchant_number}"},
            ],
            confirms="unbind",
            must_show=["tusn", "merchant_number"],
            keys=[{"press": ["CONFIRM"], "leads": "password"}],
        ),
        "password": screen(
            "password",
            shows=[{"pattern": "密码{hidden}"}],
            field={"asks": "password", "masked": True, "leads": "done"},
            commits=True,
        ),
        "done": screen("done", means="done"),
    }
    for name, change in changes.items():
        screens[name] |= change
    return {
        "columns": 16,
        "rows": 8,
        "item": "{digit}.{name}",
        "patience_seconds": 5,
        "source": "assumed",
        "screens": list(screens.values()),
        "goals": [{"name": "unbind", "reach": "done"}],
    }


def test_a_menu_in_order() -> None:
    menu = read_table(Menu, menu_table())
    check_menu(menu)
    assert menu.screens[2].keys[0].press == (Key.CONFIRM,)
    assert [list(each.ways()) for each in menu.screens] == [["list"], ["confirm"], ["password"], ["done"], []]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": {"id": "list"}}, "twice"),
        ({"start": {"shows": []}}, "at least one row"),
        ({"start": {"shows": [{"pattern": "{x}"}]}}, "unknown place"),
        ({"start": {"shows": [{"pattern": "x", "row": 8}]}}, "under 8"),
        ({"start": {"shows": [{"pattern": "{tusn}"}, {"pattern": "{tusn}"}]}}, "at most once on a screen"),
        ({"start": {"items": [{"label": "解绑", "leads": "nowhere"}]}}, "no screen"),
        ({"list": {"entries": [{"pattern": "本机", "leads": "confirm"}]}}, "name the terminal"),
        ({"start": {"keys": [{"press": [], "leads": "list"}]}}, "1 to 4 keys"),
        ({"start": {"keys": [{"press": ["F1"] * 5, "leads": "list"}]}}, "1 to 4 keys"),
        ({"password": {"shows": [{"pattern": "密码"}]}}, "{hidden}"),
        ({"password": {"field": {"asks": "password", "masked": False, "leads": "done"}}}, "{typed}"),
        (
            {
                "password": {
                    "shows": [{"pattern": "{typed}"}],
                    "field": {"asks": "password", "masked": False, "leads": "done"},
                }
            },
            "where the terminal hides it",
        ),
        ({"confirm": {"must_show": []}}, "must name merchant_number, tusn"),
        ({"confirm": {"must_show": ["merchant_number"]}}, "must name merchant_number, tusn"),
        ({"confirm": {"must_show": ["tusn", "merchant_number", "amount"]}}, "must stand in a row"),
        ({"start": {"commits": True}}, "with a field"),
        ({"password": {"commits": False}}, "marked as what commits"),
        ({"done": {"means": "locked"}}, "means done"),
        ({"confirm": {"confirms": None, "must_show": []}}, "one of 'unbind'"),
    ],
)
def test_i10_a_menu_that_contradicts_itself(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ProfileError, match=reason):
        check_menu(read_table(Menu, menu_table(**changes)))


@pytest.mark.parametrize(
    ("field", "value"),
    [("item", "{digit}"), ("item", "{digit}.{name}{tusn}"), ("patience_seconds", 0), ("patience_seconds", 601)],
)
def test_i10_a_menu_as_a_whole(field: str, value: object) -> None:
    with pytest.raises(ProfileError):
        check_menu(read_table(Menu, menu_table() | {field: value}))


FIELD = {"asks": "phone", "masked": False, "leads": "list"}
POPUP = {"interrupts": "advertisement", "answer": "press", "press": ["CANCEL"]}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"choose": "highlight", "next": ["DOWN"]}, "highlight needs"),
        ({"next": ["CONFIRM"]}, "never scrolls"),
        ({"previous": ["UP", "UP"]}, "each once"),
        ({"select": []}, "1 to 4 keys"),
        ({"keys": [{"press": ["CONFIRM"], "leads": "list", "back": True}]}, "no way back"),
        ({"keys": [{"press": ["CONFIRM"], "leads": "list"}]}, "something is confirmed"),
        ({"must_show": ["tusn"]}, "with a confirmation"),
        ({"commits": True, "keys": [{"press": ["CANCEL"], "leads": "list"}]}, "keys that go on"),
        ({"field": FIELD | {"fixed": "138"}}, "of an operator or an amount"),
        ({"field": FIELD | {"asks": "operator", "fixed": "٠"}}, "must be digits"),
        ({"field": FIELD | {"asks": "amount"}}, "smallest amount"),
        ({"field": FIELD | {"asks": "amount", "fixed": "100"}}, "smallest amount"),
        ({"field": FIELD | {"asks": "operator_password"}}, "terminal hides it"),
        ({"field": FIELD | {"erase": "CONFIRM"}}, "another key"),
        (
            {"field": FIELD | {"masked": True, "letters": "multitap"}, "shows": [{"pattern": "{hidden}"}]},
            "letters are typed where",
        ),
        ({"answer": "press"}, "is missing where"),
        ({"press": ["CANCEL"]}, "is missing where"),
        (POPUP | {"keys": [{"press": ["CANCEL"], "leads": "list"}]}, "leads nowhere"),
        (POPUP | {"means": "done"}, "leads nowhere"),
        ({"interrupts": "tear-off"}, "is missing"),
        (POPUP | {"press": []}, "stands where the answer"),
        (POPUP | {"answer": "wait"}, "stands where the answer"),
        (POPUP | {"press": ["F1"] * 2}, "each once"),
    ],
)
def test_i10_a_screen_more_that_contradicts_itself(more: dict[str, Any], reason: str) -> None:
    table = menu_table()
    table["screens"].append(screen("more", shows=[{"pattern": "{typed}"}]) | more)
    with pytest.raises(ProfileError, match=reason):
        check_menu(read_table(Menu, table))


def test_everything_that_a_screen_can_be() -> None:
    table = menu_table(start={"choose": "highlight", "next": ["DOWN"], "previous": ["UP"]}) | {"highlight": ">{name}"}
    table["screens"] += [
        screen("advertisement") | POPUP,
        screen("battery", interrupts="low-battery", answer="stop"),
        screen("network", interrupts="network-lost", answer="wait"),
        screen("pad", keys=[{"press": ["HASH"], "leads": "done"}, {"press": ["F1"], "leads": "list", "back": True}])
        | {"commits": True},
        screen("number", shows=[{"pattern": "{typed}"}])
        | {"field": {"asks": "machine_number", "masked": False, "letters": "multitap", "leads": "list"}},
        screen("operator", shows=[{"pattern": "{typed}"}]) | {"field": FIELD | {"asks": "operator", "fixed": "00"}},
    ]
    check_menu(read_table(Menu, table))


@pytest.mark.parametrize("highlight", ["{name}", ">", ">{digit}", ">{"])
def test_i10_a_highlight_that_cannot_be_told_apart(highlight: str) -> None:
    with pytest.raises(ProfileError, match=r"menu\.highlight"):
        check_menu(read_table(Menu, menu_table() | {"highlight": highlight}))


def test_i9_a_confirmation_says_what_it_confirms() -> None:
    with pytest.raises(ProfileError, match="say what is confirmed: 恢复出厂"):
        check_menu(
            read_table(Menu, menu_table() | {"goals": [{"name": "unbind", "reach": "done", "words": ["恢复出厂"]}]})
        )
    with pytest.raises(ProfileError, match="empty words"):
        check_menu(read_table(Menu, menu_table() | {"goals": [{"name": "unbind", "reach": "done", "words": [" "]}]}))


def test_a_goal_may_end_at_the_platform() -> None:
    check_menu(read_table(Menu, menu_table(done={"means": "pending"})))


def test_a_goal_stands_once_and_a_confirmation_has_its_goal() -> None:
    goal = {"name": "unbind", "reach": "done"}
    with pytest.raises(ProfileError, match="stands here twice"):
        check_menu(read_table(Menu, menu_table() | {"goals": [goal, goal]}))
    with pytest.raises(ProfileError, match="no goal of this menu"):
        check_menu(read_table(Menu, menu_table() | {"goals": []}))


def test_a_goal_needs_a_confirmation() -> None:
    table = menu_table()
    table["screens"] = [each for each in table["screens"] if each["id"] not in ("confirm", "list", "start")]
    with pytest.raises(ProfileError, match="no screen confirms"):
        check_menu(read_table(Menu, table))
