"""Whole examinations of faulty lines, in virtual time: each fault ends in its verdict, in the time that is promised."""

from dataclasses import dataclass, field, replace
from random import Random

import pytest

from agent.doctor.bench import Bench, SessionBroke
from agent.doctor.examine import STEPS, examine
from agent.doctor.verdicts import judge, usable
from protocols.words import PowerSource
from tests.agent.cli.test_inspection import STATUS
from tests.agent.doctor.faulty_line import EchoTerminal, Faults, FaultyLine
from tests.agent.virtual_time import Clock


@dataclass
class Case:
    """One line to examine."""

    faults: Faults = field(default_factory=Faults)
    terminal: EchoTerminal | None = None
    nobody: bool = False
    baud: int | None = 115_200
    highest_baud: int = 0
    escaped: bool = False
    quick: bool = False
    auto: bool = False
    seed: int = 1

    def examine(self):
        self.clock, self.steps = Clock(), []
        started = self.clock()
        if not self.nobody and self.terminal is None:
            self.terminal = EchoTerminal(self.baud, highest_baud=self.highest_baud)
        self.line = FaultyLine(
            self.clock,
            self.terminal,
            self.faults,
            baud=self.baud,
            highest_baud=self.highest_baud,
            escaped=self.escaped,
            seed=self.seed,
        )
        numbers = iter(range(0x3C71, 0xFFFF))
        self.found = examine(
            self.line,
            quick=self.quick,
            auto=self.auto,
            clock=self.clock,
            session_number=lambda: next(numbers),
            progress=lambda *step: self.steps.append(step),
        )
        self.seconds = self.clock() - started
        return [verdict.code for verdict in judge(self.found)]


