"""English: what is said around the export: its copies, its opening, its schemas."""

from __future__ import annotations

from typing import Final

EXPORTING_TEXTS: Final = {
    "option.backup": (
        "Folder for a further copy of the export, compared before anything is changed, and then of the bundle; "
        "may be repeated."
    ),
}
