"""What a menu must have besides the right types: ways that lead somewhere, and confirmations that show the case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from protocols.errors import ProfileError
from protocols.menu import MAX_CHORD, PASSWORDS, CaseFact, Field, Goal, GoalName, Menu, MenuScreen
from protocols.pattern import compile_pattern, places_of
from protocols.words import Key

NAMES_TERMINAL = frozenset({"tusn", "tusn_last8", "machine_number"})
"""Places that name one terminal."""

MUST_SHOW: Mapping[GoalName, frozenset[CaseFact]] = MappingProxyType(
    {
        "unbind": frozenset({"tusn", "merchant_number"}),
        "bind": frozenset({"tusn", "merchant_number"}),
        "test-transaction": frozenset({"amount"}),
        "reversal": frozenset({"amount"}),
    }
)
"""What a confirmation of each goal has to show at least."""

TEST_AMOUNT = "1"
"""What is typed for the amount of a test transaction: the smallest unit of the currency."""

FIXED = frozenset({"operator", "amount"})


def check_menu(menu: Menu) -> None:
    """Check what the types alone cannot say.

    Args:
        menu: The menu, under ``menu`` of its profile.

    Raises:
        ProfileError: A name leads nowhere, a pattern is wrong, or a screen lacks what its purpose needs.
    """
    ids = [screen.id for screen in menu.screens]
    _pattern("menu.item", menu.item)
    if places_of(menu.item) != {"digit", "name"}:
        raise ProfileError("menu.item", "needs {digit} and {name}, and no other place")
    if menu.highlight:
        _pattern("menu.highlight", menu.highlight)
        if places_of(menu.highlight) != {"name"} or menu.highlight == "{name}":
            raise ProfileError("menu.highlight", "needs {name} and a sign beside it, and no other place")
    if not 1 <= menu.patience_seconds <= 600:
        raise ProfileError("menu.patience_seconds", "must be 1 to 600")
    for place, screen in enumerate(menu.screens):
        path = f"menu.screens[{place}]"
        if screen.id in ids[:place]:
            raise ProfileError(path, f"{screen.id[:40]!r} stands here twice")
        _check_screen(menu, screen, path)
        for way in screen.ways():
            if way not in ids:
                raise ProfileError(path, f"leads to {way[:40]!r}, which is no screen")
    for place, goal in enumerate(menu.goals):
        path = f"menu.goals[{place}]"
        if goal.name in [other.name for other in menu.goals[:place]]:
            raise ProfileError(path, f"{goal.name!r} stands here twice")
        _check_goal(menu, goal, path)


def _check_screen(menu: Menu, screen: MenuScreen, path: str) -> None:
    if not screen.shows:
        raise ProfileError(path, "needs at least one row to be recognised by")
    shown: set[str] = set()
    for place, mark in enumerate(screen.shows):
        _pattern(f"{path}.shows[{place}]", mark.pattern)
        if mark.row is not None and mark.row >= menu.rows:
            raise ProfileError(f"{path}.shows[{place}].row", f"must be under {menu.rows}")
        if shown & places_of(mark.pattern):
            raise ProfileError(f"{path}.shows[{place}]", "a place stands at most once on a screen")
        shown |= places_of(mark.pattern)
    _check_list(menu, screen, path)
    for place, edge in enumerate(screen.keys):
        _chord(f"{path}.keys[{place}].press", edge.press)
        if edge.back and Key.CONFIRM in edge.press:
            raise ProfileError(f"{path}.keys[{place}].back", "CONFIRM is no way back")
        if Key.CONFIRM in edge.press and not (screen.confirms or screen.commits or screen.means or screen.field):
            raise ProfileError(f"{path}.keys[{place}]", "CONFIRM belongs where something is confirmed, typed or ends")
    if screen.field is not None:
        _check_field(screen.field, shown, path)
    if screen.confirms is not None:
        _check_confirmation(menu, screen, screen.confirms, shown, path)
    elif screen.must_show:
        raise ProfileError(f"{path}.must_show", "stands with a confirmation")
    if screen.commits and not any(not edge.goes_back for edge in screen.keys) and screen.field is None:
        raise ProfileError(f"{path}.commits", "stands with a field or a confirmation, or with keys that go on")
    _check_interruption(screen, path)


def _check_list(menu: Menu, screen: MenuScreen, path: str) -> None:
    for place, entry in enumerate(screen.entries):
        _pattern(f"{path}.entries[{place}]", entry.pattern)
        if not places_of(entry.pattern) & NAMES_TERMINAL:
            raise ProfileError(f"{path}.entries[{place}]", "must name the terminal by {tusn} or {tusn_last8}")
    for name, keys in (("next", screen.next), ("previous", screen.previous)):
        if keys:
            _chord(f"{path}.{name}", keys)
        if Key.CONFIRM in keys:
            raise ProfileError(f"{path}.{name}", "CONFIRM chooses, and never scrolls")
    _chord(f"{path}.select", screen.select)
    if screen.choose == "highlight" and not (menu.highlight and screen.next):
        raise ProfileError(f"{path}.choose", "a highlight needs menu.highlight and the keys in next that move it")
    if screen.confirms is not None and (screen.items or screen.entries):
        raise ProfileError(path, "a confirmation is no list")


def _check_field(field: Field, shown: set[str], path: str) -> None:
    needed = "hidden" if field.masked else "typed"
    if needed not in shown:
        raise ProfileError(f"{path}.shows", f"a field needs {{{needed}}} in one row")
    if field.asks in PASSWORDS and not field.masked:
        raise ProfileError(f"{path}.field.masked", "a password is typed where the terminal hides it")
    if field.letters != "none" and field.masked:
        raise ProfileError(f"{path}.field.letters", "letters are typed where they can be seen")
    if field.fixed and (field.asks not in FIXED or not (field.fixed.isascii() and field.fixed.isdecimal())):
        raise ProfileError(f"{path}.field.fixed", "must be digits, of an operator or an amount")
    if field.asks == "amount" and field.fixed != TEST_AMOUNT:
        raise ProfileError(f"{path}.field.fixed", f"a test transaction is of {TEST_AMOUNT}, the smallest amount")
    if field.erase is field.submit:
        raise ProfileError(f"{path}.field.erase", "must be another key than the one that ends the field")


def _check_confirmation(menu: Menu, screen: MenuScreen, name: GoalName, shown: set[str], path: str) -> None:
    goal = menu.goal(name)
    if goal is None:
        raise ProfileError(f"{path}.confirms", f"{name!r} is no goal of this menu")
    if not MUST_SHOW[name] <= set(screen.must_show) <= shown:
        needed = ", ".join(sorted(MUST_SHOW[name]))
        raise ProfileError(f"{path}.must_show", f"must name {needed}, which must stand in a row of this screen")
    fixed = [_without_places(mark.pattern) for mark in screen.shows]
    if not any(word in text for word in goal.action_words for text in fixed):
        words = ", ".join(goal.action_words)
        raise ProfileError(f"{path}.shows", f"a row must say what is confirmed: {words}")


def _check_interruption(screen: MenuScreen, path: str) -> None:
    if screen.interrupts is None:
        if screen.answer is not None or screen.press:
            raise ProfileError(f"{path}.interrupts", "is missing where answer or press stands")
        return
    if any(True for _ in screen.ways()) or screen.confirms or screen.means:
        raise ProfileError(f"{path}.interrupts", "what comes between leads nowhere, confirms nothing and ends nothing")
    if screen.answer is None:
        raise ProfileError(f"{path}.answer", "is missing")
    if (screen.answer == "press") is not bool(screen.press):
        raise ProfileError(f"{path}.press", "stands where the answer is to press, and nowhere else")
    if screen.press:
        _chord(f"{path}.press", screen.press)


def _check_goal(menu: Menu, goal: Goal, path: str) -> None:
    screens = {screen.id: screen for screen in menu.screens}
    if goal.reach not in screens or screens[goal.reach].means not in ("done", "pending"):
        raise ProfileError(f"{path}.reach", "must be a screen that means done or pending")
    if any(not word.strip() for word in goal.words):
        raise ProfileError(f"{path}.words", "must not be empty words")
    if not any(screen.confirms == goal.name for screen in menu.screens):
        raise ProfileError(path, "no screen confirms it")
    for screen in menu.screens:
        if goal.reach in screen.ways() and not screen.commits:
            raise ProfileError(path, f"{screen.id[:40]!r} leads there without being marked as what commits")


def _chord(path: str, keys: tuple[Key, ...]) -> None:
    if not 1 <= len(keys) <= MAX_CHORD or len(set(keys)) != len(keys):
        raise ProfileError(path, f"must be 1 to {MAX_CHORD} keys, each once")


def _without_places(pattern: str) -> str:
    for place in places_of(pattern):
        pattern = pattern.replace(f"{{{place}}}", " ")
    return pattern


def _pattern(path: str, pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except ValueError as fault:
        raise ProfileError(path, str(fault)) from None
