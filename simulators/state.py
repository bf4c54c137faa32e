"""The folder in which a simulated terminal lives: whose it is, and that only one process uses it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from simulators.errors import SimulationError

TERMINAL_FILE = "terminal.json"
LOCK_FILE = "lock"
MOST_TRANSACTIONS = 1_000_000


@dataclass(frozen=True)
class Blueprint:
    """What a terminal was made from. It stands in the open in the state folder, and no secret is in it.

    Args:
        model: Name of the model.
        seed: Gives everything else about the terminal.
        transactions: Live transactions in its journal when it was made.
        unsettled: How many of the last of them are not settled.
    """

    model: str
    seed: int
    transactions: int
    unsettled: int

    def check(self) -> None:
        """Refuse numbers that no terminal can be made from.

        Raises:
            SimulationError: ``bad-amount``.
        """
        limits = {"seed": 1 << 63, "transactions": MOST_TRANSACTIONS, "unsettled": self.transactions}
        for name, highest in limits.items():
            if not 0 <= getattr(self, name) <= highest:
                raise SimulationError("bad-amount", option=name, highest=highest)


@dataclass(frozen=True)
class Wanted:
    """What was asked for when starting: numbers that were not given come from the state, or else from the defaults.

    Args:
        model: Name of the model.
        seed: As in `Blueprint`, or None.
        transactions: As in `Blueprint`, or None.
        unsettled: As in `Blueprint`, or None.
    """

    model: str
    seed: int | None = None
    transactions: int | None = None
    unsettled: int | None = None

    def blueprint(self) -> Blueprint:
        """Fill in the defaults for a new terminal."""
        return Blueprint(
            self.model,
            1 if self.seed is None else self.seed,
            300 if self.transactions is None else self.transactions,
            self.unsettled or 0,
        )

    def contradicts(self, blueprint: Blueprint) -> str | None:
        """Return the name of the first thing that was asked for and is otherwise in the state, or None."""
        for each in fields(self):
            asked = getattr(self, each.name)
            if asked is not None and asked != getattr(blueprint, each.name):
                return each.name
        return None


class StateFolder:
    """A state folder, locked for this process until it is closed.

    Args:
        path: The folder; made where there is none.

    Raises:
        SimulationError: ``state-unusable`` where it cannot be made, ``state-in-use`` where another process has it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = (path / LOCK_FILE).open("ab")
        except OSError as fault:
            raise SimulationError("state-unusable", path=str(path), why=str(fault.strerror)) from None
        if not _take(self._lock):
            self._lock.close()
            raise SimulationError("state-in-use", path=str(path))

    def blueprint(self) -> Blueprint | None:
        """Return what the terminal in here was made from, or None where there is none yet.

        Raises:
            SimulationError: ``state-broken`` where the file says something else.
        """
        try:
            text = (self.path / TERMINAL_FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeError):
            raise SimulationError("state-broken", file=TERMINAL_FILE) from None
        try:
            blueprint = Blueprint(**_typed(json.loads(text)))
            blueprint.check()
        except (ValueError, TypeError, RecursionError, SimulationError):
            raise SimulationError("state-broken", file=TERMINAL_FILE) from None
        return blueprint

    def finish(self, blueprint: Blueprint) -> None:
        """Say that the terminal in here is complete. Without this file, the next start makes it anew."""
        text = json.dumps(asdict(blueprint), sort_keys=True, indent=1) + "\n"
        draft = self.path / f"{TERMINAL_FILE}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.path / TERMINAL_FILE)

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.close()


def _typed(loaded: Any) -> dict[str, Any]:
    """Check that a decoded document has the fields of a blueprint with their types."""
    wanted = {"model": str, "seed": int, "transactions": int, "unsettled": int}
    if not isinstance(loaded, dict) or {name: type(value) for name, value in loaded.items()} != wanted:
        raise ValueError("not a blueprint")
    return loaded


def _take(lock: IO[bytes]) -> bool:
    """Lock a file until it is closed or the process dies."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
