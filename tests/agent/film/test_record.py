"""A film is written while it happens."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from agent.film.record import FilmRecorder
from agent.film.store import film_line, read_film
from tests.agent.film.made import HEAD, STEPS


def test_each_step_is_in_the_file_before_the_next_is_taken(tmp_path: Path) -> None:
    with FilmRecorder(tmp_path, HEAD) as film:
        assert not film.path.exists(), "a case that presses no key has no film"
        for count, step in enumerate(STEPS, 1):
            film.take(step)
            assert read_film(film.path).steps == STEPS[:count]
    assert film.digest() == hashlib.sha256(film.path.read_bytes()).hexdigest() == read_film(film.path).sha256


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    with FilmRecorder(tmp_path / "home", HEAD) as film:
        film.take(STEPS[0])
    assert stat.S_IMODE(film.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(film.path.parent.stat().st_mode) == 0o700


def test_i7_a_case_that_goes_on_goes_on_in_the_same_film(tmp_path: Path) -> None:
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[0])
        film.take(STEPS[1])
    with film.path.open("ab") as file:
        file.write(film_line(replace(STEPS[2], number=3))[:20])  # the power went
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[2])
        film.take(replace(STEPS[3], number=2))
    assert read_film(film.path).steps == STEPS[:4]
    assert [step.number for step in film.steps] == [3, 4]


def test_i7_half_a_head_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / f"{HEAD.case}.jsonl").write_bytes(film_line(HEAD)[:30])
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[0])
    assert read_film(film.path).steps == STEPS[:1]


def test_a_film_that_cannot_be_written_does_not_end_the_case(tmp_path: Path) -> None:
    (tmp_path / "films").write_text("a file is in the way")
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[0])
        film.take(STEPS[1])
    assert film.fault
    assert film.digest() == ""
    assert [step.number for step in film.steps] == [1, 2]


def test_a_film_that_somebody_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[0])
    film.path.write_bytes(film.path.read_bytes() + b"{}\n")
    before = film.path.read_bytes()
    with FilmRecorder(tmp_path, HEAD) as film:
        film.take(STEPS[1])
    assert film.fault == "film-broken"
    assert film.path.read_bytes() == before


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    film = FilmRecorder(tmp_path, HEAD)
    film.close()
    film.take(STEPS[0])
    film.close()
    film.close()
    assert read_film(film.path).steps == STEPS[:1]
