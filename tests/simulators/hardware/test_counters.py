import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.hardware.counters import Counters
from simulators.hardware.flash import BLOCK_BYTES, Flash

START, SIZE = BLOCK_BYTES, 2 * BLOCK_BYTES


@pytest.fixture(scope="module")
def chip(tmp_path_factory):
    flash = Flash.create(tmp_path_factory.mktemp("counters") / "flash.img", 3)
    yield flash
    flash.close()


def fresh(chip):
    for block in range(3):
        chip.erase_block(block)
    return Counters(chip, START, SIZE)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=200)), max_size=60))
def test_the_latest_value_counts_also_after_a_restart(chip, puts):
    counters = fresh(chip)
    model = {}
    for name, value in puts:
        counters.put(name, value)
        model[name] = value
    again = Counters(chip, START, SIZE)
    for name in range(6):
        assert counters.get(name) == again.get(name) == model.get(name)
    assert chip.read(0, BLOCK_BYTES) == b"\xff" * BLOCK_BYTES


def test_numbers_outlive_many_compactions(chip):
    counters = fresh(chip)
    for number in range(3000):
        counters.put_number(1, number)
        counters.put_number(2, 7)
    again = Counters(chip, START, SIZE)
    assert again.number(1) == 2999
    assert again.number(2) == 7
    assert again.number(3, default=5) == 5


class Cut(Exception):
    pass


class CutFlash:
    """A flash whose power goes after so many operations."""

    def __init__(self, chip, operations):
        self._chip = chip
        self._left = operations

    def read(self, offset, length):
        return self._chip.read(offset, length)

    def program(self, offset, data):
        self._use()
        self._chip.program(offset, data)

    def erase_block(self, block):
        self._use()
        self._chip.erase_block(block)

    def _use(self):
        if self._left == 0:
            raise Cut
        self._left -= 1


@pytest.mark.parametrize("operations", range(0, 400, 7))
def test_i7_a_power_cut_at_any_operation_loses_at_most_the_last_value(chip, operations):
    counters = fresh(chip)
    counters.put(9, bytes(1900))  # so that a bank is soon full
    counters._flash = CutFlash(chip, operations)
    kept = 0
    try:
        for number in range(1, 400):
            counters.put(1, number.to_bytes(4, "big") + bytes(100))
            kept = number
    except Cut:
        again = Counters(chip, START, SIZE)
        value = again.get(1)
        assert int.from_bytes((value or bytes(4))[:4], "big") in (kept, kept + 1)
        assert again.get(9) == bytes(1900)
        again.put(1, b"goes on")
        assert Counters(chip, START, SIZE).get(1) == b"goes on"
