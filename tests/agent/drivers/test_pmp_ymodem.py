"""A dataset by YMODEM and its kin from a simulated terminal, on good and bad lines, under a virtual clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.connect import Connected, connect_over
from agent.drivers.pmp_ymodem import LONGEST_QUIET, QUIET_SECONDS, DatasetLine, receive_dataset
from agent.errors import LinkFault, PreconditionNotMet
from protocols.errors import DeadlineExceeded, DeviceRefused, LinkLost, RemoteProtocolError
from protocols.pmp.facts import Refusal
from protocols.pmp.handshake import Capability
from protocols.pmp.link import Link, LinkSettings, Role
from protocols.ymodem.blocks import build_block
from protocols.ymodem.codes import ABORT, Variant
from protocols.ymodem.events import TransferFailed
from simulators.faults import LineFaults
from simulators.pmp.endpoint import Port
from simulators.state import Blueprint
from tests.agent.drivers.scripted import Datasets, driver_on, record
from tests.agent.raw_peer import RESPONSE, message
from tests.agent.virtual_time import Clock, MemoryLine
from tests.simulators.rig import Rig

PROTOCOLS = ("ymodem", "ymodem-g", "xmodem-1k")


class End:
    """The terminal's end of a line that spoils chunks: by number, those that the agent sends and those it gets."""

    def __init__(self, rig: Rig, clock: Clock, port: Port) -> None:
        self.rig, self.clock, self.port = rig, clock, port
        self.heard: list[bytes] = []
        self.lost: set[int] = set()
        self.cut_after: int | None = None

    def feed(self, data: bytes) -> None:
        self.heard.append(data)
        if len(self.heard) not in self.lost:
            self.port.receive_bytes(data, self.clock())

    def take(self) -> bytes:
        self.rig.terminal.handle_timeout(self.clock())
        self.port.handle_timeout(self.clock())
        return self.port.bytes_to_send(1)


class Line(MemoryLine):
    """Lets at most a twentieth of a second pass at once, so that the terminal's own clock runs."""

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        return super().read(max_bytes, min(timeout_seconds, 0.05))


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    rigs: list[Rig] = []

    def joined(datasets: str, *faults: str, baud: int | None = None) -> tuple[Connected, End, Line]:
        rigs.append(Rig(tmp_path / str(len(rigs)), *faults, blueprint=Blueprint("haike-h60", 7, 100, 0)))
        rig, clock = rigs[-1], Clock()
        port = rig.terminal.open_port(LinkSettings.for_line(baud), LineFaults(rig.faults, 1), datasets=datasets)
        end = End(rig, clock, port)
        line = Line(clock, end, baud)
        return connect_over(line, clock=clock, session_number=lambda: 7), end, line

    yield joined
    for rig in rigs:
        rig.close()


def read_all(connected: Connected) -> None:
    """Read all datasets and hold them against what the terminal says of them."""
    journal = connected.driver.open_journal()
    assert len(list(journal.transactions())) == journal.records == 100
    assert journal.digest == journal.terminal_totals().digest
    reading = connected.driver.read_parameters()
    assert reading.digest == reading.totals.digest
    receipts = connected.driver.open_receipts()
    assert receipts is not None
    assert len(list(receipts.receipts())) == receipts.records == 100
    assert receipts.digest == receipts.terminal_totals().digest


@pytest.mark.parametrize("baud", [None, 9600])
@pytest.mark.parametrize("datasets", PROTOCOLS)
def test_all_datasets_come_whole_and_the_session_goes_on(datasets: str, baud: int | None, make: Any) -> None:
    connected, _, _ = make(datasets, baud=baud)
    read_all(connected)
    read_all(connected)
    assert connected.driver.identity().model == "haike-h60"


@pytest.mark.parametrize("datasets", PROTOCOLS)
def test_an_answer_whose_acknowledgement_is_lost_is_acknowledged_again(datasets: str, make: Any) -> None:
    connected, end, _ = make(datasets)
    journal = connected.driver.open_journal()
    pieces = journal.transactions()
    first = len(end.heard)
    end.lost = {first + 4, first + 5}  # what follows the request that was granted
    assert len(list(pieces)) == 100
    assert journal.digest == journal.terminal_totals().digest


@pytest.mark.parametrize("datasets", PROTOCOLS)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("sending-stops", DeadlineExceeded),
        ("sending-cancelled", LinkFault),
        ("sends-less", RemoteProtocolError),
    ],
)
def test_a_transfer_that_fails_half_way_leaves_a_session_that_goes_on(
    datasets: str, fault: str, error: type[Exception], make: Any
) -> None:
    connected, end, _ = make(datasets, fault)
    with pytest.raises(error):
        list(connected.driver.open_journal().transactions())
    assert connected.driver.identity().model == "haike-h60"
    assert connected.driver.status().password_attempts_left == 3
    assert end.port._handover is None


