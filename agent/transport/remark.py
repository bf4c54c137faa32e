"""What a line has to tell people besides its bytes: which speed is tried, that it was unplugged and is back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LineRemark:
    """Something about the line that whoever waits for it should know.

    Args:
        code: Stable name; the texts stand under ``line.<code>``.
        facts: What the texts fill in.
    """

    code: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the line for ``--json``."""
        return {"event": "line", "code": self.code, "facts": self.facts}


Told = Callable[[LineRemark], None]
"""Is told of a line's remarks, from whichever thread serves the line."""


def nobody(_remark: LineRemark) -> None:
    """Tell nobody."""
