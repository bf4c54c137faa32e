import pytest

from agent.evidence.caselog.edge import Edge
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.merkle import leaf_hash
from agent.evidence.caselog.tiles import Tiles
from tests.agent.evidence.caselog.trees import mth


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 700])
def test_an_edge_has_the_root_and_tiles_of_all_leaves(count):
    entries = [b"%d" % at for at in range(count)]
    edge, full = Edge(), []
    for entry in entries:
        full += edge.push(leaf_hash(entry))
    assert (edge.size, edge.root()) == (count, mth(entries))
    leaves = b"".join(map(leaf_hash, entries))
    assert b"".join(tile.data for tile in (*full, *edge.partial()) if tile.level == 0) == leaves
    assert [tile.width for tile in full] == [256] * (count // 256)
    assert [(tile.level, tile.width) for tile in edge.partial()] == [
        each for each in ((0, count % 256), (1, count // 256)) if each[1]
    ]


@pytest.mark.parametrize("count", [1, 255, 256, 300])
def test_it_is_read_out_of_files_as_it_grew(tmp_path, count):
    entries = [b"%d" % at for at in range(count)]
    CaseLog(tmp_path).extend(entries)
    grown = Edge()
    for entry in entries:
        grown.push(leaf_hash(entry))
    assert Edge.read(Tiles(log_folder(tmp_path), count)) == grown
