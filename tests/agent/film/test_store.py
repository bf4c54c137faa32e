"""Films as files: what is written is read back, and nothing else is accepted (I10)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random

import pytest

from agent.errors import UsageFault
from agent.film import store
from agent.film.store import film_path, read_film
from tests.agent.film.made import HEAD, STEPS, film, written


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    found = film(tmp_path)
    assert (found.head, found.steps, found.cut) == (HEAD, STEPS, False)
    assert found.sha256 == hashlib.sha256((tmp_path / "film.jsonl").read_bytes()).hexdigest()


def test_i7_half_a_last_line_is_what_a_power_cut_leaves(tmp_path: Path) -> None:
    found = film(tmp_path, tail=b'{"number":9,"scr')
    assert found.steps == STEPS
    assert found.cut


def test_a_film_stands_under_its_case(tmp_path: Path) -> None:
    assert film_path(tmp_path, "R20261122-TEST22") == tmp_path / "films" / "R20261122-TEST22.jsonl"


@pytest.mark.parametrize("case", ["", "../x", "a/b", "x" * 41, "-x", "a\n"])
def test_i10_only_a_case_number_becomes_a_file_name(case: str, tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as fault:
        film_path(tmp_path, case)
    assert fault.value.code == "no-such-case"


def test_a_film_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as fault:
        read_film(tmp_path / "none")
    assert fault.value.code == "film-missing"


def test_a_film_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as fault:
        read_film(tmp_path)
    assert fault.value.code == "film-unreadable"


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (1, {"film": 2}),
        (1, {"rows": 0}),
        (1, {"columns": 257}),
        (1, {"tusn": None}),
        (1, {"more": 1}),
        (3, {"number": 3}),
        (3, {"keys": "F1 + F4"}),
        (3, {"keys": "F1+F2+F3+F4+F1"}),
        (3, {"keys": "1234"}),
        (3, {"what": ""}),
        (3, {"what": "press it"}),
        (3, {"by": "somebody"}),
        (3, {"masked": 1}),
        (3, {"rows": "x"}),
        (3, {"rows": ["x" * 257]}),
        (3, {"rows": ["\x1b[2J"]}),
        (3, {"rows": [""] * 65}),
        (3, {"screen": 1}),
    ],
)
def test_i10_a_line_that_is_not_as_it_should_be_is_named(line: int, change: dict[str, object], tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines()
    lines[line - 1] = json.dumps({**json.loads(lines[line - 1]), **change}).encode()
    path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(UsageFault) as fault:
        read_film(path)
    assert (fault.value.code, fault.value.facts["line"]) == ("film-broken", line)


@pytest.mark.parametrize("data", [b"", b"\n", b"[]\n", b'{"film":1,"film":1}\n', b"\xff\n", b"[" * 5000 + b"\n", b"1"])
def test_i10_what_has_no_head_is_no_film(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.jsonl"
    path.write_bytes(data)
    with pytest.raises(UsageFault) as fault:
        read_film(path)
    assert fault.value.code == "film-broken"


def test_i10_a_step_needs_all_of_its_fields(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b',"by":"remote"', b""))
    with pytest.raises(UsageFault) as fault:
        read_film(path)
    assert "by is missing" in str(fault.value.facts["why"])


def test_i10_size_and_steps_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)
    monkeypatch.setattr(store, "MAX_STEPS", len(STEPS) - 1)
    with pytest.raises(UsageFault):
        read_film(path)
    monkeypatch.setattr(store, "MAX_STEPS", len(STEPS))
    assert read_film(path).steps == STEPS
    monkeypatch.setattr(store, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(UsageFault):
        read_film(path)


def outcome(path: Path) -> str:
    try:
        read_film(path)
    except UsageFault as fault:
        return fault.code
    return ""


def test_i10_every_flipped_byte_ends_in_a_film_or_a_documented_error(tmp_path: Path) -> None:
    path = written(tmp_path)
    good = path.read_bytes()
    random = Random("films")
    codes = set()
    for _ in range(600):
        at = random.randrange(len(good))
        path.write_bytes(good[:at] + bytes([random.randrange(256)]) + good[at + random.randrange(2) :])
        codes.add(outcome(path))
    assert codes <= {"", "film-broken"}
