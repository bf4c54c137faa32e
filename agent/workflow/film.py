"""The film of a case: every step that drives the terminal's menu keeps its screens and keys in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agent.film.record import FilmRecorder
from agent.film.store import VERSION, FilmHead
from agent.workflow.case import Case


@contextmanager
def filmed(case: Case, step: str) -> Iterator[FilmRecorder]:
    """Record what a step of the workflow does on the terminal's menu, and note it in the journal however it ends.

    The note has each step of the film by its names, and the SHA-256 of the film's file, so that the journal's chain
    covers the film too.

    Args:
        case: The case, inspected.
        step: Name of the step.

    Yields:
        What takes the steps.
    """
    identity = case.inspected.identity
    menu = case.known_profile.menu
    head = FilmHead(
        film=VERSION,
        case=case.number,
        tusn=identity.tusn,
        maker=identity.maker,
        model=identity.model,
        hardware_version=identity.hardware_version,
        firmware_name=identity.firmware_name,
        firmware_version=identity.firmware_version,
        label_number=identity.label_number,
        columns=menu.columns if menu is not None else 1,
        rows=menu.rows if menu is not None else 1,
    )
    with FilmRecorder(case.request.home, head) as film:
        try:
            yield film
        finally:
            film.close()
            lines = [f"{each.screen} {each.what} {each.keys}".rstrip() for each in film.steps]
            case.note(step, {"film": lines, "film_sha256": film.digest()})
            if film.fault:
                case.find("film-incomplete", why=film.fault)
