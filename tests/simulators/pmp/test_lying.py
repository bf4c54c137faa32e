"""How a terminal misuses its line, as the agent's end of it sees that."""

import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, MessageKind
from protocols.pmp.link import LinkClosed
from protocols.words import WipeState
from simulators.pmp.endpoint import PmpTerminal
from simulators.pmp.lying import LATE_SECONDS, LyingTerminal
from tests.simulators.rig import Rig

OPEN = m.DatasetName(Dataset.JOURNAL)
OPENING = c.build_message(c.Header(MessageKind.REQUEST, c.DATASET_OPEN.id, 9, 0), c.DATASET_OPEN.request.build(OPEN))


@pytest.fixture
def made(tmp_path):
    rigs = []

    def make(*faults):
        rigs.append(Rig(tmp_path / "state", *faults))
        return rigs[-1], rigs[-1].connect()

    yield make
    for rig in rigs:
        rig.close()


def test_only_liars_are_liars(made):
    assert type(made()[0].terminal) is PmpTerminal
    assert type(made("drips=wipe")[0].terminal) is LyingTerminal


def test_nothing_is_wrong_before_the_moment_has_come(made):
    _, peer = made("floods-events=export", "floods-answers=export", "floods-frames=wipe", "drips=wipe")
    for _ in range(20):
        peer.ask(c.STATUS)
    assert (peer.events, peer.answers) == ([], [])


@pytest.mark.parametrize(("fault", "kept"), [("floods-events=export", "events"), ("floods-answers=export", "answers")])
def test_a_flood_goes_on_and_on(made, fault, kept):
    rig, peer = made(fault)
    peer.exchange(c.DATASET_OPEN.id, c.DATASET_OPEN.request.build(OPEN))
    rig.turn(1)
    one = len(getattr(peer, kept))
    rig.turn(1)
    assert one > 1000
    assert len(getattr(peer, kept)) > one + 1000


def test_a_flood_does_not_fill_the_terminals_own_memory(made):
    rig, peer = made("floods-events=export")
    peer.exchange(c.DATASET_OPEN.id, c.DATASET_OPEN.request.build(OPEN))
    peer.link.receive_bytes = lambda *_heard: None  # whoever takes nothing and acknowledges nothing
    rig.turn(5)
    waiting = peer.port._link._exchange.sender
    assert sum(len(each.data) for lane in waiting._source._lanes.values() for each in lane) < 1 << 20


def test_frames_without_end_and_nothing_else(made):
    rig, peer = made("floods-frames=export")
    peer.send(OPENING)
    rig.turn(0.1)
    first, then = peer.port.bytes_to_send(), peer.port.bytes_to_send()
    assert first == then
    assert len(first) > 500
    assert len(peer.port.bytes_to_send(10)) == 10


def test_a_byte_a_second(made):
    rig, peer = made("drips=export")
    peer.send(OPENING)
    sent = []
    taken = peer.port.bytes_to_send

    def watched(limit=None):
        data = taken(limit)
        sent.append(len(data))
        return data

    peer.port.bytes_to_send = watched
    rig.turn(6)
    assert max(sent) == 1
    assert 4 <= sum(sent) <= 7


def test_an_answer_comes_when_nobody_waits_any_more(made):
    rig, peer = made("answers-late=export")
    peer.ask(c.DATASET_OPEN, OPEN)
    peer.send(c.build_message(c.Header(MessageKind.REQUEST, c.STATUS.id, 9, 0), b""))
    rig.turn(LATE_SECONDS - 1)
    assert peer.answers == []
    rig.turn(2)
    assert [header.tag for header, _ in peer.answers] == [9]


@pytest.mark.parametrize(("twin", "same"), [("tusn", False), ("key", True)])
def test_it_starts_anew_after_its_wipe_as_another_one(made, twin, same):
    rig, peer = made(f"reboots-as-twin={twin}")
    before = peer.ask(c.IDENTIFY)
    peer.unbind()
    peer.start_wipe()
    rig.turn_until(lambda: any(isinstance(each, LinkClosed) for each in peer.link_events) or peer.port.take_hang_up())
    assert rig.device.wipe_status().state is WipeState.DONE
    after = rig.connect().ask(c.IDENTIFY)
    assert after.boot_count == before.boot_count + 1
    assert (after.tusn == before.tusn) is same
    assert after.key_fingerprint != before.key_fingerprint
