"""Work done in processes of their own, so that a piece of it which kills its process stops no other (I8)."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

TaskT = TypeVar("TaskT")
AnswerT = TypeVar("AnswerT")

GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Done(Generic[TaskT, AnswerT]):
    """What became of one task.

    Args:
        task: The task.
        answer: What came of it, or None where its process died.
        exit_code: How the process died, negative for a signal; None where it did not.
    """

    task: TaskT
    answer: AnswerT | None
    exit_code: int | None = None


@dataclass
class _Lane(Generic[TaskT]):
    process: BaseProcess
    line: Connection
    task: TaskT | None = None


def run_apart(
    prepare: Callable[..., Callable[[TaskT], AnswerT]],
    given: tuple[Any, ...],
    tasks: Iterable[TaskT],
    jobs: int,
) -> Generator[Done[TaskT, AnswerT], None, None]:
    """Run tasks in several processes, one task a process at a time.

    No more is held than one task and one answer a process. The processes end with the iterator, also when it is closed
    early or its owner is interrupted; an interrupt of the whole group of processes reaches the owner alone.

    Args:
        prepare: A function of a module, called once in each process; returns what each task is handed to.
        given: What `prepare` is called with; it is sent to the processes.
        tasks: The tasks, taken when there is a process for the next.
        jobs: How many processes.

    Yields:
        What became of each task, in the order in which they end.
    """
    waiting = iter(tasks)
    lanes: list[_Lane[TaskT]] = []
    try:
        for task in waiting:
            lanes.append(_started(prepare, given))
            _hand(lanes[-1], task)
            if len(lanes) == jobs:
                break
        while lanes:
            for lane in _spoken(lanes):
                done, alive = _hear(lane)
                task_next = next(waiting, None)
                if task_next is None:
                    lanes.remove(lane)
                    _end(lane)
                elif alive:
                    _hand(lane, task_next)
                else:
                    fresh: _Lane[TaskT] = _started(prepare, given)
                    lanes[lanes.index(lane)] = fresh
                    _end(lane)
                    _hand(fresh, task_next)
                yield done
    finally:
        for lane in lanes:
            lane.process.terminate()
        for lane in lanes:
            _end(lane)


def _spoken(lanes: list[_Lane[TaskT]]) -> list[_Lane[TaskT]]:
    """Wait for the lanes that have an answer or whose process is dead: then its end of the line is closed."""
    ready = set(map(id, wait([lane.line for lane in lanes])))
    return [lane for lane in lanes if id(lane.line) in ready]


def _hear(lane: _Lane[TaskT]) -> tuple[Done[TaskT, Any], bool]:
    task = lane.task
    assert task is not None
    try:
        return Done(task, lane.line.recv()), True
    except (EOFError, OSError):
        lane.process.join(GRACE_SECONDS)
        return Done(task, None, lane.process.exitcode or 0), False


def _hand(lane: _Lane[TaskT], task: TaskT) -> None:
    lane.task = task
    with suppress(OSError):  # a process that is dead by now is noticed where its answer is awaited
        lane.line.send(task)


def _started(prepare: Callable[..., Any], given: tuple[Any, ...]) -> _Lane[TaskT]:
    # A new interpreter on every system: a copy of this one would share its locks and its half-written streams.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, prepare, given), daemon=True)
    with _interrupts_held():
        process.start()
    theirs.close()
    return _Lane(process, ours)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have processes that are started here ignore Ctrl-C from their first moment on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(line: Connection, prepare: Callable[..., Callable[[Any], Any]], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work = prepare(*given)
    while True:
        try:
            task = line.recv()
        except (EOFError, OSError):
            return
        line.send(work(task))


def _end(lane: _Lane[Any]) -> None:
    lane.line.close()  # its process sees that and ends
    lane.process.join(GRACE_SECONDS)
    if lane.process.is_alive():
        lane.process.kill()
        lane.process.join()
    lane.process.close()
