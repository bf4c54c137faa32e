"""One made-up world for all tests of evidence, and bundles made in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.evidence.issue import IssuedStatement, issue_statement
from tests.agent.evidence.made import Bend, World


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
