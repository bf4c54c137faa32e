import selectors
import socket

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.events import SpeedSettled
from protocols.pmp.facts import Dataset, MessageKind
from protocols.pmp.link import Link, LinkOpened, LinkSettings, MessageReceived, Role, SpeedChange
from simulators.faults import LineFaults
from simulators.lines.uart import UartLine
from tests.simulators.cable.ends import MemoryEnd
from tests.simulators.rig import Rig

TICK = 0.002


class Bench:
    """A terminal behind its UART, an agent's link at the other end, and the clock of both."""

    def __init__(self, folder, baud=9600, highest=0, agent_baud=None):
        self.rig = Rig(folder)
        port = self.rig.terminal.open_port(
            LinkSettings.for_line(baud, highest_baud=highest), LineFaults(self.rig.faults, 1)
        )
        self.end = MemoryEnd(agent_baud or baud)
        self.line = UartLine(port, self.end, baud)
        self.link = Link(Role.AGENT, LinkSettings.for_line(baud, highest_baud=highest), session=5)
        self.now = self.rig.now
        self.events = []
        self.came = 0
        self.came_at = set()
        self.socket, self.other = socket.socketpair()
        self.end.watched = lambda: (self.socket.fileno(),)
        self.selector = selectors.DefaultSelector()
        self.line.attach(self.selector, self.now)

    def close(self):
        self.line.close()
        self.selector.close()
        self.socket.close()
        self.other.close()

    def turn(self):
        if self.end.to_send:
            for key in list(self.selector.get_map().values()):
                key.data(selectors.EVENT_READ, self.now)
        self.rig.terminal.handle_timeout(self.now)
        deadline = self.line.next_deadline()
        if deadline is not None and self.now >= deadline:
            self.line.handle_timeout(self.now)
        baud = self.line.baud
        self.line.flush(self.now)
        if self.end.came:
            self.came_at.add(baud)
            self.came += len(self.end.came)
            self.link.receive_bytes(bytes(self.end.came), self.now)
            self.end.came.clear()
        self.link.handle_timeout(self.now)
        while (event := self.link.next_event()) is not None:
            self.events.append((self.now, event))
            if isinstance(event, SpeedChange):
                assert not self.end.to_send
                self.end.set_speed = event.baud
                self.link.speed_changed(self.now)
        self.end.to_send += self.link.bytes_to_send()
        self.now += TICK

    def until(self, kind, seconds=60.0):
        """Turn until the agent's link tells something of a kind, and return when and what."""
        ends_at = self.now + seconds
        while self.now < ends_at:
            for at, event in self.events:
                if isinstance(event, kind):
                    self.events.remove((at, event))
                    return at, event
            self.turn()
        raise AssertionError(f"no {kind.__name__} within {seconds} s")

    def run(self, seconds):
        ends_at = self.now + seconds
        while self.now < ends_at:
            self.turn()

    def open(self):
        self.link.start(self.now)
        self.until(LinkOpened)

    def send(self, spec, tag, *request):
        body = spec.request.build(*(request or (m.Empty(),)))
        self.link.send_message(c.build_message(c.Header(MessageKind.REQUEST, spec.id, tag, 0), body), self.now)

    def answer(self, spec):
        at, event = self.until(MessageReceived)
        header, body = c.split_message(event.data)
        assert (header.command, header.status) == (spec.id, 0)
        return at, spec.response.parse(body)

    def ask(self, spec, *request):
        self.send(spec, 1, *request)
        return self.answer(spec)[1]


@pytest.fixture
def bench_of(tmp_path):
    benches = []

    def make(folder=tmp_path, **given):
        benches.append(Bench(folder, **given))
        return benches[-1]

    yield make
    for bench in benches:
        bench.close()


def test_an_answer_takes_the_time_of_its_bytes(bench_of):
    bench = bench_of()
    bench.open()
    opened = bench.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    begun, before = bench.now, bench.came
    piece = bench.ask(c.DATASET_READ, m.DatasetRead(opened.handle, 0, 5000))
    assert len(piece.data) == 5000
    line_time = (bench.came - before) * 10 / 9600
    assert line_time > 5.2
    assert line_time <= bench.now - begun < 1.1 * line_time


def test_what_is_urgent_does_not_wait_behind_what_is_large(bench_of):
    bench = bench_of()
    bench.open()
    opened = bench.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    bench.send(c.DATASET_READ, 1, m.DatasetRead(opened.handle, 0, 5000))
    bench.run(1.0)
    asked = bench.now
    bench.send(c.SCREEN_READ, 2)
    at, _ = bench.answer(c.SCREEN_READ)
    assert at - asked < 3.0, "a frame of a second, and what was ahead of the line"
    later, piece = bench.answer(c.DATASET_READ)
    assert later > at
    assert len(piece.data) == 5000


def test_a_speed_is_agreed_on_and_left_with_the_session(bench_of):
    bench = bench_of(highest=115_200)
    bench.open()
    bench.link.propose_speed(115_200, bench.now)
    assert bench.until(SpeedSettled)[1].baud == 115_200
    assert bench.line.baud == bench.end.set_speed == 115_200
    handle = bench.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle
    begun = bench.now
    assert len(bench.ask(c.DATASET_READ, m.DatasetRead(handle, 0, 5000)).data) == 5000
    assert bench.now - begun < 1.0
    bench.link.close()
    bench.run(1.0)
    assert bench.line.baud == 9600


