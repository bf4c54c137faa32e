"""Verifying: an honest bundle is accepted, and nothing else is."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.evidence.bundle import EXPORT, read_bundle
from agent.evidence.checks.table import Status
from agent.evidence.dsse import STATEMENT, open_envelope, sign_envelope
from agent.evidence.facts import Effect, Finding, Result, Verdict
from agent.evidence.material import Material
from agent.evidence.statement import build_statement
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import Report, verify_bundle
from agent.privacy import PLAIN, LinkFacts
from tests.agent.evidence.attacks import INSIDER, LINK, OUTSIDER, over
from tests.agent.evidence.made import Bend, World, replaced

SAMPLE_STEP = 97
FLIP_SEED = 20260504


def statuses(report: Report) -> dict[str, Status]:
    return {check.id: check.status for check in report.checks}


def codes(report: Report) -> dict[str, str]:
    return {check.id: check.code for check in report.checks if check.code}


def test_an_honest_bundle_is_accepted(world: World, issued) -> None:
    folder, _ = issued()
    report = verify_bundle(folder, world.trust)
    assert codes(report) == {}
    assert (report.result, report.accepted) == (Result.PASS, True)
    assert report.statement is not None
    assert report.statement["media"]["serial_number"] == "9999990200000001"


def test_a_bundle_without_export_is_accepted_with_its_waiver(world: World, issued) -> None:
    folder, _ = issued(Bend(export=False))
    report = verify_bundle(folder, world.trust)
    assert report.accepted
    assert report.statement is not None
    assert report.statement["waivers"] == {"export-verification": "journal lost, owner agrees"}
    assert report.statement["backup"] is None


@pytest.mark.parametrize("link", [LINK, PLAIN], ids=["private", "plain"])
def test_a_bundle_that_names_its_link_is_accepted(world: World, issued, link: LinkFacts) -> None:
    folder, _ = issued(over(link))
    report = verify_bundle(folder, world.trust)
    assert codes(report) == {}
    assert report.accepted
    assert report.statement is not None
    assert report.statement["links"] == [vars(link)]


def test_a_second_link_stands_behind_the_second_attestation(world: World, issued) -> None:
    later = dataclasses.replace(LINK, binding="d" * 64)
    bend = over(LINK, after=replaced(binding=bytes.fromhex(later.binding)), facts=replaced(links=(LINK, PLAIN, later)))
    folder, _ = issued(bend)
    assert verify_bundle(folder, world.trust).accepted


def test_a_bundle_of_an_older_version_says_nothing_of_links(world: World, issued) -> None:
    folder, _ = issued()
    report = verify_bundle(folder, world.trust)
    assert report.accepted
    assert report.statement is not None
    assert "links" not in report.statement


@pytest.mark.parametrize("name", INSIDER)
def test_i5_forgery_by_the_agents_key_is_refused(world: World, tmp_path: Path, name: str) -> None:
    bend, check, code = INSIDER[name]
    folder = tmp_path / "bundle"
    facts = world.lay_out(folder, bend)
    world.claim_pass(folder, facts)
    report = verify_bundle(folder, world.trust)
    assert not report.accepted
    assert report.result is Result.FAIL
    assert codes(report).get(check) == code, codes(report)


@pytest.mark.parametrize("name", OUTSIDER)
def test_edit_by_anybody_is_refused(world: World, issued, name: str) -> None:
    attack, check = OUTSIDER[name]
    folder, _ = issued()
    attack(folder, world)
    report = verify_bundle(folder, world.trust)
    assert report.result is Result.FAIL
    assert statuses(report)[check] is not Status.OK, codes(report)


def forged(world: World, folder: Path, edit) -> Report:
    """Alter the predicate of an honest bundle and sign it with the agent's own key."""
    payload = json.loads(open_envelope((folder / STATEMENT).read_bytes()).payload)
    edit(payload)
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (folder / STATEMENT).write_bytes(sign_envelope(canonical, world.agent))
    return verify_bundle(folder, world.trust)


