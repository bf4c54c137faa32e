import errno
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import tarfile
from io import FileIO
from pathlib import Path

import pyrage
import pytest

from agent.errors import ExitCode, PreconditionNotMet, UsageFault
from agent.export.files import write_all
from agent.export.spool import SealedSpool
from protocols.errors import LinkLost
from tests.agent.export.fake_driver import SECRETS, Owner, fake_terminal, transaction, write

NAMES = ["manifest.json", "totals.json", "parameters.json", "transactions.jsonl"]


def opened(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert archive.getnames() == NAMES
        return {name: content_of(archive, name) for name in NAMES}


def content_of(archive, name):
    return archive.extractfile(name).read()


def test_an_export_is_written(owner, destination):
    written = write(fake_terminal(2000), destination, owner)
    data = destination.read_bytes()
    assert list(destination.parent.iterdir()) == [destination]
    assert written.path == destination
    assert (written.sha256, written.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert written.recipients == (owner.recipient,)
    members = opened(pyrage.decrypt(data, [owner.identity]))
    manifest = json.loads(members["manifest.json"])
    assert written.manifest_sha256 == hashlib.sha256(members["manifest.json"]).hexdigest()
    assert manifest["verification_recipient"] == written.key.recipient
    for row in manifest["members"]:
        content = members[row["name"]]
        assert (row["size"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the Debian package age")
@pytest.mark.parametrize("records", [0, 1, 5000])
def test_debians_age_opens_it_for_every_recipient(tmp_path, destination, records):
    owners = [Owner(tmp_path, name) for name in ("one", "two", "three")]
    driver = fake_terminal(records)
    write(driver, destination, *owners)
    plain = [
        subprocess.run(["age", "-d", "-i", each.file, destination], capture_output=True, check=True).stdout
        for each in owners
    ]
    assert plain[0] == plain[1] == plain[2]
    members = opened(plain[0])
    sums: dict = {}
    for line in members["transactions.jsonl"].splitlines():
        row = json.loads(line)
        count, amount = sums.get((row["kind"], row["scheme"]), (0, 0))
        sums[row["kind"], row["scheme"]] = (count + 1, amount + row["amount"])
    said = json.loads(members["totals.json"])
    assert said["computed"] == said["terminal"]
    assert said["terminal"]["records"] == records
    assert sums == {(row["kind"], row["scheme"]): (row["count"], row["amount"]) for row in said["terminal"]["totals"]}
    expected: dict = {}
    for number in range(1, records + 1):
        made = transaction(number)
        key = made.kind.name.lower(), made.scheme.name.lower()
        count, amount = expected.get(key, (0, 0))
        expected[key] = (count + 1, amount + made.amount)
    assert sums == expected


def test_i4_no_secret_of_the_terminal_is_in_it(owner, destination):
    write(fake_terminal(100, parameters={"merchant_name": "4111111111111111=3012"}), destination, owner)
    plain = pyrage.decrypt(destination.read_bytes(), [owner.identity]).decode()
    for secret in (*SECRETS, *SECRETS.values(), "password", "4111111111111111", "6217990000000000018", "3012"):
        assert secret not in plain
    for name in ("track", "expiry", "pin", "cvv"):
        assert f'"{name}' not in plain


def test_i4_nothing_in_the_clear_touches_the_disk(owner, destination, mocker):
    kept = []
    real = write_all

    def keep(file, data):
        kept.append(bytes(data))
        real(file, data)

    for module in ("agent.export.writer", "agent.export.spool"):
        mocker.patch(f"{module}.write_all", side_effect=keep)
    write(fake_terminal(2000), destination, owner)
    on_disk = b"".join(kept)
    assert len(on_disk) > 2 * 2000 * 200, "spool and export"
    for plain in (b"411111******", b'"amount"', b"manifest.json", b"999100058120042", b"R20261122"):
        assert plain not in on_disk


def test_i4_the_verification_key_is_not_shown(owner, destination):
    written = write(fake_terminal(), destination, owner)
    assert "SECRET" not in repr(written)
    assert str(written.key.identity) not in repr(written)


def test_i4_the_folder_holds_ciphertext_only_even_in_the_middle(owner, destination):
    seen = []

    def look(_done, _total):
        seen.append([path.name for path in destination.parent.iterdir()])

    write(fake_terminal(2000), destination, owner, progress=look)
    if os.name != "nt":
        assert all(names == ["export.age.partial"] for names in seen)
    assert not destination.with_name("export.age.partial").exists()


def test_it_is_durable_before_it_has_its_name(owner, destination, mocker):
    events = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor):
        events.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_sync(descriptor)

    def replace(self, target):
        events.append("rename")
        return real_replace(self, target)

    mocker.patch("os.fsync", side_effect=sync)
    mocker.patch.object(Path, "replace", replace)
    write(fake_terminal(), destination, owner)
    assert events == ["file", "rename", "folder"]


@pytest.mark.parametrize("options", [{}, {"replace": False}])
def test_an_export_that_stands_there_is_not_overwritten(owner, destination, options):
    destination.write_bytes(b"the only copy of another journal")
    driver = fake_terminal()
    driver.read_parameters = None  # the terminal is not even asked
    with pytest.raises(UsageFault, match="destination-exists"):
        write(driver, destination, owner, **options)
    assert destination.read_bytes() == b"the only copy of another journal"


def test_it_is_replaced_when_that_is_asked_for(owner, destination):
    destination.write_bytes(b"of the same case, before a restart")
    destination.with_name("export.age.partial").write_bytes(b"of a run that was killed")
    written = write(fake_terminal(), destination, owner, replace=True)
    assert hashlib.sha256(destination.read_bytes()).hexdigest() == written.sha256
    assert list(destination.parent.iterdir()) == [destination]


def test_a_folder_is_never_replaced(owner, destination):
    destination.mkdir()
    with pytest.raises(UsageFault, match="destination-exists"):
        write(fake_terminal(), destination, owner, replace=True)


def test_recipients_come_first(destination):
    driver = fake_terminal()
    driver.read_parameters = None
    with pytest.raises(UsageFault, match="recipient-missing"):
        write(driver, destination)
    assert list(destination.parent.iterdir()) == []


def fails(destination, owner, code, driver=None):
    with pytest.raises(PreconditionNotMet) as caught:
        write(driver or fake_terminal(2000), destination, owner)
    assert caught.value.code == code
    assert caught.value.exit_code is ExitCode.PRECONDITION
    assert not destination.exists()
    if destination.parent.is_dir():
        assert list(destination.parent.iterdir()) == []


def test_a_destination_in_no_folder(owner, tmp_path):
    driver = fake_terminal()
    driver.read_parameters = None  # a wrong place is noticed before the terminal is read
    fails(tmp_path / "missing" / "export.age", owner, "destination-unwritable", driver)
    (tmp_path / "file").write_text("no folder")
    fails(tmp_path / "file" / "export.age", owner, "destination-unwritable", driver)


def test_a_folder_that_may_not_be_written(owner, destination, mocker):
    # Said by hand, since root may write everywhere.
    mocker.patch("agent.export.writer.FileIO", side_effect=PermissionError(errno.EACCES, "Permission denied"))
    fails(destination, owner, "destination-unwritable")


@pytest.mark.parametrize("module", ["agent.export.writer", "agent.export.spool"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_disk_full_at_any_write(owner, destination, mocker, module, after):
    real = write_all
    count = iter(range(1000))

    def full(file, data):
        if next(count) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, data)

    mocker.patch(f"{module}.write_all", side_effect=full)
    fails(destination, owner, "disk-full")


def test_disk_full_at_the_end(owner, destination, mocker):
    mocker.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device"))
    fails(destination, owner, "disk-full")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_disk_full_as_the_system_says_it(owner, destination, mocker):
    real = FileIO
    mocker.patch("agent.export.writer.FileIO", side_effect=lambda _path, _mode: real("/dev/full", "wb"))
    fails(destination, owner, "disk-full")


def test_a_rename_that_fails(owner, destination, mocker):
    mocker.patch.object(Path, "replace", side_effect=OSError(errno.EACCES, "Permission denied"))
    fails(destination, owner, "destination-unwritable")


def test_a_disk_that_gives_back_something_else(owner, destination, mocker):
    mocker.patch.object(SealedSpool, "chunks", side_effect=PreconditionNotMet("spool-damaged", path="x"))
    fails(destination, owner, "spool-damaged")


@pytest.mark.parametrize("fault", [LinkLost("unplugged"), KeyboardInterrupt()])
def test_whatever_ends_the_reading_comes_out_as_it_is(owner, destination, fault):
    driver = fake_terminal()

    def end(_number):
        raise fault

    driver.transaction = end
    with pytest.raises(type(fault)) as caught:
        write(driver, destination, owner)
    assert caught.value is fault
    assert list(destination.parent.iterdir()) == []


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("place", ["agent.export.writer.write_all", "agent.export.spool.SealedSpool.chunks"])
def test_whatever_ends_the_encryption_comes_out_as_it_is(owner, destination, mocker, fault, place):
    mocker.patch(place, side_effect=fault)
    with pytest.raises(type(fault)) as caught:
        write(fake_terminal(), destination, owner)
    assert caught.value is fault
    assert list(destination.parent.iterdir()) == []
