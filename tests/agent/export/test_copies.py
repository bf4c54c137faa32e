"""A copy is there whole and proven, or not at all."""

import errno
import hashlib

import pytest

from agent.errors import PreconditionNotMet, VerificationFailed
from agent.export import copies
from agent.export.copies import copy_verified, digest_on_disk

DATA = bytes(range(256)) * 9000


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "export.age"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder / "export.age"


def test_a_copy_is_what_the_file_is(source, target):
    digest = hashlib.sha256(DATA).hexdigest()
    assert copy_verified(source, target) == copy_verified(source, target, digest) == digest
    assert target.read_bytes() == DATA
    assert [path.name for path in target.parent.iterdir()] == ["export.age"]


def failed(kind, code, target, *arguments):
    with pytest.raises(kind) as fault:
        copy_verified(*arguments)
    assert fault.value.code == code
    assert list(target.parent.iterdir()) == []
    return fault.value


def test_i1_a_file_that_is_not_the_one_meant_is_not_copied(source, target):
    failed(VerificationFailed, "backup-differs", target, source, target, "00" * 32)


def test_i1_a_disk_that_gives_back_other_bytes_is_found(source, target, mocker):
    written = copies.write_all
    mocker.patch("agent.export.copies.write_all", lambda file, data: written(file, b"x" + data[1:]))
    failed(VerificationFailed, "backup-differs", target, source, target)


def test_a_full_disk_is_told(source, target, mocker):
    mocker.patch("agent.export.copies.write_all", side_effect=OSError(errno.ENOSPC, "No space left on device"))
    fault = failed(PreconditionNotMet, "backup-unwritable", target, source, target)
    assert fault.facts["why"] == "No space left on device"


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_failure_at_the_end_is_told(source, target, mocker, name):
    place = "agent.export.copies.os.fsync" if name == "fsync" else "pathlib.Path.replace"
    mocker.patch(place, side_effect=OSError(errno.EIO, "Input/output error"))
    failed(PreconditionNotMet, "backup-unwritable", target, source, target)


def test_a_folder_that_is_not_there_is_told(source, tmp_path):
    with pytest.raises(PreconditionNotMet) as fault:
        copy_verified(source, tmp_path / "gone" / "export.age")
    assert fault.value.code == "backup-unwritable"


def test_a_file_that_cannot_be_read_is_told(target, tmp_path):
    failed(VerificationFailed, "export-unreadable", target, tmp_path / "gone", target)


def test_the_digest_of_what_is_not_there_is_none(tmp_path, source):
    assert digest_on_disk(tmp_path / "gone") is None
    assert digest_on_disk(source) == hashlib.sha256(DATA).hexdigest()
