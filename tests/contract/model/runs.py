"""One run of the agent on a world, and what time does to it in between."""

from __future__ import annotations

import agent.workflow.resume as resume_module
import agent.workflow.retire as retire_module
from agent.clock import Clock
from agent.errors import AgentError
from protocols.errors import LocalProtocolError, ProtocolError
from protocols.words import WipeState
from tests.contract.model.stand_ins import now
from tests.contract.model.world import CASE, MOMENT, PARTIAL, Killed


def run(world):
    """Let the agent work on the world's case until it ends, fails or dies; the world is changed."""
    now[:] = [world]
    ticks = iter(range(10**6))
    clock = Clock(lambda: MOMENT, lambda: world.steady + next(ticks) * 1e-3)
    request = world.scenario.request
    try:
        if world.is_over:
            world.entries, world.record = (), None  # and another case of the same terminal begins
        if world.record is None:
            world.files, world.place, world.export_proven = None, PARTIAL, False  # a new case has a new folder
            outcome = retire_module.retire(request, _quiet, clock)
        else:
            outcome = resume_module.resume(CASE, request, _quiet, clock, _words(world))
        world.cause = _name(outcome.cause) if outcome.cause else ""
    except Killed:
        world.cause = "killed"
    except LocalProtocolError as fault:
        world.breach("I10", f"a defect of ours: {fault}")
    except (AgentError, ProtocolError) as fault:
        world.cause = _name(fault)
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is a defect
        world.breach("I10", f"{type(fault).__name__}: {fault}")
    world.terminal.sales = world.terminal.sales[-2:]
    world.word_wanted = world.cause == "operator-word-needed"
    return world


def _name(fault):
    return fault.code if isinstance(fault, AgentError) else type(fault).__name__


def _words(world):
    """Ask the person who stands before the terminal what became of the test transaction."""
    if not world.word_wanted or world.choose("operator", ("says", "is silent")) != "says":
        return None
    done = world.terminal.sales[-2:] == ("sale", "reversal")
    world.terminal.unasked -= {"sale", "reversal"}
    return {"test-transaction": done}


def _quiet(_event):
    """Nobody watches."""


def time_passes(world):
    """Return what may have become of the terminal while nobody was connected."""
    if world.terminal.wipe is WipeState.RUNNING or world.terminal.erasing:
        done = world.after(())
        done.terminal.finish()
        yield done
    if world.terminal.wipe is WipeState.RUNNING or world.terminal.erasing or world.terminal.prepared is not None:
        cut = world.after(())
        cut.terminal.restart()
        yield cut
