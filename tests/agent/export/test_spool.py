import errno
import hashlib
import os
import random

import pytest

from agent.errors import PreconditionNotMet
from agent.export.spool import CHUNK_BYTES, TAG_BYTES, SealedSpool
from protocols.errors import LocalProtocolError


def filled(folder, data, piece):
    spool = SealedSpool(folder)
    for at in range(0, len(data), piece):
        spool.write(data[at : at + piece])
    return spool


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 300_001])
@pytest.mark.parametrize("piece", [1000, 65_536, 200_000])
def test_what_was_written_comes_back(tmp_path, size, piece):
    data = random.Random(size).randbytes(size)
    with filled(tmp_path, data, piece) as spool:
        assert b"".join(spool.chunks()) == data
        assert b"".join(spool.chunks()) == data
        assert spool.size == size
        assert spool.sha256 == hashlib.sha256(data).hexdigest()
        assert all(len(chunk) <= CHUNK_BYTES for chunk in spool.chunks())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the name until the file is closed")
def test_the_file_has_no_name(tmp_path):
    with filled(tmp_path, bytes(100_000), 1000):
        assert list(tmp_path.iterdir()) == []


def test_i4_nothing_is_on_the_disk_in_the_clear(tmp_path):
    marker = b"621799******0018"
    with filled(tmp_path, marker * 20_000, 999) as spool:
        list(spool.chunks())
        on_disk = os.pread(spool._file.fileno(), 1 << 20, 0)
    assert len(on_disk) == len(marker) * 20_000 + 5 * TAG_BYTES
    assert marker[:6] not in on_disk
    assert on_disk[:1000] != on_disk[CHUNK_BYTES + TAG_BYTES :][:1000], "each chunk has a nonce of its own"


def test_nothing_is_added_once_it_is_read(tmp_path):
    with filled(tmp_path, b"abc", 3) as spool:
        assert list(spool.chunks()) == [b"abc"]
        with pytest.raises(LocalProtocolError):
            spool.write(b"d")


def damage_byte(file):
    os.pwrite(file.fileno(), b"\x00" if os.pread(file.fileno(), 1, 70_000) != b"\x00" else b"\x01", 70_000)


def swap_chunks(file):
    step = CHUNK_BYTES + TAG_BYTES
    one, two = os.pread(file.fileno(), step, 0), os.pread(file.fileno(), step, step)
    os.pwrite(file.fileno(), two + one, 0)


def cut_end(file):
    file.truncate(CHUNK_BYTES + 100)


def lose_all(file):
    file.truncate(0)


@pytest.mark.parametrize("damage", [damage_byte, swap_chunks, cut_end, lose_all])
def test_a_disk_that_gives_back_something_else_is_noticed(tmp_path, damage):
    with filled(tmp_path, bytes(200_000), 65_536) as spool:
        list(spool.chunks())
        damage(spool._file)
        with pytest.raises(PreconditionNotMet, match="spool-damaged"):
            list(spool.chunks())


def test_a_read_error_is_noticed(tmp_path, mocker):
    with filled(tmp_path, bytes(200_000), 65_536) as spool:
        mocker.patch.object(spool, "_file", mocker.Mock(seek=mocker.Mock(side_effect=OSError(errno.EIO, "bad block"))))
        spool._pending.clear()
        with pytest.raises(PreconditionNotMet, match="spool-damaged"):
            list(spool.chunks())


def test_disk_full(tmp_path, mocker):
    mocker.patch("agent.export.spool.write_all", side_effect=OSError(errno.ENOSPC, "full"))
    with SealedSpool(tmp_path) as spool:
        spool.write(b"small")
        with pytest.raises(PreconditionNotMet, match="disk-full"):
            spool.write(bytes(CHUNK_BYTES))


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(PreconditionNotMet, match="destination-unwritable"):
        SealedSpool(tmp_path / "missing")
