"""Each module of protocols imports where ports, sockets, threads, clocks and files cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lint.repo import ROOT, modules

BLOCKED = (
    "asyncio",
    "multiprocessing",
    "pathlib",
    "select",
    "selectors",
    "serial",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
)

# Runs in an interpreter of its own. Libraries import some of these for themselves (construct imports logging, which
# imports threading), so everything that is not ours is loaded first: a first pass lets any import through and notes
# what it loaded; the second pass starts over with our modules alone, and asks who is importing.
PROBE = """
import builtins, importlib, sys

name, blocked = sys.argv[1], set(sys.argv[2].split(","))
importlib.import_module(name)
for loaded in [each for each in sys.modules if each.partition(".")[0] == "protocols"]:
    del sys.modules[loaded]

real_import = builtins.__import__

def guarded(wanted, globals=None, locals=None, fromlist=(), level=0):
    importer = (globals or {}).get("__name__", "")
    if level == 0 and wanted.partition(".")[0] in blocked and importer.partition(".")[0] == "protocols":
        raise ImportError(f"{importer} imports {wanted}")
    return real_import(wanted, globals, locals, fromlist, level)

builtins.__import__ = guarded
importlib.import_module(name)
"""


def probe(module: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Import a module in an interpreter whose imports are guarded."""
    return subprocess.run(
        [sys.executable, "-c", PROBE, module, ",".join(BLOCKED)],
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )


def dotted(path: Path) -> str:
    """Return the name that a module is imported by."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("module", [dotted(path) for path in modules() if path.parts[0] == "protocols"])
def test_imports_without_input_and_output(module: str) -> None:
    done = probe(module, ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", ["import time", "from pathlib import Path", "import serial.tools.list_ports"])
def test_the_probe_finds_a_forbidden_import(tmp_path: Path, line: str) -> None:
    package = tmp_path / "protocols"
    package.mkdir()
    (package / "__init__.py").write_text("import construct, dataclasses\n", encoding="utf-8")
    (package / "bad.py").write_text(line + "\n", encoding="utf-8")
    done = probe("protocols.bad", tmp_path)
    assert done.returncode != 0
    assert f"protocols.bad imports {line.split()[1]}" in done.stderr
