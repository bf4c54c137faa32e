import pytest

from simulators.errors import SimulationError
from simulators.faults import FAULTS, Fault, Faults, LineFaults, parse_faults


def test_every_fault_is_in_the_table():
    assert set(FAULTS) == set(Fault)


def test_faults_are_combined_and_told_back():
    faults = parse_faults(["tamper", "low-battery", "skips-region=3", "low-battery=12"])
    assert Fault.TAMPER in faults
    assert Fault.GARBAGE not in faults
    assert faults.number(Fault.LOW_BATTERY) == 12
    assert faults.number(Fault.SKIPS_REGION) == 3
    assert faults.number(Fault.CUT_AT_BLOCK) is None
    assert faults.names == ("tamper", "low-battery=12", "skips-region=3")


def test_popups_are_joined_by_plus():
    faults = parse_faults(["popup=tear-off+advertisement+tear-off", "key-lost"])
    assert faults.words(Fault.POPUP) == ("tear-off", "advertisement")
    assert faults.words(Fault.KEY_LOST) == ()
    assert faults.number(Fault.POPUP) is None
    assert faults.names == ("popup=tear-off+advertisement", "key-lost=7")


def test_a_number_left_out_is_the_default():
    assert parse_faults(["low-battery"]).number(Fault.LOW_BATTERY) == 5


def test_an_unknown_fault_lists_the_known_ones():
    with pytest.raises(SimulationError) as caught:
        parse_faults(["gremlins"])
    assert caught.value.code == "unknown-fault"
    for fault in Fault:
        assert fault.value in str(caught.value.facts["known"])


@pytest.mark.parametrize(
    "spec",
    ["tamper=1", "tamper=", "low-battery=101", "low-battery=", "low-battery=-1", "low-battery=1e1", "skips-region",
     "skips-region=0", "skips-region=6", "cut-at-block=x", "cut-at-block=99999999999999", "low-battery=٣", "popup",
     "popup=", "popup=snow", "popup=tear-off+", "key-lost=0", "item-moved=1"],
)  # fmt: skip
def test_a_value_out_of_place_shows_how_it_is_written(spec):
    with pytest.raises(SimulationError) as caught:
        parse_faults([spec])
    assert caught.value.code == "bad-fault-value"
    assert str(caught.value.facts["usage"]).startswith(spec.partition("=")[0])


def test_silent_says_nothing_and_garbage_says_as_much_as_was_meant():
    assert LineFaults(parse_faults(["silent"]), 1).outgoing(b"frame") == b""
    garbage = LineFaults(parse_faults(["garbage"]), 1).outgoing(b"frame" * 20)
    assert len(garbage) == 100
    assert garbage != b"frame" * 20
    assert garbage == LineFaults(parse_faults(["garbage"]), 1).outgoing(b"frame" * 20)
    assert LineFaults(Faults(), 1).outgoing(b"frame") == b"frame"