def leaves(value, path=()):
    """Yield the path of every value in a JSON document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    yield path


WORKFLOW_SAYS = (
    ("media", "media_source"),
    ("media", "pre_sanitization_confidentiality"),
    ("media", "post_sanitization_confidentiality"),
    ("sanitization", "destination"),
    ("sanitization", "tool_version"),
    ("order", "authorisation"),
    ("times", "wipe_started"),
    ("times", "wipe_ended"),
    ("bindings", "platform"),
    ("person",),
    ("not_checked",),
)
"""What nothing but the agent's signature vouches for: no evidence of it can be in the bundle."""


def test_i5_no_field_of_the_predicate_can_say_what_the_evidence_does_not(world: World, issued) -> None:
    folder, _ = issued()
    original = (folder / STATEMENT).read_bytes()
    paths = [path for path in leaves(json.loads(open_envelope(original).payload)["predicate"]) if path]
    tried = 0
    for path in paths:
        if any(path[: len(free)] == free for free in WORKFLOW_SAYS):
            continue

        def edit(payload, path=path):
            at = payload["predicate"]
            for key in path[:-1]:
                at = at[key]
            old = at[path[-1]]
            at[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else "forged"

        report = forged(world, folder, edit)
        assert not report.accepted, path
        tried += 1
    assert tried > 100


@pytest.mark.parametrize("part", ["media", "regions", "key_slots", "read_back", "evidence", "findings", "result"])
def test_i5_no_part_of_the_predicate_can_be_left_out(world: World, issued, part: str) -> None:
    folder, _ = issued()
    assert not forged(world, folder, lambda payload: payload["predicate"].pop(part)).accepted


@pytest.mark.parametrize(
    "edit",
    [
        lambda payload: payload["predicate"].update(extra="field"),
        lambda payload: payload["predicate"]["media"].update(extra="field"),
        lambda payload: payload.update(extra="field"),
        lambda payload: payload.update(predicateType="urn:posretire:retirement:v9"),
        lambda payload: payload.update(_type="https://in-toto.io/Statement/v0.1"),
        lambda payload: payload["subject"].pop(),
        lambda payload: payload["subject"].append(payload["subject"][0]),
        lambda payload: payload["subject"][0].update(name="other.json"),
        lambda payload: payload["subject"][0]["digest"].update(sha256="0" * 64),
        lambda payload: payload["subject"][0]["digest"].update(md5="0" * 32),
        lambda payload: payload["predicate"]["sanitization"]["validation"].update(accepted=1),
    ],
)
def test_other_forms_of_the_statement_are_refused(world: World, issued, edit) -> None:
    folder, _ = issued()
    assert not forged(world, folder, edit).accepted


def test_an_honest_fail_is_reported_as_such_and_its_signature_holds(world: World, issued) -> None:
    folder, statement = issued(Bend(facts=replaced(findings=(Finding("odd", "Something odd.", Effect.FAIL),))))
    report = verify_bundle(folder, world.trust)
    assert statement.result is report.result is Result.FAIL
    assert not report.accepted
    assert codes(report) == {}


def test_i5_pass_over_a_finding_that_says_fail_is_refused(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    facts = world.lay_out(folder)
    world.claim_pass(folder, facts)
    report = forged(
        world,
        folder,
        lambda payload: payload["predicate"]["findings"].append({"code": "odd", "text": "Odd.", "effect": "fail"}),
    )
    assert codes(report) == {"result": "result-too-good"}


def test_a_level_lower_than_shown_is_allowed(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    facts = world.lay_out(folder)
    material = Material(read_bundle(folder), world.trust)
    payload = build_statement(material, facts, Verdict(Result.PASS, 0, (), ()))
    (folder / STATEMENT).write_bytes(sign_envelope(payload, world.agent))
    assert verify_bundle(folder, world.trust).accepted


def test_without_the_makers_root_nothing_is_accepted_and_nothing_called_forged(world: World, issued) -> None:
    folder, _ = issued()
    report = verify_bundle(folder, TrustStore((), world.trust.agents))
    assert report.result is Result.UNKNOWN
    assert codes(report) == {
        "eat-before": "makers-unknown",
        "eat-after": "makers-unknown",
        "level": "level-unproven",
        "result": "result-unproven",
    }


def test_without_any_agent_nothing_is_accepted(world: World, issued) -> None:
    folder, _ = issued()
    report = verify_bundle(folder, TrustStore(world.trust.makers, ()))
    assert report.result is Result.UNKNOWN
    assert codes(report)["agent"] == "agents-unknown"


def test_agents_and_makers_do_not_vouch_for_each_other(world: World, issued) -> None:
    folder, _ = issued()
    report = verify_bundle(folder, TrustStore(world.trust.agents, world.trust.makers))
    assert not report.accepted
    assert codes(report)["agent"] == "certificate-chain"


def test_no_folder_is_a_mistake_of_the_user(world: World, tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as raised:
        verify_bundle(tmp_path / "nothing", world.trust)
    assert raised.value.code == "bundle-unreadable"


def test_i10_a_folder_of_a_million_files_is_not_listed(world: World, tmp_path: Path, mocker) -> None:
    trust = world.trust
    endless = (tmp_path / f"file-{number}" for number in iter(int, 1))
    mocker.patch.object(Path, "iterdir", return_value=endless)
    assert not verify_bundle(tmp_path, trust).accepted


def flip_and_verify(world: World, folder: Path, scratch: Path, positions: dict[str, list[int]]) -> int:
    """Flip one bit of each byte given, one at a time, and require a refusal."""
    shutil.copytree(folder, scratch)
    pick = random.Random(FLIP_SEED)
    count = 0
    for name, offsets in positions.items():
        original = (folder / name).read_bytes()
        for offset in offsets:
            flipped = bytearray(original)
            flipped[offset] ^= 1 << pick.randrange(8)
            (scratch / name).write_bytes(flipped)
            report = verify_bundle(scratch, world.trust)
            assert not report.accepted, f"{name} byte {offset} seed {FLIP_SEED}"
            count += 1
        (scratch / name).write_bytes(original)
    assert verify_bundle(scratch, world.trust).accepted
    return count


def test_flipped_bytes_are_refused(world: World, issued, tmp_path: Path) -> None:
    folder, _ = issued()
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    positions = {name: list(range(size % 13, size, SAMPLE_STEP)) for name, size in sizes.items()}
    assert flip_and_verify(world, folder, tmp_path / "scratch", positions) > 100


@pytest.mark.fuzz
def test_i10_garbage_in_any_file_ends_in_a_report(world: World, issued) -> None:
    folder, _ = issued()
    pick = random.Random(FLIP_SEED)
    names = sorted(path.name for path in folder.iterdir())
    originals = {name: (folder / name).read_bytes() for name in names}
    for round_number in range(5_000):
        name = pick.choice(names)
        data = bytearray(originals[name])
        for _ in range(pick.randrange(1, 20)):
            at = pick.randrange(len(data))
            data[at : at + pick.randrange(4)] = pick.randbytes(pick.randrange(4))
        (folder / name).write_bytes(data)
        report = verify_bundle(folder, world.trust)
        assert not report.accepted or data == originals[name], f"round {round_number} seed {FLIP_SEED}"
        (folder / name).write_bytes(originals[name])


@pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")
def test_the_export_opens_with_age(world: World, issued, tmp_path: Path) -> None:
    folder, _ = issued()
    identity = tmp_path / "identity.txt"
    identity.write_text(f"{world.owner}\n", encoding="ascii")
    done = subprocess.run(["age", "-d", "-i", identity, folder / EXPORT], capture_output=True, check=True)
    assert done.stdout == b"made-up transactions"
