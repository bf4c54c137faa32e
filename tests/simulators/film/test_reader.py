"""A film is read strictly (I10)."""

import json
from random import Random

import pytest

from protocols.words import Key
from simulators.errors import SimulationError
from simulators.film import reader
from simulators.film.reader import read_script
from tests.simulators.film.made import HEAD, STEPS, TUSN, lines, step, written


def test_a_film_is_read(tmp_path):
    script = read_script(written(tmp_path, tail=b'{"number":'))
    assert (script.tusn, script.model, len(script.steps)) == (TUSN, "haike-h60", len(STEPS))
    assert script.steps[0].keys == {Key.F1, Key.F4}
    assert script.steps[3].typed == "merchant_number"
    assert script.steps[7].masked


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (1, {"film": 2}),
        (1, {"model": "../x"}),
        (1, {"model": "字"}),
        (1, {"tusn": "1"}),
        (1, {"maker": ""}),
        (1, {"maker": "x" * 33}),
        (1, {"columns": 65}),
        (1, {"rows": 0}),
        (1, {"rows": True}),
        (1, {"more": 1}),
        (2, {"number": 2}),
        (2, {"keys": "F9"}),
        (2, {"keys": "F1+F2+F3+F4+UP"}),
        (2, {"what": "Press"}),
        (2, {"rows": ["x" * 17]}),
        (2, {"rows": ["\x07"]}),
        (2, {"rows": [1]}),
        (2, {"rows": [""] * 9}),
        (2, {"masked": 0}),
        (2, {"screen": "x" * 65}),
    ],
)
def test_i10_what_is_wrong_is_named_by_its_line(line, change, tmp_path):
    film = lines()
    film[line - 1] = json.dumps({**json.loads(film[line - 1]), **change}).encode()
    path = tmp_path / "film.jsonl"
    path.write_bytes(b"\n".join(film) + b"\n")
    with pytest.raises(SimulationError) as fault:
        read_script(path)
    assert (fault.value.code, fault.value.facts["line"]) == ("film-broken", line)


@pytest.mark.parametrize("data", [b"", b"[]\n", b"\xff\n", b"[" * 5000 + b"\n", json.dumps(HEAD).encode() + b"\n"])
def test_i10_what_shows_no_screen_is_no_film(data, tmp_path):
    path = tmp_path / "film.jsonl"
    path.write_bytes(data)
    with pytest.raises(SimulationError) as fault:
        read_script(path)
    assert fault.value.code == "film-broken"


def test_i10_size_is_bounded(tmp_path, monkeypatch):
    path = written(tmp_path)
    monkeypatch.setattr(reader, "MAX_STEPS", len(STEPS) - 1)
    with pytest.raises(SimulationError):
        read_script(path)


def test_a_film_that_cannot_be_read_says_why(tmp_path):
    codes = []
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(SimulationError) as fault:
            read_script(path)
        codes.append(fault.value.code)
    assert codes == ["film-missing", "film-unreadable"]


def outcome(path):
    try:
        read_script(path)
    except SimulationError as fault:
        return fault.code
    return ""


def test_i10_every_flipped_byte_ends_in_a_film_or_a_documented_error(tmp_path):
    path = written(tmp_path, (*STEPS, step("x", "UP", "press")))
    good = path.read_bytes()
    random = Random("films")
    codes = set()
    for _ in range(600):
        at = random.randrange(len(good))
        path.write_bytes(good[:at] + bytes([random.randrange(256)]) + good[at + random.randrange(2) :])
        codes.add(outcome(path))
    assert codes <= {"", "film-broken"}
