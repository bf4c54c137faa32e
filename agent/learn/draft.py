"""A draft profile from what was learned: valid as far as it goes, and frank about what is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.drivers.base import TerminalDriver
from agent.errors import PreconditionNotMet
from agent.learn.learner import LearnedScreen, Learner
from agent.learn.rows import items_of
from agent.learn.toml import Plain
from agent.menu.recognise import recognise
from protocols.errors import ProfileError
from protocols.line import HIGHEST_BAUD
from protocols.menu import Ending
from protocols.pattern import places_of
from protocols.profile import Profile, profile_from_table
from protocols.terminal import Binding, KeySlot, Region
from protocols.words import BindingState, Key, Technique

PATIENCE_SECONDS = 10
DEFAULT_BAUD = 115_200
CASE_FACTS = ("tusn", "merchant_number")
WANTED_ENDINGS: tuple[Ending, ...] = ("wrong-password", "locked", "wrong-merchant", "unsettled", "not-bound")
BASIS = {
    "zh": "由采集得到的草稿：清空方式未经验证。",
    "en": "A draft from a capture: how the wipe works was not verified.",
}

Table = dict[str, Plain]


@dataclass(frozen=True)
class Gap:
    """Something that a person has to look at.

    Args:
        code: What.
        facts: Which.
    """

    code: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TerminalAsLearned:
    """What the terminal told of itself.

    Args:
        regions: Its memory map.
        key_slots: Its key slots.
        before: Its bindings when the learning began.
        after: Its bindings when it ended.
    """

    regions: tuple[Region, ...]
    key_slots: tuple[KeySlot, ...]
    before: tuple[Binding, ...]
    after: tuple[Binding, ...]


@dataclass(frozen=True)
class Draft:
    """A draft.

    Args:
        table: The profile as a plain table.
        profile: The same, read.
        gaps: What is missing.
    """

    table: Table
    profile: Profile
    gaps: tuple[Gap, ...]


def make_draft(learner: Learner, told: TerminalAsLearned, model: str, family: str, baud: int | None = None) -> Draft:
    """Make a draft profile.

    Args:
        learner: What was learned.
        told: What the terminal told of itself.
        model: Name of the model, and of the draft's folder.
        family: Its wire protocol.
        baud: Bits per second of the line on which it was learnt, or None where that has no speed.

    Raises:
        PreconditionNotMet: ``learn-draft-invalid``: what the terminal says of itself fits no profile.
    """
    try:
        return _make_draft(learner, told, model, family, baud)
    except ProfileError as fault:
        raise PreconditionNotMet("learn-draft-invalid", field=fault.path, why=fault.reason) from None


def _make_draft(learner: Learner, told: TerminalAsLearned, model: str, family: str, baud: int | None) -> Draft:
    gaps: list[Gap] = []
    screens, dropped = _usable(learner.screens)
    gaps += [Gap("screen-unusable", (screen.id,)) for screen in dropped]
    shows = {screen.id: _marks(learner, screen, items=False) for screen in screens}
    base = _base(learner, told, model, family)
    if baud is not None:
        base["link"] = {"baud": baud, "highest_baud": max(baud, HIGHEST_BAUD), "source": "capture"}
    for _ in range(2):
        confused = _confused(base | {"menu": _menu(learner, screens, shows, goal=None)}, screens)
        for name in confused:
            screen = next(each for each in screens if each.id == name)
            shows[name] = _marks(learner, screen, items=True)
    confused = _confused(base | {"menu": _menu(learner, screens, shows, goal=None)}, screens)
    gaps += [Gap("screen-ambiguous", (name,)) for name in sorted(confused)]
    goal = next((screen for screen in screens if screen.means in ("done", "pending")), None)
    table = base | {"menu": _menu(learner, screens, shows, goal)}
    if goal is None:
        gaps.append(Gap("goal-missing"))
    try:
        profile = profile_from_table(table)
    except ProfileError as fault:
        gaps.append(Gap("goal-invalid", (fault.path, fault.reason)))
        table = base | {"menu": _menu(learner, screens, shows, goal=None)}
        profile = profile_from_table(table)
    seen = {screen.means for screen in screens}
    gaps += [Gap("ending-not-seen", (ending,)) for ending in WANTED_ENDINGS if ending not in seen]
    gaps += [Gap("screen-unnamed", (screen.id,)) for screen in screens if not screen.named]
    gaps += [
        Gap("item-not-tried", (screen.id, name))
        for screen in screens
        for name, target in screen.items.items()
        if target is None
    ]
    gaps += [
        Gap("confirm-left-out", (screen.id,))
        for screen in screens
        if any(Key.CONFIRM in press for press in screen.keys)
        and not (screen.confirms or screen.field is not None or screen.means is not None)
    ]
    gaps += [Gap("screen-declared", (screen.id,)) for screen in screens if screen.declared]
    return Draft(table, profile, tuple(gaps))


def read_terminal(driver: TerminalDriver, before: tuple[Binding, ...]) -> TerminalAsLearned:
    """Ask the terminal what a profile says of its memory, keys and bindings."""
    return TerminalAsLearned(driver.memory_map(), driver.key_slots(), before, driver.bindings())


# ---------------------------------------------------------------------- the menu
def _usable(screens: Iterable[LearnedScreen]) -> tuple[list[LearnedScreen], list[LearnedScreen]]:
    usable: list[LearnedScreen] = []
    dropped: list[LearnedScreen] = []
    for screen in screens:
        (usable if any(screen.rows) else dropped).append(screen)
    return usable, dropped


def _marks(learner: Learner, screen: LearnedScreen, *, items: bool) -> list[Plain]:
    """Choose the rows that a screen is recognised by; those of its items only where it needs them."""
    form = learner.form
    choices = {place for place, _, _ in items_of([row or "" for row in screen.rows], form)} if form else set()
    marks: list[Plain] = []
    shown: set[str] = set()
    for place, row in enumerate(screen.rows):
        if not row or (place in choices and not items):
            continue
        places = places_of(row)
        if places & shown or (places & {"merchant_number", "amount"} and not screen.confirms):
            continue
        if place in choices and places:
            continue
        shown |= places
        marks.append({"pattern": row} if screen.declared else {"pattern": row, "row": place})
    return marks if marks or items else _marks(learner, screen, items=True)


def _menu(
    learner: Learner, screens: list[LearnedScreen], shows: Mapping[str, list[Plain]], goal: LearnedScreen | None
) -> Table:
    kept = [screen for screen in screens if shows[screen.id]]
    menu: Table = {
        "columns": learner.display.columns,
        "rows": learner.display.rows,
        "item": learner.form or "{digit}.{name}",
        "patience_seconds": PATIENCE_SECONDS,
        "source": "capture",
        "goals": [{"name": "unbind", "reach": goal.id}] if goal is not None else [],
        "screens": [_screen(screen, kept, shows[screen.id], goal) for screen in kept],
    }
    return menu


def _screen(screen: LearnedScreen, kept: list[LearnedScreen], shows: list[Plain], goal: LearnedScreen | None) -> Table:
    table: Table = {"id": screen.id, "shows": shows}
    confirms = screen.confirms and goal is not None
    field = screen.field
    typed = field is not None and field.leads in kept
    if not confirms:
        items: list[Plain] = [
            {"label": name, "leads": to.id} for name, to in screen.items.items() if to in kept and to is not None
        ]
        entries: list[Plain] = [
            {"pattern": name, "leads": to.id} for name, to in screen.entries.items() if to in kept and to is not None
        ]
        table |= {"items": items} if items else {}
        table |= {"entries": entries} if entries else {}
    keys: list[Plain] = [
        {"press": [key.name for key in press], "leads": to.id}
        for press, to in screen.keys.items()
        # What CONFIRM does on a screen of which nobody said what it confirms is not for a profile.
        if to in kept and (Key.CONFIRM not in press or confirms or typed or screen.means is not None)
    ]
    if keys:
        table["keys"] = keys
    if typed and field is not None and field.leads is not None:
        table["field"] = {
            "asks": field.asks,
            "masked": field.masked,
            "leads": field.leads.id,
            "submit": field.submit.name,
        }
    if confirms:
        shown = {place for row in screen.rows if row for place in places_of(row)}
        table |= {"confirms": "unbind", "must_show": [fact for fact in CASE_FACTS if fact in shown]}
    if goal is not None and goal in (*screen.keys.values(), *screen.items.values(), field.leads if field else None):
        table["commits"] = True
    if screen.means is not None:
        table["means"] = screen.means
    return table


def _confused(table: Table, screens: list[LearnedScreen]) -> set[str]:
    """Return the screens that stand in the way when the displays that were seen are recognised."""
    menu = profile_from_table(table).menu
    assert menu is not None
    confused: set[str] = set()
    for screen in screens:
        for display in screen.samples:
            known = recognise(menu, display)
            if known is None or known.screen.id != screen.id:
                alone = [
                    each.id
                    for each in menu.screens
                    if recognise(dataclasses.replace(menu, screens=(each,)), display) is not None
                ]
                confused |= {screen.id, *alone}
    return confused


# ---------------------------------------------------------------------- the rest
def _base(learner: Learner, told: TerminalAsLearned, model: str, family: str) -> Table:
    identity = learner.identity
    short = identity.tusn[-8:]
    identification: Table = {
        "model": model,
        "maker": identity.maker,
        "family": family,
        "name": {"zh": f"{identity.maker} {identity.model}", "en": f"{identity.maker} {identity.model}"},
        "source": "capture",
        "verified_on_hardware": False,
        "firmware": [identity.firmware_version],
    }
    if identity.label_number.endswith(short) and identity.label_number != short:
        identification["label_prefix"] = identity.label_number.removesuffix(short)
    undone = {
        after.name
        for after in told.after
        if after.state is not BindingState.BOUND
        and any(each.name == after.name and each.state is BindingState.BOUND for each in told.before)
    }
    return {
        "schema": 1,
        "identification": identification,
        "link": {"baud": DEFAULT_BAUD, "source": "assumed"},
        "wipe": {
            "technique": Technique.BLOCK_ERASE.name,
            "method": "Clear",
            "erase_keys": True,
            "source": "assumed",
            "basis": dict(BASIS),
        },
        "regions": [_region(region) for region in told.regions],
        "key_slots": [
            {"slot": each.slot, "kind": each.kind.name, "survives_wipe": each.survives_wipe, "source": "capture"}
            for each in told.key_slots
        ],
        "bindings": [
            {
                "name": each.name,
                "kind": each.kind.name,
                "undone_by": "menu",
                "source": "capture" if each.name in undone else "assumed",
            }
            for each in told.before
        ],
    }


def _region(region: Region) -> Table:
    table: Table = {
        "name": region.name,
        "holds": region.holds.name,
        "wipeable": region.wipeable,
        "source": "capture",
    }
    if region.wipeable:
        table["technique"] = (Technique.BLOCK_ERASE if region.block_size else Technique.OVERWRITE).name
    return table
