"""What a menu must have besides the right types."""

from __future__ import annotations

from typing import Any

import pytest

from protocols.errors import ProfileError
from protocols.menu import Menu, check_menu
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
            shows=[{"pattern": "{tusn}", "row": 1}],
            confirms="unbind",
            must_show=["tusn"],
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
        ({"confirm": {"must_show": []}}, "must stand in a row"),
        ({"confirm": {"must_show": ["merchant_number"]}}, "must stand in a row"),
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


def test_a_goal_needs_a_confirmation() -> None:
    table = menu_table()
    table["screens"] = [each for each in table["screens"] if each["id"] not in ("confirm", "list", "start")]
    with pytest.raises(ProfileError, match="no screen confirms"):
        check_menu(read_table(Menu, table))
