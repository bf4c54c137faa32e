"""Walks through menus made at random, and what must hold after each."""

from __future__ import annotations

import dataclasses
from collections import Counter
from random import Random

from agent.errors import AgentError, OutcomeUnknown
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import unbind
from agent.secret import Secret
from protocols.errors import ProtocolError
from protocols.profile import Profile
from tests.agent.menu.fake_terminal import haike_profile
from tests.agent.menu.random_menus import random_world
from tests.agent.menu.random_terminal import LABEL, MERCHANT, RIGHT, TUSN, Ailments, RandomTerminal

CASE = MenuCase(TUSN, MERCHANT, LABEL)


def random_ailments(source: Random, order: tuple[str, ...]) -> Ailments:
    """Choose what is wrong; a quarter of all terminals are well."""
    if source.random() < 0.25:
        return Ailments()

    def now_and_then(value: float) -> float:
        return value if source.random() < 0.35 else 0.0

    return Ailments(
        keys_lost=int(now_and_then(source.randint(2, 12))),
        events_lost=int(now_and_then(source.randint(1, 8))),
        noise=now_and_then(source.choice([0.02, 0.1, 0.4])),
        popups=now_and_then(source.choice([0.02, 0.1])),
        stale=now_and_then(source.choice([0.02, 0.1])),
        jumps=now_and_then(source.choice([0.03, 0.2])),
        answers_lost=now_and_then(source.choice([0.02, 0.1])),
        wrong_password=source.random() < 0.15,
        foreign=source.choice(["", "", "", "", "tusn", "merchant"]),
        start=source.choice(["idle"] * 4 + [*order, "done", "wrong", "trap", "?", "decoy"]),
    )


def walk(seed: int, base: Profile) -> str:
    """Walk once, and check all that must hold; return how it ended.

    Args:
        seed: Makes menu, terminal and whatever goes wrong.
        base: A profile, for everything but its menu.
    """
    source = Random(seed)
    world = random_world(source)
    ailments = random_ailments(source, world.order)
    terminal = RandomTerminal(world, ailments, source)
    profile = dataclasses.replace(base, menu=world.menu)
    answers = GivenAnswers({asked: Secret(text) for asked, text in RIGHT.items() if asked != "operator"})  # type: ignore[misc]
    film: list[FilmStep] = []
    error: AgentError | ProtocolError | None = None
    end = "?"
    try:
        end = f"unbound, by the {unbind(terminal, profile, CASE, answers, film.append).told_by}"  # type: ignore[arg-type]
    except AgentError as fault:
        error, end = fault, fault.code
    except ProtocolError as fault:
        error, end = fault, type(fault).__name__
    if error is None:
        assert not terminal.bound, f"seed {seed}: it says unbound and is not"
    else:
        assert terminal.bound or isinstance(error, OutcomeUnknown), f"seed {seed}: {end}, and yet it is unbound"
    assert not terminal.violations, f"seed {seed}: {terminal.violations}"
    assert terminal.commits <= 1, f"seed {seed}: confirmed {terminal.commits} times"
    assert terminal.wrong <= 1, f"seed {seed}: {terminal.wrong} wrong passwords"
    kept = repr(film) + repr(error) + repr(getattr(error, "facts", ""))
    for secret in (*RIGHT.values(), LABEL[4:]):
        assert len(secret) < 4 or secret in TUSN or secret not in kept, f"seed {seed}: a secret was kept (I4)"
    if ailments == Ailments():
        assert end == "unbound, by the screen", f"seed {seed}: nothing was wrong, and it ended with {end}"
    return end


def walk_all(seeds: range) -> Counter[str]:
    """Walk for each seed, and count how it ended."""
    base = haike_profile()
    return Counter(walk(seed, base) for seed in seeds)
