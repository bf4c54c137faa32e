"""From a film's steps to the tables of a menu: a screen a step, and one key that leads on from each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocols.words import Key
from simulators.film.reader import Script, ScriptStep
from simulators.menus.acts import act, submit, unbind
from simulators.menus.situation import SHORT_DIGITS, WIDEST, Situation
from simulators.menus.tables import DIGITS, Act, Field, MenuScreen, MenuTables, Target, cells

HIDDEN = "×"
MERCHANT_DIGITS = 15
TEST_DIGIT = "0"
LONGEST = 32

LENGTHS: Mapping[str, int] = {
    "merchant_number": MERCHANT_DIGITS,
    "password": 6,
    "second_password": 6,
    "operator_password": 8,
    "operator": 2,
    "phone": 11,
    "code": 6,
}
"""How many characters each of a simulated terminal's own answers has. Of other names any number is right."""

_HIDDEN_RUN = re.compile(f"{HIDDEN}+")
_SHOWN_ENTRY = re.compile(rf"[{HIDDEN}*]+_?|_")

Deviated = Callable[[int, str], None]
"""Told of a key that the film has not: number of the step, and name of the key (``DIGIT`` for every digit)."""


@dataclass
class _Scene:
    """A screen to be shown: one step, or all steps on the same field.

    Args:
        shown: The step whose rows are shown.
        full: The step that shows the field filled in, if any.
        keys: Keys that lead on; empty: nothing does.
        ends: How the film ends here, where it does so.
    """

    shown: ScriptStep
    full: ScriptStep | None
    keys: frozenset[Key]
    ends: str


def script_tables(script: Script, deviated: Deviated) -> MenuTables:
    """Make the menu of a film.

    Args:
        script: The film.
        deviated: See `Deviated`.

    Raises:
        ValueError: A row does not fit the display with the script's own numbers in it.
    """
    scenes = _scenes(script)
    screens = {}
    undone = False
    for place, scene in enumerate(scenes):
        target: Target | None = None
        if place + 1 < len(scenes):
            target, ends = f"s{place + 2}", scenes[place + 1].ends
            if ends in ("done", "pending") and not undone:
                undone = True
                target = act(unbind() if ends == "done" else submit(), target)
        screens[f"s{place + 1}"] = _screen(script, scene, target, deviated)
    return MenuTables(script.columns, script.rows, frozenset(Key), "s1", screens)


def _scenes(script: Script) -> list[_Scene]:
    """Put the steps on one field together, and leave out those that only waited."""
    seen = [step for step in script.steps if step.rows]
    kept = [step for step in seen[:-1] if step.keys or step.typed or step.what in ("done", "pending")] + seen[-1:]
    scenes: list[_Scene] = []
    typing = False
    for step in kept:
        last = scenes[-1] if scenes else None
        if typing and last is not None and step.screen == last.shown.screen:
            if step.keys and step.keys != {Key.CLEAR}:
                last.full, last.keys, typing = step, step.keys, False
            continue
        typing = bool(step.typed)
        scenes.append(_Scene(step, None, step.keys, step.what))
    return scenes


def _screen(script: Script, scene: _Scene, target: Target | None, deviated: Deviated) -> MenuScreen:
    step = scene.shown
    rows = [_row(script, row) for row in step.rows]
    field = None
    chords: dict[frozenset[Key], Target] = {}
    keys: dict[Key, Target] = {}
    if step.typed and target is not None:
        place, row = _entry_row(script, scene)
        rows[place] = row
        field = _field(script, step, scene.keys, target)
    elif target is not None and len(scene.keys) == 1:
        keys = dict.fromkeys(scene.keys, target)
    elif target is not None:
        chords = {scene.keys: target}
    for row in rows:
        if cells(row.format_map(WIDEST)) > script.columns and "{entry}" not in row:
            raise ValueError("rows: too narrow for the script's own numbers")
    taken = {*keys, *(() if field is None else (*DIGITS, Key.CLEAR, *field.submit_by))}
    keys |= {key: _deviation(step.number, key, deviated) for key in Key if key not in taken}
    return MenuScreen(tuple(rows), keys, field, chords=chords)


def _field(script: Script, step: ScriptStep, submit_by: frozenset[Key], target: Target) -> Field:
    own = len(script.label_number) if step.typed == "machine_number" else LENGTHS.get(step.typed)
    return Field(
        step.typed,
        own or LONGEST,
        target,
        least=0 if Key.CANCEL in submit_by else own or 1,
        masked=step.masked,
        letters=step.typed == "machine_number" and not script.label_number.isdigit(),
        submit_by=submit_by or frozenset({Key.CONFIRM}),
    )


def _entry_row(script: Script, scene: _Scene) -> tuple[int, str]:
    """Find the row of the field: the one that typing changed, or else the first that looks like a field."""
    empty = scene.shown.rows
    full = scene.full.rows if scene.full is not None else empty
    changed = [place for place, (one, other) in enumerate(zip(empty, full, strict=False)) if one != other]
    likely = [place for place in (*changed, *range(len(full))) if _SHOWN_ENTRY.search(full[place])]
    if not likely:
        raise ValueError("rows: no field")
    place = likely[0]
    shown = _SHOWN_ENTRY.search(full[place])
    assert shown is not None
    before, after = full[place][: shown.start()], full[place][shown.end() :]
    return place, _row(script, before) + "{entry}" + _row(script, after)


def _row(script: Script, row: str) -> str:
    """Put the script's own numbers in the place of the film's."""
    row = row.replace("{", "{{").replace("}", "}}")
    for text, place in ((script.tusn, "{number}"), (script.tusn[-SHORT_DIGITS:], "{short}")):
        row = re.sub(rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])", place, row)
    return _HIDDEN_RUN.sub(
        lambda run: "{merchant}" if len(run.group()) == MERCHANT_DIGITS else TEST_DIGIT * len(run.group()), row
    )


def _deviation(number: int, key: Key, deviated: Deviated) -> Act:
    def run(_situation: Situation) -> None:
        deviated(number, "DIGIT" if key in DIGITS else key.name)

    return Act(run, ())
