"""Notes and photographs: what is kept of them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.guided import remarks
from agent.guided.remarks import MAX_NOTE, Photo, clean_note, describe_photo


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  屏幕\t黑了 \n", "屏幕 黑了"),
        ("error 12 on 3 lines", "error 12 on 3 lines"),
        ("password 135790!", "password ××××××!"),
        ("4111 1111-1111 1111", "×××× ××××-×××× ××××"),
        ("１２３４５６", "××××××"),
        ("\x1b[2J\u202eok", "[2J ok"),
    ],
)
def test_i4_a_note_keeps_no_long_number_and_no_control(typed: str, kept: str) -> None:
    assert clean_note(typed) == kept


def test_i10_a_note_is_bounded() -> None:
    assert len(clean_note("好" * 10_000)) == MAX_NOTE


def test_a_photograph_is_its_name_size_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "screen.jpg"
    path.write_bytes(b"picture" * 100_000)
    digest = hashlib.sha256(b"picture" * 100_000).hexdigest()
    assert describe_photo(path) == Photo("screen.jpg", 700_000, digest)


@pytest.mark.parametrize("name", ["missing.jpg", ".", "nul\0l", "x" * 5000])
def test_i10_what_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageFault) as fault:
        describe_photo(tmp_path / name)
    assert fault.value.code == "photo-unreadable"


def test_i10_a_photograph_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks, "MAX_PHOTO_BYTES", 10)
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(UsageFault, match="too large"):
        describe_photo(tmp_path / "large")


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")
def test_i10_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageFault):
        describe_photo(tmp_path / "pipe")
