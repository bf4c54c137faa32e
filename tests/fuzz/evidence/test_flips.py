"""Every byte of every file of a bundle is flipped, and no such bundle is accepted.

``POSRETIRE_EXPLORE=all`` flips every byte of long files too, and inverts every byte besides.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from agent.evidence.checks.table import Status
from agent.evidence.verify import verify_files
from tests.fuzz.evidence.conftest import Sound
from tests.fuzz.evidence.flips import ALL, MOST_A_FILE, SEED, flipped, flips

PARTS = 8


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("part", range(PARTS))
def test_i10_no_bundle_with_a_flipped_byte_is_accepted(sound: Sound, part: int) -> None:
    tried, found = Counter[str](), Counter[str]()
    for flip in islice(flips(sound.contents, most=None if ALL else MOST_A_FILE), part, None, PARTS):
        report = verify_files(flipped(sound.files, flip), sound.trust)
        assert not report.accepted, f"{flip} seed {SEED}"
        tried[flip.file] += 1
        found[next(check.id for check in report.checks if check.status is Status.FAILED)] += 1
    assert tried.keys() == sound.contents.keys()
    print(f"{tried.total()} flips, 0 accepted; by file {dict(tried)}; first refused by {dict(found)}")


def test_the_bundle_is_accepted_as_it_is(sound: Sound) -> None:
    assert verify_files(sound.files, sound.trust).accepted


def test_every_byte_is_among_the_flips() -> None:
    files = {"a": bytes(10), "b": bytes(30)}
    every = list(flips(files))
    assert {(each.file, each.offset) for each in every} == {
        (n, at) for n, data in files.items() for at in range(len(data))
    }
    assert len(every) == 2 * 40
    some = list(flips(files, most=20))
    assert len({(each.file, each.offset) for each in some}) == 30
    assert all(each.of(files[each.file]) != files[each.file] for each in some)
