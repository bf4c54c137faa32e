import os
import shutil
import subprocess
import sys

import pymerkle  # type: ignore[import-untyped]  # it has no types
import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.caselog.keys import LogKey, key_path
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.notes import open_checkpoint, read_checkpoint
from agent.evidence.caselog.tiles import Tiles
from tests.agent.evidence.caselog.trees import mth
from tests.lint.repo import ROOT


def some(count, start=0):
    return [b"entry %d" % at for at in range(start, start + count)]


def state(home):
    return read_checkpoint((log_folder(home) / "checkpoint").read_bytes())


def entries_of(home):
    tiles = Tiles(log_folder(home), state(home).size)
    return [entry for each in tiles.bundles() for entry in tiles.bundle(each)]


def damaged(home):
    with pytest.raises(PreconditionNotMet) as caught:
        CaseLog(home).append([b"more"])
    assert caught.value.exit_code == 5
    return caught.value.code, str(caught.value.facts.get("why", "")).split(" ")[0]


def files_of(folder):
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize("counts", [[1, 1, 1], [255, 1, 1], [256, 1], [250, 10, 255], [512, 3]])
def test_a_log_grows_and_every_entry_is_proven(tmp_path, counts):
    log = CaseLog(tmp_path)
    expected = []
    for count in counts:
        added = some(count, len(expected))
        proofs = log.append(added)
        expected += added
        assert state(tmp_path).root == mth(expected)
        assert proofs[-1].check(added[-1], log.key.vkey).size == len(expected)
        assert proofs[0].index == len(expected) - count
    assert entries_of(tmp_path) == expected


def test_an_independent_implementation_comes_to_the_same_root(tmp_path):
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    entries = some(700)
    for entry in entries:
        theirs.append_entry(entry)
    CaseLog(tmp_path).extend(entries)
    assert state(tmp_path).root == theirs.get_root(700)


def test_nothing_that_a_checkpoint_covers_is_written_again(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(250))
    tiles = log_folder(tmp_path) / "tile"
    known = files_of(tiles)
    for _ in range(5):
        log.append([b"one more"])
        now = files_of(tiles)
        assert known.items() <= now.items()
        known = now
    log.append([b"the last of the tile"])
    full = files_of(tiles)
    assert {name for name in full if ".p" in name} == {"1/000.p/1"}
    assert full["0/000"].startswith(known["0/000.p/255"])


def test_making_sure_makes_an_empty_log_once(tmp_path):
    log = CaseLog(tmp_path)
    log.check()
    assert state(tmp_path).size == 0
    before = (log_folder(tmp_path) / "checkpoint").stat().st_ino
    log.check()
    assert (log_folder(tmp_path) / "checkpoint").stat().st_ino == before
    log.append([b"first"])
    assert entries_of(tmp_path) == [b"first"]


class Killed(BaseException):
    """Stands for a kill: nothing in the program catches it."""


@pytest.mark.parametrize("start", [0, 1, 255])
def test_i7_killed_before_any_write_the_log_is_whole_and_goes_on(tmp_path, monkeypatch, start):
    """Every fsync, rename and new folder is a place to die at; each is tried once, and half of a file is left there."""
    real = {"fsync": os.fsync, "replace": type(tmp_path).replace, "mkdir": type(tmp_path).mkdir}
    left = [0]

    def dying(name):
        def call(*arguments, **named):
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return real[name](*arguments, **named)

        return call

    for at in range(1, 100):
        home = tmp_path / str(at)
        log = CaseLog(home)
        if start:
            log.extend(some(start))
        left[0] = at
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", dying("fsync"))
            patched.setattr(type(tmp_path), "replace", dying("replace"))
            patched.setattr(type(tmp_path), "mkdir", dying("mkdir"))
            try:
                CaseLog(home).append([b"killed"])
                survived = True
            except Killed:
                survived = False
        proofs = CaseLog(home).append([b"after"])
        found = entries_of(home)
        assert found in ([*some(start), b"after"], [*some(start), b"killed", b"after"])
        assert state(home).root == mth(found)
        assert proofs[0].check(b"after", log.key.vkey).size == len(found)
        if survived:
            assert found[-2:] == [b"killed", b"after"]
            assert at > 10
            return
    pytest.fail("it never came to its end")


def test_i7_what_was_signed_is_published_by_the_next(tmp_path):
    log = CaseLog(tmp_path)
    log.append([b"one"])
    older = (log_folder(tmp_path) / "checkpoint").read_bytes()
    log.append([b"two"])
    (log_folder(tmp_path) / "checkpoint").write_bytes(older)  # as killed before its rename
    CaseLog(tmp_path).append([b"three"])
    assert entries_of(tmp_path) == [b"one", b"two", b"three"]


def test_a_log_put_back_to_an_older_state_is_noticed(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(10))
    folder = log_folder(tmp_path)
    shutil.copytree(folder, tmp_path / "backup")
    log.append([b"forgotten"])
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    assert damaged(tmp_path) == ("log-damaged", "log-tile")
    shutil.rmtree(folder)
    assert damaged(tmp_path)[0] == "log-damaged"


