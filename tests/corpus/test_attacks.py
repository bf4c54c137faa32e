"""Every attack is refused, for the reason that the note gives."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from agent.evidence.trust import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.made import World
from tests.corpus.build import LIST, TRUST, build
from tests.corpus.catalog import Corpus
from tests.corpus.good import GOOD
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
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    return Corpus(World.make(folder / "home"), folder / "honest")


def test_i5_every_attack_is_refused_for_its_reason(corpus: Corpus, tmp_path: Path) -> None:
    trust = corpus.world.trust
    before = written_by_attack()
    rows, holes = [], []
    for attack in corpus.attacks():
        folder = tmp_path / attack.slug
        folder.mkdir()
        found = Found.of(verify_bundle(attack.make(folder), trust))
        if wrong := hole(attack, found):
            holes.append(f"{attack.by}, {attack.name}: {wrong}")
        old = before.get((attack.name, attack.by))
        rows.append(row(attack, found, script_cell_of(old) if old else UNTRIED))
    assert not holes
    if write_wanted():
        write("attacks", ATTACKS_HEAD, rows)
        write("threats", THREATS_HEAD, threat_rows())
    assert rows == written("attacks"), f"the note says something else; write it anew with {WRITE}=1"


@pytest.mark.parametrize("name", GOOD)
def test_honest_bundles_are_accepted(corpus: Corpus, name: str) -> None:
    report = verify_bundle(corpus.honest(name), corpus.world.trust)
    assert {check.id: check.code for check in report.checks if check.code} == {}
    assert report.accepted


def test_every_threat_has_an_attack(corpus: Corpus) -> None:
    names = {attack.name for attack in corpus.attacks()}
    assert all(set(attacks) <= names and attacks for attacks in THREATS.values())
    assert threat_rows() == written("threats")


def test_no_two_attacks_share_a_folder(corpus: Corpus) -> None:
    assert max(Counter(attack.slug for attack in corpus.attacks()).values()) == 1


def test_the_corpus_is_built_with_its_list(tmp_path: Path) -> None:
    counts = build(tmp_path / "corpus")
    listed = json.loads((tmp_path / "corpus" / LIST).read_text(encoding="utf-8"))
    assert counts == {name: len(each) for name, each in listed.items()}
    trust = TrustStore.load([tmp_path / "corpus" / TRUST])
    assert all(verify_bundle(tmp_path / "corpus" / each, trust).accepted for each in listed["good"])
    assert all((tmp_path / "corpus" / each["bundle"]).exists() for each in listed["attacks"])
