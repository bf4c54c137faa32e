"""A made-up case, whose files are searched."""

from __future__ import annotations

import pytest

from tests.agent.evidence.made import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.make(tmp_path_factory.mktemp("home"))
