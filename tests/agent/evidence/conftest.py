"""One made-up world for all tests of evidence, and bundles made in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.evidence.issue import IssuedStatement, issue_statement
from tests.agent.evidence.made import Bend, World
from tests.agent.evidence.tokens import make_tokens

TOKENS = 24


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.make(tmp_path_factory.mktemp("home"))


@pytest.fixture
def issued(world: World, tmp_path: Path) -> Callable[..., tuple[Path, IssuedStatement]]:
    def issue(bend: Bend | None = None) -> tuple[Path, IssuedStatement]:
        folder = tmp_path / "bundle"
        facts = world.lay_out(folder, bend)
        return folder, issue_statement(folder, facts, world.agent, world.trust)

    return issue


@pytest.fixture(scope="session")
def token_labels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[str]]:
    """Labels of fresh tokens. The library finds them when it is loaded, which a process does once."""
    labels = [f"bench {number}" for number in range(TOKENS)]
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ.update(make_tokens(tmp_path_factory.mktemp("softhsm"), *labels))
    yield iter(labels)
    os.environ.pop("SOFTHSM2_CONF")
    if before is not None:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def token(token_labels: Iterator[str]) -> str:
    return next(token_labels)


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase costs its time once, in the tests of `agent.evidence.keys.encryption`."""
    monkeypatch.setattr("agent.evidence.keys.encryption.ROUNDS", 1_000)
