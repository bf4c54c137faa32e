"""Work in processes apart: one that dies is told of, and stops no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable

import pytest

from agent.evidence.apart import run_apart


def prepare(word: str) -> Callable[[str], str]:
    return lambda task: work(word, task)


def work(word: str, task: str) -> str:
    if task == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "exit":
        os._exit(3)
    if task == "raise":
        raise RuntimeError(task)
    if task == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    return f"{word} {task}"


def test_every_task_is_done_once() -> None:
    tasks = [str(number) for number in range(20)]
    done = list(run_apart(prepare, ("did",), tasks, 2))
    assert sorted(each.task for each in done) == sorted(tasks)
    assert all(each.answer == f"did {each.task}" and each.exit_code is None for each in done)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_i8_a_process_that_dies_stops_no_other() -> None:
    tasks = ["a", "kill", "b", "exit", "raise", "interrupt", "c", "kill"]
    done = list(run_apart(prepare, ("did",), tasks, 2))
    dead = sorted((each.task, each.exit_code) for each in done if each.answer is None)
    assert dead == [("exit", 3), ("kill", -9), ("kill", -9), ("raise", 1)]
    assert sorted(str(each.answer) for each in done if each.answer) == ["did a", "did b", "did c", "did interrupt"]


def test_tasks_are_taken_only_when_there_is_a_process_for_them() -> None:
    taken = []

    def tasks():
        for number in range(1_000):
            taken.append(number)
            yield str(number)

    found = run_apart(prepare, ("did",), tasks(), 2)
    next(found)
    assert len(taken) <= 3
    found.close()
    assert multiprocessing.active_children() == []


def test_no_task_needs_no_process() -> None:
    assert list(run_apart(prepare, ("did",), [], 2)) == []
