"""The set-up script greets an interpreter that is too old, and its locks are complete."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.lint.repo import ROOT

RUN = ROOT / "run"
LOCKS = ("requirements.lock", "requirements-dev.lock")


def test_parses_under_python_3_6() -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_interpreter_is_told_what_to_do() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend, str(RUN)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs Python 3.11 or newer; this is Python 3.8" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_imported_before_the_version_check() -> None:
    tree = ast.parse(RUN.read_text(encoding="utf-8"))
    before = []
    for node in tree.body:
        if isinstance(node, ast.If):
            break
        before.append(node)
    assert [ast.unparse(node) for node in before if isinstance(node, ast.Import | ast.ImportFrom)] == ["import sys"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        first = entry.splitlines()[0]
        assert re.match(r"[A-Za-z0-9._-]+==\S+", first), first
        assert "--hash=sha256:" in entry, first
    assert "://" not in text


def test_the_locks_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    wanted = {
        "requirements.lock": runtime,
        "requirements-dev.lock": [*runtime, *project["dependency-groups"]["dev"]],
    }
    for lock, requirements in wanted.items():
        locked = set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.M))
        names = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in requirements}
        assert names <= locked, f"{lock} lacks {sorted(names - locked)}; run: python3 run lock"
