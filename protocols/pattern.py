"""Patterns of a screen's rows: plain text with named places, as ``剩余次数:{attempts_left}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "tusn": "[0-9A-Za-z]{8,32}",
        "tusn_last8": "[0-9A-Za-z]{8}",
        "merchant_number": "[0-9]{15}",
        "attempts_left": "[0-9]{1,2}",
        "machine_number": "[0-9A-Z-]{4,32}",
        "phone": "[0-9*]{7,15}",
        "operator": "[0-9]{1,4}",
        "amount": r"[0-9]{1,7}\.[0-9]{2}",
        "page": "[0-9]{1,2}",
        "pages": "[0-9]{1,2}",
        "seconds": "[0-9]{1,4}",
        "typed": "[0-9A-Z.-]{0,32}",
        "hidden": r"\*{0,32}",
        "digit": "[0-9]",
        "name": ".{1,64}",
    }
)
"""What each named place may hold. ``typed`` and ``hidden`` are what was typed so far, open or masked.

``machine_number`` is the number on the label. The others of the case's facts are compared with it; ``phone``,
``operator``, ``page``, ``pages`` and ``seconds`` are only read.
"""

_PLACE = re.compile(r"\{([^{}]*)\}")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Make a regular expression that must match a whole row.

    Args:
        pattern: Text with ``{name}`` of `PLACES`, each at most once.

    Returns:
        The expression; its groups have the places' names.

    Raises:
        ValueError: The pattern is empty, or has an unknown place, one place twice, or a stray brace.
    """
    parts = _PLACE.split(pattern)
    texts, names = parts[::2], parts[1::2]
    if not pattern or any("{" in text or "}" in text for text in texts):
        raise ValueError("a pattern is text with {places}, and not empty")
    unknown = [name for name in names if name not in PLACES]
    if unknown:
        raise ValueError(f"unknown place {unknown[0][:40]!r}; there are " + ", ".join(PLACES))
    if len(set(names)) != len(names):
        raise ValueError("a place stands at most once in a pattern")
    expression = re.escape(texts[0])
    for name, text in zip(names, texts[1:], strict=True):
        expression += f"(?P<{name}>{PLACES[name]}){re.escape(text)}"
    return re.compile(expression)


def places_of(pattern: str) -> frozenset[str]:
    """Return the names of the places in a pattern."""
    return frozenset(_PLACE.findall(pattern))
