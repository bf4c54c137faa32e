"""The note of a draft follows the template of the firmware notes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from agent.learn.draft import Gap
from agent.learn.note import GAP, SENTENCES, note_text
from tests.agent.learn.taught import ALL
from tests.agent.learn.test_draft import drafted
from tests.agent.learn.unknown import IDENTITY, MERCHANT, TUSN
from tests.lint.test_firmware_notes import check_note


def test_it_follows_the_template_and_marks_its_gaps(tmp_path: Path) -> None:
    draft, made = drafted(*ALL)
    text = note_text(made, draft, "new-t1", [Gap("left-out", ("main", "结算")), Gap("not-finished")])
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    check_note(tmp_path / "README.md", "model")
    assert text.count(GAP) >= 5
    assert "on `main`, the item 结算 sounds like doing something" in text
    assert "本机 → `list`" in text


def test_every_gap_has_a_sentence() -> None:
    source = (Path(__file__).parents[3] / "agent" / "learn" / "draft.py").read_text(encoding="utf-8")
    assert all(f'Gap("{code}"' in source or code in ("left-out", "stuck", "not-finished") for code in SENTENCES)


def test_i4_it_has_no_number_of_the_terminal() -> None:
    draft, made = drafted(*ALL)
    text = note_text(made, draft, "new-t1")
    assert MERCHANT not in text
    assert TUSN not in text
    assert TUSN[-8:] not in text


def test_i10_what_a_terminal_says_is_no_markup() -> None:
    draft, made = drafted(*ALL)
    made.identity = dataclasses.replace(IDENTITY, model="`x`|<b>", firmware_name="[a](b)")
    made.screens[0].drawing = ("```", "## x")
    text = note_text(made, draft, "new-t1")
    assert "| model | ` x   b ` |" in text
    assert "\n```\n'''\n## x\n```\n" in text
