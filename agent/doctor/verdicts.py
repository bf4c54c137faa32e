"""From measurements to verdicts: what is wrong with a line, most decisive first. Pure, so that tables test it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from statistics import median

from agent.doctor.limits import (
    BAD_RATE,
    BURSTY,
    CORRECTED_SHARE,
    EXPECTED_IF_EVEN,
    GOOD_RATIO,
    IDLE_BYTES,
    LEAST_ERRORS,
    LEAST_EVENTS,
    LEAST_LATE,
    LEAST_LOSSY,
    LEAST_TRIPS,
    LONG_SECONDS,
    LOSSY_SHARE,
    MOST_LOST,
    MOST_STRAYS,
    RESENT_SECONDS,
    SLOW_SECONDS,
    STRETCHES,
    UNCORRECTED_SHARE,
    UNEVEN_SECONDS,
    WEAK_PERCENT,
)
from agent.doctor.measurements import Exchange, Heard, Measurements, Nature
from protocols.pmp.layouts import MAX_ECHO


class Severity(IntEnum):
    """How much a verdict weighs."""

    INFORMATION = 0
    WARNING = 1
    """The line can be used, and something should be seen to."""
    FATAL = 2
    """The line cannot be used as the TARGET says."""


@dataclass(frozen=True)
class Verdict:
    """One conclusion.

    Args:
        code: Stable name; what people read stands under it in both languages.
        severity: How much it weighs.
        facts: What the texts fill in.
    """

    code: str
    severity: Severity
    facts: Mapping[str, str | int] = field(default_factory=dict)


def judge(found: Measurements) -> tuple[Verdict, ...]:
    """Draw the conclusions.

    Args:
        found: What was measured.

    Returns:
        At least one verdict: the fatal ones first, then what should be seen to, then what is worth knowing.
    """
    verdicts = [verdict for rule in RULES for verdict in rule(found)]
    if not any(verdict.severity for verdict in verdicts):
        verdicts.insert(0, Verdict("good", Severity.INFORMATION, _good_facts(found)))
    return tuple(sorted(verdicts, key=lambda verdict: -verdict.severity))


def usable(verdicts: tuple[Verdict, ...]) -> bool:
    """Tell whether the line can be used as the TARGET says."""
    return all(verdict.severity < Severity.FATAL for verdict in verdicts)


# ---------------------------------------------------------------------------------------- nobody, or somebody else
def _somebody_else(found: Measurements) -> Iterator[Verdict]:
    """Who else speaks on the line where no terminal does."""
    heard = _heard(found, Nature.DEVICE_SERVER) or _heard(found, Nature.ECHO) or _heard(found, Nature.TEXT)
    if found.working is not None and found.working.heard.nature is Nature.ECHO:
        yield Verdict("half-duplex", Severity.FATAL)
    elif heard is not None and found.working is None:
        code = {Nature.DEVICE_SERVER: "device-server", Nature.ECHO: "echo-only"}.get(heard.nature, "console")
        yield Verdict(code, Severity.FATAL, {"text": heard.text} if heard.text else {})


def _no_terminal(found: Measurements) -> Iterator[Verdict]:
    """Silence, garbage or a refusal in the place of a handshake."""
    if found.working is not None or any(_somebody_else(found)):
        return
    refused = next((each.refused for each in found.handshakes if each.refused), "")
    if refused:
        yield Verdict("handshake-refused", Severity.FATAL, {"why": refused})
    elif found.before.received_bytes >= IDLE_BYTES and _heard(found, Nature.GARBAGE) is not None:
        yield Verdict("missing-ground", Severity.FATAL, {"bytes": found.before.received_bytes})
    elif _heard(found, Nature.GARBAGE) is not None:
        yield Verdict("wrong-speed", Severity.FATAL, {"baud": found.line.baud or 0})
    elif _heard(found, Nature.FLOW) is not None:
        yield Verdict("flow-control", Severity.FATAL, {"how": "appear"})
    elif not found.lost:
        yield Verdict("no-answer", Severity.FATAL, {"speeds": len({each.baud for each in found.handshakes})})


def _line_lost(found: Measurements) -> Iterator[Verdict]:
    if found.lost and not any(_somebody_else(found)):
        yield Verdict("line-lost", Severity.FATAL, {"why": found.lost})


def _wrong_speed(found: Measurements) -> Iterator[Verdict]:
    working = found.working
    if working is not None and working.baud is not None and working.baud != found.line.baud and not found.line.auto:
        yield Verdict("wrong-speed", Severity.FATAL, {"baud": found.line.baud or 0, "found": working.baud})


# ------------------------------------------------------------------------------------------------ bytes that suffer
def _flow_control(found: Measurements) -> Iterator[Verdict]:
    """XON and XOFF that the line takes, or puts in."""
    working, tried = found.working, found.escaped
    if working is None:
        return
    if max(tried.flow_bytes if tried else 0, _flow_before(found)) >= IDLE_BYTES:
        weight = Severity.FATAL if found.sessions_lost >= MOST_LOST else Severity.WARNING
        yield Verdict("flow-control", weight, {"how": "appear"})
    elif (working.escaped and not found.line.escaped) or _only_without_flow(found):
        yield Verdict("flow-control", Severity.FATAL, {"how": "vanish"})


def _only_without_flow(found: Measurements) -> bool:
    """Tell whether what is lost with XON and XOFF in it arrives without, and is not lost for being long."""
    tried = found.escaped
    if tried is None or not tried.clean:
        return False
    longest = max(each.ahead_bytes for each in tried.exchanges)
    return any(each.seconds is None and each.ahead_bytes <= longest for each in found.exchanges)


def _flow_before(found: Measurements) -> int:
    return found.before.received_bytes if found.before.heard.nature is Nature.FLOW else 0


def _noise(found: Measurements) -> Iterator[Verdict]:
    """Errors, and how they are spread."""
    explained = any(_small_buffer(found)) or any(_flow_control(found)) or any(_somebody_else(found))
    if found.working is None or explained:
        return
    total = found.total
    idle = max(found.idle.received_bytes, found.before.received_bytes)
    rate = total.errors / max(1, total.carried_bytes)
    facts: dict[str, str | int] = {
        "errors": total.errors,
        "kilobytes": max(1, round(total.carried_bytes / 1000)),
        "idle": idle,
    }
    noisy = total.errors >= LEAST_ERRORS
    left = total.broken_frames + total.lost_frames
    events = total.corrected_bytes + left
    beyond = bool(found.correction_level) and events >= LEAST_EVENTS and left >= UNCORRECTED_SHARE * events
    corrected = total.corrected_bytes >= CORRECTED_SHARE * events
    bursty = dispersion(found.exchanges) >= BURSTY or (beyond and corrected)
    if idle >= IDLE_BYTES or (noisy and bursty):
        yield Verdict("missing-ground", Severity.WARNING, facts | {"bytes": idle})
    elif beyond:
        yield Verdict("lost-bytes", Severity.WARNING, facts)
    elif noisy:
        yield Verdict("bad-cable" if rate >= BAD_RATE else "noisy-but-works", Severity.WARNING, facts)


def dispersion(exchanges: tuple[Exchange, ...]) -> float:
    """Return variance over mean of the errors in stretches in which one is to be expected; 0 where too few are.

    Args:
        exchanges: In their order.
    """
    total = sum(each.counts.errors for each in exchanges)
    carried = sum(each.counts.carried_bytes for each in exchanges)
    if not total or not carried:
        return 0.0
    stretches: list[tuple[float, int]] = []
    expected, errors = 0.0, 0
    for each in exchanges:
        expected += total / carried * each.counts.carried_bytes
        errors += each.counts.errors
        if expected >= 1.0:
            stretches.append((expected, errors))
            expected, errors = 0.0, 0
    if len(stretches) < STRETCHES:
        return 0.0
    return sum((seen - awaited) ** 2 / awaited for awaited, seen in stretches) / (len(stretches) - 1)


def _small_buffer(found: Measurements) -> Iterator[Verdict]:
    """Losses in nearly every burst over a size, and in hardly any below."""
    sizes = sorted({each.ahead_bytes for each in found.exchanges})
    late = _late_from(found)
    # A size may lie on the limit and lose now and then, by what else is on the line: it may be left out.
    pairs = [*itertools.pairwise(sizes), *zip(sizes, sizes[2:], strict=False)]
    for clean, lossy in pairs:
        below = [each for each in found.exchanges if each.ahead_bytes <= clean]
        above = [each for each in found.exchanges if each.ahead_bytes >= lossy]
        losing = [each for each in above if not each.clean or late(each)]
        strays = sum(not each.clean or late(each) for each in below)
        if len(losing) < max(LEAST_LOSSY, LOSSY_SHARE * len(above)) or strays > MOST_STRAYS:
            continue
        expected = len(losing) * sum(each.ahead_bytes for each in below) / sum(each.ahead_bytes for each in above)
        if expected < EXPECTED_IF_EVEN * (1 + 2 * strays):
            continue
        ours = sum(each.counts.wrong_bytes for each in losing)
        where = "terminal" if sum(each.counts.retransmissions for each in losing) > ours else "computer"
        yield Verdict("small-buffer", Severity.WARNING, {"clean": clean, "lossy": lossy, "where": where})
        return


def _late_from(found: Measurements) -> Callable[[Exchange], bool]:
    """Return what tells whether an exchange took so long that a frame must have been missed and sent again.

    That is the only trace of frames that vanish whole on their way to this side. Where round trips are uneven anyhow,
    it is no trace.
    """
    waits = [each.waiting_seconds for each in found.trips if each.clean]
    if not waits or max(waits) > median(waits) + UNEVEN_SECONDS:
        return lambda each: False
    return lambda each: each.waiting_seconds > RESENT_SECONDS + max(waits) * (1 + each.size_bytes // MAX_ECHO)


def _breaks(found: Measurements) -> Iterator[Verdict]:
    explained = any(_flow_control(found)) or any(_somebody_else(found)) or bool(found.lost)
    nothing = found.sessions_lost and all(each.seconds is None for each in found.exchanges)
    if found.working is not None and (nothing or found.sessions_lost >= MOST_LOST) and not explained:
        yield Verdict("session-breaks", Severity.FATAL, {"count": found.sessions_lost})


def _altered(found: Measurements) -> Iterator[Verdict]:
    count = sum(not each.same for each in found.exchanges)
    if count:
        yield Verdict("echo-differs", Severity.WARNING, {"count": count})


# --------------------------------------------------------------------------------------------------------- its time
def _slowness(found: Measurements) -> Iterator[Verdict]:
    """Round trips that are long or uneven, and lines that carry less than they could."""
    # What was sent again waited for that, even if it was the first loss and nothing else told of it.
    sound = [each for each in found.trips if each.clean and not each.counts.retransmissions]
    waits = sorted(each.waiting_seconds for each in sound)
    ratio = goodput_ratio(replace(found, bursts=tuple(each for each in found.bursts if each.clean)))
    poor = ratio is not None and ratio < GOOD_RATIO
    if len(waits) >= LEAST_TRIPS:
        usual, longest = median(waits), waits[-1]
        facts: dict[str, str | int] = {"median": round(usual * 1000), "longest": round(longest * 1000)}
        uneven = sum(each > usual + UNEVEN_SECONDS for each in waits) >= LEAST_LATE
        if not found.line.serial and (uneven or usual >= SLOW_SECONDS):
            yield Verdict("slow-network", Severity.WARNING, facts)
            return
        if usual >= SLOW_SECONDS and not poor:
            yield Verdict("slow-terminal", Severity.WARNING, facts)
            return
        if found.line.serial and (uneven or LONG_SECONDS <= usual < SLOW_SECONDS):
            yield Verdict("usb-hub", Severity.WARNING, facts)
            return
    if poor and found.total.errors < LEAST_ERRORS:
        yield Verdict("slow-line", Severity.WARNING, {"percent": round(100 * (ratio or 0.0))})


def goodput_ratio(found: Measurements) -> float | None:
    """Return the goodput of the largest burst over the line's speed, or None where it cannot be told."""
    return next((each.goodput_ratio for each in reversed(found.bursts) if each.goodput_ratio is not None), None)


