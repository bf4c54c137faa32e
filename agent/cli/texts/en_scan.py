"""English: the search for card data and secrets."""

from __future__ import annotations

from typing import Final

SCAN: Final = {
    "scan-absent": ("There is no file or folder {path}.", "Name what is to be searched: files, or folders."),
    "text-with-card-number": (
        "{what} holds a card number or a secret ({shown}), and would stand in the evidence.",
        "Say it without: nothing was changed.",
    ),
}
"""Errors by code, part of `agent.cli.texts.en_errors.ERRORS`."""

SCAN_TEXTS: Final = {
    "scan.found": "{kind} {shown} in {path}",
    "scan.skipped": "not looked into ({why}): {path}",
    "scan.bad": "Files searched: {files}; findings: {found}.",
    "scan.clean": "Files searched: {files}; no card number, track data or secret.",
    "scan.limits": "A number is told by length, issuer and check digit. Nobody looks into what is encrypted or packed.",
    "scan.kind.card-number": "Card number",
    "scan.kind.track-data": "Track data",
    "scan.kind.secret-field": "Field",
    "scan.kind.private-key": "Key",
    "scan.why.encrypted": "encrypted",
    "scan.why.large": "too large",
    "scan.why.unreadable": "unreadable",
}
"""Part of `agent.cli.texts.en_errors.TEXTS`, which are loaded when they are needed."""
