import io
import random
import tarfile

import pytest

from agent.errors import VerificationFailed
from agent.export.archive import tar_stream
from agent.export.unpack import TarReceiver
from tests.agent.export.test_archive import MEMBERS, TIME

WHOLE = b"".join(tar_stream(MEMBERS, TIME))


class Collected:
    """Collects what is taken out of an archive."""

    def __init__(self):
        self.found = {}
        self.ended = []

    def begin(self, name, size):
        data = bytearray()
        self.found[name] = (size, data)
        collected = self

        class Receiver:
            def feed(self, piece):
                data.extend(piece)

            def end(self):
                collected.ended.append(name)

        return Receiver()


def push(data, piece):
    collected = Collected()
    receiver = TarReceiver(collected.begin)
    for at in range(0, len(data), piece):
        assert receiver.write(data[at : at + piece]) == len(data[at : at + piece])
    return receiver, collected


@pytest.mark.parametrize("piece", [1, 100, 511, 512, 8192, len(WHOLE)])
def test_members_come_out_however_it_is_pushed(piece):
    receiver, collected = push(WHOLE, piece)
    assert receiver.complete
    assert list(collected.found) == collected.ended == [each.name for each in MEMBERS]
    for each in MEMBERS:
        assert collected.found[each.name] == (each.size, b"".join(each.chunks()))


@pytest.mark.parametrize("cut", [0, 1, 511, 512, 600, 1024, len(WHOLE) - 513, len(WHOLE) - 512, len(WHOLE) - 1])
def test_an_archive_that_is_cut_is_not_complete(cut):
    assert not push(WHOLE[:cut], 100)[0].complete


def test_more_zero_blocks_are_allowed_and_nothing_else():
    assert push(WHOLE + bytes(10_240), 1000)[0].complete
    assert not push(WHOLE + bytes(100), 1000)[0].complete
    with pytest.raises(VerificationFailed, match="export-content"):
        push(WHOLE + WHOLE, 1000)


def archive_of(kind):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        header = tarfile.TarInfo("manifest.json")
        header.type = kind
        header.linkname = "elsewhere"
        archive.addfile(header)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_i10_only_files_are_members(kind):
    with pytest.raises(VerificationFailed, match="export-content"):
        push(archive_of(kind), 512)


def test_i10_garbage_ends_in_the_documented_error():
    random_ = random.Random(7)
    faults = []
    for _ in range(300):
        damaged = bytearray(WHOLE)
        for _ in range(random_.randint(1, 20)):
            damaged[random_.randrange(1024)] = random_.randrange(256)
        for data in (bytes(damaged), random_.randbytes(2000)):
            receiver = TarReceiver(Collected().begin)
            try:
                receiver.write(data)
            except VerificationFailed as fault:
                faults.append((receiver.fault is fault, fault.code))
    assert set(faults) == {(True, "export-content")}
