"""Each guard of I1 to I3 is taken away in turn, in a copy of the tree, and that is noticed (mutation check)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.mutations import MUTATIONS, Hunt

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "protocols", "simulators", "firmware-notes", "tests")
SECONDS = 240
NOTICED = re.compile(r"\bI[1-7]: |\d+ failed")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree, in which one file at a time is changed and put back."""
    copy = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def command(noticed):
    if isinstance(noticed, Hunt):
        return ["-m", "tests.crash.hunt", noticed.module, noticed.kind, noticed.step, str(noticed.most)]
    return ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", noticed.path, "-k", noticed.names]


def run(tree, noticed):
    arguments = [sys.executable, "-B", *command(noticed)]
    done = subprocess.run(arguments, cwd=tree, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_a_guard_that_is_gone_is_noticed(tree, mutation):
    path = tree / mutation.file
    text = path.read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1, "the guard is written otherwise by now"
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        code, said = run(tree, mutation.noticed)
    finally:
        path.write_text(text, encoding="utf-8")
    assert code == 1, said
    assert NOTICED.search(said), said


HUNTS = sorted({each.noticed for each in MUTATIONS if isinstance(each.noticed, Hunt)}, key=repr)


@pytest.mark.parametrize("noticed", HUNTS, ids=repr)
def test_nothing_is_noticed_where_every_guard_is_in_its_place(tree, noticed):
    code, said = run(tree, noticed)
    assert code == 0, said
