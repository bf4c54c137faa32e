"""English: the log of cases."""

from __future__ import annotations

from typing import Final

LOG: Final = {
    "log-busy": (
        "Another posretire held the log of cases all the while: {path}.",
        "Wait for it or end it, then try again.",
    ),
    "log-damaged": (
        "The log of cases is damaged, or was put back to an older state: {path} ({why}).",
        (
            "Restore the folders log and keys from the newest backup. Without one, move log, keys/log.key and "
            "keys/log.checkpoint away together and keep them: a new log is begun."
        ),
    ),
    "log-key-exposed": ("Other users may read the log's key {path}.", "Set its mode to 0600."),
    "log-key-missing": (
        "The log of cases is there, and its key is gone: {path}.",
        "Restore the key. Without a backup, move log and keys/log.checkpoint away and keep them: a new log is begun.",
    ),
    "log-key-unreadable": ("The log's key {path} cannot be read.", "Restore it."),
    "log-unwritable": (
        "The log of cases cannot be written to {path}: {why}.",
        "Check folder, permissions and disk space; before it can be, nothing on a terminal is changed.",
    ),
}
"""Errors: what happened, what to do."""
