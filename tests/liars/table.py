"""The terminals that lie, what becomes of each, and the table of it in the notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.cli.failures import failure_of
from agent.workflow.request import RetireOutcome
from tests.liars.bench import Bench, Ended
from tests.lint.repo import NOTES

NOTE = NOTES / "liars.md"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
HEAD = (
    "| fault | what the terminal does | found in | finding | exit | result | terminal |",
    "|---|---|---|---|---|---|---|",
)
WRITE = "POSRETIRE_WRITE_TABLES"
"""Set to 1, the table in the note is written anew instead of compared."""

EVERYDAY = frozenset({"platform-pending", "link-plain", "agent-key-self-signed", "ended-early", "check-failed"})
"""Findings of a case whose terminal is all right, and those that only repeat the error."""


IN_ANY_STEP = ("floods-events", "floods-answers")
"""What is found by whichever step happens to be under way."""


@dataclass(frozen=True)
class Liar:
    """One terminal that lies.

    Args:
        fault: As ``--fault`` takes it.
        does: What it does, for the table.
        policy: Fields of the policy that differ from the defaults.
        unsettled: Transactions that are not settled.
        resumed: Whether the case that broke off is taken up again on the same line.
    """

    fault: str
    does: str
    policy: Mapping[str, Any] = field(default_factory=dict)
    unsettled: int = 0
    resumed: bool = False

    @property
    def name(self) -> str:
        """The fault, with the policy where that matters, and whether it is about taking the case up again."""
        policy = ", ".join(f"{key} = {value}" for key, value in self.policy.items() if not key.endswith("reason"))
        return f"{self.fault} ({policy})" if policy else self.fault + (" (resumed)" if self.resumed else "")


LEVEL_3: Mapping[str, Any] = {"minimum_evidence_level": 3}
LIARS = (
    Liar("lies-about-wipe", "erases nothing and says all"),
    Liar("skips-region=2", "leaves out a region and says all"),
    Liar("skips-region=5", "leaves out the keys and says all"),
    Liar("erases-headers", "erases the first block of each region and says all"),
    Liar("digests-from-image", "erases nothing; digests and attestation are those of a blank image"),
    Liar("digests-from-image", "the same, with blocks sampled only", {"read_back": "digest"}),
    Liar("answers-blank", "erases the keys alone; reads, digests and attestation are those of blank memory"),
    Liar("answers-blank", "the same, by evidence level 3", LEVEL_3),
    Liar("too-little-memory=1", "keeps a block in secret, and tells that it is blank"),
    Liar("too-little-memory=1", "the same, by evidence level 3", LEVEL_3),
    Liar("fill-refused=3", "takes a part of what it is to be filled with, by evidence level 3", LEVEL_3),
    Liar("keeps-keys", "says that keys are erased, shows blank memory, and keeps them"),
    Liar("wipe-count-stays", "does not count its wipe"),
    Liar("never-finishes", "its wipe never ends, and nothing is told of it"),
    Liar("stuck-progress", "tells for ever that one block is done"),
    Liar("endless-progress", "is always one block further, for ever"),
    Liar("map-lacks-region=3", "does not show a region"),
    Liar("map-halves-region=3", "shows half of a region, and keeps the other half"),
    Liar("map-halves-region=1", "the same with the journal"),
    Liar("map-shrinks=before", "does not show a region any more once its data was read"),
    Liar("map-shrinks=after", "does not show a region any more once the wipe is done"),
    Liar("replays-attestation=before", "attests with what it once said in another case, at the inspection"),
    Liar("replays-attestation=after", "the same after the wipe: the POST of an earlier wipe"),
    Liar("replays-pre", "attests with the PRE of this case after the wipe"),
    Liar("swap-identity", "is another terminal after the wipe: other serial number, same model"),
    Liar("swap-key", "is another terminal after the wipe: same serial number, other key"),
    Liar("reboots-as-twin=tusn", "starts anew after the wipe, as another terminal"),
    Liar("reboots-as-twin=tusn", "the same, and its case is taken up again", resumed=True),
    Liar("reboots-as-twin=key", "starts anew after the wipe, with the same serial number and another key"),
    Liar("reboots-as-twin=key", "the same, and its case is taken up again", resumed=True),
    Liar("changes-tusn=export", "says another serial number once its data was read"),
    Liar("changes-tusn=wipe", "says another serial number once its wipe was started"),
    Liar("lies-in-identify", "says in IDENTIFY who it was, and is another terminal that attests"),
    Liar("swaps-between", "has a twin wiped and read back in its place, and attests itself"),
    Liar("changes-firmware", "runs other firmware after the wipe than before, of the same name and version"),
    Liar("debug-enabled=before", "attests an open debug port, and a closed one after the wipe"),
    Liar("debug-enabled=after", "attests a closed debug port, and an open one after the wipe"),
    Liar("others-oemid", "claims to be another maker's than the one that certified it"),
    Liar("wrong-totals", "sends totals that are not those of its records"),
    Liar("others-journal", "sends another terminal's journal, with digest and totals of that"),
    Liar("others-export", "sends another terminal's journal and parameters"),
    Liar("endless-journal", "sends its transactions over and over, more of them than its memory holds"),
    Liar("floods-events=export", "sends events without end once its data is asked for"),
    Liar("floods-events=wipe", "the same from the wipe on"),
    Liar("floods-answers=export", "sends answers that nobody asked for once its data is asked for"),
    Liar("floods-answers=wipe", "the same from the wipe on"),
    Liar("floods-frames=export", "sends frames without end once its data is asked for, and nothing else"),
    Liar("floods-frames=wipe", "the same from the wipe on"),
    Liar("drips=export", "sends a byte a second once its data is asked for"),
    Liar("drips=wipe", "the same from the wipe on"),
    Liar("answers-late=export", "answers when nobody waits any more, once its data is asked for"),
    Liar("answers-late=wipe", "the same from the wipe on"),
)


@dataclass(frozen=True)
class Seen:
    """What became of one.

    Args:
        ended: How its case ended.
        row: The row of the table.
        changed: Whether flash or key memory is not what it was before.
        told: The bundle's result as a customer's verification has it, or empty where there is none.
    """

    ended: Ended
    row: str
    changed: bool
    told: str


def try_liar(liar: Liar, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Retire a terminal that lies.

    Args:
        liar: Which.
        folder: Where everything is kept.
        monkeypatch: See `tests.liars.bench.Bench`.
    """
    bench = Bench(folder, monkeypatch, liar.fault, unsettled=liar.unsettled)
    try:
        before = bench.memory
        ended = bench.retire(**liar.policy)
        if liar.resumed:
            assert ended.outcome is not None
            ended = bench.resume(ended.outcome.case)
        told = bench.verify(ended.outcome).result.value if ended.outcome else ""
        return Seen(ended, _row(liar, ended, _failed_step(bench, liar)), bench.memory != before, told)
    finally:
        bench.close()


