"""Trying points one by one, each in a process of its own, and saying what came of them."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from agent.evidence.bundle import EXPORT
from tests.crash.judge import Judge, planted
from tests.crash.world import World, make_template

EXPLORE = "POSRETIRE_EXPLORE"
"""``all`` tries every point; a number draws the sample from that seed."""

TRIAL_SECONDS = 120
MEMORY_DISK = Path("/dev/shm")
SHOWN = 12
LONGEST_SHOWN = 1500


class Trial:
    """One trial: counts the points that are passed, and says when it is time.

    Args:
        at: Numbers of the points, from 1, at which something dies; none to count them.
        step: Returns the agent's step, to name points by.
    """

    def __init__(self, at: Sequence[int], step: Callable[[], str]) -> None:
        self._at = frozenset(at)
        self._step = step
        self.labels: list[str] = []

    def passed(self, label: str) -> bool:
        """Count a point, and tell whether this is one to die at."""
        self.labels.append(f"{self._step()}: {label}")
        return len(self.labels) in self._at


Finish = Callable[[], None]
Arm = Callable[[World, Trial, Finish], None]


@dataclass(frozen=True)
class Kind:
    """One kind of interruption.

    Args:
        name: What it is called in the figures.
        arm: Lets it happen in a world; told the trial, and what to call in the place of everything that would follow.
        private: Whether the line is private.
        sampled: How many points are tried unless all are.
        goes_on: Whether the case must go on as if nothing had happened, without being taken up again.
        faults: Faults of the terminal.
        refused: Whether the case must stop before anything, or anything more, on the terminal is changed.
    """

    name: str
    arm: Arm
    private: bool = False
    sampled: int = 20
    goes_on: bool = False
    faults: tuple[str, ...] = ()
    refused: bool = False


@dataclass
class Figures:
    """What came of a kind.

    Args:
        kind: Which.
        points: How many there are.
        tried: How many were tried.
        violations: What was wrong, each with its point.
    """

    kind: str
    points: int
    tried: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kind}: {self.tried} of {self.points} points tried, {len(self.violations)} violations"


class Explorer:
    """Explores kinds of interruptions on copies of one desk.

    Args:
        folder: Where the desk and its copies are made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template"
        self._template.mkdir()
        planted(make_template(self._template))  # each child has it from the start
        self._expected: dict[str, str] | None = None
        came = self._in_child(Kind("uninterrupted", lambda *_: None), ())
        assert not came["violations"], came
        self._expected = came["export"]

    def points(self, kind: Kind) -> list[str]:
        """Run without interruption and return the points that are passed."""
        came = self._in_child(kind, ())
        assert not came["violations"], came
        return list(came["labels"])

    def explore(self, kind: Kind) -> Figures:
        """Try the points of a kind: all of them, or a sample by its seed."""
        labels = self.points(kind)
        chosen = list(range(1, len(labels) + 1))
        wish = os.environ.get(EXPLORE, "1")
        if wish != "all" and len(chosen) > kind.sampled:
            chosen = sorted(random.Random(f"{kind.name} {wish}").sample(chosen, kind.sampled))
        figures = Figures(kind.name, len(labels))
        for (number,), came in self.try_all(kind, [(each,) for each in chosen]):
            figures.tried += 1
            figures.violations += [
                f"{kind.name} {number} ({labels[number - 1]}): {each}" for each in came["violations"]
            ]
        print(f"\n{figures}", *_few(figures.violations), sep="\n  ", flush=True)
        return figures

    def try_all(self, kind: Kind, trials: Sequence[Sequence[int]]) -> Iterator[tuple[Sequence[int], dict[str, Any]]]:
        """Try points, as many at a time as there are processors, and yield what came of each."""
        waiting = list(reversed(trials))
        running: dict[int, tuple[Sequence[int], _Child]] = {}
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                at = waiting.pop()
                child = _Child(partial(self._trial, kind, at))
                running[child.pipe] = at, child
            for pipe in select.select(list(running), [], [])[0]:
                if running[pipe][1].read():
                    at, child = running.pop(pipe)
                    yield at, child.result()

    # ------------------------------------------------------------------ in a child
    def _in_child(self, kind: Kind, at: Sequence[int]) -> dict[str, Any]:
        ((_, came),) = self.try_all(kind, [at])
        return came

    def _trial(self, kind: Kind, at: Sequence[int]) -> dict[str, Any]:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        shutil.copytree(self._template, folder / "desk")
        world = World(folder / "desk", private=kind.private, faults=kind.faults)
        judge = Judge(world, self._expected)
        trial = Trial(at, lambda: world.step)

        def told() -> dict[str, Any]:
            export = {} if at or kind.refused else judge.members(next(world.out.glob(f"*/{EXPORT}")))
            shutil.rmtree(folder)
            return {"labels": trial.labels, "violations": judge.violations, "export": export}

        def to_the_end() -> dict[str, Any]:
            judge.look()
            if kind.refused:
                judge.refused(world.to_the_end)
            else:
                judge.final(world.to_the_end())
            return told()

        kind.arm(world, trial, lambda: _Child.say_and_die(to_the_end))
        came = world.retire()
        judge.look()
        if at and not kind.goes_on:
            return to_the_end()
        if kind.refused and kind.faults:
            judge.refused(lambda: came)
        else:
            judge.final(came)
        return told()


class _Child:
    """A process that does one thing, and says what came of it.

    Args:
        work: What to do.
    """

    mouth = -1
    """Where this very process says it, if it is such a child."""

    def __init__(self, work: Callable[[], dict[str, Any]]) -> None:
        self.pipe, mouth = os.pipe()
        self._said = b""
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self.pipe)
            _Child.mouth = mouth
            signal.alarm(TRIAL_SECONDS)
            _Child.say_and_die(work)
        os.close(mouth)

    @staticmethod
    def say_and_die(work: Callable[[], dict[str, Any]]) -> None:
        """Do it, say what came of it, and never come back, so that no stack is unwound."""
        try:
            came = work()
        except BaseException:  # noqa: BLE001 - a test's defect is a finding too
            came = {"labels": [], "violations": ["the trial itself: " + traceback.format_exc()], "export": {}}
        with os.fdopen(_Child.mouth, "wb") as mouth:
            mouth.write(json.dumps(came).encode())
        os._exit(0)

    def read(self) -> bool:
        """Hear what it says; True once it has ended."""
        data = os.read(self.pipe, 65_536)
        self._said += data
        if data:
            return False
        os.close(self.pipe)
        return True

    def result(self) -> dict[str, Any]:
        """Return what it said."""
        status = os.waitpid(self._pid, 0)[1]
        if not self._said:
            return {"labels": [], "violations": [f"the trial died: status {status}"], "export": {}}
        return dict(json.loads(self._said))


def _few(violations: Sequence[str]) -> list[str]:
    """Shorten a list: what is wrong, how often, and the first examples."""
    if not violations:
        return []
    kinds = Counter(each.partition("): ")[2][:160] for each in violations)
    return [f"{count} × {what}" for what, count in kinds.most_common(SHOWN)] + [
        "e.g. " + v[:1500] for v in violations[:3]
    ]


@contextmanager
def explorer() -> Iterator[Explorer]:
    """Make an explorer whose files are kept in memory where that is possible, so that syncing costs nothing."""
    place = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="posretire-crash-") as folder:
        yield Explorer(Path(folder))
