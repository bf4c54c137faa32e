"""Where the content of an export lands: in one step at the end, or not at all."""

import errno

import pytest

from agent.errors import PreconditionNotMet, UsageFault, VerificationFailed
from agent.export import landing
from agent.export.landing import CsvLanding, FolderLanding

RECEIPT = "receipts/0000000001-0000000501.txt"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_at_its_end(tmp_path):
    file = CsvLanding(tmp_path / "t.csv")
    file.write(b"a")
    file.write(b"b")
    assert "t.csv" not in names(tmp_path)
    file.finish()
    file.drop()
    assert names(tmp_path) == ["t.csv"]
    assert (tmp_path / "t.csv").read_bytes() == b"ab"


def test_a_folder_is_there_at_its_end(tmp_path):
    folder = FolderLanding(tmp_path / "un")
    for name in ("manifest.json", RECEIPT):
        member = folder.begin(name)
        member.feed(memoryview(b"x"))
        member.end()
    assert "un" not in names(tmp_path)
    folder.finish()
    folder.drop()
    assert names(tmp_path) == ["un"]
    assert (tmp_path / "un" / RECEIPT).read_bytes() == b"x"


@pytest.mark.parametrize("kind", [CsvLanding, FolderLanding])
def test_what_is_dropped_leaves_nothing(tmp_path, kind):
    made = kind(tmp_path / "x")
    if kind is FolderLanding:
        made.begin(RECEIPT)
    made.drop()
    made.drop()
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", [CsvLanding, FolderLanding])
def test_what_came_in_between_is_not_overwritten(tmp_path, kind):
    made = kind(tmp_path / "x")
    (tmp_path / "x").write_text("precious")
    with pytest.raises(UsageFault):
        made.finish()
    made.drop()
    assert (tmp_path / "x").read_text() == "precious"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("kind", [CsvLanding, FolderLanding])
def test_a_link_to_nowhere_stands_there_too(tmp_path, kind):
    (tmp_path / "x").symlink_to(tmp_path / "gone")
    with pytest.raises(UsageFault):
        kind(tmp_path / "x")


@pytest.mark.parametrize("name", ["../x", "/x", "x", "receipts/x", "receipts/../manifest.json", ""])
def test_i10_a_name_that_belongs_into_no_export_makes_no_file(tmp_path, name):
    folder = FolderLanding(tmp_path / "un")
    with pytest.raises(VerificationFailed):
        folder.begin(name)
    folder.drop()
    assert names(tmp_path) == []


def test_a_full_disk_is_told(tmp_path, mocker):
    file, folder = CsvLanding(tmp_path / "t.csv"), FolderLanding(tmp_path / "un")
    member = folder.begin("manifest.json")
    full = mocker.Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    mocker.patch.object(landing, "write_all", full)
    for act in (lambda: file.write(b"x"), lambda: member.feed(memoryview(b"x"))):
        with pytest.raises(PreconditionNotMet) as fault:
            act()
        assert fault.value.code == "disk-full"
