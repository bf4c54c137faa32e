"""The examination of a line, step by step: what is measured, in which order, and when it is enough.

Nothing on the terminal is changed: IDENTIFY, STATUS and ECHO are all that it is asked, and other speeds are tried by
the link's own agreement, which ends with its session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from agent.doctor.bench import Bench, LineGone, SessionBroke
from agent.doctor.measurements import Escaped, Exchange, Handshake, LineFacts, Measurements, Nature, SpeedTrial, Supply
from agent.doctor.patterns import FLOW, burst_sizes
from agent.doctor.plan import Plan, plan_for
from agent.doctor.tap import Tap
from agent.transport.base import Transport
from protocols.pmp import commands
from protocols.terminal import Identity, Status
from protocols.words import PowerSource

ENOUGH_LOSSY = 6
"""So many bursts in a row that lost something show where the limit is."""

STEPS = ("listen", "handshake", "trips", "echoes", "bursts", "flow", "speeds")
"""Names of the steps, in their order; those that are not needed are left out."""

Progress = Callable[[str, int, int], None]
"""Is told a step, how much of it is done, and how much it is in all; all of it is done where both are the same."""


def examine(
    transport: Transport,
    *,
    quick: bool,
    auto: bool = False,
    clock: Callable[[], float],
    session_number: Callable[[], int],
    progress: Progress,
) -> Measurements:
    """Measure a line.

    Args:
        transport: The open line; it is closed at the end.
        quick: Try only the most needed: about 5 s in the place of 30.
        auto: The speed is to be found out, so that another one than the line has is no fault.
        clock: Seconds that only grow.
        session_number: Draws the number of a session, 0 to 65,535.
        progress: Is told how far it is.
    """
    tap = Tap(transport)
    try:
        line = LineFacts(tap.description, tap.baud is not None, tap.baud, tap.escaped, auto)
        return Examination(line, tap, plan_for(tap.baud, quick=quick), clock, session_number, progress).run()
    finally:
        tap.release()


class Examination:
    """One examination.

    Args:
        line: Which line.
        tap: The line.
        plan: How much of everything.
        clock: Seconds that only grow.
        session_number: Draws the number of a session.
        progress: Is told how far it is.
    """

    def __init__(
        self,
        line: LineFacts,
        tap: Tap,
        plan: Plan,
        clock: Callable[[], float],
        session_number: Callable[[], int],
        progress: Progress,
    ) -> None:
        self._found = Measurements(line, plan.quick)
        self._tap = tap
        self._plan = plan
        self._bench = Bench(tap, clock, session_number)
        self._clock = clock
        self._progress = progress
        self._until = clock() + plan.seconds

    def run(self) -> Measurements:
        """Measure, and return what was found however far it came."""
        try:
            self._measure()
        except LineGone as fault:
            if self._found.working is None:  # such as a device server that says why and hangs up
                last = Handshake(self._tap.baud, self._bench.escaped, None, self._bench.heard())
                self._note(handshakes=(*self._found.handshakes, last))
            self._note(lost=fault.reason)
        self._note(sessions_lost=self._bench.lost)
        return self._found

    # ------------------------------------------------------------------ the steps
    def _measure(self) -> None:
        self._progress("listen", 0, 1)
        self._note(before=self._bench.listen(self._plan.listen_seconds))
        self._progress("listen", 1, 1)
        if not self._shake_hands():
            return
        kinds = [(name, size) for size in self._plan.echo_sizes for name in self._plan.patterns[: size or 1]]
        mixed = [("random", self._plan.mixed_bytes)] * self._plan.mixed
        steps: tuple[Callable[[], None], ...] = (
            self._ask_who,
            lambda: self._note(trips=self._echoes("trips", [("counting", 0)] * self._plan.trips)),
            lambda: self._note(echoes=self._echoes("echoes", [*kinds, *mixed])),
            lambda: self._note(bursts=self._bursts()),
            self._idle,
        )
        for step in steps:
            try:
                step()
            except SessionBroke:
                if not self._again():
                    break  # what was measured until then stands
        frame = self._bench.frame
        if frame is not None:
            self._note(frame_bytes=frame[0], correction_level=frame[1])
        self._try_flow()
        if self._found.escaped is None or not self._found.escaped.opened:
            self._try_speeds()
        self._bench.close()

    def _shake_hands(self) -> bool:
        """Find a speed and a coding in which the terminal answers, those of the TARGET first."""
        self._progress("handshake", 0, 1)
        first = self._open(self._plan.hello_tries)
        if not first and not self._found.handshakes[0].refused:
            self._find_other()
            line = self._found.line
            if self._tap.baud != line.baud:  # a short look is enough where the TARGET has to be changed anyhow
                self._plan = plan_for(self._tap.baud, quick=self._plan.quick or not line.auto)
                self._until = self._clock() + self._plan.seconds
        self._progress("handshake", 1, 1)
        return self._found.working is not None

    def _find_other(self) -> None:
        nature = self._found.handshakes[0].heard.nature
        if nature in (Nature.ECHO, Nature.DEVICE_SERVER, Nature.TEXT):
            return  # whoever says that is no terminal at another speed
        if nature is not Nature.NOTHING and not self._bench.escaped:
            self._bench.escaped = True
            self._bench.resume_stopped()
            if self._open(self._plan.hello_tries):
                return
            self._bench.escaped = False
        if not self._tap.highest_baud:
            return
        for done, baud in enumerate(self._plan.other_speeds, 1):
            self._progress("handshake", done, 1 + len(self._plan.other_speeds))
            self._bench.base = baud
            if self._bench.set_baud(baud) and self._open(self._plan.hunting_tries):
                return

    def _open(self, tries: int) -> bool:
        handshake = self._bench.open(tries)
        self._note(handshakes=(*self._found.handshakes, handshake))
        return handshake.seconds is not None

    def _ask_who(self) -> None:
        try:
            identity = self._bench.ask(commands.IDENTIFY)
            if isinstance(identity, Identity):
                self._note(model=identity.model)
            status = self._bench.ask(commands.STATUS)
            if isinstance(status, Status):
                self._note(supply=Supply(status.power is PowerSource.MAINS, status.battery_percent))
        finally:
            self._note(asking=self._bench.counts())

    def _echoes(self, step: str, wanted: Iterable[tuple[str, int]]) -> tuple[Exchange, ...]:
        """Send ECHOs one by one, for as long as the time lasts; a session that broke is opened once more."""
        wanted, done = list(wanted), []
        for at, (name, size) in enumerate(wanted):
            if self._late():
                break
            self._progress(step, at, len(wanted))
            done.append(self._bench.echo(name, [size], seed=at))
            if done[-1].seconds is None and not self._again():
                break
        self._progress(step, len(done), len(done))
        return tuple(done)

    def _bursts(self) -> tuple[Exchange, ...]:
        done: list[Exchange] = []
        for at, size in enumerate(self._plan.bursts):
            if self._late():
                break
            self._progress("bursts", at, len(self._plan.bursts))
            sizes = burst_sizes(size)
            for again in range(self._plan.repeats):
                if self._late():
                    break
                done.append(self._bench.echo("random", sizes, ahead=len(sizes), seed=1000 * size + again))
                if done[-1].seconds is None and not self._again():
                    break
            # Larger ones only lose more, and that takes long.
            if not any(each.clean for each in done[-ENOUGH_LOSSY:]) and len(done) >= ENOUGH_LOSSY:
                break
        self._progress("bursts", len(self._plan.bursts), len(self._plan.bursts))
        return tuple(done)

    def _idle(self) -> None:
        """Listen while nothing is asked; twice where something came, since a late and broken frame is no noise."""
        idle = self._bench.idle(self._plan.listen_seconds)
        if idle.received_bytes:
            self._note(idle=idle)
            again = self._bench.idle(self._plan.listen_seconds)
            idle = min(idle, again, key=lambda each: each.received_bytes)
        self._note(idle=idle)

    def _again(self) -> bool:
        """Open another session after one broke; not for ever."""
        if self._bench.lost > self._plan.most_lost or self._late():
            return False
        return self._bench.open(self._plan.hello_tries).seconds is not None

    def _try_flow(self) -> None:
        """Where anything went wrong, see whether it goes right without XON and XOFF on the line."""
        found = self._found
        if self._bench.escaped or (self._plan.quick and not self._bench.lost and not found.total.errors):
            return
        self._progress("flow", 0, 1)
        flow = self._flow_pattern()
        if flow is not None:
            self._note(echoes=(*self._found.echoes, flow))
        if self._bench.lost or self._found.total.errors:
            self._note(escaped=self._without_flow())
        self._progress("flow", 1, 1)

    def _flow_pattern(self) -> Exchange | None:
        try:
            return self._bench.echo(FLOW, [self._plan.flow_bytes])
        except SessionBroke:
            return None

    def _without_flow(self) -> Escaped:
        bench = self._bench
        bench.close()
        bench.escaped = True
        bench.resume_stopped()
        opened = bench.open(self._plan.hello_tries).seconds is not None
        before, done = self._tap.flow_bytes, []
        try:
            for at in range(self._plan.escaped_trips if opened else 0):
                done.append(bench.echo(FLOW if at % 2 else "random", [self._plan.flow_bytes], seed=at))
        except SessionBroke:
            pass
        came = self._tap.flow_bytes - before
        bench.close()
        bench.escaped = False
        return Escaped(opened, tuple(done), came)

    def _try_speeds(self) -> None:
        """Try other speeds, each in a session of its own, since an agreed speed ends with its session."""
        bench = self._bench
        wanted = [each for each in self._plan.raised if each <= self._tap.highest_baud]
        trials: list[SpeedTrial] = []
        failed = 0
        for at, baud in enumerate(wanted):
            self._progress("speeds", at, len(wanted))
            if self._late() or failed > 1 or bench.open(self._plan.hello_tries).seconds is None or not bench.can_raise:
                break
            trials.append(self._trial(baud))
            failed = 0 if trials[-1].agreed else failed + 1
        if wanted:
            self._progress("speeds", len(wanted), len(wanted))
        self._note(speeds=tuple(trials))

    def _trial(self, baud: int) -> SpeedTrial:
        bench, lost = self._bench, self._bench.lost
        exchange: Exchange | None = None
        agreed = False
        try:
            agreed = bench.raise_speed(baud)
            if agreed:
                sizes = burst_sizes(self._plan.trial_bytes)
                exchange = bench.echo("random", sizes, ahead=len(sizes), seed=baud)
        except SessionBroke:
            pass
        bench.close()
        bench.lost = lost  # what breaks at another speed says nothing about this one
        return SpeedTrial(baud, agreed, exchange)

    # ------------------------------------------------------------------ helpers
    def _late(self) -> bool:
        return self._clock() >= self._until

    def _note(self, **found: object) -> None:
        self._found = replace(self._found, **found)  # type: ignore[arg-type]
