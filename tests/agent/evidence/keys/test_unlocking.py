"""Passphrases out of files that their owner alone may read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.keys.unlocking import MAX_BYTES, Wanted, from_settings, read_private_line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_text("4321\nsecond line\n")
    path.chmod(0o600)
    return path


def code(call, *arguments) -> str:
    with pytest.raises(PreconditionNotMet) as raised:
        call(*arguments)
    return raised.value.code


def test_the_first_line_is_it(file: Path) -> None:
    assert from_settings(Wanted("pin", "bench", file)).reveal() == "4321"
    file.write_bytes("口令\r\n".encode())
    assert read_private_line(file).reveal() == "口令"


def test_without_a_file_nobody_is_asked() -> None:
    assert code(from_settings, Wanted("pin", "bench")) == "key-passphrase-missing"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_i4_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert code(read_private_line, file) == "key-passphrase-exposed"


@pytest.mark.parametrize("data", [b"", b"\n4321", b"\xff\n", b"x" * (MAX_BYTES + 1), b"x" * (MAX_BYTES + 9) + b"\n"])
def test_i10_what_holds_none_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert code(read_private_line, file) == "key-passphrase-unreadable"


def test_i10_what_is_no_file_is_refused(tmp_path: Path, file: Path) -> None:
    (tmp_path / "link").symlink_to(file)
    for path in (tmp_path, tmp_path / "missing", tmp_path / "link"):
        assert code(read_private_line, path) == "key-passphrase-unreadable"
