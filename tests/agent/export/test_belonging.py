from dataclasses import replace
from types import SimpleNamespace

import pytest

from agent.drivers.base import TerminalTotals
from agent.errors import VerificationFailed
from agent.export.belonging import check_belonging, check_fitting
from agent.export.content import JournalContent, ParameterContent
from agent.parameters import shown_value
from protocols.terminal import Binding, Region, Status
from protocols.words import Addressable, BindingKind, BindingState, PowerSource, RegionHolds, TamperState

MERCHANT, ACCOUNT = "999290054110001", "6217990000000000003"
TOTALS = TerminalTotals(3, "ab" * 32, ())
JOURNAL = JournalContent(3, 384, 3, 384, "ab" * 32, (), TOTALS, 1, 250, 17)
STATUS = Status(TamperState.INTACT, PowerSource.MAINS, 90, True, False, 1, 250, 0, 3, False, ())
BINDINGS = (
    Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", MERCHANT),
    Binding(BindingKind.ACCOUNT, BindingState.BOUND, "settlement_account", ACCOUNT),
    Binding(BindingKind.DEVICE, BindingState.BOUND, "printer", "BT-1"),
)
VALUES = {
    "merchant_number": MERCHANT,
    "settlement_account": shown_value("settlement_account", ACCOUNT),
    "batch_number": "000017",
}
REGIONS = (Region(1, "journal", RegionHolds.JOURNAL, 0, 384, 128, True, Addressable.YES, 0xFF),)


def check(journal=JOURNAL, values=VALUES, status=STATUS, bindings=BINDINGS):
    check_belonging(journal, ParameterContent(values, (), "cd" * 32, "cd" * 32), status, bindings)


def refused(**bent):
    with pytest.raises(VerificationFailed) as fault:
        check(**bent)
    assert MERCHANT not in str(fault.value)
    assert ACCOUNT not in str(fault.value)
    return fault.value


def test_what_fits_belongs():
    check()


@pytest.mark.parametrize("batch", ["000016", "000018"])
def test_a_batch_that_has_just_ended_or_begun_fits(batch):
    check(values=VALUES | {"batch_number": batch})


@pytest.mark.parametrize("batch", ["000015", "000019", "999999"])
def test_another_batch_is_another_terminals_journal(batch):
    assert refused(values=VALUES | {"batch_number": batch}).facts == {"what": "batch_number"}


@pytest.mark.parametrize("left", ["", "none", "１７", "-1"])
def test_a_batch_that_is_no_number_says_nothing(left):
    check(values=VALUES | {"batch_number": left})


def test_an_empty_journal_names_no_batch():
    check(journal=replace(JOURNAL, newest_batch=None))


@pytest.mark.parametrize("bent", [{"unsettled_count": 2}, {"unsettled_amount": 251}])
def test_the_unsettled_part_is_what_the_status_says(bent):
    assert refused(journal=replace(JOURNAL, **bent)).facts == {"what": "unsettled"}


@pytest.mark.parametrize("name", ["merchant_number", "settlement_account"])
def test_parameters_of_another_merchant_are_named_and_not_told(name):
    assert refused(values=VALUES | {name: "999290058120042"}).facts == {"what": name}


def test_what_is_unbound_or_withheld_is_not_compared():
    unbound = tuple(replace(each, state=BindingState.UNBOUND, value="") for each in BINDINGS)
    check(bindings=unbound)
    check(values={})


def test_a_journal_larger_than_its_region_shows_that_the_map_is_bent():
    check_fitting(384, REGIONS)
    with pytest.raises(VerificationFailed) as fault:
        check_fitting(385, REGIONS)
    assert fault.value.code == "region-shrunk"
    assert fault.value.facts == {"region": "journal", "size": 384, "least": 385}
    check_fitting(385, (replace(REGIONS[0], holds=RegionHolds.LOGS),))


@pytest.mark.parametrize(("shown", "fits"), [("T0000042", True), ("", True), ("T0000099", False)])
def test_i1_the_last_receipt_is_of_this_terminal(shown, fits):
    receipts = SimpleNamespace(newest_terminal=shown)
    parameters = ParameterContent({"terminal_number": "T0000042"}, (), "", "")
    journal = SimpleNamespace(unsettled_count=0, unsettled_amount=0, newest_batch=None)
    status = SimpleNamespace(unsettled_count=0, unsettled_amount=0)
    if fits:
        check_belonging(journal, parameters, status, (), receipts)
        return
    with pytest.raises(VerificationFailed) as caught:
        check_belonging(journal, parameters, status, (), receipts)
    assert caught.value.facts == {"what": "receipts"}
