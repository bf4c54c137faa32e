"""The script in the bundle comes to the verdict of `posretire verify`, check by check, over everything that is made."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from agent.evidence.bundle import CERTIFICATE, STATEMENT_LOGGED, TIMESTAMP
from agent.evidence.dsse import STATEMENT
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.made import World
from tests.agent.evidence.script_runs import PAGE, differences, needs_tools, run_script
from tests.corpus.catalog import GOOD_OF_OFFICE, Corpus
from tests.corpus.full import Office
from tests.corpus.good import GOOD

pytestmark = needs_tools

FLIPS = 8
FLIP_SEED = 20260504

AUTHORITIES = {
    "rsa": TestAuthority(key_kind="rsa"),
    "intermediate": TestAuthority(intermediate=True),
    "without its root": TestAuthority(sends_root=False),
    "named by sha1": TestAuthority(ess="sha1"),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    return Corpus(World.make(folder / "home"), folder / "honest")


def held_against_each_other(bundle: Path, trust: Path) -> str:
    """Verify both ways, require the same, and return the result."""
    report, run = verify_bundle(bundle, TrustStore.load([trust])), run_script(bundle, trust)
    assert run.err == ""
    assert (run.result, run.code) == (report.result.value, 0 if report.accepted else 6)
    assert differences(report, run) == []
    return run.result


@pytest.mark.parametrize("name", [*GOOD, *GOOD_OF_OFFICE])
def test_honest_bundles(corpus: Corpus, name: str) -> None:
    assert held_against_each_other(corpus.honest(name), corpus.world.home / "trust") == "PASS"


@pytest.mark.parametrize("name", AUTHORITIES)
def test_timestamps_of_other_authorities(tmp_path: Path, name: str) -> None:
    world = World.make(tmp_path / "home")
    office = Office(world)
    office.authority = AUTHORITIES[name]
    (world.home / "trust" / "tsa" / "root.pem").write_bytes(office.authority.root_pem)
    office.issue(tmp_path / "bundle")
    assert held_against_each_other(tmp_path / "bundle", world.home / "trust") == "PASS"
    run = run_script(tmp_path / "bundle", world.home / "trust")
    assert run.checks["timestamp"] == ("ok", "")
    assert run.checks.get(PAGE, ("not-checkable", "page-not-drawn")) == ("not-checkable", "page-not-drawn")


@pytest.mark.parametrize("kind", ["makers", "agents", "tsa", "logs"])
def test_without_one_kind_of_trust(corpus: Corpus, tmp_path: Path, kind: str) -> None:
    trust = tmp_path / "trust"
    for part in (corpus.world.home / "trust").iterdir():
        if part.name != kind:
            part_of = trust / part.name
            part_of.mkdir(parents=True)
            for file in part.iterdir():
                (part_of / file.name).write_bytes(file.read_bytes())
    bundle = corpus.honest("timestamped-and-logged")
    # A timestamp that nobody here can judge is as good as none, and a log's key is vouched for by the statement.
    assert held_against_each_other(bundle, trust) == ("PASS" if kind in ("tsa", "logs") else "UNKNOWN")


def test_flipped_bytes_of_what_is_made_of_a_statement(corpus: Corpus, tmp_path: Path) -> None:
    """The subjects are held by their digests; here each byte counts for another reason."""
    bundle = tmp_path / "bundle"
    shutil.copytree(corpus.honest("timestamped-and-logged"), bundle)
    pick = random.Random(FLIP_SEED)
    accepted = []
    for name in (TIMESTAMP, STATEMENT_LOGGED, CERTIFICATE, STATEMENT):
        data = (bundle / name).read_bytes()
        signature = data.rfind(b"/Contents <")
        places = [pick.randrange(len(data)) for _ in range(FLIPS)]
        if name == CERTIFICATE:  # but for its signature, the signature holds all of it
            places += [pick.randrange(signature, signature + 1_500) for _ in range(FLIPS)]
        for place in places:
            flipped = bytearray(data)
            flipped[place] ^= 1 << pick.randrange(8)
            (bundle / name).write_bytes(flipped)
            run = run_script(bundle, corpus.world.home / "trust")
            if run.code != 6 or run.err:
                accepted.append(f"{name} byte {place} seed {FLIP_SEED}: {run.code} {run.err}")
        (bundle / name).write_bytes(data)
    assert accepted == []
    assert run_script(bundle, corpus.world.home / "trust").result == "PASS"
