"""The version stands in one place, and the package says the same."""

from __future__ import annotations

import tomllib

from agent.version import VERSION
from tests.lint.repo import ROOT


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
