"""Who did it, in the statement and out of it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Person
from agent.evidence.fields import Fields
from agent.evidence.person import person_row, read_person

TIME = "2026-05-04T09:00:00.000Z"
WHO = Person("张伟", "technician", "Ningbo", "zhang@example.com", id="zhang.wei", login="password")


def read(row):
    return read_person(Fields(row, "statement", "person"))


@pytest.mark.parametrize("person", [WHO, replace(WHO, login=""), replace(WHO, id="", login=""), Person("")])
def test_what_is_written_is_read(person: Person) -> None:
    assert read(person_row(person, TIME)) == person


def test_without_operators_it_is_what_older_versions_wrote() -> None:
    row = {"name": "a", "title": "", "place": "", "date": TIME, "contact": ""}
    assert person_row(Person("a"), TIME) == row
    assert read(row) == Person("a")


@pytest.mark.parametrize("change", [{"id": ""}, {"login": ""}, {"login": "fingerprint"}, {"id": 1}])
def test_i10_another_form_is_refused(change) -> None:
    with pytest.raises(EvidenceRejected):
        read({**person_row(WHO, TIME), **change})
