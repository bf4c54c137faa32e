import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import MessageKind
from protocols.words import Key
from simulators.faults import parse_faults
from simulators.power import Power, PowerPoint
from tests.simulators.rig import PowerCut, Rig


def cut():
    raise PowerCut


@pytest.mark.parametrize("point", list(PowerPoint), ids=lambda point: point.name)
def test_the_power_goes_at_the_so_many_th_point_of_its_kind(point):
    power = Power(parse_faults([f"{point.value.value}=3"]), cut)
    for _ in range(2):
        for each in PowerPoint:
            power.passes(each)
    with pytest.raises(PowerCut):
        power.passes(point)
    power.passes(point)


def test_i7_half_of_a_change_is_in_the_flash_and_does_not_count(tmp_path):
    Rig(tmp_path).close()
    for number in (1, 2, 3):  # header, body and status of the count of this start
        with pytest.raises(PowerCut):
            Rig(tmp_path, f"cut-at-write={number}")
        rig = Rig(tmp_path)
        assert rig.device.identity().boot_count == number + 1
        rig.close()


@pytest.mark.parametrize("point", ["cut-before-command", "cut-after-command", "cut-after-answer"])
def test_i7_the_power_goes_before_or_after_a_command_was_done(tmp_path, point):
    rig = Rig(tmp_path)
    power = Power(parse_faults([f"{point}=3"]), cut)
    rig.terminal.power = power
    peer = rig.connect()
    peer.ask(c.IDENTIFY)
    press = c.KEY_PRESS.request.build(m.KeyPress(peer.screen.serial, (Key.F1, Key.F4)))
    peer.send(c.build_message(c.Header(MessageKind.REQUEST, c.KEY_PRESS.id, 99, 0), press))
    with pytest.raises(PowerCut):
        rig.turn(1.0)
    pressed = [facts["command"] for event, facts in rig.recorded if event == "command"]
    assert pressed == ([] if point == "cut-before-command" else ["KEY_PRESS"])
    assert len(peer.answers) == (point == "cut-after-answer")
    rig.close()
