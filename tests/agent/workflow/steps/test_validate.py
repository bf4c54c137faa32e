import hashlib
import hmac
from types import SimpleNamespace

import pytest

from agent.policy import Policy
from agent.workflow.steps.validate import run
from protocols.terminal import Region
from protocols.words import Addressable, RegionHolds

REGION = Region(1, "journal", RegionHolds.JOURNAL, 0, 8192, 4096, True, Addressable.YES, 0xFF)
BEFORE = SimpleNamespace(tusn="9999990200000007", key_fingerprint=b"k" * 32)


class Swapped(Exception):
    pass


def case(content, swapped=False):
    found = []

    def require_same_terminal():
        if swapped:
            raise Swapped

    driver = SimpleNamespace(
        read_memory=lambda _region, offset, length: content[offset : offset + length],
        memory_digest=lambda _region, _offset, _length, key: hmac.digest(key, content, hashlib.sha256),
    )
    return SimpleNamespace(
        require_same_terminal=require_same_terminal,
        driver=driver,
        inspected=SimpleNamespace(identity=BEFORE, regions=(REGION,)),
        request=SimpleNamespace(policy=Policy()),
        report=lambda _event: None,
        find=lambda code, **facts: found.append((code, facts)),
        found=found,
        read_backs=(),
    )


def test_a_blank_region_is_noted():
    validating = case(b"\xff" * 8192)
    assert run(validating)["regions"][0]["not_blank"] == 0
    assert validating.found == []
    assert validating.read_backs[0].blank


def test_i5_data_left_behind_is_a_finding_and_the_case_goes_on_to_its_statement():
    validating = case(b"\xff" * 4096 + b"\x00" + b"\xff" * 4095)
    run(validating)
    assert validating.found == [("region-not-blank", {"region": "journal", "count": 1, "offset": 4096})]


def test_i9_nothing_is_read_back_from_another_terminal():
    with pytest.raises(Swapped):
        run(case(b"\xff" * 8192, swapped=True))
