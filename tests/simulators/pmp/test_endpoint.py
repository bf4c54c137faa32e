import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, MessageKind, Refusal
from protocols.pmp.link import LinkClosed, LinkSettings
from protocols.terminal import Screen
from protocols.words import Key
from simulators.faults import LineFaults
from tests.simulators.rig import Peer, Rig


def test_both_ports_show_one_terminal_and_hear_its_events(tmp_path):
    rig = Rig(tmp_path)
    first, second = rig.connect(), rig.connect()
    first.press(Key.F1, Key.F4)
    assert second.screen.lines[0] == "功能菜单"
    assert [event for event in second.events if isinstance(event, Screen)] == [first.screen]


def test_the_answer_to_a_key_comes_before_the_new_screen(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    serial = peer.screen.serial
    peer.press(Key.F1, Key.F4)
    assert peer.screen.serial == serial + 1
    # A key that means nothing on this screen counts too, or a lost answer could not be told from a lost key.
    assert peer.press(Key.F2).serial == serial + 2


def test_a_reboot_counts_draws_a_new_boot_id_and_ends_the_session(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.join()
    before = peer.open().boot_id
    assert peer.ask(c.REBOOT) == m.Empty()
    rig.turn(0.1)
    assert rig.device.identity().boot_count == 2
    assert peer.port.take_hang_up()
    assert not peer.port.take_hang_up()
    peer.send(b"x")
    rig.turn_until(lambda: bool(peer.link_events))
    assert isinstance(peer.link_events.pop(), LinkClosed)
    again = rig.connect()
    assert again.link.boot_id != before
    assert again.ask(c.IDENTIFY).boot_count == 2
    assert again.screen.serial == 1


def test_a_reboot_does_not_wait_for_ever_for_its_acknowledgement(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.send(c.build_message(c.Header(MessageKind.REQUEST, c.REBOOT.id, 1, 0)))
    peer.port.receive_bytes(peer.link.bytes_to_send(), rig.now)
    rig.peers.clear()  # the line is cut before the answer gets through
    rig.turn(1.9)
    assert rig.device.identity().boot_count == 1
    rig.turn(0.2)
    assert rig.device.identity().boot_count == 2


def test_a_lost_line_forgets_the_session(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.port.line_lost()
    peer.send(b"x")
    rig.turn_until(lambda: bool(peer.link_events))
    assert isinstance(peer.link_events.pop(), LinkClosed)
    assert rig.connect().ask(c.IDENTIFY).boot_count == 1


def test_only_commands_with_an_effect_are_recorded_and_no_key_is(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.ask(c.IDENTIFY)
    peer.press(Key.F1, Key.F4)
    assert peer.refusal(c.WIPE_START, m.WipeStart(bytes(16))) is Refusal.NOT_PREPARED
    assert rig.recorded[1:] == [
        ("command", {"command": "KEY_PRESS", "answer": "OK"}),
        ("command", {"command": "WIPE_START", "answer": "NOT_PREPARED"}),
    ]


@pytest.mark.parametrize("fault", ["garbage", "silent"])
def test_garbage_and_silence_end_in_an_agent_that_hears_no_terminal(tmp_path, fault):
    rig = Rig(tmp_path, fault)
    peer = rig.join()
    peer.link.start(rig.now)
    rig.turn_until(lambda: bool(peer.link_events))
    closed = peer.link_events.pop()
    assert isinstance(closed, LinkClosed)
    assert not closed.answered
    assert (closed.noise > 0) == (fault == "garbage")


def test_a_change_of_speed_does_not_end_what_is_open(tmp_path):
    rig = Rig(tmp_path)
    settings = LinkSettings.for_line(9600, highest_baud=115_200)
    port = rig.terminal.open_port(settings, LineFaults(rig.faults, 1))
    rig.peers.append(Peer(rig, port, settings=settings))
    peer = rig.peers[-1]
    peer.open()
    handle = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).handle
    peer.link.propose_speed(115_200, rig.now)
    for wanted in (115_200, 9600):  # and back, as no trial comes at the new speed
        rig.turn_until(lambda: port.speed_wanted is not None)
        assert port.speed_wanted == wanted
        port.speed_changed(rig.now)
    peer.link.speed_refused(rig.now)
    rig.turn(5.0)
    assert peer.ask(c.DATASET_READ, m.DatasetRead(handle, 0, 10)).offset == 0


def test_a_port_of_a_known_speed_goes_back_to_it_when_the_terminal_restarts(tmp_path):
    rig = Rig(tmp_path)
    port = rig.terminal.open_port(LinkSettings.for_line(9600), LineFaults(rig.faults, 1))
    rig.terminal.restart()
    assert port.speed_wanted == 9600
    fast = rig.join().port
    rig.terminal.restart()
    assert fast.speed_wanted is None
