"""Ten thousand walks through menus made at random (issue 3): nothing unexpected is confirmed, and each walk ends."""

from __future__ import annotations

import pytest

from tests.agent.menu.walks import walk_all

WALKS = 10_000
FIRST = 1_000_000
"""Seeds that the default tests do not walk."""


@pytest.mark.fuzz
def test_i3_i4_i6_i9_i10_ten_thousand_walks(capsys: pytest.CaptureFixture[str]) -> None:
    ends = walk_all(range(FIRST, FIRST + WALKS))
    with capsys.disabled():
        print(f"\n{ends.total()} walks through random menus")
        for end, count in ends.most_common():
            print(f"  {count:6}  {end}")
    assert ends.total() == WALKS
