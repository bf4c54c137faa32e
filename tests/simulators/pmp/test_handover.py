"""The terminal's end of a dataset sent by YMODEM or its kin, and its way back into the session."""

import hashlib

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, Refusal, SendProtocol
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.wire import Frame, FrameKind, build_frame
from protocols.ymodem.codes import ABORT, Variant
from protocols.ymodem.events import DataReceived, TransferDone
from protocols.ymodem.receiver import Receiver
from simulators.faults import LineFaults, parse_faults
from simulators.pmp.endpoint import PmpTerminal
from simulators.pmp.handover import Handover, behind_frames
from tests.simulators.rig import Peer, Rig

CASES = [
    ("ymodem", SendProtocol.YMODEM, Variant.YMODEM),
    ("ymodem-g", SendProtocol.YMODEM_G, Variant.YMODEM_G),
    ("xmodem-1k", SendProtocol.XMODEM_1K, Variant.XMODEM_1K),
]


class View:
    """A dataset of so many bytes."""

    def __init__(self, size):
        self.size = size

    def read(self, offset, length):
        return b"d" * length


def handover(variant=Variant.YMODEM, *faults, size=5000):
    return Handover(variant, View(size), LineFaults(parse_faults(faults), 1), 0.0)


def peer_of(rig, datasets, settings=None):
    terminal: PmpTerminal = rig.terminal
    port = terminal.open_port(settings or LinkSettings.for_line(None), LineFaults(rig.faults, 1), datasets=datasets)
    peer = Peer(rig, port, settings=settings)
    rig.peers.append(peer)
    peer.open()
    return peer


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.close()


def receive(peer, variant, size, now=1.0):
    """Take the line as an agent does, and return what came."""
    receiver = Receiver(variant, size, size)
    receiver.start(now)
    data = b""
    for _ in range(10_000):
        if out := receiver.bytes_to_send():
            peer.port.receive_bytes(out, peer.rig.now)
        receiver.receive_bytes(peer.port.bytes_to_send(), now)
        while (event := receiver.next_event()) is not None:
            if isinstance(event, DataReceived):
                data += event.data
            elif isinstance(event, TransferDone):
                peer.port.receive_bytes(receiver.bytes_to_send(), peer.rig.now)
                return data
    raise AssertionError(receiver.state)


@pytest.mark.parametrize(("datasets", "protocol", "variant"), CASES)
def test_a_dataset_is_sent_and_the_session_goes_on(rig, datasets, protocol, variant):
    peer = peer_of(rig, datasets)
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert peer.exchange(c.DATASET_READ.id, c.DATASET_READ.request.build(m.DatasetRead(opened.handle, 0, 128)))[
        0
    ].status == (Refusal.UNKNOWN_COMMAND)
    assert peer.ask(c.DATASET_SEND, m.DatasetSend(opened.handle, protocol)) == m.Empty()
    peer.move()  # the acknowledgement of the answer
    data = receive(peer, variant, opened.size)
    assert hashlib.sha256(data).digest() == peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle)).digest


def test_what_is_not_there_is_refused(rig):
    peer = peer_of(rig, "ymodem")
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    wrong = m.DatasetSend(opened.handle, SendProtocol.XMODEM_1K)
    assert peer.refusal(c.DATASET_SEND, wrong) is Refusal.BAD_REQUEST
    assert peer.refusal(c.DATASET_SEND, m.DatasetSend(99, SendProtocol.YMODEM)) is Refusal.NO_SUCH_DATASET


def test_a_line_that_eats_bytes_is_refused(rig):
    peer = peer_of(rig, "ymodem", LinkSettings.for_line(None, escaped=True))
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert peer.refusal(c.DATASET_SEND, m.DatasetSend(opened.handle, SendProtocol.YMODEM)) is Refusal.WRONG_STATE


