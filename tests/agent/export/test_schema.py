"""What is written fits the published schemas, and what lacks a field does not."""

import copy
import json

import jsonschema
import pytest

from agent.errors import UsageFault
from agent.export.lines import FIELDS
from agent.export.schema import SCHEMAS, schema_text
from agent.parameters import may_leave
from protocols.words import EntryMode, Scheme, TransactionKind
from tests.agent.export.fake_driver import Owner
from tests.agent.export.made import whole


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    members = whole(folder / "export.age", Owner(folder), records=80)
    return {
        "manifest": [json.loads(members["manifest.json"])],
        "transaction": [json.loads(line) for line in members["transactions.jsonl"].splitlines()],
        "totals": [json.loads(members["totals.json"])],
        "parameters": [json.loads(members["parameters.json"])],
    }


def validator(name):
    schema = json.loads(schema_text(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_written_fits(name, written):
    assert written[name]
    for each in written[name]:
        validator(name).validate(each)


def without_each_field(value, place=()):
    """Yield a value without each of its fields in turn, inner ones too."""
    if isinstance(value, dict):
        for name in value:
            yield (*place, name), {other: value[other] for other in value if other != name}
            for inner, less in without_each_field(value[name], (*place, name)):
                yield inner, {**value, name: less}
    elif isinstance(value, list) and value:
        for inner, less in without_each_field(value[0], (*place, 0)):
            yield inner, [less, *value[1:]]


@pytest.mark.parametrize("name", ["manifest", "transaction", "totals"])
def test_what_lacks_a_field_does_not_fit(name, written):
    check = validator(name)
    refused = 0
    for place, less in without_each_field(written[name][0]):
        fits = check.is_valid(less)
        assert fits == (place in {("receipts",), ("retention",)}), place
        refused += not fits
    assert refused >= len(written[name][0]) - 2


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_has_a_field_of_its_own_does_not_fit(name, written):
    value = copy.deepcopy(written[name][0])
    assert not validator(name).is_valid({**value, "track2": "x"})
    assert not validator(name).is_valid([value])


def test_i4_an_account_that_is_not_masked_does_not_fit(written):
    assert not validator("transaction").is_valid({**written["transaction"][0], "account": "4111111111111111"})


def test_the_words_are_those_of_the_code():
    properties = json.loads(schema_text("transaction"))["properties"]
    assert tuple(sorted(properties)) == FIELDS
    for field, words in (("kind", TransactionKind), ("scheme", Scheme), ("entry_mode", EntryMode)):
        assert properties[field]["enum"] == [word.name.lower() for word in words]
    row = json.loads(schema_text("totals"))["$defs"]["row"]["properties"]
    assert row["kind"] == {"enum": properties["kind"]["enum"]}
    assert row["scheme"] == {"enum": properties["scheme"]["enum"]}


@pytest.mark.parametrize("name", ["merchant_number", "operator.01.name", "operator.00.password", "expiry", "x"])
def test_parameters_are_those_of_the_whitelist(name):
    assert validator("parameters").is_valid({name: "1"}) == may_leave(name)


@pytest.mark.parametrize("name", ["", "x", "../manifest", "manifest.schema.json"])
def test_there_are_no_others(name):
    with pytest.raises(UsageFault) as fault:
        schema_text(name)
    assert fault.value.code == "schema-unknown"
