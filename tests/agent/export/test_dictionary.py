"""Fields of an export as data elements of ISO 8583:1987, against numbers written down by hand from lists of others."""

import re
from pathlib import Path

import pytest

from agent.cli.texts import texts_of
from agent.export.dictionary import ELEMENTS, TERMINAL_ELEMENTS, element_text
from agent.export.lines import FIELDS
from agent.export.schema import schema_text

NOTE = Path(__file__).parents[3] / "firmware-notes" / "export.md"


def test_every_field_is_in_it():
    assert sorted(ELEMENTS) == sorted(FIELDS)


@pytest.mark.parametrize(
    ("field", "element"),
    [
        ("account", "DE 2"),
        ("kind", "DE 3"),
        ("amount", "DE 4"),
        ("trace", "DE 11"),
        ("time", "DE 12, 13"),
        ("entry_mode", "DE 22"),
        ("reference", "DE 37"),
        ("authorisation", "DE 38"),
        ("response", "DE 39"),
        ("terminal_number", "DE 41"),
        ("merchant_number", "DE 42"),
        ("currency", "DE 49"),
        ("original_trace", "DE 90"),
        ("settled", "-"),
    ],
)
def test_elements(field, element):
    assert element_text(field) == element


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_field_is_explained(language):
    texts = texts_of(language)
    assert all(texts(f"iso.{field}") for field in (*ELEMENTS, *TERMINAL_ELEMENTS))


def test_the_schemas_name_the_same_elements():
    transactions, manifest = schema_text("transaction"), schema_text("manifest")
    for field, numbers in ELEMENTS.items():
        assert field in transactions
        assert all(number in transactions for number in numbers)
    assert all(numbers[0] in manifest for numbers in TERMINAL_ELEMENTS.values())


def test_the_note_says_the_same():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d., -]+) \|", NOTE.read_text(encoding="utf-8"), re.M))
    assert rows == {field: ", ".join(numbers) or "-" for field, numbers in ELEMENTS.items()}