def test_another_history_is_noticed(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(10))
    folder, signed = log_folder(tmp_path), tmp_path / "keys" / "log.checkpoint"
    shutil.copytree(folder, tmp_path / "backup")
    at_ten = signed.read_bytes()
    log.append([b"one history"])
    of_one = signed.read_bytes()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    signed.write_bytes(at_ten)
    log.append([b"the other"])
    signed.write_bytes(of_one)
    assert damaged(tmp_path) == ("log-damaged", "log-root")


def test_a_longer_log_that_does_not_begin_with_what_was_signed_is_noticed(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(10))
    folder, signed = log_folder(tmp_path), tmp_path / "keys" / "log.checkpoint"
    shutil.copytree(folder, tmp_path / "backup")
    at_ten = signed.read_bytes()
    log.append([b"one history"])
    of_one = signed.read_bytes()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    signed.write_bytes(at_ten)
    log.extend([b"the other", b"and more"])
    signed.write_bytes(of_one)
    assert damaged(tmp_path) == ("log-damaged", "log-forked")


def test_keys_put_back_to_an_older_state_are_no_harm(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(10))
    signed = tmp_path / "keys" / "log.checkpoint"
    older = signed.read_bytes()
    log.append([b"x"])
    signed.write_bytes(older)
    log.append([b"y"])
    assert entries_of(tmp_path) == [*some(10), b"x", b"y"]


@pytest.mark.parametrize(
    ("file", "bend", "why"),
    [
        ("tile/0/001.p/44", lambda data: data[:-1], "log-tile"),
        ("tile/0/001.p/44", lambda data: data[:-32], "log-tile"),
        ("tile/0/001.p/44", lambda data: bytes([data[0] ^ 1]) + data[1:], "log-entry-differs"),
        ("tile/1/000.p/1", lambda data: bytes([data[0] ^ 1]) + data[1:], "log-root"),
        ("tile/entries/001.p/44", lambda data: data.replace(b"entry 299", b"entry 298"), "log-entry-differs"),
        ("tile/entries/001.p/44", lambda data: data[:-1], "log-tile"),
        ("tile/entries/001.p/44", None, "log-tile"),
        ("checkpoint", lambda data: data.replace(b"\n300\n", b"\n301\n"), "log-signature"),
        ("checkpoint", lambda data: data[:-2], "log-checkpoint"),
        ("../keys/log.checkpoint", lambda _data: b"", "log-checkpoint"),
    ],
)
def test_a_damaged_edge_is_noticed_before_anything_is_added(tmp_path, file, bend, why):
    CaseLog(tmp_path).extend(some(300))
    path = log_folder(tmp_path) / file
    if bend is None:
        path.unlink()
    else:
        path.write_bytes(bend(path.read_bytes()))
    before = files_of(log_folder(tmp_path))
    assert damaged(tmp_path) == ("log-damaged", why)
    assert files_of(log_folder(tmp_path)) == before


def test_a_tile_within_that_is_damaged_is_noticed_by_whoever_needs_it(tmp_path):
    log = CaseLog(tmp_path)
    log.extend(some(300))
    tile = log_folder(tmp_path) / "tile" / "0" / "000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    log.append([b"x"])  # it needs the hash of the whole tile, which is elsewhere
    assert Tiles(log_folder(tmp_path), 301).root() == state(tmp_path).root


def test_another_key_or_none_is_refused(tmp_path):
    CaseLog(tmp_path).append([b"x"])
    key_path(tmp_path).rename(tmp_path / "kept")
    assert damaged(tmp_path)[0] == "log-key-missing"
    LogKey.of(tmp_path, make=True)
    assert damaged(tmp_path) == ("log-damaged", "log-other-key")
    (tmp_path / "kept").replace(key_path(tmp_path))
    CaseLog(tmp_path).append([b"y"])


def test_a_log_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "log").write_bytes(b"in the way")
    with pytest.raises(PreconditionNotMet) as caught:
        CaseLog(tmp_path).append([b"x"])
    assert caught.value.code == "log-unwritable"


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    log = CaseLog(tmp_path)
    log.append([b"x"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(PreconditionNotMet) as caught:
            log.append([b"y"])
    assert (caught.value.code, caught.value.facts["why"]) == ("log-unwritable", "No space left on device")
    log.append([b"z"])
    assert entries_of(tmp_path) == [b"x", b"z"]


def test_two_processes_append_at_once(tmp_path):
    program = (
        "import sys; from pathlib import Path; from agent.evidence.caselog.log import CaseLog\n"
        "log = CaseLog(Path(sys.argv[1]))\n"
        "for at in range(24): log.append([f'{sys.argv[2]} {at}'.encode()])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("left", "right")
    ]
    for each in running:
        _, told = each.communicate(timeout=60)
        assert each.returncode == 0, told.decode()
    found = entries_of(tmp_path)
    assert state(tmp_path).root == mth(found)
    for name in ("left", "right"):
        assert [each for each in found if each.startswith(name.encode())] == [
            f"{name} {at}".encode() for at in range(24)
        ]
    vkey = LogKey.of(tmp_path, make=False).vkey
    assert open_checkpoint((log_folder(tmp_path) / "checkpoint").read_bytes(), vkey).size == 48
