"""CSV that a spreadsheet reads as text and never runs."""

import csv
import io
import json

import pytest

from agent.export.csv_file import COLUMNS, csv_head, csv_lines, harmless
from agent.export.lines import FIELDS, transaction_line
from tests.agent.export.fake_driver import transaction


def table(*rows):
    data = csv_head() + csv_lines(rows)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


ROW = json.loads(transaction_line(transaction(2)))


def test_every_field_is_a_column():
    assert sorted(COLUMNS) == sorted(FIELDS)
    (row,) = table(ROW)
    assert {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in ROW.items()} == row


def test_it_says_that_it_is_unicode_and_ends_its_lines_as_the_standard_wants():
    data = csv_head() + csv_lines([ROW])
    assert data.startswith(b"\xef\xbb\xbfnumber,")
    assert data.count(b"\r\n") == data.count(b"\n") == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", '=HYPERLINK("x")'])
def test_a_text_that_could_run_is_quoted(text):
    assert table({**ROW, "reference": text})[0]["reference"] == "'" + text
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "1", "a=b", "测试,商户", 'a"b', "a\nb", "411111******1111"])
def test_any_other_text_stays_as_it_is(text):
    assert table({**ROW, "reference": text})[0]["reference"] == text


def test_a_negative_amount_stays_a_number():
    assert table({**ROW, "amount": -5})[0]["amount"] == "-5"
