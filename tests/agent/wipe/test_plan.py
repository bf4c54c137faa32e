import pytest

from agent.errors import PreconditionNotMet
from agent.wipe.plan import plan_wipe, wiped_regions
from protocols.terminal import Region
from protocols.words import Addressable, RegionHolds, Technique


def region(number, holds=RegionHolds.LOGS, *, wipeable=True, block=4096):
    return Region(number, f"region{number}", holds, 0, 8192, block, wipeable, Addressable.YES, 0xFF)


KEYS = region(5, RegionHolds.KEYS, block=0)


def test_every_wipeable_region_and_the_keys_are_planned():
    plan = plan_wipe((region(4), region(1), KEYS, region(6, wipeable=False)), b"n" * 32, Technique.BLOCK_ERASE)
    assert plan.regions == (1, 4)
    assert plan.erase_keys
    assert plan.nonce == b"n" * 32


def test_a_terminal_that_names_nothing_to_wipe_stops_the_case():
    with pytest.raises(PreconditionNotMet) as fault:
        plan_wipe((KEYS, region(6, wipeable=False)), b"n" * 32, Technique.BLOCK_ERASE)
    assert fault.value.code == "nothing-to-wipe"


def test_a_region_this_version_cannot_wipe_stops_the_case():
    with pytest.raises(PreconditionNotMet) as fault:
        plan_wipe((region(1), region(8, RegionHolds.LOGS, block=0)), b"n" * 32, Technique.BLOCK_ERASE)
    assert fault.value.facts == {"region": "region8"}


def test_the_key_store_is_read_back_too():
    assert wiped_regions((KEYS, region(1), region(6, wipeable=False))) == (region(1), KEYS)
