"""Searching files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.redaction import walk
from agent.redaction.parts import AGE_MAGIC
from agent.redaction.walk import search_paths

PAN = "4111111111111111"


def nothing(_: Path) -> tuple[str, ...]:
    return ()


def test_a_folder_is_searched_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "log.txt").write_text(f"read {PAN}\nread {PAN}\n", encoding="utf-8")
    (tmp_path / "clean.txt").write_text("nothing", encoding="utf-8")
    searched = search_paths([tmp_path], nothing)
    (found,) = searched.found
    assert (found.path, found.leak.shown) == (tmp_path / "a" / "b" / "log.txt", "411111******1111")
    assert (searched.files, searched.size, searched.skipped) == (2, 51, [])
    assert search_paths([tmp_path / "clean.txt"], nothing).found == []


def test_what_nobody_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_FILE_BYTES", 100)
    for name, data in {"a.age": AGE_MAGIC, "b.zip": b"PK\x03\x04", "c.gz": b"\x1f\x8b", "d": b"x" * 101}.items():
        (tmp_path / name).write_bytes(data + PAN.encode() if name != "d" else data)
    searched = search_paths([tmp_path], nothing)
    assert [(path.name, why) for path, why in searched.skipped] == [
        ("a.age", "encrypted"),
        ("b.zip", "zip"),
        ("c.gz", "gzip"),
        ("d", "large"),
    ]
    assert (searched.files, searched.found) == (0, [])


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_and_pipes_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(PAN, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "folder" / "pipe")
    assert search_paths([tmp_path / "folder"], nothing).files == 0


def test_what_is_known_in_a_folder_is_nothing_found_in_that_one_alone(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    for folder in (case, tmp_path):
        (folder / f"{folder.name}.txt").write_text(f"read {PAN}", encoding="utf-8")
    searched = search_paths([tmp_path], lambda folder: [PAN] if folder == case else [])
    assert [found.path.name for found in searched.found] == [f"{tmp_path.name}.txt"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as raised:
        search_paths([tmp_path / "absent"], nothing)
    assert raised.value.code == "scan-absent"
