"""``verify.sh`` on every attack of the corpus: each check says what it says in `posretire verify`, and in the note."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.script_runs import ScriptRun, differences, needs_tools, run_script
from tests.corpus.build import Built, build
from tests.corpus.table import (
    ATTACKS_HEAD,
    WRITE,
    Found,
    row,
    script_cell,
    script_hole,
    write,
    write_wanted,
    written,
    written_by_attack,
)

PARTS = 8

KNOWN = {
    "payload of another type": "statement",  # the envelope's fields are looked at all at once
    "envelope with more in it": "statement",
    "page signed by another agent": "certificate",  # the page is not drawn, so its signature is what does not fit
}
"""Attacks that the script refuses by the same check with another code, by the name of that check."""

pytestmark = needs_tools


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("corpus") / "built")


def said(built: Built, path: Path) -> ScriptRun:
    run = run_script(path, built.trust)
    assert run.code == (2 if path.is_file() else 0 if run.result == "PASS" else 6)
    assert path.is_file() or run.err == ""
    return run


def found_by(run: ScriptRun) -> Found:
    return Found(run.result, {name: code for name, (status, code) in run.checks.items() if status != "ok"})


@pytest.mark.parametrize("part", range(PARTS))
def test_i5_every_attack_is_refused_by_the_script_too(built: Built, part: int) -> None:
    trust = TrustStore.load([built.trust])
    lines = written_by_attack()
    holes, differing, rows = [], [], []
    for attack, path in built.attacks[part::PARTS]:
        report, run = verify_bundle(path, trust), said(built, path)
        found, script = Found.of(report), found_by(run)
        if wrong := script_hole(attack, script):
            holes.append(f"{attack.by}, {attack.name}: {wrong}")
        if path.is_dir():  # an archive has to be unpacked first
            unlike = [each for each in differences(report, run) if each.partition(":")[0] != KNOWN.get(attack.name)]
            holes += [f"{attack.by}, {attack.name}: {each}" for each in unlike]
        rows.append(row(attack, found, script_cell(attack, found, script)))
        if rows[-1] != lines.get((attack.name, attack.by)):
            differing.append(rows[-1])
    assert not holes
    if write_wanted():
        fresh = {(line.split("|")[1].strip(), line.split("|")[2].strip()): line for line in rows}
        write("attacks", ATTACKS_HEAD, [fresh.get(key, line) for key, line in lines.items()])
        differing = [line for line in rows if line not in written("attacks")]
    assert differing == [], f"the note says something else; write it anew with {WRITE}=1"


def test_honest_bundles_are_accepted_by_the_script_too(built: Built) -> None:
    folders = [path for path in built.good if path.is_dir()]
    runs = {path.name: said(built, path) for path in folders}
    assert {name: found_by(run).codes for name, run in runs.items() if run.result != "PASS"} == {}
    assert len(folders) > 5
