"""Every terminal that lies is retired, and what becomes of it is what the note says: never PASS, never silence."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from agent.evidence.facts import Result
from agent.policy import PROVEN
from simulators.board import lying as lying_board
from simulators.faults import Fault, parse_faults
from simulators.pmp import lying as lying_line
from tests.liars.bench import Bench
from tests.liars.table import LIARS, WRITE, Liar, try_liar, write_rows, written_rows

NEEDS_LEVEL_3 = frozenset({"answers-blank", "too-little-memory=1"})
"""What only proof of secure erasure tells from an honest terminal."""

LIKE_A_BAD_LINE = frozenset({"drips=export"})
"""What nobody can tell from a line that is gone: the case stops with exit 3, before anything was changed."""

MOST_MEMORY = 8 << 20
"""Bytes that a case may take, the simulated terminal in the same process included."""

STOPPED = {5, 6}
BAD_END = {6: Result.FAIL, 7: Result.UNKNOWN}


def write_wanted() -> bool:
    return os.environ.get(WRITE, "") == "1"


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_i5_a_liar_never_passes_and_the_note_says_what_becomes_of_it(
    liar: Liar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = try_liar(liar, tmp_path, monkeypatch)
    ended = seen.ended
    if not write_wanted():
        assert seen.row in written_rows(), f"the note has no such row; write it anew with {WRITE}=1"
    if liar.name in NEEDS_LEVEL_3:
        assert ended.outcome is not None
        assert ended.outcome.evidence_level < PROVEN, "it has a row of its own by level 3"
        return
    if ended.outcome is not None:
        assert BAD_END[int(ended.outcome.exit_code)] is ended.outcome.result
        assert seen.told == ended.outcome.result.value, "a customer's verification says the same"
        assert ended.outcome.cause is not None or len(ended.outcome.statement_findings) > 0
        return
    code = int(getattr(ended.error, "exit_code", 3))
    assert code in STOPPED or (code == 3 and liar.name in LIKE_A_BAD_LINE)
    if not liar.resumed:
        assert not seen.changed
        assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("fault", ["floods-frames=export", "drips=export"])
def test_i10_a_flood_does_not_fill_the_memory(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch, fault)
    tracemalloc.start()
    try:
        bench.retire()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        bench.close()
    assert most < MOST_MEMORY


def test_an_honest_terminal_passes_on_the_same_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch)
    ended = bench.retire()
    assert ended.outcome is not None
    assert ended.outcome.result is Result.PASS
    assert bench.verify(ended.outcome).result is Result.PASS
    bench.close()


def test_the_table_has_these_rows_and_no_others(tmp_path: Path) -> None:
    if write_wanted():
        write_rows([written_anew(liar, tmp_path / str(place)) for place, liar in enumerate(LIARS)])
    assert [row.split("`")[1] for row in written_rows()] == [liar.name for liar in LIARS]


def written_anew(liar: Liar, folder: Path) -> str:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return try_liar(liar, folder, monkeypatch).row


def test_every_fault_of_liars_is_tried() -> None:
    tried = {fault for liar in LIARS for fault in Fault if fault in parse_faults([liar.fault])}
    assert tried >= lying_board.LIES | lying_line.LIES
    assert {Fault.ERASES_HEADERS, Fault.LIES_ABOUT_WIPE, Fault.SKIPS_REGION, Fault.SWAP_IDENTITY} <= tried
