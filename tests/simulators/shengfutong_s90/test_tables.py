from protocols.pmp import commands as c
from simulators.state import Blueprint
from tests.simulators.rig import Rig


def test_it_says_who_it_is(tmp_path):
    peer = Rig(tmp_path, blueprint=Blueprint("shengfutong-s90", 7, 40, 0)).connect()
    identity = peer.ask(c.IDENTIFY)
    assert (identity.maker, identity.model) == ("SHENGFUTONG-TEST", "shengfutong-s90")
    assert identity.tusn.startswith("99999904")
    assert identity.label_number.startswith("S90-")
    assert (peer.screen.columns, peer.screen.rows) == (24, 10)
