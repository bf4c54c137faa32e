"""Archives and folders that nobody made: read as others read them, or refused with a documented error."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from agent.evidence.archive.zipped import read_archive
from agent.evidence.bundle import SIZE_LIMITS, BundleFiles
from agent.evidence.errors import EvidenceRejected
from agent.evidence.verify import verify_files
from agent.evidence.wording import WORDING
from tests.agent.evidence.archives import FILES, HOSTILE, M, archive, as_zip64, by_zipfile, changed, field, reader
from tests.fuzz.evidence.conftest import Sound
from tests.fuzz.evidence.flips import SEED, file_of
from tests.protocols.inputs import mutated

ROUNDS = 6_000
ARCHIVES = (
    archive(M),
    as_zip64(archive(M)),
    by_zipfile(FILES, "R1/"),
    by_zipfile(FILES, piped=True),
    by_zipfile(FILES, piped=True, zip64=True),
    *(data for data, _ in HOSTILE.values() if len(data) < 20_000),
)


def read(data: bytes) -> BundleFiles | str:
    """Read an archive, or return the code that it is refused with."""
    try:
        return read_archive(reader(data), len(data))
    except EvidenceRejected as fault:
        return fault.code


def as_others_read(data: bytes) -> dict[str, bytes]:
    """Read an archive by Python's own module."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {each.filename.rpartition("/")[2]: opened.read(each) for each in opened.infolist() if not each.is_dir()}


def test_i10_mutated_archives_are_refused_or_read_as_others_read_them() -> None:
    pick = Random(SEED)
    accepted = 0
    for number in range(ROUNDS):
        data = mutated(pick, pick.choice(ARCHIVES))
        found = read(data)
        if isinstance(found, str):
            assert found in WORDING, f"round {number} seed {SEED}"
            continue
        accepted += 1
        files = {name: file.head for name, file in found.files.items()}
        assert files == as_others_read(data), f"round {number} seed {SEED}"
    print(f"{ROUNDS} mutated archives, {accepted} accepted and read alike")


def lying(pick: Random) -> bytes:
    """Lay out an archive whose parts say what they like, and whose checks are all made to fit."""
    members = list(M)
    for _ in range(pick.randrange(1, 3)):
        at = pick.randrange(len(members))
        lies = tuple((field, value(pick)) for field, value in LIES.items() if pick.random() < 0.15)
        where = pick.choice([{"local": lies}, {"central": lies}, {"local": lies, "central": lies}])
        members = changed(members, at, **where)
    if pick.random() < 0.3:
        members = changed(members, pick.randrange(len(members)), **pick.choice(ODD)(pick))
    if pick.random() < 0.1:
        members.insert(pick.randrange(4), pick.choice(members))
    pick.shuffle(members)
    return archive(members)


LIES: dict[str, Callable[[Random], Any]] = {
    "name": lambda pick: pick.choice([b"job.json", b"export.age", b"R/job.json", b"job.json\0", b"intent.json"]),
    "flags": lambda pick: 1 << pick.randrange(16),
    "method": lambda pick: pick.choice([0, 8, 9, 99]),
    "crc": lambda pick: pick.randrange(1 << 32),
    "packed": lambda pick: pick.choice([0, 1, 100, 0xFFFFFFFF]),
    "size": lambda pick: pick.choice([0, 1, 280, 1_000, 0xFFFFFFFF]),
}
ODD: tuple[Callable[[Random], dict[str, Any]], ...] = (
    lambda pick: {"extra": field(pick.choice([1, 0x5455, 0x7075]), pick.randbytes(pick.choice([0, 8, 16])))},
    lambda pick: {"local_extra": field(pick.choice([1, 0x5455, 0x7875]), pick.randbytes(pick.choice([0, 8, 16])))},
    lambda pick: {"attributes": pick.randrange(1 << 32)},
    lambda pick: {"made_by": pick.randrange(20) << 8},
    lambda pick: {"name": pick.choice([b"intent.json", b"agent.pem", b"x"])},
    lambda pick: {"method": 0},
    lambda pick: {"flags": 8, "behind": pick.randbytes(pick.choice([12, 16]))},
)


def test_i10_archives_that_lie_are_refused_or_read_as_others_read_them() -> None:
    pick = Random(SEED)
    accepted = 0
    for number in range(ROUNDS):
        data = lying(pick)
        found = read(data)
        if not isinstance(found, str):
            accepted += 1
            files = {name: file.head for name, file in found.files.items()}
            assert files == as_others_read(data), f"round {number} seed {SEED}"
    print(f"{ROUNDS} archives that lie, {accepted} accepted and read alike")
    assert 0 < accepted < ROUNDS


def test_i10_every_flipped_byte_of_an_archive_changes_nothing_or_is_refused() -> None:
    counts = {"refused": 0, "the same": 0}
    for data in ARCHIVES[:5]:
        sound = read(data)
        for at in range(len(data)):
            for mask in (1 << at % 8, 0xFF):
                found = read(data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :])
                # Times and the like are no evidence; what the files are is.
                assert isinstance(found, str) or found == sound, at
                counts["refused" if isinstance(found, str) else "the same"] += 1
    print(f"flipped bytes of archives: {counts}")
    assert counts["refused"] > counts["the same"]


@pytest.mark.parametrize("size", [1, 22, 100, 4_000])
def test_i10_garbage_is_no_archive(size: int) -> None:
    pick = Random(SEED)
    tails = (b"", b"PK\5\6" + bytes(18))
    codes = {str(read(pick.randbytes(size) + tail)) for _ in range(500) for tail in tails}
    assert codes <= {"zip-broken", "zip-layout", "zip-entries"}


def test_i10_random_bundles_end_in_a_report(sound: Sound) -> None:
    pick = Random(SEED)
    names, pool = sorted(SIZE_LIMITS), list(sound.contents.values())
    for number in range(1_500):
        files = dict(sound.contents)
        for _ in range(pick.randrange(1, 4)):
            name = pick.choice(names)
            match pick.randrange(5):
                case 0:
                    files.pop(name, None)
                case 1:
                    files[name] = pick.choice(pool)
                case 2:
                    files[name] = pick.randbytes(pick.randrange(200))
                case 3:
                    files[name] = mutated(pick, pick.choice(pool))
                case 4 if name in files:
                    files[name] = files[name][: pick.randrange(len(files[name]) + 1)]
        report = verify_files(BundleFiles({name: file_of(data) for name, data in files.items()}), sound.trust)
        assert not report.accepted or files == sound.contents, f"round {number} seed {SEED}"
        assert {check.code for check in report.checks if check.code} <= WORDING.keys()
