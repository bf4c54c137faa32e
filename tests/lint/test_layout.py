"""Each module has its own test file, in the place that its path says."""

from __future__ import annotations

from pathlib import Path

from tests.lint.repo import ROOT, modules


def place_of_tests(module: Path) -> Path:
    """Return where a module's tests belong: tests/, its folder, and its name with test_ before it."""
    return Path("tests") / module.parent / f"test_{module.name}"


def test_every_module_has_its_test_file() -> None:
    wanted = [place_of_tests(module) for module in modules() if not module.stem.startswith("__")]
    missing = [path.as_posix() for path in wanted if not (ROOT / path).is_file()]
    assert not missing, f"{len(missing)} modules have no tests of their own; write:\n  " + "\n  ".join(missing)


def test_every_package_is_a_package() -> None:
    folders = {path.parent for path in modules()}
    bare = sorted(folder.as_posix() for folder in folders if not (ROOT / folder / "__init__.py").is_file())
    assert not bare, f"no __init__.py in {bare}"


def test_the_place_mirrors_the_path() -> None:
    assert place_of_tests(Path("protocols/pmp/wire.py")) == Path("tests/protocols/pmp/test_wire.py")
