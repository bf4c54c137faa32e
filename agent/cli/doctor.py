"""What ``posretire doctor`` shows: its page for people, its document for programs, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from enum import Enum
from statistics import median

from agent.cli.output import Reporter
from agent.cli.texts import Texts, texts_of
from agent.doctor.measurements import Exchange, Measurements
from agent.doctor.verdicts import Severity, Verdict, goodput_ratio, usable
from agent.errors import ExitCode

STYLES: Mapping[Severity, str] = {Severity.FATAL: "bad", Severity.WARNING: "warn", Severity.INFORMATION: "good"}


def exit_code(verdicts: tuple[Verdict, ...]) -> ExitCode:
    """Return what the command ends with: 3 where the line cannot be used as the TARGET says, else 0."""
    return ExitCode.DONE if usable(verdicts) else ExitCode.LINK


class Steps:
    """Shows how far an examination is; where a program reads, nothing, since it gets one document.

    Args:
        reporter: Where to.
    """

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of progress; see `agent.doctor.examine.Progress`."""
        if self._reporter.as_json or not total:
            return
        name = f"doctor-{step}"
        if self._step != name:
            self._step = name
            self._reporter.event({"event": "step", "step": name, "state": "started"})
        if total > 1:
            self._reporter.event({"event": "progress", "step": name, "done": done, "total": total, "unit": "trials"})
        if done == total:
            self._reporter.event({"event": "step", "step": name, "state": "done"})
            self._step = ""


# ------------------------------------------------------------------------------------------------------ for programs
def document(target: str, found: Measurements, verdicts: tuple[Verdict, ...]) -> dict[str, object]:
    """Return the document for ``--json``; its sentences are English in every language.

    Args:
        target: TARGET as it was given.
        found: What was measured.
        verdicts: What follows from it.
    """
    english = texts_of("en")
    return {
        "target": target,
        "usable": usable(verdicts),
        "exit": int(exit_code(verdicts)),
        "verdicts": [
            {
                "code": verdict.code,
                "severity": verdict.severity.name.lower(),
                "facts": dict(verdict.facts),
                "message": what(english, verdict),
                "action": action(english, verdict),
            }
            for verdict in verdicts
        ],
        "measurements": _plain(found),
        "totals": asdict(found.total),
        "goodput_ratio": goodput_ratio(found),
    }


