"""A draft is valid as far as it goes, and says what is missing."""

from __future__ import annotations

import dataclasses
import tomllib

import pytest

from agent.errors import PreconditionNotMet
from agent.learn.draft import Draft, make_draft, read_terminal
from agent.learn.instructions import Instruction
from agent.learn.learner import Learner
from agent.learn.toml import toml_text
from agent.menu.recognise import recognise
from protocols.profile import profile_from_table
from protocols.words import Key
from tests.agent.learn.taught import ALL, TO_CONFIRM, TO_PASSWORD, taught
from tests.agent.learn.unknown import IDENTITY, MERCHANT, PASSWORD, SCREENS, TUSN, Unknown


def draft_of(learner: Learner, terminal: Unknown) -> Draft:
    return make_draft(learner, read_terminal(terminal, Unknown().bindings()), "new-t1", "pmp")  # type: ignore[arg-type]


def drafted(*instructions: Instruction) -> tuple[Draft, Learner]:
    terminal = Unknown()
    made = taught(*instructions, terminal=terminal)
    return draft_of(made, terminal), made


def codes(draft: Draft) -> set[str]:
    return {gap.code for gap in draft.gaps}


def test_a_whole_way_makes_a_profile_with_a_goal() -> None:
    draft, made = drafted(*ALL)
    menu = draft.profile.menu
    assert menu is not None
    assert [goal.reach for goal in menu.goals] == ["done"]
    screens = {screen.id: screen for screen in menu.screens}
    assert screens["confirm"].must_show == ("tusn", "merchant_number")
    assert screens["confirm"].commits
    assert not screens["password"].commits
    assert menu.screens[0].id == "idle"
    for screen in made.screens:
        for display in screen.samples:
            known = recognise(menu, display)
            assert known is not None
            assert known.screen.id == screen.id


def test_what_the_terminal_tells_of_itself_stands_in_it() -> None:
    profile = drafted(*ALL)[0].profile
    known = profile.identification
    assert (known.maker, known.source, known.verified_on_hardware, known.label_prefix) == (
        "NEW-TEST",
        "capture",
        False,
        "T1-",
    )
    assert [region.technique.name if region.technique else "" for region in profile.regions] == [
        "BLOCK_ERASE",
        "OVERWRITE",
        "",
    ]
    assert [(each.name, each.source) for each in profile.bindings] == [("merchant_number", "capture")]
    assert [slot.slot for slot in profile.key_slots] == [1]


def test_i4_it_has_no_number_of_the_terminal() -> None:
    text = toml_text(drafted(*ALL)[0].table)
    assert profile_from_table(tomllib.loads(text)) == drafted(*ALL)[0].profile
    for secret in (MERCHANT, PASSWORD, TUSN, TUSN[-8:]):
        assert secret not in text


def test_without_an_end_it_has_no_goal_and_says_so() -> None:
    draft, _ = drafted(*TO_CONFIRM, Instruction(press=(Key.CANCEL,)))
    assert draft.profile.menu is not None
    assert draft.profile.menu.goals == ()
    assert "goal-missing" in codes(draft)
    assert [each.source for each in draft.profile.bindings] == ["assumed"], "nothing was seen to be undone"


def test_an_unmarked_confirmation_stays_out_of_the_profile() -> None:
    draft, _ = drafted(*TO_PASSWORD, Instruction(press=(Key.CONFIRM,)), Instruction(screen="done", means="done"))
    assert draft.profile.menu is not None
    assert draft.profile.menu.goals == ()
    assert {"goal-invalid", "confirm-left-out", "screen-unnamed"} <= codes(draft)


def test_a_confirmation_that_does_not_show_the_case_makes_no_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCREENS, "confirm", (("确认解绑?",), {"CONFIRM": "done", "CANCEL": "own"}))
    draft, _ = drafted(*ALL)
    assert "goal-invalid" in codes(draft)


def test_screens_that_only_differ_in_their_items_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCREENS, "query", (("菜单", "1.昨日", "2.今日"), {"CANCEL": "main"}))
    draft, made = drafted(*TO_PASSWORD[:1], Instruction(choose="查询"), Instruction(screen="query"))
    assert "screen-ambiguous" not in codes(draft)
    menu = draft.profile.menu
    assert menu is not None
    known = recognise(menu, made.display)
    assert known is not None
    assert known.screen.id == "query"


def test_screens_that_nobody_can_tell_apart_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCREENS, "query", (("菜单", "1.查询", "2.本机", "3.结算", "2026-11-22"), {"CANCEL": "main"}))
    made = taught(*TO_PASSWORD[:1])
    made.screens.append(dataclasses.replace(made.here, id="twin", named=True))
    assert "screen-ambiguous" in codes(draft_of(made, Unknown()))


def test_what_was_not_seen_is_listed() -> None:
    gaps = {(gap.code, gap.facts) for gap in drafted(*ALL)[0].gaps}
    assert ("ending-not-seen", ("locked",)) in gaps
    assert ("item-not-tried", ("main", "结算")) in gaps


def test_i10_a_terminal_whose_own_words_fit_no_profile_is_a_documented_error() -> None:
    terminal = Unknown()
    made = taught(terminal=terminal)
    made.identity = dataclasses.replace(IDENTITY, maker="x\x00")
    with pytest.raises(PreconditionNotMet) as fault:
        draft_of(made, terminal)
    assert fault.value.code == "learn-draft-invalid"


@pytest.mark.parametrize("baud", [9600, 1_000_000])
def test_the_speed_of_the_line_goes_into_the_draft(baud: int) -> None:
    terminal = Unknown()
    made = taught(*ALL, terminal=terminal)
    draft = make_draft(made, read_terminal(terminal, Unknown().bindings()), "new-t1", "pmp", baud)  # type: ignore[arg-type]
    assert (draft.profile.link.baud, draft.profile.link.source) == (baud, "capture")
