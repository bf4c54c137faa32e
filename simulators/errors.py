"""The one error that a simulator raises towards whoever started it."""

from __future__ import annotations


class SimulationError(Exception):
    """A simulation cannot be started as asked.

    It carries no sentence: the caller has texts in both languages under the code. Facts hold no test secrets either,
    so that they may be logged like those of a real terminal.

    Args:
        code: Stable name, in lower case with hyphens.
        facts: What the texts fill in.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code + "".join(f" {name}={value}" for name, value in facts.items()))
        self.code = code
        self.facts = facts
