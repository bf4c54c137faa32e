"""Further copies of a case: before anything is changed, at its end, and when it is taken up again."""

from dataclasses import replace

import pytest

from agent.errors import PreconditionNotMet, UsageFault, VerificationFailed
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.export import copies
from agent.workflow.backup import check_folders, keep_bundle, place_of
from agent.workflow.resume import look_up, resume
from agent.workflow.retire import retire, trust_folders
from tests.agent.workflow.test_resume import assert_retired, killed_at
from tests.agent.workflow.test_retire import stopped


def asked(desk, tmp_path, *names):
    folders = tuple(tmp_path / name for name in names)
    desk.request = replace(desk.request, backups=folders)
    return folders


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def statement_of(desk, bundle):
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    report = verify_bundle(bundle, trust)
    assert report.result is Result.PASS
    return report


def test_every_copy_is_a_whole_bundle(desk, tmp_path):
    usb, nas = asked(desk, tmp_path, "usb", "deep/nas")
    seen = []

    def report(event):
        told = event.as_json()
        if (told.get("step"), told.get("state")) == ("unbind", "started"):
            seen.extend(sorted(path.name for each in (usb, nas) for path in each.rglob("*") if path.is_file()))
        desk.events.append(event)

    outcome = retire(desk.request, report)
    assert outcome.result is Result.PASS
    assert seen == ["export.age", "export.age"], "it is there before anything is unbound"
    for folder in (usb, nas):
        assert files_of(folder / outcome.case) == files_of(outcome.bundle)
        assert [path.name for path in folder.iterdir()] == [outcome.case]
        statement_of(desk, folder / outcome.case)
    assert b'"copies":["usb","nas"]' in (outcome.bundle / "journal.jsonl").read_bytes()


def test_i1_a_copy_that_cannot_be_written_stops_before_anything_is_changed(desk, tmp_path):
    (usb,) = asked(desk, tmp_path, "usb")
    usb.write_text("a file, no folder")
    stopped(desk, PreconditionNotMet, "backup-unwritable")
    assert usb.read_text() == "a file, no folder"


def test_i1_a_copy_that_is_another_when_read_back_stops_as_well(desk, tmp_path, mocker):
    (usb,) = asked(desk, tmp_path, "usb")
    written = copies.write_all
    mocker.patch("agent.export.copies.write_all", lambda file, data: written(file, b"x" + data[1:]))
    stopped(desk, VerificationFailed, "backup-differs")
    assert list(usb.iterdir()) == [], "nothing is left behind"


def test_a_disk_that_is_gone_at_the_end_is_told_and_changes_no_result(desk, tmp_path, mocker):
    (usb,) = asked(desk, tmp_path, "usb")
    mocker.patch("agent.workflow.backup._copy_bundle", side_effect=OSError(5, "Input/output error"))
    outcome = retire(desk.request, desk.events.append)
    assert outcome.result is Result.PASS
    assert outcome.findings[-1].code == "backup-incomplete"
    assert outcome.findings[-1].facts == {"path": str(usb), "why": "Input/output error"}
    assert desk.events[-1] == outcome.findings[-1]
    assert "backup-incomplete" not in {each.code for each in outcome.statement_findings}


@pytest.mark.parametrize(
    ("step", "harm"),
    [("verify-export", "gone"), ("unbind", "none"), ("unbind", "changed"), ("wipe", "gone"), ("attest", "changed")],
)
def test_i7_the_copies_of_a_case_that_broke_off_are_looked_at_again(desk, tmp_path, step, harm):
    (usb,) = asked(desk, tmp_path, "usb")
    case = killed_at(desk, step)
    (partial,) = usb.iterdir()
    if harm == "changed" and (partial / "export.age").exists():
        (partial / "export.age").write_bytes(b"something else")
    elif harm == "gone":
        for path in partial.iterdir():
            path.unlink()
        partial.rmdir()
    kept = look_up(desk.home, case).request
    assert kept.backups == (usb,)
    seen = []

    def report(event):
        told = event.as_json()
        if (told.get("step"), told.get("state")) == (step, "started") and step != "verify-export":
            seen.append((usb / f"{case}.partial" / "export.age").read_bytes())

    outcome = resume(case, replace(desk.request, backups=kept.backups), report)
    assert_retired(desk, outcome)
    assert {(outcome.bundle / "export.age").read_bytes()}.issuperset(seen), "made anew before the case goes on"
    assert files_of(usb / case) == files_of(outcome.bundle)
    assert [path.name for path in usb.iterdir()] == [case]


def lost(usb):
    for path in sorted(usb.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    usb.rmdir()
    usb.write_text("no folder any more")


def test_once_something_may_be_changed_a_lost_copy_is_named_and_holds_nothing_up(desk, tmp_path):
    (usb,) = asked(desk, tmp_path, "usb")
    case = killed_at(desk, "unbind")
    lost(usb)
    outcome = resume(case, desk.request, desk.events.append)
    assert outcome.result is Result.PASS
    assert {"backup-lost"} <= {each.code for each in outcome.statement_findings}
    assert outcome.findings[-1].code == "backup-incomplete"


def test_i1_before_the_first_change_the_copy_must_be_there(desk, tmp_path):
    (usb,) = asked(desk, tmp_path, "usb")
    case = killed_at(desk, "intent", "done")
    lost(usb)
    with pytest.raises(PreconditionNotMet) as fault:
        resume(case, desk.request, desk.events.append)
    assert fault.value.code == "backup-unwritable"
    usb.unlink()
    assert_retired(desk, resume(case, desk.request, desk.events.append))


def test_folders_that_are_none_for_copies(tmp_path):
    out = tmp_path / "out"
    for folders in ((out,), (tmp_path / "a", tmp_path / "a"), (tmp_path / "b" / ".." / "out",)):
        with pytest.raises(UsageFault) as fault:
            check_folders(out, folders)
        assert fault.value.code == "backup-same-place"
    with pytest.raises(UsageFault) as fault:
        check_folders(out, [tmp_path / str(each) for each in range(9)])
    assert fault.value.code == "too-many-backups"
    with pytest.raises(UsageFault) as fault:
        check_folders(out, [tmp_path / "a\nb"])
    assert fault.value.code == "option-path"


def test_a_place_is_the_last_part_of_its_path(tmp_path):
    assert place_of(tmp_path / "someone" / "usb") == "usb"
    assert place_of(tmp_path.__class__("/")) == "/"
    assert len(place_of(tmp_path / ("x" * 200))) == 64


def test_what_no_longer_belongs_into_a_copy_goes(tmp_path):
    bundle = tmp_path / "R-1"
    bundle.mkdir()
    (bundle / "job.json").write_bytes(b"{}")
    stale = tmp_path / "usb" / "R-1"
    stale.mkdir(parents=True)
    (stale / "statement.tsr").write_bytes(b"of the statement before")
    assert keep_bundle([tmp_path / "usb"], "R-1", bundle) == ()
    assert files_of(stale) == {"job.json": b"{}"}
