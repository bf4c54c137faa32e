"""English: the label for a terminal."""

from __future__ import annotations

from typing import Final

LABEL: Final = {
    "label-no-file": ("No file is named for the label.", "Give --png FILE, --zpl FILE, or both."),
}
"""Errors by code, part of `agent.cli.texts.en_errors.ERRORS`."""

LABEL_TEXTS: Final = {
    "label.written": "Label of {case} ({result}): {path}",
    "label.not-verified": "The label repeats what the signed statement says. The bundle was not verified here.",
}
"""Part of `agent.cli.texts.en_errors.TEXTS`, which are loaded when they are needed."""
