from protocols.pmp.facts import Refusal
from simulators.pmp.device import Device, Refused
from tests.simulators.rig import Rig


def test_a_refusal_carries_its_code_and_text():
    refused = Refused(Refusal.LOW_BATTERY, "5%")
    assert (refused.code, refused.text, str(refused)) == (Refusal.LOW_BATTERY, "5%", "LOW_BATTERY")


def test_the_haike_h60_is_a_device(tmp_path):
    device: Device = Rig(tmp_path).device
    offered = {name for name in vars(Device) if not name.startswith("_")}
    assert offered <= set(dir(device))
