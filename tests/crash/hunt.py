"""Looks for violations at a few points of a kind: ``python -m tests.crash.hunt MODULE KIND STEP MOST``.

Exit code 0 where there are none, 1 where a violation was found, which is printed.
"""

from __future__ import annotations

import importlib
import sys

from tests.crash.explore import Kind, explorer


def hunt(module: str, name: str, step: str, most: int) -> int:
    """Try points of a step, evenly spread.

    Args:
        module: Module of the kind, in this package.
        name: Its name there.
        step: Step of the workflow; empty for the run as a whole.
        most: How many points at most.
    """
    kind: Kind = getattr(importlib.import_module(f"tests.crash.{module}"), name)
    with explorer() as explored:
        trials: list[tuple[int, ...]] = [()]
        if step:
            numbers = [at for at, each in enumerate(explored.points(kind), 1) if each.startswith(f"{step}: ")]
            spread = range(0, len(numbers), max(1, len(numbers) // most))
            trials = [(numbers[at],) for at in spread]
        for _, came in explored.try_all(kind, trials):
            if came["violations"]:
                print(came["violations"][0])
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(hunt(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
