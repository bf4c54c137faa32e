"""Each module has its own test file, in the place that its path says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.repo import ROOT, modules


def place_of_tests(module: Path) -> Path:
    """Return where a module's tests belong: tests/, its folder, and its name with test_ before it."""
    return Path("tests") / module.parent / f"test_{module.name}"


@pytest.mark.parametrize("module", [path for path in modules() if not path.stem.startswith("__")], ids=str)
def test_module_has_its_test_file(module: Path) -> None:
    wanted = place_of_tests(module)
    assert (ROOT / wanted).is_file(), f"{module} has no tests of its own: write {wanted}"


def test_every_package_is_a_package() -> None:
    folders = {path.parent for path in modules()}
    bare = sorted(str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file())
    assert not bare, f"no __init__.py in {bare}"
