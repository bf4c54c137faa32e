import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.hardware.flash import BLOCK_BYTES, Flash
from simulators.hardware.record_log import HEADER_BYTES, LogFull, RecordLog


@pytest.fixture(scope="module")
def chip(tmp_path_factory):
    flash = Flash.create(tmp_path_factory.mktemp("log") / "flash.img", 3)
    yield flash
    flash.close()


def fresh(chip):
    for block in range(3):
        chip.erase_block(block)
    return RecordLog(chip, BLOCK_BYTES, BLOCK_BYTES)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=60), st.booleans()), max_size=30))
def test_what_was_appended_is_read_and_what_was_deleted_is_not(chip, records):
    log = fresh(chip)
    for kind, body, deleted in records:
        log.append(kind, body, deleted=deleted)
    live = [(kind, body) for kind, body, deleted in records if not deleted]
    assert [(each.kind, each.body) for each in log.records()] == live
    assert [(each.kind, each.body) for each in RecordLog(chip, BLOCK_BYTES, BLOCK_BYTES).records()] == live
    assert chip.read(0, BLOCK_BYTES) == chip.read(2 * BLOCK_BYTES, BLOCK_BYTES) == b"\xff" * BLOCK_BYTES


def test_a_deleted_record_stays_in_the_flash_until_it_is_erased(chip):
    log = fresh(chip)
    log.append(1, b"merchant number")
    log.delete(next(log.records()))
    assert list(log.records()) == []
    assert b"merchant number" in chip.read(BLOCK_BYTES, BLOCK_BYTES)
    chip.erase_block(1)
    assert b"merchant number" not in chip.read(BLOCK_BYTES, BLOCK_BYTES)


def test_a_full_log_says_so_and_changes_nothing(chip):
    log = fresh(chip)
    log.append(1, bytes(BLOCK_BYTES - 2 * HEADER_BYTES - 4))
    before = chip.read(0, 3 * BLOCK_BYTES)
    with pytest.raises(LogFull):
        log.append(2, b"12345")
    assert chip.read(0, 3 * BLOCK_BYTES) == before
    log.append(3, b"1234")
    with pytest.raises(LogFull):
        log.append(4, b"")
    assert [each.kind for each in log.records()] == [1, 3]


def test_a_record_cut_while_it_was_written_does_not_count(chip):
    log = fresh(chip)
    log.append(1, b"whole")
    chip.program(BLOCK_BYTES + HEADER_BYTES + 5, bytes([0xFE, 2, 0, 3]) + b"cu")
    log.append(3, b"next")
    assert [(each.kind, each.body) for each in log.records()] == [(1, b"whole"), (3, b"next")]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_garbage_in_the_flash_never_reaches_out_of_the_log(chip, garbage):
    log = fresh(chip)
    chip.program(BLOCK_BYTES, garbage)
    for record in log.records():
        assert record.at + HEADER_BYTES + len(record.body) <= 2 * BLOCK_BYTES
    before = [(each.kind, each.body) for each in log.records()]
    try:
        log.append(9, b"after")
    except LogFull:
        return  # nothing can be put behind what is no record
    assert [(each.kind, each.body) for each in log.records()] == [*before, (9, b"after")]
