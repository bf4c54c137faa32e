"""A case log so large that its tiles have three levels, held against the definition of its tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.merkle import leaf_hash
from agent.evidence.caselog.tiles import Tiles, tile_path
from tests.agent.evidence.caselog.trees import mth, path

SIZE = 70_000

pytestmark = pytest.mark.fuzz


def test_a_tree_of_three_levels_is_that_of_the_definition(tmp_path: Path) -> None:
    entries = [b"entry %d" % at for at in range(SIZE)]
    CaseLog(tmp_path).extend(entries)
    folder = log_folder(tmp_path)
    for size in (1, 255, 256, 257, 600, 65_536):
        # Of an older tree the partial tiles are gone; the full ones hold them.
        older = Tiles(folder, size)
        assert older.root() == mth(entries[:size])
        assert list(older.inclusion(size // 2)) == path(size // 2, entries[:size])
        assert older.bundle((size - 1) // 256) == entries[(size - 1) // 256 * 256 : size]
    tiles = Tiles(folder, SIZE)
    assert (folder / tile_path(2, 0, 1)).is_file()
    assert tiles.root() == mth(entries)
    for at in (0, 12_345, 65_535, 65_536, SIZE - 1):
        assert list(tiles.inclusion(at)) == path(at, entries)
        assert tiles.entry(at) == entries[at]
    assert len(list(tiles.bundles())) == 274
    assert tiles.subtree(0, 12_345) == leaf_hash(entries[12_345])