GROUND = {"burst_rate": 3e-4}
CASES = {
    "a sound line": (Case(), ["good"]),
    "a sound slow line": (Case(baud=9600), ["good"]),
    "a sound network": (Case(baud=None), ["good"]),
    "flow control, and the target says so": (Case(Faults(eats_flow=True), escaped=True), ["good"]),
    "a faster line": (Case(highest_baud=921_600), ["good", "faster-possible"]),
    "dead": (Case(nobody=True), ["no-answer"]),
    "dead, at every speed": (Case(nobody=True, highest_baud=921_600), ["no-answer"]),
    "another speed": (Case(terminal=EchoTerminal(9600), highest_baud=921_600), ["wrong-speed"]),
    "a speed to be found out": (Case(terminal=EchoTerminal(57_600), highest_baud=115_200, auto=True), ["good"]),
    "a loop": (Case(Faults(echo=True), nobody=True), ["echo-only"]),
    "an echo besides": (Case(Faults(echo=True)), ["half-duplex"]),
    "a device server": (
        Case(Faults(greeting=b"Port already in use\r\n", hangs_up=True), nobody=True, baud=None),
        ["device-server"],
    ),
    "a console": (Case(Faults(greeting=b"\r\npos login: "), nobody=True), ["console"]),
    "noise without a terminal": (Case(Faults(garbage=30), nobody=True), ["missing-ground"]),
    "noise while idle": (Case(Faults(garbage=15)), ["missing-ground"]),
    "bursts of noise": (Case(Faults(**GROUND)), ["missing-ground"]),
    "bytes that vanish": (Case(Faults(slips=3e-4)), ["lost-bytes"]),
    "even noise": (Case(Faults(error_rate=1e-4)), ["bad-cable"]),
    "even noise, more of it": (Case(Faults(error_rate=3e-4)), ["bad-cable"]),
    "a little noise": (Case(Faults(error_rate=1e-5)), ["noisy-but-works"]),
    "a hub": (Case(Faults(held=0.1, hold=0.09)), ["usb-hub"]),
    "an adapter that holds back": (Case(Faults(latency=0.02)), ["usb-hub"]),
    "a slow terminal": (Case(terminal=EchoTerminal(115_200, think=0.25)), ["slow-terminal"]),
    "a slow network": (Case(terminal=EchoTerminal(None, think=0.25), baud=None), ["slow-network"]),
    "the terminal's small buffer": (Case(Faults(buffer=1500)), ["small-buffer"]),
    "our small buffer": (Case(Faults(our_buffer=1500)), ["small-buffer"]),
    "a buffer too small for a message": (Case(Faults(buffer=400)), ["session-breaks", "small-buffer"]),
    "flow control that eats": (Case(Faults(eats_flow=True)), ["flow-control"]),
    "flow control that puts in": (Case(Faults(puts_flow=20)), ["flow-control"]),
    "cut in the middle": (Case(Faults(cut_after=3000)), ["line-lost"]),
    "on battery": (
        Case(terminal=EchoTerminal(115_200, status=replace(STATUS, power=PowerSource.BATTERY, battery_percent=7))),
        ["weak-supply"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_ends_in_its_verdict(name):
    case, verdicts = CASES[name]
    assert case.examine() == verdicts
    assert case.line.closed
    assert case.seconds <= (60 if case.baud == 9600 else 35)
    if case.terminal is not None:
        assert set(case.terminal.asked) <= {"IDENTIFY", "STATUS", "ECHO"}
    assert {step for step, _, _ in case.steps} <= set(STEPS)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (Case(quick=True), "good"),
        (Case(quick=True, baud=9600), "good"),
        (Case(quick=True, baud=None), "good"),
        (Case(quick=True, nobody=True), "no-answer"),
        (Case(Faults(eats_flow=True), quick=True), "flow-control"),
        (Case(Faults(echo=True), quick=True, nobody=True), "echo-only"),
        (Case(Faults(error_rate=1e-3), quick=True), "bad-cable"),
    ],
)
def test_a_quick_look_is_quick(case, code):
    assert case.examine() == [code]
    assert case.seconds < 8


@pytest.mark.parametrize("seed", range(1, 3))
def test_even_noise_is_told_from_bursts_whatever_chance_does(seed):
    assert Case(Faults(error_rate=1e-4), seed=seed).examine() == ["bad-cable"]
    assert "missing-ground" in Case(Faults(**GROUND), seed=seed).examine()


def test_what_a_buffer_holds_is_enclosed():
    for size in (1500, 3000):
        case = Case(Faults(buffer=size))
        case.examine()
        (verdict,) = judge(case.found)
        assert verdict.facts["clean"] <= size < verdict.facts["lossy"]
        assert verdict.facts["where"] == "terminal"
        assert {each.ahead_bytes for each in case.found.bursts if each.ahead_bytes > 4 * size} == set()
    case = Case(Faults(our_buffer=1500))
    case.examine()
    assert judge(case.found)[0].facts["where"] == "computer"


def test_the_speed_is_found_and_named():
    case = Case(terminal=EchoTerminal(9600), highest_baud=921_600)
    case.examine()
    assert judge(case.found)[0].facts == {"baud": 115_200, "found": 9600}
    assert len(case.found.trips) == 8  # a quick look is enough, since the target has to be changed
    assert not usable(judge(case.found))


def test_speeds_that_the_line_does_not_carry():
    case = Case(Faults(good_baud=230_400), highest_baud=921_600)
    assert case.examine() == ["good", "faster-possible"]
    assert [(each.baud, each.agreed) for each in case.found.speeds] == [
        (230_400, True),
        (460_800, False),
        (921_600, False),
    ]
    assert judge(case.found)[1].facts == {"baud": 230_400}
    assert case.found.sessions_lost == 0


def test_a_session_that_breaks_at_another_speed_says_nothing_about_this_one(monkeypatch):
    def broken(bench, _baud):
        bench.lost += 1
        raise SessionBroke

    monkeypatch.setattr(Bench, "raise_speed", broken)
    case = Case(highest_baud=921_600)
    assert case.examine() == ["good"]
    assert [each.agreed for each in case.found.speeds] == [False, False]
    assert case.found.sessions_lost == 0


def test_a_terminal_that_wants_no_other_speed():
    case = Case(terminal=EchoTerminal(115_200), highest_baud=921_600)
    assert case.examine() == ["good"]
    assert [each.agreed for each in case.found.speeds] == [False, False]


def test_everything_is_in_the_measurements():
    case = Case()
    case.examine()
    found = case.found
    assert found.model == "haike-h60"
    assert found.supply.mains
    assert len(found.trips) == 20
    assert {each.size_bytes for each in found.echoes} == {0, 16, 64, 256, 512, 1024}
    assert {each.pattern for each in found.echoes} == {"alternating", "zeros", "ones", "counting", "random", "flow"}
    assert {each.ahead_bytes for each in found.bursts} == {128, 256, 512, 1024, 2048, 4096, 8192}
    assert found.frame_bytes > 0
    assert found.correction_level == 0
    assert case.steps[0] == ("listen", 0, 1)
    for step in dict.fromkeys(name for name, _, _ in case.steps):
        (*_, last) = [(done, total) for name, done, total in case.steps if name == step]
        assert last[0] == last[1]


def drawn(seed):
    """A line that does several of its worst at once."""
    random = Random(seed)

    def some(*values):
        return random.choice((type(values[0])(), *values))

    faults = Faults(
        error_rate=some(1e-5, 1e-3, 0.02),
        burst_rate=some(1e-4, 1e-2),
        slips=some(1e-4, 1e-2),
        latency=some(0.01, 0.4),
        held=some(0.1),
        hold=some(0.05, 1.0),
        buffer=some(200, 3000),
        our_buffer=some(200, 3000),
        eats_flow=some(True),
        puts_flow=some(5.0, 200.0),
        echo=random.random() < 0.1,
        garbage=some(20.0, 2000.0),
        greeting=some(b"\r\nlogin: ", random.randbytes(40), b"Port already in use"),
        hangs_up=random.random() < 0.05,
        cut_after=some(100, 20_000),
        good_baud=some(115_200),
    )
    baud = random.choice((None, 9600, 115_200))
    here = {"baud": baud, "highest_baud": some(921_600) if baud else 0, "quick": random.random() < 0.5, "seed": seed}
    far = random.choice((baud, baud and 57_600))
    terminal = EchoTerminal(far, think=some(0.05, 3.0), highest_baud=some(921_600) if far else 0)
    return Case(faults, terminal, escaped=random.random() < 0.2, auto=random.random() < 0.2, **here)


@pytest.mark.parametrize("seed", range(10))
def test_i10_whatever_a_line_does_there_is_a_verdict_in_bounded_time(seed):
    case = drawn(seed)
    assert case.examine(), seed
    assert case.line.closed, seed
    assert case.seconds < 60, seed