def test_what_was_said_before_a_change_of_speed_has_left_at_the_old_one(bench_of):
    bench = bench_of(highest=19_200)
    bench.open()
    bench.link.propose_speed(19_200, bench.now)
    bench.until(SpeedChange)
    assert bench.came_at == {9600}
    assert bench.line.baud == 19_200
    bench.until(SpeedSettled)
    assert bench.came_at == {9600, 19_200}


def test_more_than_the_highest_speed_is_refused(bench_of):
    bench = bench_of(highest=19_200)
    bench.open()
    bench.link.propose_speed(38_400, bench.now)
    assert bench.until(SpeedSettled)[1].baud == 9600
    assert bench.line.baud == 9600
    assert bench.ask(c.IDENTIFY).model


def test_an_agent_that_vanishes_at_a_higher_speed_finds_the_first_one_again(bench_of):
    bench = bench_of(highest=115_200)
    bench.open()
    bench.link.propose_speed(115_200, bench.now)
    bench.until(SpeedSettled)
    bench.link = Link(Role.AGENT, LinkSettings.for_line(9600), session=6)
    bench.end.set_speed = 9600
    bench.run(4.0)
    assert bench.line.baud == 9600
    bench.open()
    assert bench.ask(c.IDENTIFY).boot_count == 1


def test_a_terminal_that_restarts_has_its_first_speed(bench_of):
    bench = bench_of(highest=115_200)
    bench.open()
    bench.link.propose_speed(115_200, bench.now)
    bench.until(SpeedSettled)
    bench.ask(c.REBOOT)
    bench.run(1.0)
    assert bench.line.baud == 9600
    bench.link = Link(Role.AGENT, LinkSettings.for_line(9600), session=6)
    bench.end.set_speed = 9600
    bench.open()
    assert bench.ask(c.IDENTIFY).boot_count == 2


@pytest.mark.parametrize("agent_baud", [4800, 115_200])
def test_at_another_speed_nobody_understands_anything(bench_of, agent_baud):
    bench = bench_of(agent_baud=agent_baud)
    bench.link.start(bench.now)
    bench.run(3.0)
    assert not bench.events
    bench.end.set_speed = 9600
    bench.until(LinkOpened)


def test_a_uart_does_not_notice_who_comes_and_goes(bench_of):
    bench = bench_of()
    bench.open()
    handle = bench.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle
    bench.end.present = False
    bench.run(1.0)
    bench.end.present = True
    assert bench.ask(c.DATASET_READ, m.DatasetRead(handle, 0, 100)).offset == 0


def test_it_sleeps_in_the_selector_while_nothing_moves(bench_of):
    bench = bench_of()
    bench.run(0.1)
    assert bench.line.next_deadline() is None
    assert [key.fd for key in bench.selector.get_map().values()] == [bench.socket.fileno()]
    bench.other.send(b"x")
    ((key, events),) = bench.selector.select(5)
    bench.end.to_send += b"hello"
    key.data(events, bench.now)
    assert not bench.selector.get_map()
    assert bench.line.next_deadline() == bench.now
    bench.run(0.1)
    assert bench.line.next_deadline() is None
    bench.line.close()
    assert bench.end.closed
    assert not bench.selector.get_map()


def test_lines_tick_together(bench_of, tmp_path):
    benches = [bench_of(tmp_path / str(place)) for place in range(2)]
    for place, bench in enumerate(benches):
        bench.now = 1000.0 + place * 0.001
        bench.line.handle_timeout(bench.now)
        bench.line.flush(bench.now)
    assert len({bench.line.next_deadline() for bench in benches}) == 1


class Heard:
    """A port that says one thing and writes down what it is told."""

    def __init__(self, says=b""):
        self.says = says
        self.speed_wanted = None
        self.calls = []

    def receive_bytes(self, data, now):
        self.calls.append(("bytes", data))

    def bytes_to_send(self, limit):
        assert limit > 0
        self.calls.append("ask")
        said, self.says = self.says, b""
        return said

    def handle_timeout(self, now):
        self.calls.append(("timeout", now))

    def next_deadline(self):
        return None

    def take_hang_up(self):
        return False


@pytest.fixture
def moved():
    with selectors.DefaultSelector() as selector:

        def move(line, seconds):
            line.attach(selector, 0.0)
            for turn in range(int(seconds * 256)):
                line.handle_timeout(turn / 256)
                line.flush(turn / 256)

        yield move


@pytest.mark.parametrize(("agent_baud", "understood"), [(9600, True), (4800, False), (19_200, False)])
def test_what_comes_at_another_speed_is_garbage_in_either_direction(moved, agent_baud, understood):
    end, port = MemoryEnd(agent_baud), Heard(b"from the terminal")
    line = UartLine(port, end, 9600)
    end.to_send += b"from the agent"
    moved(line, 0.2)
    heard = b"".join(call[1] for call in port.calls if call[0] == "bytes")
    assert heard
    assert end.came
    assert (heard == b"from the agent") is understood
    assert (end.came == b"from the terminal") is understood


def test_a_port_is_told_the_time_before_it_is_asked(moved):
    """Else what it hands over would be timed by when something last came: see `protocols.machine.Machine`."""
    port = Heard()
    line = UartLine(port, MemoryEnd(9600), 9600)
    moved(line, 0.2)
    port.calls.clear()
    line.flush(7.0)
    assert port.calls == [("timeout", 7.0), "ask"]
