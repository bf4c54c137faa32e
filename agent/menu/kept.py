"""What may be kept or told of a screen: for the film, and for the error that shows an unknown one (I4)."""

from __future__ import annotations

import re

from agent.menu.case import MenuCase
from agent.menu.mask import HIDDEN, masked_rows
from agent.menu.recognise import Recognised
from protocols.terminal import Screen

_DIGITS = re.compile(r"\d{4,}")


def rows_to_keep(display: Screen, known: Recognised | None, case: MenuCase, *, typing: bool) -> tuple[str, ...]:
    """Return the rows of a screen as the film may keep them.

    Args:
        display: What was shown.
        known: Which screen that is.
        case: Its serial number may stand in the film.
        typing: Whether a field was being typed when it came: then no digit of a screen that we do not know is kept.
    """
    if known is None and typing:
        return tuple(re.sub(r"\d", HIDDEN, line) for line in display.lines)
    secrets = [case.merchant_number]
    if known is not None:
        secrets += [known.places.get("typed", ""), known.places.get("phone", "")]
    rows = masked_rows(display.lines, tusn=case.tusn, masked=display.masked, secrets=secrets)
    return tuple(
        _DIGITS.sub(
            lambda found: found.group() if case.tusn.endswith(found.group()) else HIDDEN * len(found.group()), row
        )
        for row in rows
    )


def rows_to_tell(rows: tuple[str, ...]) -> str:
    """Return masked rows as one text for an error; rows without anything are left out."""
    return " | ".join(row.strip() for row in rows if row.strip())
