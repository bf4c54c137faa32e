"""The script in the bundle comes to the verdict of `posretire verify`, check by check, over everything that is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.evidence.issue import issue_statement
from agent.evidence.trust import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.attacks import INSIDER, OUTSIDER
from tests.agent.evidence.made import World
from tests.agent.evidence.script_runs import differences, needs_tools, run_script
from tests.corpus.good import GOOD

pytestmark = needs_tools

KNOWN: dict[str, tuple[set[str], str]] = {}
"""Attacks whose checks differ: which, and why that is no harm; the result is the same all the same."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.make(tmp_path_factory.mktemp("home"))


def held_against_each_other(world: World, name: str, folder: Path) -> None:
    trust = world.home / "trust"
    report, run = verify_bundle(folder, TrustStore.load([trust])), run_script(folder, trust)
    assert run.err == ""
    assert (run.result, run.code) == (report.result.value, 0 if report.accepted else 6)
    allowed, _ = KNOWN.get(name, (set(), ""))
    assert [each for each in differences(report, run) if each.partition(":")[0] not in allowed] == []


@pytest.mark.parametrize("name", GOOD)
def test_honest_bundles(world: World, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "bundle"
    issue_statement(folder, world.lay_out(folder, GOOD[name]), world.agent, world.trust)
    held_against_each_other(world, name, folder)
    assert run_script(folder, world.home / "trust").result == "PASS"


@pytest.mark.parametrize("name", INSIDER)
def test_i5_forgeries_by_the_agents_key(world: World, tmp_path: Path, name: str) -> None:
    bend, check, code = INSIDER[name]
    folder = tmp_path / "bundle"
    world.claim_pass(folder, world.lay_out(folder, bend))
    held_against_each_other(world, name, folder)
    assert run_script(folder, world.home / "trust").checks[check][1] == code


@pytest.mark.parametrize("name", OUTSIDER)
def test_edits_by_anybody(world: World, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "bundle"
    issue_statement(folder, world.lay_out(folder), world.agent, world.trust)
    OUTSIDER[name][0](folder, world)
    held_against_each_other(world, name, folder)
