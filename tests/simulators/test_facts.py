import dataclasses

from simulators.board import factory
from simulators.facts import Facts
from simulators.haike_h60.tables import MODEL
from simulators.state import Blueprint


def test_facts_are_the_same_for_the_same_seed():
    fields = {field.name for field in dataclasses.fields(Blueprint)}
    assert "seed" in fields
    assert {field.name for field in dataclasses.fields(Facts)} >= {"tusn", "merchant_number", "password", "answers"}
    assert factory.tusn_of(MODEL, 7) == factory.tusn_of(MODEL, 7) != factory.tusn_of(MODEL, 8)
