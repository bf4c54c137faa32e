import hashlib

import pytest

from protocols.pmp.records import parse_parameters
from protocols.words import BindingState
from simulators.board.parameters import DATASET_ORDER, ELEMENTS, Parameters, RecordKind
from simulators.hardware.flash import BLOCK_BYTES, Flash
from simulators.hardware.record_log import RecordLog


@pytest.fixture
def chip(tmp_path):
    flash = Flash.create(tmp_path / "flash.img", 1)
    yield flash
    flash.close()


@pytest.fixture
def parameters(chip):
    parameters = Parameters(RecordLog(chip, 0, BLOCK_BYTES), ("printer", "scanner"))
    parameters.write(RecordKind.BINDING, "merchant_number", "999100054110001", deleted=True)
    parameters.write(RecordKind.BINDING, "merchant_number", "999100054110002")
    parameters.write(RecordKind.BINDING, "deployment_address", "测试省样例市")
    parameters.write(RecordKind.BINDING, "printer", "BT-1")
    parameters.write(RecordKind.PARAMETER, "currency", "156")
    parameters.write(RecordKind.PARAMETER, "unbind.password", "271828")
    return parameters


def test_the_present_value_counts(parameters):
    assert parameters.value("merchant_number") == "999100054110002"
    assert parameters.value("deployment_address") == "测试省样例市"
    assert parameters.value("terminal_number") is None


def test_every_binding_of_the_model_is_listed_bound_or_not(parameters):
    bindings = {each.name: each for each in parameters.bindings()}
    assert list(bindings) == ["printer", "scanner", *ELEMENTS]
    assert bindings["printer"].state is BindingState.BOUND
    assert bindings["printer"].value == "BT-1"
    assert (bindings["scanner"].state, bindings["scanner"].value) == (BindingState.UNBOUND, "")


def test_unbinding_leaves_the_values_in_the_flash(parameters, chip):
    parameters.unbind()
    assert all(each.state is BindingState.UNBOUND and each.value == "" for each in parameters.bindings())
    assert parameters.value("merchant_number") is None
    assert parameters.value("unbind.password") == "271828"
    content = chip.read(0, BLOCK_BYTES)
    for value in ("999100054110001", "999100054110002", "测试省样例市"):
        assert value.encode("gb18030") in content


@pytest.mark.parametrize("pending", [False, True])
def test_i7_an_unbinding_that_is_cut_off_leaves_the_merchant_bound(parameters, chip, pending):
    whole = []
    chip.half_way = lambda: whole.append(None)
    image = chip.read(0, BLOCK_BYTES)
    parameters.unbind(pending=pending)
    for cut_at in range(len(whole)):
        restored(chip, image)
        left = [None] * cut_at
        chip.half_way = lambda left=left: left.pop()
        with pytest.raises(IndexError):
            parameters.unbind(pending=pending)
        chip.half_way = None
        found = {each.name: each.state for each in parameters.bindings()}
        assert found["merchant_number"] is BindingState.BOUND
        assert pending or BindingState.PENDING not in found.values()


def restored(chip, image):
    chip.half_way = None
    chip.erase_block(0)
    chip.program(0, image)


def test_the_dataset_lists_parameters_in_its_order(parameters):
    view = parameters.view()
    data = view.read(0, view.size)
    read = {each.name: each.value for each in parse_parameters(data)}
    assert list(read) == [name for name in DATASET_ORDER if name in read]
    assert read == {
        "merchant_number": b"999100054110002",
        "deployment_address": "测试省样例市".encode("gb18030"),
        "currency": b"156",
        "unbind.password": b"271828",
    }
    assert view.records == 4
    assert view.digest() == hashlib.sha256(data).digest()
    assert view.totals() == ()
    parameters.unbind()
    assert view.read(0, view.size) == data
    assert parameters.view().records == 2


def test_what_a_cut_wipe_has_left_half_is_passed_over(parameters, chip):
    chip.program(4, b"\x00")  # the length of the first name
    assert parameters.value("currency") == "156"
    broken = chip.read(0, BLOCK_BYTES).index(b"currency") - 1
    chip.program(broken, b"\x00")
    assert parameters.value("currency") is None
    assert parameters.value("unbind.password") == "271828"
