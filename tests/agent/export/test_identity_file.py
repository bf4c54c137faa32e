import errno
import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime

import pytest

from agent.errors import PreconditionNotMet, UsageFault
from agent.export.identity_file import new_recipient
from agent.export.recipients import parse_recipients


def test_the_file_is_one_of_age_keygen(tmp_path):
    path = tmp_path / "owner.key"
    text = new_recipient(path, now=lambda: datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
    created, public, secret, end = path.read_text().split("\n")
    assert created == "# created: 2026-11-22T08:30:00Z"
    assert public == f"# public key: {text}"
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert end == ""
    assert parse_recipients([text])[0].text == text


@pytest.mark.skipif(shutil.which("age-keygen") is None, reason="needs the Debian package age")
def test_age_reads_it(tmp_path):
    path = tmp_path / "owner.key"
    text = new_recipient(path)
    done = subprocess.run(["age-keygen", "-y", path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == text


@pytest.mark.skipif(os.name == "nt", reason="on Windows the rights of the folder hold")
def test_i4_only_the_owner_may_read_it(tmp_path):
    new_recipient(tmp_path / "owner.key")
    assert stat.S_IMODE((tmp_path / "owner.key").stat().st_mode) == 0o600


def test_another_key_is_never_overwritten(tmp_path):
    path = tmp_path / "owner.key"
    path.write_text("the only copy")
    with pytest.raises(UsageFault, match="identity-file-exists"):
        new_recipient(path)
    assert path.read_text() == "the only copy"


def test_each_is_new(tmp_path):
    assert new_recipient(tmp_path / "a") != new_recipient(tmp_path / "b")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(PreconditionNotMet, match="destination-unwritable"):
        new_recipient(tmp_path / "missing" / "owner.key")


def test_half_a_key_does_not_stay(tmp_path, mocker):
    mocker.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "full"))
    with pytest.raises(PreconditionNotMet, match="disk-full"):
        new_recipient(tmp_path / "owner.key")
    assert list(tmp_path.iterdir()) == []
