"""Batches: every bundle told of, none stopping another, and no case counted twice."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.evidence.apart import Done
from agent.evidence.batch import Batch, Tally, Verified, _of, cores, verify_batch, verify_one
from agent.evidence.checks.table import Check, Status
from agent.evidence.facts import Result
from agent.evidence.verify import Report
from tests.agent.evidence.archives import HOSTILE, by_zipfile
from tests.agent.evidence.made import CASE, World, contents


def found(name: str, case: str = "", sha256: str = "", result: Result = Result.PASS) -> Verified:
    return Verified(name, Report(result, (), {"case": case} if case else None), sha256)


def test_a_folder_is_looked_through_one_level_deep(tmp_path: Path) -> None:
    for name in ("b", "a", "c.partial"):
        (tmp_path / name / "inner").mkdir(parents=True)
    (tmp_path / "d.ZIP").touch()
    (tmp_path / "list.csv").touch()
    (tmp_path / "e.zip").symlink_to("nowhere")
    batch = Batch.find(tmp_path)
    assert batch.bundles == ("a", "b", "c.partial", "d.ZIP", "e.zip")
    assert batch.others == 1


@pytest.mark.parametrize(("name", "code"), [("absent", "batch-unreadable"), (".", "batch-empty")])
def test_a_folder_without_bundles_is_a_mistake_of_the_user(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(UsageFault) as raised:
        Batch.find(tmp_path / name)
    assert raised.value.code == code


def test_i8_a_batch_tells_of_each_bundle(world: World, issued, tmp_path: Path) -> None:
    folder, _ = issued()
    batch = tmp_path / "batch"
    shutil.copytree(folder, batch / "good")
    (batch / "good.zip").write_bytes(by_zipfile(contents(folder)))
    (batch / "bad.zip").write_bytes(HOSTILE["traversal"][0])
    (batch / "left.partial").mkdir()
    (batch / "link.zip").symlink_to(batch / "good.zip")
    shutil.copytree(folder, batch / "short")
    (batch / "short" / "job.json").unlink()

    seen = {each.name: each for each in verify_batch(Batch.find(batch), [world.home / "trust"], 2)}
    assert {name: (each.report.result.value, each.problem_code) for name, each in seen.items()} == {
        "good": ("PASS", ""),
        "good.zip": ("PASS", ""),
        "bad.zip": ("FAIL", "zip-path"),
        "left.partial": ("UNKNOWN", "bundle-unfinished"),
        "link.zip": ("FAIL", "file-kind"),
        "short": ("FAIL", "statement-subjects"),
    }
    assert seen["good"].case == CASE
    assert seen["good"].statement_sha256 == seen["good.zip"].statement_sha256 != ""


def test_roots_that_cannot_be_read_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    with pytest.raises(UsageFault) as raised:
        list(verify_batch(Batch.find(tmp_path), [tmp_path / "absent"]))
    assert raised.value.code == "trust-unreadable"


def test_i8_a_defect_over_one_bundle_is_told_and_not_raised(world: World, tmp_path: Path, mocker) -> None:
    mocker.patch("agent.evidence.batch.open_bundle", side_effect=RuntimeError("secret words"))
    (check,) = verify_one(tmp_path, world.trust, "bundle").report.checks
    assert (check.status, check.code, check.facts["kind"]) == (Status.NOT_CHECKABLE, "bundle-defect", "RuntimeError")
    assert "secret" not in check.detail


def test_a_bundle_that_is_gone_is_not_called_forged(world: World, tmp_path: Path) -> None:
    report = verify_one(tmp_path, world.trust, "gone").report
    assert (report.result, report.checks[0].code) == (Result.UNKNOWN, "bundle-unreadable")


def test_i8_a_dead_process_is_a_bundle_that_nobody_could_verify() -> None:
    dead = _of(Done("bundle", None, -9))
    assert (dead.name, dead.report.result, dead.problem_code) == ("bundle", Result.UNKNOWN, "bundle-crashed")
    assert dead.report.checks[0].facts == {"exit": -9}


def test_the_first_failure_is_the_problem() -> None:
    checks = (
        Check("a", Status.OK),
        Check("b", Status.NOT_CHECKABLE, "needs"),
        Check("c", Status.FAILED, "eat-nonce"),
    )
    assert Verified("x", Report(Result.FAIL, checks, None)).problem_code == "eat-nonce"
    assert Verified("x", Report(Result.FAIL, checks[:2], None)).problem_code == "needs"


def test_a_tally_counts() -> None:
    tally = Tally()
    assert tally.all_accepted is False
    assert tally.add(found("a", "R1", "1" * 64)) == ""
    assert tally.add(found("b", "R2", "2" * 64)) == ""
    assert (tally.accepted, tally.all_accepted) == (2, True)
    assert tally.add(_of(Done("c", None, -9))) == ""
    assert (tally.bundles, tally.accepted, tally.crashed) == (3, 2, 1)
    assert tally.results == Counter({Result.PASS: 2, Result.UNKNOWN: 1})
    assert not tally.all_accepted


def test_a_tally_tells_unbindings_from_retirements() -> None:
    tally = Tally()
    tally.add(Verified("a", Report(Result.PASS, (), {"case": "R1"}, "unbinding")))
    tally.add(Verified("b", Report(Result.PASS, (), {"case": "R2"}, "retirement")))
    tally.add(Verified("c", Report(Result.FAIL, (), {"case": "R3"}, "unbinding")))
    assert (tally.accepted, tally.unbindings) == (2, 1)


def test_i8_a_link_to_itself_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    batch = Batch.find(tmp_path)
    assert (batch.bundles, batch.others) == (("a",), 1)


@pytest.mark.parametrize("second", [found("b", "R1", "2" * 64), found("b", "", "1" * 64)])
def test_a_case_that_stands_there_twice_is_noticed(second: Verified) -> None:
    tally = Tally()
    tally.add(found("a", "R1", "1" * 64))
    assert tally.add(second) == "a"
    assert tally.duplicates == 1
    assert tally.accepted == 2
    assert not tally.all_accepted


def test_there_is_a_core() -> None:
    assert cores() >= 1