def _plain(value: object) -> object:
    """Return a value as JSON has it; the names of the fields carry their units."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


# -------------------------------------------------------------------------------------------------------- for people
def what(texts: Texts, verdict: Verdict) -> str:
    """Say a verdict in one sentence."""
    return texts(_key(texts, verdict, "what"), **_facts(texts, verdict))


def action(texts: Texts, verdict: Verdict) -> str:
    """Say what to do about it."""
    return texts(_key(texts, verdict, "do"), **_facts(texts, verdict))


def _key(texts: Texts, verdict: Verdict, part: str) -> str:
    bare = f"verdict.{verdict.code}-bare"
    complete = texts.complete(f"verdict.{verdict.code}.what", verdict.facts)
    return f"{bare}.{part}" if f"{bare}.{part}" in texts and not complete else f"verdict.{verdict.code}.{part}"


def _facts(texts: Texts, verdict: Verdict) -> dict[str, str | int]:
    facts = dict(verdict.facts)
    for name, group in (("how", "flow-how"), ("where", "buffer-where")):
        if name in facts:
            facts[name] = texts.word(group, str(facts[name]))
    return facts


def show(reporter: Reporter, found: Measurements, verdicts: tuple[Verdict, ...]) -> None:
    """Write the page.

    Args:
        reporter: Where to.
        found: What was measured.
        verdicts: What follows from it.
    """
    _line(reporter, found)
    if found.exchanges:
        _quality(reporter, found)
        _echoes(reporter, found)
    texts = reporter.texts
    reporter.heading(texts("doctor.verdict"))
    for verdict in verdicts:
        reporter.item(what(texts, verdict), STYLES[verdict.severity])
        reporter.line(action(texts, verdict), "dim", indent=4)


def _line(reporter: Reporter, found: Measurements) -> None:
    texts, working = reporter.texts, found.working
    reporter.heading(texts("doctor.line"))
    reporter.field(texts("doctor.which"), found.line.description)
    if working is None or working.seconds is None:
        reporter.field(texts("doctor.handshake"), texts("doctor.none", count=len(found.handshakes)), "bad")
        return
    seconds = f"{working.seconds:.2f}"
    said = texts("doctor.seconds", seconds=seconds)
    if working.baud != found.line.baud:
        said = texts("doctor.seconds-at", seconds=seconds, baud=working.baud)
    elif working.escaped:
        said = texts("doctor.escaped", seconds=seconds)
    reporter.field(texts("doctor.handshake"), said)
    if found.model:
        reporter.field(texts("doctor.terminal"), found.model)
    if found.supply is not None:
        key = "doctor.mains" if found.supply.mains else "doctor.battery"
        reporter.field(texts("doctor.supply"), texts(key, percent=found.supply.battery_percent))


def _quality(reporter: Reporter, found: Measurements) -> None:
    texts, total = reporter.texts, found.total
    stray = max(found.before, found.idle, key=lambda each: each.received_bytes)
    came = stray.received_bytes
    said = texts("doctor.stray", count=came, seconds=f"{stray.seconds:g}") if came else texts("doctor.quiet")
    reporter.field(texts("doctor.silence"), said, "warn" if came else None)
    times = sorted(each.seconds for each in found.trips if each.seconds is not None)
    if times:
        waiting = median(each.waiting_seconds for each in found.trips if each.seconds is not None)
        shown = {"shortest": times[0], "median": median(times), "longest": times[-1], "waiting": waiting}
        said = texts("doctor.trip-times", **{name: f"{1000 * value:.0f}" for name, value in shown.items()})
        reporter.field(texts("doctor.trip"), said)
    reporter.field(texts("doctor.errors"), _errors(texts, found), "warn" if total.errors else None)
    if found.sessions_lost:
        reporter.field(texts("doctor.sessions-lost"), found.sessions_lost, "bad")
    clean = [each.ahead_bytes for each in found.exchanges if each.clean]
    if clean:
        reporter.field(texts("doctor.buffer"), f"{max(clean)} B")
    ratio = goodput_ratio(found)
    if ratio is not None:
        reporter.field(texts("doctor.goodput"), texts("doctor.goodput-percent", percent=round(100 * ratio)))


def _errors(texts: Texts, found: Measurements) -> str:
    total = found.total
    kilobytes = max(1, round(total.carried_bytes / 1000))
    if not total.errors:
        return texts("doctor.no-errors", kilobytes=kilobytes)
    return texts(
        "doctor.some-errors",
        wrong=total.wrong_bytes,
        corrected=total.corrected_bytes,
        broken=total.broken_frames,
        lost=total.lost_frames,
        kilobytes=kilobytes,
    )


def _echoes(reporter: Reporter, found: Measurements) -> None:
    texts = reporter.texts
    heads = [texts(f"doctor.{name}") for name in ("size", "tried", "returned", "time", "faults")]
    for key, exchanges, size_of in (
        ("doctor.echoes", found.echoes, lambda each: each.size_bytes),
        ("doctor.bursts", found.bursts, lambda each: each.ahead_bytes),  # what a buffer sees
    ):
        if exchanges:
            reporter.heading(texts(key))
            reporter.table(heads, _rows(exchanges, size_of))
    if found.speeds:
        yes, no = texts("yes"), texts("no")
        reporter.heading(texts("doctor.speeds"))
        heads = [texts(f"doctor.{name}") for name in ("speed", "agreed", "goodput", "faults")]
        rows = []
        for trial in found.speeds:
            ratio = None if trial.exchange is None else trial.exchange.goodput_ratio
            goodput = "-" if ratio is None else f"{100 * ratio:.0f} %"
            errors = "-" if trial.exchange is None else str(trial.exchange.counts.errors)
            rows.append((str(trial.baud), yes if trial.agreed else no, goodput, errors))
        reporter.table(heads, rows)


def _rows(exchanges: Sequence[Exchange], size_of: Callable[[Exchange], int]) -> Iterable[tuple[str, ...]]:
    for size in sorted({size_of(each) for each in exchanges}):
        same = [each for each in exchanges if size_of(each) == size]
        times = [each.seconds for each in same if each.seconds is not None]
        shown = f"{1000 * median(times):.0f} ms" if times else "-"
        errors = sum(each.counts.errors for each in same)
        yield str(size), str(len(same)), str(len(times)), shown, str(errors)