def test_another_request_takes_the_line_back_before_and_in_the_middle_of_a_transfer(rig):
    peer = peer_of(rig, "ymodem")
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    for begun in (False, True):
        assert peer.ask(c.DATASET_SEND, m.DatasetSend(opened.handle, SendProtocol.YMODEM)) == m.Empty()
        if begun:
            peer.move()
            peer.port.receive_bytes(b"C", rig.now)
            assert b"dataset\0" in peer.port.bytes_to_send()
        assert peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle)).records == opened.records


def test_an_abort_gives_the_line_back_and_nothing_is_said(rig):
    peer = peer_of(rig, "ymodem")
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    peer.ask(c.DATASET_SEND, m.DatasetSend(opened.handle, SendProtocol.YMODEM))
    peer.move()
    peer.port.receive_bytes(b"C", rig.now)
    assert peer.port.bytes_to_send()
    peer.port.receive_bytes(ABORT, rig.now)
    assert peer.port.bytes_to_send() == b""
    assert peer.ask(c.IDENTIFY).tusn


def test_the_link_is_told_when_the_line_is_its_own_again(rig, monkeypatch):
    peer = peer_of(rig, "ymodem")
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    peer.ask(c.DATASET_SEND, m.DatasetSend(opened.handle, SendProtocol.YMODEM))
    peer.move()
    times = []
    monkeypatch.setattr(peer.port._link, "resume", times.append)
    peer.port.handle_timeout(rig.now + 59)
    assert times == [], "the agent may still ask"
    peer.port.handle_timeout(rig.now + 61)
    assert peer.port.bytes_to_send() == ABORT
    peer.port.bytes_to_send()
    peer.port.handle_timeout(rig.now + 62)
    assert times == [rig.now + 62]


def test_a_lost_line_ends_it(rig):
    peer = peer_of(rig, "ymodem")
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    peer.ask(c.DATASET_SEND, m.DatasetSend(opened.handle, SendProtocol.YMODEM))
    peer.move()
    peer.port.line_lost()
    peer.port.receive_bytes(b"C", rig.now)
    assert peer.port.bytes_to_send() == b""


def test_an_agent_that_never_asks_gives_the_line_back():
    line = handover()
    assert line.next_deadline() == 60.0
    line.handle_timeout(60.0)
    assert not line.over
    assert line.bytes_to_send() == ABORT
    assert line.bytes_to_send() == b""
    assert line.next_deadline() == 60.0, "so that the session goes on at once"
    line.handle_timeout(60.0)
    assert line.over


def test_acknowledgements_of_the_session_do_not_end_it():
    line = handover()
    for kind in (FrameKind.ACK, FrameKind.PING):
        assert line.receive_bytes(build_frame(Frame(kind, 1, 0, 0)), 1.0) == b""
        assert not line.over
    reset = build_frame(Frame(FrameKind.RESET, 1, 0, 0))
    assert line.receive_bytes(reset[:5], 1.0) == b""
    assert line.receive_bytes(reset[5:], 1.0) == reset
    assert line.over


def test_faults_show_half_way():
    for fault, last in (("sending-stops", b""), ("sending-cancelled", ABORT)):
        line = handover(Variant.XMODEM_1K, fault)
        line.receive_bytes(b"C", 1.0)
        said = [line.bytes_to_send()]
        for _ in range(3):
            line.receive_bytes(b"\x06", 1.0)
            said.append(line.bytes_to_send())
        assert [len(each) for each in said] == [1029, 1029, len(last), 0]
    line = handover(Variant.YMODEM, "sends-less")
    line.receive_bytes(b"C", 1.0)
    assert b"dataset\x004999\0" in line.bytes_to_send()


def test_the_end_of_a_frame_is_no_question():
    frame = build_frame(Frame(FrameKind.ACK, 1, 0, 0))
    assert behind_frames(frame) == b""
    assert behind_frames(frame + frame) == b""
    assert behind_frames(frame + b"C") == b"C"
    assert behind_frames(b"C") == b"C"
