"""The script in the bundle: what it is made of, and that it agrees with us on a few bundles; the others: tests/e2e."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.evidence.attachments import NEUTRAL
from agent.evidence.bundle import SIZE_LIMITS, VERIFY_SCRIPT
from agent.evidence.levels import LIMITS, MEANING
from agent.evidence.verify_script import verify_script
from agent.redaction.numbers import ISSUERS
from agent.redaction.text import NAMES
from tests.agent.evidence.attacks import INSIDER
from tests.agent.evidence.made import Bend, World, same
from tests.agent.evidence.script_runs import SCRIPT, compare, needs_tools, run_script, run_text

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
    assert [code for code in NEUTRAL if f'"{code}"' not in TEXT] == []


def test_it_searches_by_the_same_table_of_cards_and_names() -> None:
    rows = {
        tuple(map(int, row.split("-")))
        for row in re.findall(r"\b\d+-\d+-\d+-\d+\b", TEXT.partition("issuers = split(")[2].partition(", issuer,")[0])
    }
    lengths = {(first, last, length) for first, last, least, most in rows for length in range(least, most + 1)}
    assert lengths == {(first, last, length) for first, last, many in ISSUERS for length in many}
    spelt = {name: "".join(f"\\{byte:o}" if byte > 127 else chr(byte) for byte in name.encode()) for name in NAMES}
    assert [name for name, text in spelt.items() if not re.search(rf"[(|\"]{re.escape(text)}[|)\"]", TEXT)] == []
