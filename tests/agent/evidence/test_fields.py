"""Typed fields of JSON objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agent.evidence.canonical import Json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import MAX_NUMBER, Fields


def taking(value: Json, take: Callable[[Fields], Any]) -> Any:
    return take(Fields({"f": value}, "doc", "in"))


@pytest.mark.parametrize(
    ("take", "good", "bad"),
    [
        (lambda r: r.text("f"), ["", "中文", "x" * 2_000], [1, None, "x" * 2_001, "a\nb", "\x00", "\x85", []]),
        (lambda r: r.text("f", required=True), ["x"], [""]),
        (lambda r: r.word("f", {"a", "b"}), ["a"], ["c", "", 1]),
        (lambda r: r.number("f"), [0, MAX_NUMBER], [-1, MAX_NUMBER + 1, True, "1", None]),
        (lambda r: r.number("f", minimum=-1, maximum=5), [-1, 5], [-2, 6]),
        (lambda r: r.flag("f"), [True, False], [0, 1, "true", None]),
        (lambda r: r.digest("f"), ["0" * 64], ["0" * 63, "A" * 64, "0" * 65, "g" * 64, 0, "0" * 64 + "\n"]),
        (lambda r: r.time("f"), ["2026-05-04T09:30:00Z"], ["", "x", 1]),
        (lambda r: r.time("f", required=False), ["", "2026-05-04T09:30:00Z"], ["x"]),
        (lambda r: r.fields("f").names(), [{}, {"a": 1}], [[], 1, "x", None]),
        (lambda r: r.fields_or_none("f"), [None, {}], [[], 0, False]),
        (lambda r: r.rows("f", maximum=2), [[], [{}], [{}, {}]], [[{}, {}, {}], [1], {}, None]),
        (lambda r: r.texts("f", maximum=2), [[], ["a"], ["a", "b"]], [["a", "b", "c"], [""], [1], {}, ["\n"]]),
        (lambda r: r.numbers("f", maximum=2), [[], [1]], [[1, 2, 3], [True], ["1"], [-1], {}]),
        (lambda r: r.named_texts("f", maximum=1), [{}, {"a": "b"}], [{"a": "b", "c": "d"}, {"a": 1}, []]),
        (lambda r: r.anything("f"), [{}, {"a": [1]}], [[], None, 1]),
    ],
)
def test_takes_what_fits_and_refuses_the_rest(take, good: list[Json], bad: list[Json]) -> None:
    for value in good:
        taking(value, take)
    for value in bad:
        with pytest.raises(EvidenceRejected):
            taking(value, take)


def test_the_error_names_document_and_field() -> None:
    read = Fields({"rows": [{"name": 1}]}, "job.json")
    with pytest.raises(EvidenceRejected) as raised:
        read.rows("rows")[0].text("name")
    assert raised.value.facts == {"document": "job.json", "field": "rows.0.name"}


def test_a_missing_field_and_one_taken_twice_are_refused() -> None:
    read = Fields({"a": 1}, "doc")
    assert read.number("a") == 1
    for name in ("a", "b"):
        with pytest.raises(EvidenceRejected):
            read.number(name)


def test_what_nobody_took_is_refused() -> None:
    read = Fields({"a": 1, "b": 2}, "doc")
    read.number("a")
    with pytest.raises(EvidenceRejected) as raised:
        read.end()
    assert raised.value.facts["field"] == "b"
    read.number("b")
    read.end()


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_only_an_object_has_fields(value: Json) -> None:
    with pytest.raises(EvidenceRejected):
        Fields(value, "doc")
