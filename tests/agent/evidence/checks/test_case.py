"""Checks of a case's papers, each alone: what holds, what waits for something else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyrage
import pytest

from agent.evidence.bundle import DEVICE_PRE, EXPORT, read_bundle
from agent.evidence.checks.case import CASE_CHECKS
from agent.evidence.checks.table import Check, Examined, Status, run_checks
from agent.evidence.intent import INTENT
from agent.evidence.job import JOB, digest_of
from agent.evidence.journal import JOURNAL
from agent.evidence.material import Material
from tests.agent.evidence.made import Bend, Row, World, chain, replaced, stamp

NAMES = [name for name, _ in CASE_CHECKS]


def checked(world: World, folder: Path, bend: Bend | None = None, *, facts: bool = True) -> dict[str, Check]:
    said = world.lay_out(folder, bend)
    return run(world, folder, said.issued if facts else None, said.read_back if facts else None)


def run(world: World, folder: Path, issued=None, read_back=None) -> dict[str, Check]:
    examined = Examined(Material(read_bundle(folder), world.trust), issued, read_back)
    return {check.id: check for check in run_checks(CASE_CHECKS, examined)}


def codes(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.code for name, check in checks.items() if check.code}


def test_an_honest_case_holds(world: World, tmp_path: Path) -> None:
    assert codes(checked(world, tmp_path)) == {}


def test_without_a_statement_some_checks_wait(world: World, tmp_path: Path) -> None:
    checks = checked(world, tmp_path, facts=False)
    assert codes(checks) == dict.fromkeys(["times", "read-back", "agent"], "needs")
    assert all(checks[name].status is Status.NOT_CHECKABLE for name in codes(checks))


@pytest.mark.parametrize(
    ("missing", "own"),
    [(JOB, "job"), (INTENT, "intent"), (JOURNAL, "journal")],
)
def test_a_missing_paper_is_reported_once_and_waited_for(world: World, tmp_path: Path, missing: str, own: str) -> None:
    said = world.lay_out(tmp_path)
    (tmp_path / missing).unlink()
    checks = run(world, tmp_path, said.issued, said.read_back)
    assert checks[own].code == "file-absent"
    assert all(check.status is not Status.FAILED for check in checks.values() if check.id != "intent")


def test_an_empty_folder_fails_nothing_and_holds_nothing(world: World, tmp_path: Path) -> None:
    checks = run(world, tmp_path)
    assert list(checks) == NAMES
    assert {check.status for check in checks.values()} == {Status.NOT_CHECKABLE}


def test_a_clock_may_be_five_minutes_off(world: World, tmp_path: Path) -> None:
    assert "times" not in codes(checked(world, tmp_path / "a", Bend(intent=replaced(time=stamp(-299)))))
    assert codes(checked(world, tmp_path / "b", Bend(intent=replaced(time=stamp(-301)))))["times"] == "times-order"


def bundle_with_export(world: World, folder: Path, data: bytes, recipients: int) -> dict[str, Check]:
    def edit(intent):
        export = dataclasses.replace(
            intent.export, sha256=digest_of(data), size=len(data), recipients=("age1x",) * recipients
        )
        digests = {**intent.digests, EXPORT: digest_of(data)}
        return dataclasses.replace(intent, export=export, digests=digests)

    return checked(world, folder, Bend(intent=edit, files=lambda files: {**files, EXPORT: data}))


def test_the_recipients_of_the_export_are_counted(world: World, tmp_path: Path) -> None:
    people = [pyrage.x25519.Identity.generate().to_public() for _ in range(3)]
    data = pyrage.encrypt(b"-> X25519 in the text does not count\n", people)
    assert "export" not in codes(bundle_with_export(world, tmp_path / "a", data, 2))
    assert codes(bundle_with_export(world, tmp_path / "b", data, 3))["export"] == "export-recipients"
    assert codes(bundle_with_export(world, tmp_path / "c", data, 1))["export"] == "export-recipients"


@pytest.mark.parametrize("data", [b"", b"plain text", b"age-encryption.org/v1\n-> X25519 x\n", b"x" * 100])
def test_an_export_that_is_no_age_file_is_refused(world: World, tmp_path: Path, data: bytes) -> None:
    assert codes(bundle_with_export(world, tmp_path, data, 1))["export"] == "export-not-age"


def test_i1_an_unverified_export_needs_a_reason(world: World, tmp_path: Path) -> None:
    blank = Bend(export=False, intent=replaced(waivers={"export-verification": "  "}))
    assert codes(checked(world, tmp_path / "a", blank))["export"] == "export-unverified"
    assert codes(checked(world, tmp_path / "b", Bend(export=False))) == {}


def test_a_terminal_that_cannot_attest_has_an_intent_without_its_attestation(world: World, tmp_path: Path) -> None:
    def edit(intent):
        return dataclasses.replace(intent, digests={k: v for k, v in intent.digests.items() if k != DEVICE_PRE})

    def drop(files):
        return {name: data for name, data in files.items() if name != DEVICE_PRE}

    assert "intent" not in codes(checked(world, tmp_path, Bend(intent=edit, files=drop)))


def journal_of(*rows) -> Bend:
    def edit(files):
        lines: list[Row] = [
            ("INTENT", "inspect", {}),
            ("DONE", "inspect", {"tusn": "9999990200000001"}),
            ("INTENT", "intent", {}),
        ]
        lines.append(("DONE", "intent", {"intent": digest_of(files[INTENT])}))
        return {**files, JOURNAL: b"".join(entry.line() + b"\n" for entry in chain([*lines, *rows]))}

    return Bend(files=edit)


@pytest.mark.parametrize(
    ("rows", "code", "status"),
    [
        ([], "journal-no-wipe", Status.FAILED),
        ([("INTENT", "unbind", {}), ("DONE", "unbind", {})], "journal-no-wipe", Status.FAILED),
        ([("INTENT", "wipe", {})], "journal-step-open", Status.NOT_CHECKABLE),
        ([("INTENT", "wipe", {}), ("UNKNOWN", "wipe", {})], "journal-step-unknown", Status.NOT_CHECKABLE),
        ([("INTENT", "wipe", {}), ("NOTE", "wipe", {})], "journal-step-open", Status.NOT_CHECKABLE),
        ([("INTENT", "wipe", {}), ("FAILED", "wipe", {})], "journal-step-failed", Status.FAILED),
        (
            [("INTENT", "unbind", {}), ("INTENT", "wipe", {}), ("DONE", "wipe", {})],
            "journal-step-open",
            Status.NOT_CHECKABLE,
        ),
    ],
)
def test_a_change_that_was_begun_must_be_done(world: World, tmp_path: Path, rows, code: str, status: Status) -> None:
    outcome = checked(world, tmp_path, journal_of(*rows))["journal-outcome"]
    assert (outcome.code, outcome.status) == (code, status)


def test_i7_a_step_that_failed_first_and_was_done_later_is_done(world: World, tmp_path: Path) -> None:
    rows: list[Row] = [(event, "wipe", {}) for event in ("INTENT", "FAILED", "INTENT", "DONE")]
    assert codes(checked(world, tmp_path, journal_of(*rows))) == {}
