"""Looking round in a menu without a person: breadth first, by digits and CANCEL alone.

It never presses CONFIRM, never types into a field, and never chooses an item whose words sound like doing something:
a menu item may act at once, without asking. What it leaves out stands in the note of the draft.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from agent.learn.learner import LearnedScreen, Learner
from protocols.pattern import places_of
from protocols.words import Key

MAX_PRESSES = 400

_ACTING = re.compile(
    "解绑|绑定|注销|清除|清空|恢复|出厂|删除|格式化|初始化|结算|签退|签到|消费|撤销|退货|预授权|授权|升级|更新|下载|重启|关机|打印|"
    "unbind|bind|clear|reset|erase|delete|format|restore|factory|settle|refund|void|sale|update|upgrade|download|"
    "log ?off|log ?on|sign|print|reboot|shut",
    re.IGNORECASE,
)


@dataclass
class Exploration:
    """What came of looking round.

    Args:
        left_out: Items that sound like doing something, as (screen, words).
        stuck: Screens that CANCEL did not leave.
        full: Whether it ended because there were too many screens or keys.
    """

    left_out: list[tuple[str, str]] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    full: bool = False


def explore(learner: Learner, max_screens: int, opening: tuple[Key, ...] = ()) -> Exploration:
    """Look round from the screen that is shown, and go back to it.

    Args:
        learner: Records; its present screen is the start.
        max_screens: Stop at so many screens.
        opening: Keys that open the menu from the start, pressed once in the beginning; a technician gave them.
    """
    found = Exploration()
    start = learner.here
    presses = MAX_PRESSES
    if opening:
        learner.press(opening)
    tried: set[tuple[int, str]] = set()
    while presses > 0 and len(learner.screens) < max_screens:
        here = learner.here
        untried = [name for name in _safe_items(here, found) if (id(here), name) not in tried]
        if untried:
            tried.add((id(here), untried[0]))
            _choose(learner, untried[0])
            presses -= 1
            if learner.here is not here and not learner.here.keys:
                presses -= _learn_way_back(learner, found)
            continue
        way = _way_to_untried(learner, here, tried, found)
        if way is None:
            break
        for step in way:
            _take(learner, step)
            presses -= 1
    else:
        found.full = True
    while learner.here is not start and presses > 0:
        before = learner.here
        learner.press((Key.CANCEL,))
        presses -= 1
        if learner.here is before:
            break
    return found


def _learn_way_back(learner: Learner, found: Exploration) -> int:
    """See where CANCEL leads from a screen that is new, then go there again only if something is left to try."""
    before = learner.here
    learner.press((Key.CANCEL,))
    if learner.here is before and before.id not in found.stuck:
        found.stuck.append(before.id)
    return 1


def _safe_items(screen: LearnedScreen, found: Exploration) -> list[str]:
    if screen.masked or screen.field is not None or any(row and places_of(row) & {"typed"} for row in screen.rows):
        return []
    names = []
    for name in (*screen.items, *screen.entries):
        if _ACTING.search(name):
            if (screen.id, name) not in found.left_out:
                found.left_out.append((screen.id, name))
        else:
            names.append(name)
    return names


def _choose(learner: Learner, name: str) -> None:
    for _, digit, words in learner.offered():
        if name in (words, learner.pattern(words)):
            learner.press((Key[f"DIGIT_{digit}"],))
            return


def _way_to_untried(
    learner: Learner, start: LearnedScreen, tried: set[tuple[int, str]], found: Exploration
) -> list[str] | None:
    """Return the steps to the nearest screen with something untried: words of items, or empty for CANCEL."""
    seen = {id(start)}
    queue: deque[tuple[LearnedScreen, list[str]]] = deque([(start, [])])
    while queue:
        here, way = queue.popleft()
        if way and any((id(here), name) not in tried for name in _safe_items(here, found)):
            return way
        back = here.keys.get((Key.CANCEL,))
        steps = [("", back)] if back is not None else []
        steps += [(name, target) for name, target in (*here.items.items(), *here.entries.items()) if target is not None]
        for step, target in steps:
            if id(target) not in seen:
                seen.add(id(target))
                queue.append((target, [*way, step]))
    return None


def _take(learner: Learner, step: str) -> None:
    if step:
        _choose(learner, step)
    else:
        learner.press((Key.CANCEL,))
