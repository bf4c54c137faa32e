import pytest

from simulators.errors import SimulationError
from simulators.options import LINE_OPTIONS, parse_options

KNOWN = {"second": ("password", "code")}


def test_the_first_value_holds_where_nothing_is_said_and_the_last_said_counts():
    assert parse_options([], KNOWN) == {"second": "password"}
    assert parse_options(["second=password", "second=code"], KNOWN) == {"second": "code"}
    assert parse_options([], {}) == {}


@pytest.mark.parametrize("spec", ["second", "second=", "second=both", "third=code", "=", ""])
def test_what_there_is_not_is_refused_with_what_there_is(spec):
    with pytest.raises(SimulationError) as caught:
        parse_options([spec], KNOWN)
    assert caught.value.code == "unknown-option"
    assert caught.value.facts["known"] == "second=password|code"


def test_every_model_sends_its_datasets_by_pmp_where_nothing_is_said():
    assert parse_options([], LINE_OPTIONS) == {"datasets": "pmp"}
    assert parse_options(["datasets=ymodem-g"], LINE_OPTIONS) == {"datasets": "ymodem-g"}