def _failed_step(bench: Bench, liar: Liar) -> str:
    if liar.fault.startswith(IN_ANY_STEP):
        return "session"
    told = [event.as_json() for event in bench.events]
    return next((str(each["step"]) for each in told if each["event"] == "step" and each["state"] == "failed"), "")


def _row(liar: Liar, ended: Ended, step: str) -> str:
    if ended.outcome is None:
        assert ended.error is not None
        failure = failure_of(ended.error)
        left = "as the case left it" if liar.resumed else "unchanged"
        cells = ("resume" if liar.resumed else step, failure.code, int(failure.exit_code), "-", left)
    else:
        outcome = ended.outcome
        cells = (step or "evidence", _findings(outcome), int(outcome.exit_code), outcome.result.value, "changed")
    where, finding, code, result, left = cells
    return f"| `{liar.name}` | {liar.does} | {where} | {finding} | {code} | {result} | {left} |"


def _findings(outcome: RetireOutcome) -> str:
    """Name what tells that it lied: what ended the case, or else what the checks of the evidence found."""
    if outcome.cause is not None:
        return failure_of(outcome.cause).code
    codes = [each.code for each in outcome.statement_findings if each.effect != "note"]
    return ", ".join(dict.fromkeys(code for code in codes if code not in EVERYDAY)) or "none"


def written_rows() -> list[str]:
    """Return the rows of the table as the note has them."""
    lines = NOTE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    assert tuple(lines[: len(HEAD)]) == HEAD
    return lines[len(HEAD) :]


def write_rows(rows: list[str]) -> None:
    """Write the table of the note anew."""
    before, _, rest = NOTE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join((*HEAD, *rows))
    NOTE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
