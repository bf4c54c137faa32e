import pytest

from protocols.terminal import Region
from simulators.board.layout import RegionNumber, flash_blocks, journal_geometry, memory_map
from simulators.hardware.flash import BLOCK_BYTES

COUNTS = [0, 1, 300, 5000, 100_000]


@pytest.mark.parametrize("transactions", COUNTS)
def test_the_flash_regions_fill_the_chip_without_gap_or_overlap(transactions):
    regions = memory_map(transactions)
    assert [region.region for region in regions] == list(RegionNumber)
    in_flash: list[Region] = sorted((region for region in regions if region.block_size), key=lambda each: each.start)
    at = 0
    for region in in_flash:
        assert region.start == at
        assert region.size % BLOCK_BYTES == 0
        at += region.size
    assert at == flash_blocks(regions) * BLOCK_BYTES


def test_only_identity_and_system_survive():
    regions = memory_map(300)
    assert {region.name for region in regions if not region.wipeable} == {"identity", "system"}
    assert {region.name: region.blank for region in regions if region.wipeable} == {
        "journal": 0xFF,
        "parameters": 0xFF,
        "receipts": 0xFF,
        "logs": 0xFF,
        "keys": 0x00,
    }


@pytest.mark.parametrize("transactions", COUNTS)
def test_statuses_and_records_share_no_block(transactions):
    geometry = journal_geometry(transactions)
    assert geometry.capacity >= transactions + geometry.deleted
    assert geometry.bodies_offset % BLOCK_BYTES == 0
    assert geometry.bodies_offset >= geometry.capacity
    assert geometry.blocks * BLOCK_BYTES >= geometry.bodies_offset + geometry.capacity * 128
    assert geometry.deleted >= 20
