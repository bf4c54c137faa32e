"""English: films of cases, on the screen and as a page, and what can be wrong with one."""

from __future__ import annotations

from typing import Final

FILM: Final = {
    "film-missing": (
        "There is no film: {path} does not exist.",
        "A case has a film from the moment its first key was pressed; see posretire cases list for the cases.",
    ),
    "film-unreadable": ("The film {path} cannot be read: {why}.", "Check the permissions of the file."),
    "film-broken": (
        "{path} is no film that can be trusted: line {line}: {why}.",
        "Somebody changed the file; the journal of the case has the digest of the right one.",
    ),
    "film-page-unwritable": ("The page {path} cannot be written: {why}.", "Name a file in a folder you may write to."),
}

FILM_TEXTS: Final = {
    "film.heading": "Film of case {case}",
    "film.unchanged": "(as in the journal)",
    "film.changed": "(NOT as in the journal: the film was changed)",
    "film.unknown": "(the journal names no film yet)",
    "film.cut": "The film is cut: its last step was not written to the end.",
    "film.guided": "pressed by a person",
    "film.masked": "masked field",
    "film.what.press": "pressed",
    "film.what.type": "typed",
    "film.what.wait": "waited",
    "film.what.done": "done",
    "film.what.pending": "waits for the platform",
    "film.what.stop": "stopped",
    "film.written": "Page written: {path}",
    "film.page.title": "Film of case {case}",
    "film.page.lead": "Every screen that the terminal showed while its menu was used, and the key pressed on it.",
    "film.page.terminal": "Terminal",
    "film.page.firmware": "Firmware",
    "film.page.steps": "Steps",
    "film.page.back": "Step back",
    "film.page.on": "Step on",
    "film.page.play": "Play or pause",
    "film.page.foot": (
        "Masked before it was written: what was typed, merchant numbers, phone numbers and every other long number are "
        "shown as ×; a masked field shows six stars, however much was typed. Only the terminal's serial number stays."
    ),
}