# ---------------------------------------------------------------------------------------------------------- besides
def _weak_supply(found: Measurements) -> Iterator[Verdict]:
    supply = found.supply
    if supply is not None and not supply.mains and supply.battery_percent < WEAK_PERCENT:
        yield Verdict("weak-supply", Severity.WARNING, {"percent": supply.battery_percent})


def _faster(found: Measurements) -> Iterator[Verdict]:
    best = max(
        (each.baud for each in found.speeds if each.agreed and each.exchange is not None and each.exchange.clean),
        default=0,
    )
    working = found.working
    if working is not None and working.baud is not None and best > working.baud:
        yield Verdict("faster-possible", Severity.INFORMATION, {"baud": best})


def _heard(found: Measurements, nature: Nature) -> Heard | None:
    """Return the first thing of a nature that came where no answer did."""
    everything = (found.before.heard, *(each.heard for each in found.handshakes))
    return next((each for each in everything if each.nature is nature), None)


def _good_facts(found: Measurements) -> dict[str, str | int]:
    waits = [each.waiting_seconds for each in found.trips if each.clean]
    return {
        "kilobytes": max(1, round(found.total.carried_bytes / 1000)),
        "median": round(1000 * median(waits)) if waits else 0,
        "errors": found.total.errors,
    }


RULES: tuple[Callable[[Measurements], Iterator[Verdict]], ...] = (
    _line_lost,
    _somebody_else,
    _wrong_speed,
    _no_terminal,
    _flow_control,
    _breaks,
    _noise,
    _small_buffer,
    _altered,
    _slowness,
    _weak_supply,
    _faster,
)
"""In the order in which their verdicts of one severity are told."""
