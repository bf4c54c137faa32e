"""Under CI a skipped test fails the run; elsewhere it is only a skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lint.repo import ROOT

CASES = {
    "a skip in the test": "import pytest\ndef test_it():\n    pytest.skip('no printer')\n",
    "a skip by a mark": "import pytest\n@pytest.mark.skipif(True, reason='no printer')\ndef test_it(): ...\n",
    "a skipped module": "import pytest\npytest.skip('no printer', allow_module_level=True)\n",
}
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert 0\n"


def run_pytest(folder: Path, source: str, *, ci: bool) -> subprocess.CompletedProcess[str]:
    """Run pytest on one test module under this project's conftest."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "conftest.py")
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env["CI"] = "true" if ci else ""
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # pytest alone starts in a third of the time
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("source", CASES.values(), ids=list(CASES))
def test_a_skip_fails_under_ci(tmp_path: Path, source: str) -> None:
    done = run_pytest(tmp_path, source, ci=True)
    assert done.returncode not in (0, 5), done.stdout
    assert "nothing may be skipped under CI" in done.stdout
    assert "no printer" in done.stdout


@pytest.mark.parametrize("source", CASES.values(), ids=list(CASES))
def test_a_skip_is_a_skip_elsewhere(tmp_path: Path, source: str) -> None:
    done = run_pytest(tmp_path, source, ci=False)
    assert done.returncode in (0, 5), done.stdout
    assert "1 skipped" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, EXPECTED_FAILURE, ci=True)
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
