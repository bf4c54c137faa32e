"""What README.md tells an auditor to type works as it stands there, and notices what is wrong."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lint.repo import ROOT

NEEDED = ("bash", "openssl", "jq", "sha256sum", "age", "tar", "pdfsig", "pdfdetach", "qpdf")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Leave what ``posretire demo --keep shown`` leaves."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"missing: {', '.join(missing)}; see .ci/apt-packages")
    folder = tmp_path_factory.mktemp("readme")
    command = [sys.executable, "-m", "agent.cli.main", "demo", "--keep", "shown", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def audit(folder):
    """Run the block of README.md in bash, with this interpreter as python3."""
    block = re.search(r"^```bash\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert block is not None
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", block.group(1)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_of_the_readme_accept_a_good_bundle(shown):
    done = audit(shown)
    said = done.stdout
    assert done.returncode == 0, done.stderr
    assert "Verified OK" in said
    assert "result: PASS" in said.splitlines()
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "the page carries this statement" in said
    assert "the journal is whole" in said
    assert "broken" not in said + done.stderr
    assert "FAILED" not in said
    assert "[300,true]" in said


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("statement.dsse.json", "Verification failure"),
        ("device-post.eat", "failed         eat-after"),
        ("certificate.pdf", "failed         certificate"),
        ("statement.tlog-proof", "failed         log-statement"),
        ("journal.jsonl", "broken"),
        ("export.age", "FAILED"),
        ("job.json", "FAILED"),
        ("erasure-proof.json", "FAILED"),
    ],
)
def test_they_notice_a_changed_byte(shown, tmp_path, name, sign):
    folder = tmp_path / "copy"
    shutil.copytree(shown, folder)
    shutil.rmtree(folder / "shown" / "audit", ignore_errors=True)
    path = next((folder / "shown" / "bundles").iterdir()) / name
    content = path.read_bytes()
    if name == "statement.dsse.json":
        # The payload stays base64: another statement under the old signature.
        changed = content.replace(b'"payload":"eyJf', b'"payload":"eyJg')
        assert changed != content
    else:
        half = len(content) // 2
        changed = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
    path.write_bytes(changed)
    done = audit(folder)
    assert sign in done.stdout + done.stderr
