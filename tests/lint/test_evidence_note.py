"""The note on evidence says what the code does: its checks, files, claims, levels and fields are those there are."""

from __future__ import annotations

import json
import re
from typing import Any

from agent.evidence.attachments import ATTACHED_CHECKS
from agent.evidence.bundle import SIZE_LIMITS
from agent.evidence.checks.case import CASE_CHECKS
from agent.evidence.checks.log import LOG_CHECKS
from agent.evidence.checks.redaction import REDACTION
from agent.evidence.checks.terminal import PROOF_CHECKS, TERMINAL_CHECKS, UNBINDING_CHECKS
from agent.evidence.levels import MEANING, NEEDED_FOR_ATTESTED, NEEDED_FOR_PROVEN
from agent.evidence.schema import statement_schema
from protocols import eat
from tests.lint.repo import NOTES

NOTE = (NOTES / "evidence.md").read_text(encoding="utf-8")
OF_THE_STATEMENT = ("files", "statement", "signature", "act", "subjects", "attachments")
OVER_ALL = (REDACTION, "contents", "level", "result")


def rows(name: str) -> list[list[str]]:
    """Return the rows of one of the note's tables, without its head."""
    table = NOTE.partition(f"<!-- {name}: begin -->\n")[2].partition(f"<!-- {name}: end -->")[0]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]
    assert len(cells) > 2, name
    return [[cell.strip("| ") for cell in row] for row in cells[2:]]


def first(name: str) -> list[str]:
    """Return the first column of a table, without its marks."""
    return [row[0].strip("`") for row in rows(name)]


def test_every_check_is_listed_and_no_other() -> None:
    tables = CASE_CHECKS + TERMINAL_CHECKS + UNBINDING_CHECKS + PROOF_CHECKS + LOG_CHECKS
    attached = [check for check, _ in ATTACHED_CHECKS.values()]
    assert sorted(first("checks")) == sorted([*OF_THE_STATEMENT, *attached, *(name for name, _ in tables), *OVER_ALL])


def test_every_check_that_verifying_runs_by_name_is_among_them() -> None:
    source = (NOTES.parent / "agent" / "evidence" / "verify.py").read_text(encoding="utf-8")
    named = set(re.findall(r'run_check\("([a-z-]+)"', source))
    assert named == {*OF_THE_STATEMENT, *OVER_ALL} - {REDACTION}


def test_every_file_of_a_bundle_is_listed() -> None:
    assert sorted(first("files")) == sorted(SIZE_LIMITS)


def test_every_claim_is_listed_with_its_number() -> None:
    listed = {row[1].strip("`"): int(row[0]) for row in rows("claims")}
    others = ("ALPHANUMERIC", "DEBUG_ENABLED", "MAX_DEBUG_STATUS", "MAX_TOKEN_BYTES", "SWID_CBOR", "SHA_256")
    numbers = {name: value for name, value in vars(eat).items() if type(value) is int and name not in others}
    assert listed == numbers
    private = {int(number) for number in re.findall(r"^ {2}(?:\? )?(-\d+) =>", NOTE, re.M)}
    assert private == {number for number in listed.values() if number < 0}


def test_the_levels_need_the_checks_that_the_note_names() -> None:
    needed = {int(row[0]): set(re.findall(r"`([a-z-]+)`", row[2])) for row in rows("levels")}
    assert needed == {0: set(), 1: set(), 2: set(NEEDED_FOR_ATTESTED), 3: set(NEEDED_FOR_PROVEN)}
    assert set(needed) == set(MEANING)


def test_every_field_of_the_certificate_is_one_that_the_schema_asks_for() -> None:
    predicate: dict[str, Any] = json.loads(statement_schema())["$defs"]["predicate"]
    listed = first("fields")
    for path in listed:
        place = predicate
        for name in path.split("."):
            assert name in place["required"], path
            place = place["properties"][name]
    wanted = {f"{part}.{name}" for part in ("media", "sanitization", "person") for name in required(predicate, part)}
    assert wanted <= set(listed)


def required(predicate: dict[str, Any], part: str) -> list[str]:
    names: list[str] = predicate["properties"][part]["required"]
    return names
