import hashlib
import io
import shutil
import subprocess
import tarfile

import pytest

from agent.export.archive import Member, PullStream, tar_stream
from protocols.errors import LocalProtocolError

TIME = "2026-11-22T08:30:00.125Z"


def member(name, *chunks, size=None):
    data = b"".join(chunks)
    return Member(name, len(data) if size is None else size, hashlib.sha256(data).hexdigest(), lambda: iter(chunks))


MEMBERS = [
    member("manifest.json", b"{}"),
    member("empty"),
    member("block", b"x" * 512),
    member("long", *[bytes([n]) * 1000 for n in range(100)]),
]


def test_a_stock_tar_reader_opens_it():
    with tarfile.open(fileobj=io.BytesIO(b"".join(tar_stream(MEMBERS, TIME)))) as archive:
        assert archive.getnames() == [each.name for each in MEMBERS]
        for each in MEMBERS:
            content = archive.extractfile(each.name)
            assert content is not None
            assert content.read() == b"".join(each.chunks())


@pytest.mark.skipif(shutil.which("tar") is None, reason="needs the program tar")
def test_gnu_tar_opens_it(tmp_path):
    data = b"".join(tar_stream(MEMBERS, TIME))
    done = subprocess.run(["tar", "x", "-C", tmp_path], input=data, capture_output=True, check=True)
    assert done.stderr == b""
    assert (tmp_path / "long").read_bytes() == b"".join(MEMBERS[-1].chunks())


def test_headers_tell_nothing_of_the_machine():
    data = b"".join(tar_stream(MEMBERS, TIME))
    assert data == b"".join(tar_stream(MEMBERS, TIME))
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        headers = archive.getmembers()
    for header in headers:
        assert (header.uid, header.gid, header.uname, header.gname, header.mode) == (0, 0, "", "", 0o600)
        assert header.mtime == 1795336200
        assert header.isreg()
    assert data[257:263] == b"ustar\0"


def test_a_member_of_another_size_ends_it():
    for size in (0, 99, 101):
        with pytest.raises(LocalProtocolError):
            list(tar_stream([member("x", b"x" * 100, size=size)], TIME))


@pytest.mark.parametrize("size", [1, 7, 512, 8192, 1_000_000])
def test_it_can_be_pulled_in_any_size(size):
    whole = b"".join(tar_stream(MEMBERS, TIME))
    stream = PullStream(tar_stream(MEMBERS, TIME))
    pieces = list(iter(lambda: stream.read(size), b""))
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) <= size
    assert stream.read(size) == b""


@pytest.mark.parametrize("fault", [OSError("gone"), KeyboardInterrupt(), LocalProtocolError("x")])
def test_an_error_of_the_source_is_kept(fault):
    def pieces():
        yield b"abc"
        raise fault

    stream = PullStream(pieces())
    assert stream.read(10) == b"abc"
    with pytest.raises(type(fault)):
        stream.read(10)
    assert stream.fault is fault
