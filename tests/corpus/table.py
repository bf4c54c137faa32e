"""What becomes of each attack, and the table of it in the notes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.evidence.checks.table import Status
from agent.evidence.verify import Report
from tests.corpus.catalog import ARCHIVE, Attack
from tests.corpus.threats import THREATS
from tests.lint.repo import NOTES

NOTE = NOTES / "attacks.md"
WRITE = "POSRETIRE_WRITE_TABLES"
"""Set to 1, the tables in the note are written anew instead of compared."""

ATTACKS_HEAD = (
    "| attack | by | check | code | `posretire verify` | `verify.sh` |",
    "|---|---|---|---|---|---|",
)
THREATS_HEAD = ("| threat | attacks |", "|---|---|")
UNTRIED = "-"
SAME = "the same"
NOT_TAKEN = "no folder"


@dataclass(frozen=True)
class Found:
    """What a verifier said.

    Args:
        result: PASS, FAIL or UNKNOWN.
        codes: Code by check, of those that did not hold.
    """

    result: str
    codes: Mapping[str, str]

    @classmethod
    def of(cls, report: Report) -> Found:
        """Take it from a report."""
        return cls(
            report.result.value, {check.id: check.code for check in report.checks if check.status is not Status.OK}
        )


def write_wanted() -> bool:
    """Tell whether the tables are to be written anew."""
    return os.environ.get(WRITE, "") == "1"


def hole(attack: Attack, found: Found) -> str:
    """Say what is wrong with how a verifier takes an attack; an empty text where nothing is."""
    if found.result == "PASS":
        return "accepted"
    if attack.check not in found.codes:
        return f"refused, and not by the check {attack.check}: {dict(found.codes)}"
    if attack.code and found.codes[attack.check] != attack.code:
        return f"refused with {found.codes[attack.check]} and not with {attack.code}"
    return ""


def script_hole(attack: Attack, said: Found) -> str:
    """Say what is wrong with how ``verify.sh`` takes an attack; it takes no archives at all."""
    if attack.by == ARCHIVE:
        return "" if said.result == "" else f"an archive was looked into: {said.result}"
    return hole(attack, said)


def row(attack: Attack, found: Found, script: str) -> str:
    """Return the line of the table.

    Args:
        attack: The attack.
        found: What `posretire verify` said.
        script: What ``verify.sh`` did.
    """
    cells = (attack.name, attack.by, attack.check, found.codes.get(attack.check, "none"), found.result, script)
    return "| " + " | ".join(cells) + " |"


def script_cell(attack: Attack, found: Found, said: Found) -> str:
    """Say what ``verify.sh`` made of an attack, held against what `posretire verify` did."""
    if said.result == "":
        return NOT_TAKEN
    code = said.codes.get(attack.check)
    if said.result == found.result and code == found.codes.get(attack.check):
        return f"{said.result}, {SAME}"
    if code is None:
        code = ", ".join(f"{check} {each}" for check, each in sorted(said.codes.items())[:2])
    return f"{said.result}, {code}"


def threat_rows() -> list[str]:
    """Return the lines of the table of threats."""
    return [f"| {threat} | {'; '.join(names)} |" for threat, names in THREATS.items()]


def written(kind: str) -> list[str]:
    """Return the lines of a table as the note has them, without its head."""
    begin, end = _marks(kind)
    return NOTE.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0].strip().splitlines()[2:]


def written_by_attack() -> dict[tuple[str, str], str]:
    """Return the lines of the table of attacks by attack and by whom."""
    return {(cells[1].strip(), cells[2].strip()): line for line in written("attacks") if (cells := line.split("|"))}


def script_cell_of(line: str) -> str:
    """Return what a line of the table says of ``verify.sh``."""
    return line.split("|")[6].strip()


def write(kind: str, head: Iterable[str], rows: Iterable[str]) -> None:
    """Write a table of the note anew."""
    begin, end = _marks(kind)
    before, _, rest = NOTE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    table = "\n".join((*head, *rows))
    NOTE.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def _marks(kind: str) -> tuple[str, str]:
    return f"<!-- generated {kind}: begin -->", f"<!-- generated {kind}: end -->"
