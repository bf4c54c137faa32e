import hashlib
import hmac

import pytest

from simulators.board.layout import RegionNumber
from simulators.board.memory import Memory
from simulators.errors import SimulationError
from tests.simulators.rig import Rig


@pytest.fixture
def memory(tmp_path):
    rig = Rig(tmp_path)
    yield rig.device._memory
    rig.close()


def test_regions_are_read_where_they_lie(memory, tmp_path):
    image = (tmp_path / "flash.img").read_bytes()
    for number in (1, 2, 3, 4, 7):
        region = memory.regions[number]
        assert memory.read(number, 0, region.size) == image[region.start : region.start + region.size]
        assert memory.digest(number) == hashlib.sha256(image[region.start : region.start + region.size]).digest()
    keys = (tmp_path / "keys.bin").read_bytes()
    assert memory.read(RegionNumber.KEYS, 2, 16) == keys[2:18]
    assert memory.keyed_digest(RegionNumber.KEYS, 1, 9, b"k" * 32) == hmac.digest(b"k" * 32, keys[1:10], "sha256")


def test_erasing_a_block_touches_its_region_only(memory):
    last = memory.blocks(2) - 1
    before = {number: memory.digest(number) for number in (1, 3, 4)}
    for block in range(last + 1):
        memory.erase_block(2, block)
    assert memory.read(2, 0, memory.regions[2].size) == b"\xff" * memory.regions[2].size
    assert {number: memory.digest(number) for number in (1, 3, 4)} == before
    memory.cut_while_erasing(1, 1)
    assert memory.read(1, 4096, 2048) == b"\xff" * 2048


@pytest.mark.parametrize("name", ["flash.img", "keys.bin"])
def test_a_missing_part_is_a_documented_error(memory, tmp_path, name):
    regions = tuple(memory.regions.values())
    (tmp_path / name).unlink()
    with pytest.raises(SimulationError, match="state-broken"):
        Memory(tmp_path, regions)
