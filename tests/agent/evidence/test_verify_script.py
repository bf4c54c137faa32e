"""The script in the bundle: what it is made of, and that it agrees with us on a few bundles; the others: tests/e2e."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.evidence.attachments import NEUTRAL
from agent.evidence.bundle import SIZE_LIMITS, VERIFY_SCRIPT
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.levels import LIMITS, MEANING
from agent.evidence.verify_script import verify_script
from agent.redaction.numbers import ISSUERS
from agent.redaction.text import NAMES
from tests.agent.evidence.attacks import INSIDER
from tests.agent.evidence.made import MAKER, Bend, Device, Maker, World, pem, same
from tests.agent.evidence.script_runs import SCRIPT, compare, needs_tools, run_script, run_text
from tests.corpus.good import GOOD

TEXT = verify_script().decode("ascii")


def test_it_fits_into_a_bundle_and_is_plain_text() -> None:
    assert len(TEXT) <= SIZE_LIMITS[VERIFY_SCRIPT]
    assert TEXT.startswith("#!/bin/sh\n")
    assert "\r" not in TEXT
    assert "\t" not in TEXT
    assert max(map(len, TEXT.splitlines())) <= 260


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_shells_read_it(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs Debian's {shell}")
    subprocess.run([shell, "-n", SCRIPT], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs Debian's shellcheck")
def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(["shellcheck", "--shell=sh", SCRIPT], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


def test_it_knows_the_files_of_a_bundle_and_their_limits() -> None:
    body = TEXT.partition("limit_of() {")[2].partition("esac")[0]
    found = {
        name: int(limit)
        for names, limit in re.findall(r"^ +([\w. |-]+)\) echo (\d+) ;;$", body, re.MULTILINE)
        for name in names.split(" | ")
    }
    assert found == SIZE_LIMITS


def test_it_knows_the_words_of_the_levels() -> None:
    assert [text for text in MEANING.values() if f'"{text}"' not in TEXT] == []
    assert [text for texts in LIMITS.values() for text in texts if f'"{text}"' not in TEXT] == []


@needs_tools
@pytest.mark.parametrize("bend", [Bend(), Bend(proof=same)], ids=["plain", "proof"])
def test_it_accepts_an_honest_bundle_check_by_check(world: World, issued, bend: Bend) -> None:
    folder, _ = issued(bend)
    assert compare(folder, world.home / "trust") == []


@needs_tools
@pytest.mark.parametrize("name", ["attestation of an earlier wipe", "region not blank"])
def test_it_refuses_a_forgery_by_the_same_check(world: World, tmp_path: Path, name: str) -> None:
    bend, check, code = INSIDER[name]
    folder = tmp_path / "bundle"
    world.claim_pass(folder, world.lay_out(folder, bend))
    run = run_script(folder, world.home / "trust")
    assert (run.code, run.result, run.checks[check]) == (6, "FAIL", ("failed", code))


@pytest.mark.parametrize(
    "words", [("--no-such",), ("--trust",), ("--trust", "/nowhere"), ("a", "b"), ("/nowhere",), ("--help",)]
)
def test_wrong_usage_is_exit_2_and_says_how(words: tuple[str, ...]) -> None:
    done = run_text(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: sh verify.sh" in done.stderr


def test_it_knows_what_is_neutral() -> None:
    # It draws no page at all, so what drew one is nothing to it.
    assert [code for code in NEUTRAL - {"certificate-pdf-renderer"} if f'"{code}"' not in TEXT] == []


def test_it_searches_by_the_same_table_of_cards_and_names() -> None:
    rows = {
        tuple(map(int, row.split("-")))
        for row in re.findall(r"\b\d+-\d+-\d+-\d+\b", TEXT.partition("issuers = split(")[2].partition(", issuer,")[0])
    }
    lengths = {(first, last, length) for first, last, least, most in rows for length in range(least, most + 1)}
    assert lengths == {(first, last, length) for first, last, many in ISSUERS for length in many}
    spelt = {name: "".join(f"\\{byte:o}" if byte > 127 else chr(byte) for byte in name.encode()) for name in NAMES}
    assert [name for name, text in spelt.items() if not re.search(rf"[(|\"]{re.escape(text)}[|)\"]", TEXT)] == []


@needs_tools
@pytest.mark.parametrize(("unbinds", "words"), [(False, "a retirement"), (True, "an unbinding - NOTHING WAS WIPED")])
def test_it_says_what_a_statement_is_of(world: World, tmp_path: Path, unbinds: bool, words: str) -> None:
    folder = tmp_path / "R"
    issue_statement(
        folder, world.lay_out(folder, GOOD["unbinding" if unbinds else "retirement"]), world.agent, world.trust
    )
    done = run_text("--trust", world.home / "trust", folder)
    assert done.stdout.splitlines()[-2:] == [f"statement of: {words}", "result: PASS"]


@needs_tools
@pytest.mark.parametrize("name", ["trust ", " trust", "trust\nx"])
def test_a_trust_folder_is_the_one_that_was_named(world: World, issued, tmp_path: Path, name: str) -> None:
    shutil.copytree(world.home / "trust", tmp_path / "trust")
    (tmp_path / name).mkdir()
    done = run_text("--trust", tmp_path / name, issued()[0])
    assert "result: PASS" not in done.stdout
    assert done.returncode != 0


@needs_tools
@pytest.mark.parametrize("name", ["dangling", "folder"])
def test_a_key_of_a_log_that_cannot_be_read_is_told(world: World, issued, tmp_path: Path, name: str) -> None:
    bundle = issued()[0]
    trust = tmp_path / "trust"
    shutil.copytree(world.home / "trust", trust)
    (trust / "logs").mkdir(exist_ok=True)
    if name == "folder":
        (trust / "logs" / "a.vkey").mkdir()
    else:
        (trust / "logs" / "a.vkey").symlink_to("nowhere")
    assert run_text("--trust", trust, bundle).returncode == 2


@needs_tools
def test_its_own_folder_may_be_named_from_here(world: World, issued, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TMPDIR", ".")
    done = run_text("--trust", world.home / "trust", issued()[0], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.glob("tmp.*")) == []


@needs_tools
@pytest.mark.parametrize("path", [".:{}", "{}:", "{}::/bin", "tools:{}"])
def test_nothing_is_run_out_of_the_present_folder(world: World, issued, monkeypatch, path: str) -> None:
    monkeypatch.setenv("PATH", path.format(os.environ["PATH"]))
    done = run_text("--trust", world.home / "trust", issued()[0], shell="/bin/sh")
    assert (done.returncode, done.stdout) == (2, "")


@needs_tools
@pytest.mark.parametrize("tool", ["date", "cmp", "basenc"])
def test_without_a_tool_nothing_is_accepted(world: World, issued, tmp_path: Path, monkeypatch, tool: str) -> None:
    for folder in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(folder).glob("*"):
            (tmp_path / program.name).unlink(missing_ok=True)
            (tmp_path / program.name).symlink_to(program)
    (tmp_path / tool).unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run_text("--trust", world.home / "trust", issued()[0])
    assert (done.returncode, done.stdout.splitlines()[-1]) == (6, "result: UNKNOWN")
    assert f"{tool} is not installed" in done.stdout


@needs_tools
def test_it_reads_names_with_separators_and_quotes(tmp_path: Path) -> None:
    maker = Maker(name='Back\\slash, "quoted" + more', organization=MAKER)
    world = dataclasses.replace(World.make(tmp_path / "home"), maker=maker, device=Device(maker))
    (world.home / "trust" / "makers" / "maker.pem").write_bytes(pem(maker.root))
    bundle = tmp_path / "bundle"
    issued = issue_statement(bundle, world.lay_out(bundle), world.agent, world.trust)
    assert issued.result is Result.PASS
    assert compare(bundle, world.home / "trust") == []
