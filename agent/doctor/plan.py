"""How much of everything is tried on a line of a given speed, so that the whole stays within its time."""

from __future__ import annotations

from dataclasses import dataclass

from agent.autobaud import USUAL_SPEEDS
from agent.doctor.measurements import BITS_A_BYTE
from agent.doctor.patterns import PATTERNS

RAISED_SPEEDS = (38_400, 57_600, 115_200, 230_400, 460_800, 921_600)
"""Speeds that are tried beyond that of the TARGET."""

FULL_SECONDS, SLOW_SECONDS, QUICK_SECONDS = 22.0, 45.0, 4.0
"""After so long nothing more is begun; what is under way is ended, which takes a few seconds at most."""

SLOW_BAUD = 38_400
"""Below this an examination may take the longer time."""


@dataclass(frozen=True)
class Plan:
    """How much of everything.

    Args:
        quick: Whether only the most needed is tried.
        seconds: After so long nothing more is begun.
        listen_seconds: How long silence is listened to, before and during the session.
        hello_tries: How often HELLO is said at the speed of the TARGET.
        hunting_tries: How often at each other speed.
        other_speeds: Where a terminal is looked for.
        trips: Small ECHOs.
        echo_sizes: Bytes of ECHOs that are tried with each pattern.
        patterns: Names of the patterns.
        mixed: ECHOs of random bytes besides, so that rare errors show.
        mixed_bytes: Bytes of each of these.
        bursts: Bytes that are put on the line in one go, ascending.
        repeats: How often each.
        flow_bytes: Bytes of XON and XOFF.
        escaped_trips: ECHOs with XON and XOFF kept out.
        raised: Higher speeds to try.
        trial_bytes: Bytes at each of them.
        most_lost: After so many broken sessions no further one is opened for the same step.
    """

    quick: bool
    seconds: float
    listen_seconds: float
    hello_tries: int
    hunting_tries: int
    other_speeds: tuple[int, ...]
    trips: int
    echo_sizes: tuple[int, ...]
    patterns: tuple[str, ...]
    mixed: int
    mixed_bytes: int
    bursts: tuple[int, ...]
    repeats: int
    flow_bytes: int = 16
    escaped_trips: int = 8
    raised: tuple[int, ...] = ()
    trial_bytes: int = 4096
    most_lost: int = 1


def plan_for(baud: int | None, *, quick: bool) -> Plan:
    """Return the plan for a line.

    Args:
        baud: Bits per second, or None for TCP.
        quick: Whether only the most needed is to be tried.
    """
    others = tuple(each for each in USUAL_SPEEDS if each != baud)
    room = (baud or 115_200) // BITS_A_BYTE  # bytes a second
    if quick:
        sizes = (0, 64, 1024 if room >= 3000 else 256)
        bursts = tuple(each for each in (512, 2048) if each <= room)
        patterns = ("counting", "random")
        return Plan(True, QUICK_SECONDS, 0.2, 3, 1, others[:2], 8, sizes, patterns, 0, 0, bursts, 1)
    slow = baud is not None and baud < SLOW_BAUD
    largest = 3 * room  # a burst and its answer take about three seconds together at most, at every speed
    return Plan(
        quick=False,
        seconds=SLOW_SECONDS if slow else FULL_SECONDS,
        listen_seconds=0.5,
        hello_tries=6,
        hunting_tries=2,
        other_speeds=others,
        trips=20,
        echo_sizes=(0, 16, 64, 256, 1024),
        patterns=PATTERNS,
        mixed=max(4, min(24, room // 480)),
        mixed_bytes=512,
        bursts=tuple(each for each in (128, 256, 512, 1024, 2048, 4096, 8192) if each <= largest),
        repeats=2 if slow else 3,
        raised=tuple(each for each in RAISED_SPEEDS if baud is not None and each > baud),
    )
