import pytest

from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.merkle import leaf_hash
from agent.evidence.caselog.tiles import ENTRIES, Tiles, pack_entry, tile_path, unpack_entries, width_of
from agent.evidence.errors import EvidenceRejected
from tests.agent.evidence.caselog.trees import mth, path


def refused(call, *arguments):
    with pytest.raises(EvidenceRejected) as caught:
        call(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 1_234_067, 256, "tile/1/x001/x234/067"),
        (0, 273, 112, "tile/0/273.p/112"),
        (ENTRIES, 1_000, 5, "tile/entries/x001/000.p/5"),
    ],
)
def test_paths_are_those_of_the_specification(level, index, width, path):
    assert str(tile_path(level, index, width)) == path


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts():
    assert [width_of(0, at, 70_000) for at in (0, 272, 273, 274)] == [256, 256, 112, -144]
    assert [width_of(1, at, 70_000) for at in (0, 1)] == [256, 17]
    assert [width_of(2, 0, 70_000), width_of(3, 0, 70_000)] == [1, 0]
    assert [width_of(0, 0, 256), width_of(1, 0, 256)] == [256, 1]


def test_entries_are_packed_behind_their_length():
    packed = pack_entry(b"one") + pack_entry(b"") + pack_entry(b"x" * 300)
    assert packed[:7] == b"\x00\x03one\x00\x00"
    assert unpack_entries(packed, 3, "f") == [b"one", b"", b"x" * 300]
    assert unpack_entries(packed, 1, "f") == [b"one"]
    assert refused(unpack_entries, packed, 4, "f") == "log-tile"
    assert refused(unpack_entries, packed[:-1], 3, "f") == "log-tile"
    assert refused(pack_entry, b"x" * 65_536) == "log-entry-long"


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    entries = [b"entry %d" % at for at in range(1_000)]
    CaseLog(home).extend(entries)
    return log_folder(home), entries


def test_root_entries_and_proofs_out_of_files_are_those_of_the_definition(log):
    folder, entries = log
    for size in (1, 255, 1_000):
        # Of an older tree the partial tiles are gone; the full ones hold them (a large tree: `tests/fuzz/evidence`).
        tiles = Tiles(folder, size)
        assert tiles.root() == mth(entries[:size])
        assert list(tiles.inclusion(size // 2)) == path(size // 2, entries[:size])
        assert tiles.bundle((size - 1) // 256) == entries[(size - 1) // 256 * 256 : size]
    tiles = Tiles(folder, 1_000)
    assert tiles.root() == mth(entries)
    assert tiles.entry(999) == entries[999]
    assert len(list(tiles.bundles())) == 4
    assert b"entry 256" in tiles.raw_bundle(1)
    assert tiles.subtree(0, 345) == leaf_hash(entries[345])
    assert refused(tiles.entry, 1_000) == "log-index"


def test_a_tile_that_is_gone_or_cut_is_named(tmp_path):
    CaseLog(tmp_path).extend([b"%d" % at for at in range(300)])
    folder = log_folder(tmp_path)
    tile = folder / "tile" / "0" / "000"
    tile.write_bytes(tile.read_bytes()[:-1])
    assert Tiles(folder, 300).root()  # it needs the hash of the whole tile, which is elsewhere
    with pytest.raises(EvidenceRejected) as caught:
        Tiles(folder, 300).inclusion(0)
    assert (caught.value.code, caught.value.facts["file"]) == ("log-tile", "tile/0/000")
    (folder / "tile" / "entries" / "000").unlink()
    assert refused(Tiles(folder, 300).entry, 3) == "log-tile"
    (folder / "tile" / "entries" / "000").mkdir()
    assert refused(Tiles(folder, 300).raw_bundle, 0) == "log-tile"
