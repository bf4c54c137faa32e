"""The menus of all profiles of the project, for tests that hold of each."""

from __future__ import annotations

import tomllib

from protocols.menu import Menu, MenuScreen
from protocols.profile import profile_from_table
from tests.lint.repo import NOTES

PLACES = {
    "tusn": "9999990212345678",
    "tusn_last8": "12345678",
    "merchant_number": "999100058120001",  # made up: no acquirer has the number 999
    "machine_number": "D20-12345678",
    "amount": "0.01",
}


def menus() -> dict[str, Menu]:
    """Every model's menu."""
    found = {}
    for path in sorted(NOTES.glob("*/profile.toml")):
        menu = profile_from_table(tomllib.loads(path.read_text(encoding="utf-8"))).menu
        if menu is not None:
            found[path.parent.name] = menu
    return found


def all_screens() -> list[tuple[str, Menu, MenuScreen]]:
    """Every screen of every model."""
    return [(model, menu, screen) for model, menu in menus().items() for screen in menu.screens]
