"""A family or a model is there with all of its parts, or not at all."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "firmware-notes"


def folders(package):
    return {
        path.name
        for path in (ROOT / package).iterdir()
        if path.is_dir() and (path / "__init__.py").exists() and not path.name.startswith("_")
    }


CARRIERS = {"ymodem"}  # ways to carry a file on the line of a family, no families
FAMILIES = sorted(folders("protocols") - CARRIERS)
MODELS = sorted(path.parent.name for path in NOTES.glob("*/profile.toml"))


def test_there_is_a_family_and_a_model():
    assert "pmp" in FAMILIES
    assert "haike-h60" in MODELS


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "part",
    [
        "protocols/{family}/wire.py",
        "protocols/{family}/link.py",
        "protocols/{family}/commands.py",
        "simulators/{family}/__init__.py",
        "agent/drivers/{family}.py",
        "firmware-notes/{family}.md",
        "tests/protocols/{family}",
        "tests/simulators/{family}",
        "tests/agent/drivers/test_{family}.py",
    ],
)
def test_a_family_has_all_its_parts(family, part):
    assert (ROOT / part.format(family=family)).exists()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("part", ["firmware-notes/{model}/README.md", "simulators/{package}/__init__.py"])
def test_a_model_has_all_its_parts(model, part):
    assert (ROOT / part.format(model=model, package=model.replace("-", "_"))).exists()


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_of_a_family_that_exists(model):
    profile = tomllib.loads((NOTES / model / "profile.toml").read_text(encoding="utf-8"))
    text = str(profile)
    assert any(family in text for family in FAMILIES)


def test_every_simulated_model_has_a_profile():
    packages = {name.replace("_", "-") for name in folders("simulators")}
    assert packages - set(MODELS) <= {"board", "cable", "menus", "film", "hardware", "data", "lines", *FAMILIES}
