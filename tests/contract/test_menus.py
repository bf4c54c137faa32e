"""Each profile's menu and that of the simulated model agree: every screen is recognised, every way is one.

The notes are written from outside, the tables of the simulator from inside; this is where they meet.
"""

import importlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from agent.menu.recognise import recognise
from agent.profiles import check_profile
from protocols.terminal import Screen
from protocols.words import Key
from simulators.catalog import MODELS
from simulators.faults import POPUPS
from simulators.menus.english import english_words, translate
from simulators.menus.machine import Menu
from simulators.menus.popups import SCREENS as POPUP_SCREENS
from simulators.menus.situation import ListedDevice, Situation
from simulators.menus.tables import DIGITS, MenuTables
from tests.simulators.menus.behind import MERCHANT, FakeTerminal

NOTES = Path(__file__).resolve().parents[2] / "firmware-notes"
OWN = ListedDevice("9999999912345678", "本机", is_terminal=True)
PRINTER = ListedDevice("8888889987654321", "打印")
ANSWERS = {
    "advertisement": "press",
    "low-battery": "stop",
    "paper-out": "stop",
    "network-lost": "wait",
    "logged-off": "press",
    "tear-off": "press",
}
TYPED = {
    "operator": "99",
    "merchant_number": MERCHANT,
    "new_merchant": MERCHANT,
    "machine_number": "D20-12345678",
    "phone": "12000123456",
}


def tables_of(model):
    module = importlib.import_module(f"simulators.{model.replace('-', '_')}.tables")
    assert isinstance(module.MODEL.menu, MenuTables)
    return module.MODEL


@cache
def profile_of(model):
    return check_profile(NOTES / model).menu


def shown(model, screen, terminal, options):
    """Put a model's display on a screen."""
    tables = tables_of(model)
    situation = Situation(terminal, (OWN, PRINTER), OWN, tables.firmware_version, options)
    menu = Menu(tables.menu, situation)
    situation.answers = dict(TYPED)
    menu._go(screen)
    return menu


def displays(model, screen):
    """Yield what a screen can look like: bound and not, every page of its list, and typed into."""
    options = {name: values[0] for name, values in tables_of(model).options.items()}
    bound, wiped = FakeTerminal(last_trace=42), FakeTerminal(initialised=False, merchant_number=None, signed_on=False)
    menu = profile_of(model)
    ends_bound = (goal := menu.goal("bind")) is not None and goal.reach == screen
    confirms = any(each.id == screen and each.confirms for each in menu.screens)
    # What is not bound is never asked to be unbound, and what was just bound is.
    for terminal in (bound,) if confirms or ends_bound else (bound, wiped):
        shows = shown(model, screen, terminal, options)
        yield shows.screen()
        spec = tables_of(model).menu.screens[screen]
        keys = list(DIGITS) if spec.field is not None else [Key.DOWN] * 12 if spec.listing is not None else []
        for key in keys:
            shows.press(frozenset({key}))
            assert shows.shown == screen
            yield shows.screen()


SCREENS = [(model, screen) for model in MODELS for screen in tables_of(model).menu.screens]


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_the_profile_recognises_every_screen_as_the_one_it_is(model, screen):
    menu = profile_of(model)
    for display in displays(model, screen):
        known = recognise(menu, display)
        assert known is not None, display.lines
        assert known.screen.id == screen


@pytest.mark.parametrize("model", MODELS)
def test_the_display_has_the_size_that_the_profile_says(model):
    tables, menu = tables_of(model).menu, profile_of(model)
    assert (menu.columns, menu.rows) == (tables.columns, tables.rows)
    assert (menu.keys == "guided") is not tables_of(model).remote


@pytest.mark.parametrize("model", MODELS)
def test_every_way_of_the_profile_is_one_of_the_terminal(model):
    tables = tables_of(model).menu
    for screen in profile_of(model).screens:
        if screen.interrupts is not None:
            continue
        spec = tables.screens[screen.id]
        listed = {} if spec.listing is None else {item.label: item.target for item in spec.listing.items}
        for item in screen.items:
            assert item.leads in ways(listed[item.label]), (screen.id, item.label)
        for entry in screen.entries:
            assert entry.leads in ways(spec.listing.devices), screen.id
        for edge in screen.keys:
            chord = frozenset(edge.press)
            target = spec.chords.get(chord) or spec.keys.get(edge.press[0])
            if target is None and spec.field is not None and chord <= spec.field.submit_by:
                target = spec.field.submit
            assert edge.leads in ways(target), (screen.id, edge.press)
        if screen.field is not None:
            assert screen.field.leads in ways(spec.field.submit), screen.id
            assert screen.field.masked is spec.field.masked
            assert screen.field.submit in spec.field.submit_by


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_an_english_menu_is_no_screen_of_the_profile(model, screen):
    tables = tables_of(model).menu
    words = english_words(tables)
    for display in displays(model, screen):
        lines = tuple(translate(row, words, tables.columns) for row in display.lines)
        assert recognise(profile_of(model), replace(display, lines=lines)) is None


@pytest.mark.parametrize("word", POPUPS)
@pytest.mark.parametrize("model", MODELS)
def test_whatever_comes_between_is_known_and_answered_with_the_key_that_takes_it_away(model, word):
    popup = POPUP_SCREENS[word]
    menu = profile_of(model)
    known = recognise(menu, Screen(7, menu.columns, menu.rows, masked=False, lines=popup.rows))
    assert known is not None
    assert known.screen.interrupts == word
    assert known.screen.answer == ANSWERS[word]
    if known.screen.answer == "press":
        assert known.screen.press == (popup.press,)


def ways(target):
    return (target,) if isinstance(target, str) else () if target is None else target.leads
