import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.errors import SimulationError
from simulators.hardware.flash import BLANK, BLOCK_BYTES, Flash

SIZE = 2 * BLOCK_BYTES
OFFSETS = st.integers(0, SIZE)
PROGRAMS = st.lists(st.tuples(OFFSETS, st.binary(min_size=1, max_size=300)), max_size=8)


@pytest.fixture(scope="module")
def chip(tmp_path_factory):
    flash = Flash.create(tmp_path_factory.mktemp("flash") / "flash.img", 2)
    yield flash
    flash.close()


def blank(chip):
    for block in range(2):
        chip.erase_block(block)


@settings(max_examples=200, deadline=None)
@given(PROGRAMS)
def test_programming_only_clears_bits(chip, programs):
    blank(chip)
    model = bytearray([BLANK]) * SIZE
    for offset, data in programs:
        data = data[: SIZE - offset]
        before = chip.read(0, SIZE)
        chip.program(offset, data)
        after = chip.read(0, SIZE)
        for place, octet in enumerate(data, offset):
            model[place] &= octet
        assert after == bytes(model)
        assert all(new & ~old == 0 for new, old in zip(after, before, strict=True))


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=64), st.integers(0, 1))
def test_erasing_sets_one_whole_block_and_no_other(chip, data, block):
    blank(chip)
    chip.program(BLOCK_BYTES - 32, bytes(64))
    chip.program(block * BLOCK_BYTES, data)
    other = chip.read((1 - block) * BLOCK_BYTES, BLOCK_BYTES)
    chip.erase_block(block)
    assert chip.read(block * BLOCK_BYTES, BLOCK_BYTES) == bytes([BLANK]) * BLOCK_BYTES
    assert chip.read((1 - block) * BLOCK_BYTES, BLOCK_BYTES) == other


def test_only_erasing_sets_bits(chip):
    blank(chip)
    chip.program(0, b"\x00")
    chip.program(0, b"\xff")
    assert chip.read(0, 1) == b"\x00"


def test_a_cut_leaves_half_a_block(chip):
    blank(chip)
    chip.program(0, bytes(SIZE))
    chip.cut_while_erasing(1)
    assert chip.read(0, SIZE).count(0) == BLOCK_BYTES + BLOCK_BYTES // 2


@pytest.mark.parametrize("place", [(-1, 1), (0, SIZE + 1), (SIZE, 1), (0, -1)])
def test_nothing_reaches_out_of_the_chip(chip, place):
    offset, length = place
    with pytest.raises(ValueError):
        chip.read(offset, length)
    if length > 0:
        with pytest.raises(ValueError):
            chip.program(offset, bytes(length))
    for block in (-1, 2):
        with pytest.raises(ValueError):
            chip.erase_block(block)
        with pytest.raises(ValueError):
            chip.cut_while_erasing(block)


def test_the_image_is_the_memory_and_is_there_without_closing(tmp_path):
    path = tmp_path / "flash.img"
    flash = Flash.create(path, 1)
    flash.program(100, b"seen by anyone")
    assert path.read_bytes()[100:114] == b"seen by anyone"
    flash.flush()
    flash.close()
    flash.close()
    again = Flash(path)
    assert again.read(100, 14) == b"seen by anyone"
    again.close()


@pytest.mark.parametrize("content", [None, b"", b"x" * (BLOCK_BYTES - 1)])
def test_an_image_of_another_size_is_refused(tmp_path, content):
    path = tmp_path / "flash.img"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SimulationError, match="state-broken"):
        Flash(path)


@pytest.mark.parametrize("change", ["program", "erase"])
def test_i7_half_of_a_change_is_in_the_chip_when_the_power_goes(tmp_path, change):
    flash = Flash.create(tmp_path / "flash.img", 1)
    flash.program(0, bytes(BLOCK_BYTES) if change == "erase" else b"")
    seen = []
    flash.half_way = lambda: seen.append(flash.read(0, BLOCK_BYTES))
    if change == "program":
        flash.program(0, b"abcd")
        assert seen[0] == b"ab" + bytes([BLANK]) * (BLOCK_BYTES - 2)
        assert flash.read(0, 4) == b"abcd"
    else:
        flash.erase_block(0)
        assert seen[0] == bytes([BLANK]) * (BLOCK_BYTES // 2) + bytes(BLOCK_BYTES // 2)
        assert flash.read(0, BLOCK_BYTES) == bytes([BLANK]) * BLOCK_BYTES
    assert len(seen) == 1
    flash.close()
