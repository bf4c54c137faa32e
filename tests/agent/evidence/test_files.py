"""Files that survive a power cut, and reading that follows nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import TEMPORARY, read_file, write_durable, write_new, write_private

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links of POSIX")


@posix_only
def test_i4_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        write_private(tmp_path / "key", b"secret")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_private_file_is_never_written_over(tmp_path: Path) -> None:
    write_private(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"


def test_i7_a_new_file_is_there_whole_or_not_at_all(tmp_path: Path, mocker) -> None:
    mocker.patch("os.fsync", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(OSError, match="No space"):
        write_new(tmp_path / "key", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_hard_links_gets_its_new_file_too(tmp_path: Path, mocker) -> None:
    mocker.patch("os.link", side_effect=PermissionError(errno.EPERM, "Operation not permitted"))
    write_new(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "key", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("key", b"first")]


def test_i7_a_file_is_there_whole_or_not_at_all(tmp_path: Path, mocker) -> None:
    write_durable(tmp_path / "job.json", b"old")
    mocker.patch("os.fsync", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(OSError, match="No space"):
        write_durable(tmp_path / "job.json", b"new")
    assert (tmp_path / "job.json").read_bytes() == b"old"


def test_what_a_cut_left_behind_is_written_over(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}job.json").write_bytes(b"half")
    write_durable(tmp_path / "job.json", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["job.json"]


def test_data_are_synced_before_the_rename_and_the_folder_after(tmp_path: Path, mocker) -> None:
    order: list[str] = []
    mocker.patch("os.fsync", side_effect=lambda handle: order.append("sync"))
    rename = Path.replace

    def replace(self: Path, to: Path) -> Path:
        order.append("rename")
        return rename(self, to)

    mocker.patch.object(Path, "replace", replace)
    write_durable(tmp_path / "job.json", b"x")
    assert order[:2] == ["sync", "rename"]
    assert order[2:] == (["sync"] if os.name == "posix" else [])


def test_reads_once_with_size_digest_and_start(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "export.age").write_bytes(data)
    read = read_file(tmp_path / "export.age", max_bytes=len(data), head_bytes=10)
    assert (read.size, read.sha256, read.head) == (len(data), hashlib.sha256(data).hexdigest(), data[:10])
    assert read_file(tmp_path / "export.age", max_bytes=len(data)).head == data


def test_i10_a_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_bytes(b"12345")
    with pytest.raises(EvidenceRejected) as raised:
        read_file(tmp_path / "job.json", max_bytes=4)
    assert raised.value.code == "file-too-large"


@posix_only
def test_i10_links_folders_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "link", tmp_path / "folder", tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(EvidenceRejected) as raised:
            read_file(path, max_bytes=10)
        assert raised.value.code == "file-kind"
