"""``verify.sh`` on every attack of the corpus: refused, by the same check and code as the note says."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.script_runs import needs_tools, run_script
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

pytestmark = needs_tools


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("corpus") / "built")


def said(built: Built, path: Path) -> Found:
    run = run_script(path, built.trust)
    assert run.code == (2 if path.is_file() else 0 if run.result == "PASS" else 6)
    assert path.is_file() or run.err == ""
    return Found(run.result, {name: code for name, (status, code) in run.checks.items() if status != "ok"})


@pytest.mark.parametrize("part", range(PARTS))
def test_i5_every_attack_is_refused_by_the_script_too(built: Built, part: int) -> None:
    trust = TrustStore.load([built.trust])
    lines = written_by_attack()
    holes, differing, rows = [], [], []
    for attack, path in built.attacks[part::PARTS]:
        found, script = Found.of(verify_bundle(path, trust)), said(built, path)
        if wrong := script_hole(attack, script):
            holes.append(f"{attack.by}, {attack.name}: {wrong}")
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
    assert {path.name: dict(found.codes) for path in folders if (found := said(built, path)).result != "PASS"} == {}
    assert len(folders) > 5
