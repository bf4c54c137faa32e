"""Every attack is refused, for the reason that the note gives."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from tests.corpus.build import LIST, Built, build
from tests.corpus.table import (
    ATTACKS_HEAD,
    THREATS_HEAD,
    UNTRIED,
    WRITE,
    Found,
    hole,
    row,
    script_cell_of,
    threat_rows,
    write,
    write_wanted,
    written,
    written_by_attack,
)
from tests.corpus.threats import THREATS


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("corpus") / "built")


def test_i5_every_attack_is_refused_for_its_reason(built: Built) -> None:
    trust = TrustStore.load([built.trust])
    before = written_by_attack()
    rows, holes = [], []
    for attack, path in built.attacks:
        found = Found.of(verify_bundle(path, trust))
        if wrong := hole(attack, found):
            holes.append(f"{attack.by}, {attack.name}: {wrong}")
        old = before.get((attack.name, attack.by))
        rows.append(row(attack, found, script_cell_of(old) if old else UNTRIED))
    assert not holes
    if write_wanted():
        write("attacks", ATTACKS_HEAD, rows)
        write("threats", THREATS_HEAD, threat_rows())
    assert rows == written("attacks"), f"the note says something else; write it anew with {WRITE}=1"


def test_honest_bundles_are_accepted(built: Built) -> None:
    trust = TrustStore.load([built.trust])
    reports = {path.name: verify_bundle(path, trust) for path in built.good}
    assert {
        name: [check.code for check in report.checks if check.code]
        for name, report in reports.items()
        if not report.accepted
    } == {}
    assert len(reports) > 5


def test_every_threat_has_an_attack(built: Built) -> None:
    names = {attack.name for attack, _ in built.attacks}
    assert all(set(attacks) <= names and attacks for attacks in THREATS.values())
    assert threat_rows() == written("threats")


def test_no_two_attacks_share_a_folder(built: Built) -> None:
    assert max(Counter(attack.slug for attack, _ in built.attacks).values()) == 1


def test_the_corpus_has_its_list(built: Built) -> None:
    listed = json.loads((built.folder / LIST).read_text(encoding="utf-8"))
    assert [built.folder / each for each in listed["good"]] == list(built.good)
    assert [built.folder / each["bundle"] for each in listed["attacks"]] == [path for _, path in built.attacks]
    assert len(listed["attacks"]) > 200