@pytest.mark.parametrize("datasets", PROTOCOLS)
def test_what_the_profile_says_is_asked_for_first_and_alone(datasets: str, make: Any) -> None:
    connected, end, _ = make(datasets)
    connected.driver.expect_datasets(datasets)
    asked: list[int] = []
    dispatch = end.port._dispatcher

    def answer(data: bytes, now: float) -> Any:
        asked.append(int.from_bytes(data[2:4], "big"))
        return type(dispatch).answer(dispatch, data, now)

    dispatch.answer = answer
    journal = connected.driver.open_journal()
    assert len(list(journal.transactions())) == 100
    assert asked == [0x0301, 0x0306]


def test_a_profile_that_is_wrong_costs_a_question(make: Any) -> None:
    connected, _, _ = make("ymodem")
    connected.driver.expect_datasets("xmodem-1k")
    read_all(connected)
    connected.driver.expect_datasets("pmp")
    read_all(connected)


def test_an_owner_that_leaves_early_ends_the_transfer(make: Any) -> None:
    connected, end, _ = make("ymodem")
    pieces = connected.driver.open_journal().transactions()
    next(pieces)
    pieces.close()
    assert end.heard[-1].endswith(ABORT)
    read_all(connected)


def test_a_line_that_goes_in_the_middle_ends_the_session(make: Any) -> None:
    connected, _, line = make("ymodem")
    pieces = connected.driver.open_journal().transactions()
    next(pieces)
    line.cut = True
    with pytest.raises(LinkLost):
        list(pieces)
    with pytest.raises(LinkLost):
        connected.driver.identity()


def test_a_terminal_without_any_of_them_refuses(make: Any) -> None:
    data = record(1) * 3
    datasets = Datasets(data)

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        if command in (0x0302, 0x0306):
            return [message(RESPONSE, command, tag, Refusal.UNKNOWN_COMMAND, b"\0")]
        return datasets(command, tag, body)

    driver, _ = driver_on(script)
    with pytest.raises(DeviceRefused) as caught:
        list(driver.open_journal().transactions())
    assert (caught.value.command, caught.value.code) == ("DATASET_SEND", Refusal.UNKNOWN_COMMAND)


class Agreed:
    """A session that agreed on something and sends nothing."""

    def __init__(self, capability: Capability) -> None:
        self.capability = capability

    def agreed(self, capability: Capability) -> bool:
        return capability is self.capability


@pytest.mark.parametrize(
    ("capability", "code"), [(Capability.PRIVATE, "dataset-not-private"), (Capability.ESCAPED, "dataset-not-raw")]
)
def test_i4_card_data_is_never_asked_for_in_the_clear_on_a_private_link(capability: Capability, code: str) -> None:
    session: Any = Agreed(capability)  # has no `call`: whatever is sent would fail this test
    with pytest.raises(PreconditionNotMet) as caught, closing(receive_dataset(session, 1, 100)) as pieces:
        next(pieces)
    assert caught.value.code == code


# ---------------------------------------------------------------------- the machine
def failed_line(now: float) -> DatasetLine:
    line = DatasetLine(Link(Role.AGENT, LinkSettings.for_line(None), session=1), Variant.YMODEM, 100)
    line.handle_timeout(now)
    assert line.bytes_to_send() == b"C"
    line.receive_bytes(build_block(5, bytes(128), crc=True), now)
    assert line.bytes_to_send() == ABORT
    return line


def test_after_a_failure_the_line_is_left_alone_until_it_is_quiet() -> None:
    line = failed_line(1.0)
    line.receive_bytes(b"late", 1.5)
    line.handle_timeout(1.0 + QUIET_SECONDS)
    assert line.next_event() is None
    assert line.next_deadline() == 1.5 + QUIET_SECONDS
    line.handle_timeout(1.5 + QUIET_SECONDS)
    assert isinstance(line.next_event(), TransferFailed)
    assert line.next_deadline() is None


def test_i10_a_line_that_is_never_quiet_is_left_alone_for_a_while_only() -> None:
    line, now = failed_line(1.0), 1.0
    while (event := line.next_event()) is None:
        now += 0.5
        assert now <= 1.0 + LONGEST_QUIET
        line.receive_bytes(b"flood", now)
        line.handle_timeout(now)
    assert isinstance(event, TransferFailed)
