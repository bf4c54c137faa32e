"""What of a screen may be kept: everything but numbers that identify or open something (I4).

A film is kept for years and shown to people, so it is masked before it is written: what stands in a masked field, and
every long run of digits (merchant numbers, phone numbers, accounts, verification codes, card numbers), whether or not
blanks or hyphens group it. Only the serial number of the terminal of the case stays, in full or as its last eight
characters, since a film that does not show which terminal was chosen proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

HIDDEN = "×"
"""Stands for each character that is not kept, so that a screen keeps its shape."""

STARS = "******"
"""Stands for a masked field, however much was typed."""

SHORT_SERIAL = 8

_TOKEN = re.compile(r"[0-9A-Za-z]+")
_GROUPED_DIGITS = re.compile(r"\d(?:[ -]?\d){5,}")
"""Six digits and more; any script's digits, since a full-width 8 is an 8 as well."""
_LONG_CODE = re.compile(r"(?<![0-9A-Za-z])(?=(?:[A-Za-z]*[0-9]){6})[0-9A-Za-z]{15,}(?![0-9A-Za-z])")
"""Letters and digits in one piece, as the 18 characters of a merchant credit code."""
_STARS = re.compile(r"[*•●＊]+")


def masked_rows(
    lines: Sequence[str], *, tusn: str, masked: bool = False, secrets: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the rows of a screen as they may be kept.

    Args:
        lines: The rows as shown.
        tusn: Serial number of the terminal of the case: it stays, and so do its last eight characters. Empty: none.
        masked: Whether a masked field has the cursor.
        secrets: More that must not be kept, as what an open field shows so far.
    """
    kept = {tusn, tusn[-SHORT_SERIAL:]} - {""}
    return tuple(_masked_row(line, kept, masked=masked, secrets=secrets) for line in lines)


def _masked_row(line: str, kept: set[str], *, masked: bool, secrets: Sequence[str]) -> str:
    for secret in secrets:
        if secret:  # where it stands alone: a field that holds a 1 so far must not take the 1 out of every number
            line = re.sub(rf"(?<!\d){re.escape(secret)}(?!\d)", HIDDEN * len(secret), line)
    if masked:
        line = _STARS.sub(STARS, line)
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(line):
        if token.group() in kept:
            parts += [_masked_text(line[end : token.start()]), token.group()]
            end = token.end()
    return "".join(parts) + _masked_text(line[end:])


def _masked_text(text: str) -> str:
    text = _LONG_CODE.sub(lambda found: HIDDEN * len(found.group()), text)
    return _GROUPED_DIGITS.sub(lambda found: re.sub(r"\d", HIDDEN, found.group()), text)
