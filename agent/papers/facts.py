"""Reading a statement's predicate for a paper: whatever is missing or of another kind shows as a dash, never an error.

Whether a predicate is what it should be is the verifier's question. A paper shows what stands there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NOTHING = "—"


class Part:
    """A part of the predicate.

    Args:
        value: What stands there.
    """

    def __init__(self, value: object) -> None:
        self._value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}

    def __bool__(self) -> bool:
        return bool(self._value)

    def part(self, name: str) -> Part:
        """Return a part of this part; an empty one where there is none."""
        return Part(self._value.get(name))

    def parts(self, name: str) -> list[Part]:
        """Return the parts in a list."""
        return [Part(each) for each in self._list(name)]

    def texts(self, name: str) -> list[str]:
        """Return the texts in a list."""
        return [_shown(each) for each in self._list(name)]

    def text(self, name: str) -> str:
        """Return a text or a number as a text; empty where there is neither."""
        return _shown(self._value.get(name))

    def shown(self, name: str) -> str:
        """Return a text, or a dash where it is empty."""
        return self.text(name) or NOTHING

    def number(self, name: str) -> int:
        """Return a number, 0 where there is none."""
        value = self._value.get(name)
        return value if isinstance(value, int) and _shown(value) else 0

    def is_true(self, name: str) -> bool:
        """Tell whether a flag is set."""
        return self._value.get(name) is True

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and texts of everything in this part."""
        return [(name, _shown(value)) for name, value in self._value.items()]

    def _list(self, name: str) -> Sequence[object]:
        value = self._value.get(name)
        return value if isinstance(value, list) else []


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    # Python itself refuses to write out very long numbers.
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64:
        return str(value)
    return ""
