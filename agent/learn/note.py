"""The note of a draft profile, by the template of the firmware notes, with what is missing marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from agent.learn.draft import Draft, Gap
from agent.learn.learner import LearnedScreen, Learner

GAP = "**GAP:**"

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "screen-unusable": "screen `{0}` shows nothing that stays; it is not in the profile.",
        "screen-ambiguous": "screen `{0}` looks like another one to the profile; give it a row that tells it apart.",
        "goal-missing": "no screen is marked as the end of the unbinding (`means = done` or `pending`).",
        "goal-invalid": "the unbinding cannot stand in the profile yet: `{0}` {1}.",
        "ending-not-seen": "what the terminal shows at `{0}` was not seen; the agent stops there at an unknown screen.",
        "screen-unnamed": "screen `{0}` has no name yet.",
        "item-not-tried": "on `{0}`, the item {1} was not tried.",
        "confirm-left-out": "CONFIRM leads on from `{0}`, but nobody said what it confirms; the profile leaves it out.",
        "screen-declared": "screen `{0}` was described by a person and not seen.",
        "left-out": "on `{0}`, the item {1} sounds like doing something and was not entered by itself.",
        "stuck": "CANCEL does not leave `{0}`.",
        "not-finished": "the exploration ended before everything was seen.",
    }
)


def note_text(learner: Learner, draft: Draft, model: str, more: Iterable[Gap] = ()) -> str:
    """Write the note.

    Args:
        learner: What was learned.
        draft: The draft made of it.
        model: Name of the model.
        more: Gaps that the draft does not know of.
    """
    identity = learner.identity
    regions = "\n".join(
        f"| `{region.name}` | {region.holds.name} | {'is emptied' if region.wipeable else 'stays'} |"
        for region in draft.profile.regions
    )
    screens = "\n".join(_drawn(screen) for screen in learner.screens)
    gaps = "\n".join(f"- {GAP} {SENTENCES[gap.code].format(*map(_code, gap.facts))}" for gap in (*draft.gaps, *more))
    return f"""# {identity.maker} {identity.model} (`{model}`)

## What it is

A draft made by `posretire profiles learn` from one terminal. It speaks `{draft.profile.family}`.

{GAP} say what kind of terminal it is, and where it is met.

## Sources

Captured from one terminal; `source = "capture"` in the profile. Wipe, line settings and bindings that were not seen to
change are assumed.

{GAP} name documents, date and place of the capture.

## Identification

| IDENTIFY | value |
|---|---|
| maker | `{_code(identity.maker)}` |
| model | `{_code(identity.model)}` |
| hardware version | `{_code(identity.hardware_version)}` |
| firmware | `{_code(identity.firmware_name)}` `{_code(identity.firmware_version)}` |

{GAP} say what its serial numbers begin with, and where the label shows them.

## Link

{GAP} the baud rate is the family's default and was not tried.

## Menu

Numbers in the drawings are masked.

{screens}

{gaps or "No gaps were found in the menu."}

## Memory map

| region | holds | a wipe |
|---|---|---|
{regions}

## Wipe

{GAP} block erase and Clear are assumed; say how the terminal wipes, and how that was checked.

## Quirks

None recorded.

## Verified on hardware

No.
"""


def _drawn(screen: LearnedScreen) -> str:
    ways = [f"{name} → `{to.id}`" for name, to in (*screen.items.items(), *screen.entries.items()) if to is not None]
    ways += [f"{'+'.join(key.name for key in press)} → `{to.id}`" for press, to in screen.keys.items()]
    if screen.field is not None:
        after = f" → `{screen.field.leads.id}`" if screen.field.leads is not None else ""
        ways.append(f"field `{screen.field.asks}`, {screen.field.submit.name}{after}")
    rows = "\n".join(row.replace("```", "'''") for row in screen.drawing).rstrip()
    told = "; ".join(ways) or "nothing leads on from here"
    return f"### `{screen.id}`\n\n```\n{rows}\n```\n\n{_code(told, keep='`')}\n"


def _code(text: str, keep: str = "") -> str:
    """Keep text from outside from becoming markup."""
    return "".join(letter if letter in keep or letter not in "`|<>*[]" else " " for letter in text)
