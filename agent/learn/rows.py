"""From a row that a terminal shows to the pattern that a profile has for it, without the numbers of this terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from protocols.pattern import compile_pattern, places_of

ITEM_FORMS = (
    "{digit}.{name}",
    "{digit}、{name}",
    "{digit}:{name}",
    "{digit}){name}",
    "[{digit}]{name}",
    "{digit} {name}",
)
"""How terminals write the digit before an item."""

SHORT_SERIAL = 8

_ATTEMPTS = re.compile(
    r"(?P<before>.*(?:剩余|次数|attempt|left)[^0-9]{0,8})[0-9]{1,2}(?P<after>[^0-9]*)", re.IGNORECASE
)
_PAGE = re.compile(r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?![0-9/])")
_AMOUNT = re.compile(r"(?<![0-9.])[0-9]{1,7}\.[0-9]{2}(?![0-9.])")
_CURSOR = re.compile(r"(?P<before>.*?)(?:[0-9A-Z.-]*|\*+)_")
_CHANGING = re.compile(r"[0-9]{4,}|[0-9]{1,2}:[0-9]{2}")
"""Numbers that are another terminal's, another day's or somebody's: no pattern is made of such a row."""


@dataclass(frozen=True)
class TerminalFacts:
    """What stands on the screens of this terminal alone.

    Args:
        tusn: Its serial number.
        label_number: The number on its label.
        merchant_number: The merchant number that it is bound to, or empty.
    """

    tusn: str
    label_number: str
    merchant_number: str = field(repr=False)


def pattern_of(row: str, facts: TerminalFacts, *, masked: bool) -> str | None:
    """Return the pattern of a row.

    Args:
        row: As shown.
        facts: What becomes a named place.
        masked: Whether a masked field has the cursor.

    Returns:
        The pattern, empty for an empty row; None where the row shows what will be otherwise next time.
    """
    row = row.strip()
    if not row:
        return ""
    if "{" in row or "}" in row:
        return None
    for text, place in (
        (facts.tusn, "tusn"),
        (facts.label_number, "machine_number"),
        (facts.tusn[-SHORT_SERIAL:], "tusn_last8"),
        (facts.merchant_number, "merchant_number"),
    ):
        if text:
            row = re.sub(rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])", f"{{{place}}}", row)
    if (cursor := _CURSOR.fullmatch(row)) is not None:
        row = f"{cursor['before']}{{{'hidden' if masked else 'typed'}}}_"
    row = _PAGE.sub("{page}/{pages}", row)
    row = _AMOUNT.sub("{amount}", row)
    if (attempts := _ATTEMPTS.fullmatch(row)) is not None and not places_of(row):
        row = f"{attempts['before']}{{attempts_left}}{attempts['after']}"
    if _CHANGING.search(re.sub(r"\{[a-z_0-9]+\}", "", row)):
        return None
    try:
        compile_pattern(row)
    except ValueError:
        return None
    return row


def field_pattern(before: Sequence[str], after: Sequence[str], *, masked: bool) -> tuple[int, str] | None:
    """Find the row of a field by what typing changed.

    Args:
        before: Rows before.
        after: Rows after one character more.
        masked: Whether the field is masked.

    Returns:
        Number of the row and its pattern, or None where nothing changed, or more than one row.
    """
    changed = [place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other]
    if len(changed) != 1:
        return None
    old, new = before[changed[0]].strip(), after[changed[0]].strip()
    left = 0
    while left < min(len(old), len(new)) and old[left] == new[left]:
        left += 1
    while left and (new[left - 1].isdigit() or new[left - 1] == "*"):
        left -= 1
    right = 0
    while right < min(len(old), len(new)) - left and old[-1 - right] == new[-1 - right]:
        right += 1
    while right and (old[len(old) - right].isdigit() or old[len(old) - right] == "*"):
        right -= 1
    pattern = f"{new[:left]}{{{'hidden' if masked else 'typed'}}}{new[len(new) - right :]}"
    try:
        matches = compile_pattern(pattern).fullmatch(new)
    except ValueError:
        return None
    return (changed[0], pattern) if matches else None


def items_of(lines: Sequence[str], form: str) -> list[tuple[int, str, str]]:
    """Return the items on a screen as (row, digit, words)."""
    expression = compile_pattern(form)
    found = [(place, expression.fullmatch(line.strip())) for place, line in enumerate(lines)]
    return [(place, match["digit"], match["name"].strip()) for place, match in found if match is not None]


def item_form(lines: Sequence[str]) -> str | None:
    """Return how the items on a screen are written: digits in their order, two at least; None where there are none."""
    for form in ITEM_FORMS:
        digits = [int(digit) for _, digit, _ in items_of(lines, form)]
        if len(digits) > 1 and digits == list(range(digits[0], digits[0] + len(digits))):
            return form
    return None
