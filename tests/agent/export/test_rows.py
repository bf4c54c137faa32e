"""The form of each field of a transaction; single wrong values are tried in `test_opening`."""

import json

import pytest

from agent.export.lines import FIELDS, transaction_line
from agent.export.rows import FORMS, well_formed
from tests.agent.export.fake_driver import transaction

ROW = json.loads(transaction_line(transaction(1)))


def test_every_line_that_is_written_is_well_formed():
    assert all(well_formed(json.loads(transaction_line(transaction(number)))) for number in range(1, 400))


def test_each_field_has_a_form():
    assert tuple(FORMS) == FIELDS


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("wrong", [None, [], {}, 1.5, "x" * 99, -(2**60), 2**60])
def test_i10_no_field_takes_anything(name, wrong):
    assert not well_formed({**ROW, name: wrong})


@pytest.mark.parametrize("wrong", [[], "x", None, {}, {**ROW, "more": 1}, dict(reversed(ROW.items()))])
def test_i10_what_is_no_row(wrong):
    assert not well_formed(wrong)
