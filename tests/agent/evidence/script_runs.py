"""Running ``verify.sh`` as an auditor does, and holding what it says against `posretire verify`."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import agent.evidence
from agent.evidence.bundle import VERIFY_SCRIPT
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import Report, verify_bundle

SCRIPT = Path(agent.evidence.__file__).parent / VERIFY_SCRIPT
PATIENCE_SECONDS = 120
needs_tools = pytest.mark.skipif(
    shutil.which("jq") is None or shutil.which("openssl") is None, reason="needs Debian's jq and openssl"
)


@dataclass(frozen=True)
class ScriptRun:
    """What the script said.

    Args:
        code: Its exit code.
        result: PASS, FAIL or UNKNOWN; empty where it said nothing.
        checks: Status and code by check, in their order.
        err: What it wrote on standard error.
    """

    code: int
    result: str
    checks: Mapping[str, tuple[str, str]]
    err: str


def run_text(*words: str | Path, shell: str = "sh", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script and return what it printed."""
    command = [shell, str(SCRIPT), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, cwd=cwd, check=False)


def run_script(bundle: Path, *trust: Path, shell: str = "sh") -> ScriptRun:
    """Run the script over a bundle with ``--json``."""
    words = [word for folder in trust for word in ("--trust", folder)]
    done = run_text("--json", *words, bundle, shell=shell)
    document = json.loads(done.stdout) if done.stdout else {"result": "", "checks": []}
    assert done.returncode == 2 or (done.returncode == 0) == document["accepted"] == (document["result"] == "PASS")
    checks = {each["id"]: (each["status"], each["code"]) for each in document["checks"]}
    return ScriptRun(done.returncode, document["result"], checks, done.stderr)


PAGE = "certificate-page"
"""A check of the script alone: it says that it did not draw the page, which does not count."""


def differences(report: Report, run: ScriptRun) -> list[str]:
    """Say where the script and `posretire verify` do not agree: the result, each check's status, and its code."""
    found = [] if run.result == report.result.value else [f"result {report.result.value}, script {run.result}"]
    ours = {check.id: (str(check.status), check.code) for check in report.checks}
    names = [*ours, *(name for name in run.checks if name not in ours and name != PAGE)]
    return found + [
        f"{name}: {ours.get(name)}, script {run.checks.get(name)}"
        for name in names
        if ours.get(name) != run.checks.get(name)
    ]


def compare(bundle: Path, trust: Path) -> list[str]:
    """Verify a bundle both ways and say where they differ."""
    run = run_script(bundle, trust)
    assert run.err == ""
    return differences(verify_bundle(bundle, TrustStore.load([trust])), run)
