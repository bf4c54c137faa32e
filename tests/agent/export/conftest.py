"""What the tests of the export share."""

from __future__ import annotations

import pytest

from tests.agent.export.fake_driver import Owner


@pytest.fixture
def owner(tmp_path):
    return Owner(tmp_path)


@pytest.fixture
def destination(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "export.age"
