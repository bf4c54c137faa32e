"""The folder of a case: written whole, finished once, read with limits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from agent.errors import AgentError, PreconditionNotMet
from agent.evidence.bundle import ATTACHMENTS, DEVICE_PRE, EXPORT, SIZE_LIMITS, BundleFiles, CaseFolder, read_bundle
from agent.evidence.dsse import STATEMENT
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.files import TEMPORARY
from agent.evidence.job import JOB, digest_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")


def code(call, *arguments) -> str:
    with pytest.raises(AgentError) as raised:
        call(*arguments)
    return raised.value.code


def test_a_case_is_partial_until_it_is_finished(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "out", "R1")
    assert folder.write(JOB, b"{}") == tmp_path / "out" / "R1.partial" / JOB
    assert folder.read(JOB) == b"{}"
    assert code(folder.finish) == "file-absent"
    folder.write(STATEMENT, b"{}")
    assert folder.finish() == tmp_path / "out" / "R1"
    assert not folder.partial.exists()
    assert read_bundle(folder.final).digests() == {JOB: digest_of(b"{}")}


def test_a_case_has_one_folder(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path, "R1")
    assert code(CaseFolder.create, tmp_path, "R1") == "bundle-exists"
    folder.write(STATEMENT, b"{}")
    folder.finish()
    assert code(CaseFolder.create, tmp_path, "R1") == "bundle-exists"
    (tmp_path / "R1.partial").mkdir()
    folder.write(STATEMENT, b"{}")
    assert code(folder.finish) == "bundle-exists"


def test_i7_a_case_is_taken_up_without_what_was_being_written(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path, "R1")
    folder.write(JOB, b"{}")
    (folder.partial / f"{TEMPORARY}{EXPORT}").write_bytes(b"half")
    again = CaseFolder.resume(tmp_path, "R1")
    assert [path.name for path in again.partial.iterdir()] == [JOB]
    assert code(CaseFolder.resume, tmp_path, "R2") == "bundle-missing"


@pytest.mark.parametrize("case", ["", ".", "..", "../x", "a/b", "a\\b", "-x", "x.partial", "x" * 65, "中", "a\0"])
def test_i10_a_case_name_that_leads_elsewhere_is_refused(tmp_path: Path, case: str) -> None:
    assert code(CaseFolder.create, tmp_path, case) == "case-name"


@pytest.mark.parametrize("name", ["../job.json", "other.json", "", "job.json/x"])
def test_i10_only_files_of_a_bundle_are_written(tmp_path: Path, name: str) -> None:
    assert code(CaseFolder.create(tmp_path, "R1").write, name, b"") == "bundle-file"


def test_a_folder_that_cannot_be_written_is_the_users_to_mend(tmp_path: Path, mocker) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert code(CaseFolder.create, tmp_path / "file", "R1") == "bundle-unwritable"
    folder = CaseFolder.create(tmp_path, "R1")
    mocker.patch("os.fsync", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(PreconditionNotMet) as raised:
        folder.write(JOB, b"{}")
    assert raised.value.facts["why"] == "No space left on device"


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path, "R1")
    with pytest.raises(NotCheckable):
        folder.read(JOB)
    with pytest.raises(NotCheckable):
        BundleFiles({}).content(JOB)


def test_the_export_is_not_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / EXPORT).write_bytes(bytes(1_000_000))
    read = read_bundle(tmp_path).entry(EXPORT)
    assert (read.size, len(read.head)) == (1_000_000, 65_536)
    assert read.sha256 == digest_of(bytes(1_000_000))


def test_the_statement_is_no_subject_of_itself(tmp_path: Path) -> None:
    for name in SIZE_LIMITS:
        (tmp_path / name).write_bytes(b"x")
    assert set(read_bundle(tmp_path).digests()) == set(SIZE_LIMITS) - {STATEMENT, *ATTACHMENTS}


@posix_only
def test_i10_what_does_not_belong_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"x")
    for name, make in {
        "notes.txt": lambda path: path.write_bytes(b"x"),
        f"{TEMPORARY}{JOB}": lambda path: path.write_bytes(b"x"),
        JOB: lambda path: path.symlink_to(tmp_path / "target"),
        EXPORT: lambda path: path.mkdir(),
        STATEMENT: os.mkfifo,
        DEVICE_PRE: lambda path: path.write_bytes(bytes(SIZE_LIMITS[DEVICE_PRE] + 1)),
    }.items():
        bundle = tmp_path / "bundle"
        bundle.mkdir()
        make(bundle / name)
        with pytest.raises(EvidenceRejected) as raised:
            read_bundle(bundle)
        assert raised.value.code in ("file-unknown", "file-kind", "file-too-large")
        bundle.rename(tmp_path / f"done-{name}")


def test_no_folder_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert code(read_bundle, tmp_path / "nothing") == "bundle-unreadable"
    assert code(read_bundle, tmp_path / "file") == "bundle-unreadable"
