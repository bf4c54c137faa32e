import errno
import os
from io import FileIO

import pytest

from agent.errors import ExitCode, PreconditionNotMet
from agent.export.files import destination_faults, sync_folder, write_all


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EFBIG, "disk-full"),
        (errno.EACCES, "destination-unwritable"),
        (errno.EROFS, "destination-unwritable"),
        (errno.EIO, "destination-unwritable"),
    ],
)
def test_what_the_file_system_refuses_has_its_code(tmp_path, number, code):
    with pytest.raises(PreconditionNotMet) as caught, destination_faults(tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code
    assert caught.value.facts["path"] == str(tmp_path)
    assert caught.value.exit_code is ExitCode.PRECONDITION


def test_other_errors_pass(tmp_path):
    with pytest.raises(KeyError), destination_faults(tmp_path):
        raise KeyError


def test_a_file_that_takes_little_at_a_time_gets_all(tmp_path):
    class Sparing(FileIO):
        def write(self, data):
            return super().write(bytes(data[:3]))

    with Sparing(tmp_path / "file", "wb") as file:
        write_all(file, b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_a_folder_is_synced(tmp_path, mocker):
    synced = mocker.spy(os, "fsync")
    sync_folder(tmp_path)
    assert synced.call_count == 1
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "missing")
