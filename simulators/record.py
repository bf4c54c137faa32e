"""The simulator's own record: what was done to the terminal, one JSON line each, for tests and for the curious.

It counts; it does not quote. No key that was pressed, no password, no data of the terminal is ever in it (I4).
"""

from __future__ import annotations

import json
from pathlib import Path

RECORD_FILE = "record.jsonl"


class Record:
    """A file of JSON lines that is only ever added to.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1, newline="\n")

    def add(self, event: str, **facts: str | int | bool) -> None:
        """Write one line: ``event`` and facts."""
        self._file.write(json.dumps({"event": event, **facts}, ensure_ascii=True) + "\n")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
