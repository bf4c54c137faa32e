"""Bundles in archives: read like folders, and refused before anything is unpacked."""

from __future__ import annotations

import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.evidence.archive import zipped
from agent.evidence.archive.zipped import open_bundle, read_archive, read_zip
from agent.evidence.bundle import EXPORT, EXPORT_HEAD_BYTES, read_bundle
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.archives import (
    FILES,
    HOSTILE,
    M,
    Member,
    archive,
    by_zipfile,
    deflated,
    members_of,
    reader,
    refused_with,
)
from tests.agent.evidence.made import World, contents

WHILE_UNPACKING = frozenset({"zip-size", "zip-checksum"})


def laid_out(folder: Path) -> Path:
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("folder", ["", "R20260504-TEST01/"])
def test_an_archive_is_read_like_its_folder(tmp_path: Path, folder: str) -> None:
    expected = read_bundle(laid_out(tmp_path / "bundle"))
    path = tmp_path / "bundle.zip"
    path.write_bytes(by_zipfile(FILES, folder))
    assert read_zip(path) == open_bundle(path) == expected
    assert open_bundle(tmp_path / "bundle") == expected


def test_a_folder_of_its_own_is_no_file() -> None:
    data = archive([Member(b"R1/", method=0, attributes=0o40755 << 16), *members_of(FILES, "R1/")])
    assert sorted(read_archive(reader(data), len(data)).files) == sorted(FILES)


@pytest.mark.parametrize("name", HOSTILE)
def test_i10_hostile_archives_are_refused_before_anything_is_unpacked(name: str, mocker) -> None:
    data, code = HOSTILE[name]
    unpack = mocker.spy(zipped, "_unpack")
    assert refused_with(lambda: read_archive(reader(data), len(data))) == code
    assert (unpack.call_count > 0) == (code in WHILE_UNPACKING)


def test_i10_a_bomb_is_followed_no_further_than_it_said() -> None:
    data = archive([Member(b"job.json", b"x" * 100, packed=deflated(bytes(16 << 20)))])
    tracemalloc.start()
    try:
        assert refused_with(lambda: read_archive(reader(data), len(data))) == "zip-size"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1 << 20


def test_of_a_large_export_only_the_head_is_kept() -> None:
    export = bytes(range(256)) * 4096 * 4
    data = archive([Member(EXPORT.encode(), export, method=0)])
    found = read_archive(reader(data), len(data)).files[EXPORT]
    assert (found.size, len(found.head)) == (len(export), EXPORT_HEAD_BYTES)


def test_no_archive_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as raised:
        read_zip(tmp_path / "absent.zip")
    assert raised.value.code == "bundle-unreadable"


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    assert refused_with(lambda: read_zip(tmp_path)) == "file-kind"


def test_an_honest_bundle_is_accepted_in_an_archive(world: World, issued, tmp_path: Path) -> None:
    folder, _ = issued()
    path = tmp_path / "case.zip"
    path.write_bytes(by_zipfile(contents(folder), "case/"))
    report = verify_bundle(path, world.trust)
    assert report.accepted
    assert report == verify_bundle(folder, world.trust)


def test_a_refused_archive_is_a_failed_check(world: World, tmp_path: Path) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(HOSTILE["traversal"][0])
    report = verify_bundle(path, world.trust)
    assert [(check.id, check.code, check.facts) for check in report.checks] == [
        ("files", "zip-path", {"file": "../job.json"})
    ]


@pytest.mark.skipif(shutil.which("zip") is None, reason="zip is not installed (Debian package zip)")
@pytest.mark.parametrize("options", [["-r"], ["-r", "-0"], ["-r", "-fz"], ["-r", "-D"]])
def test_what_zip_makes_is_read(tmp_path: Path, options: list[str]) -> None:
    folder = laid_out(tmp_path / "R1")
    subprocess.run(["zip", "-q", *options, "case.zip", "R1"], cwd=tmp_path, check=True)
    assert read_zip(tmp_path / "case.zip") == read_bundle(folder)


def test_the_layout_of_these_tests_is_one_that_others_read(tmp_path: Path) -> None:
    data = archive(M)
    (tmp_path / "case.zip").write_bytes(data)
    shutil.unpack_archive(tmp_path / "case.zip", tmp_path / "out")
    assert contents(tmp_path / "out") == FILES
