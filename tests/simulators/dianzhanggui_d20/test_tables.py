from protocols.pmp import commands as c
from protocols.words import BindingKind, BindingState
from simulators.board import factory
from simulators.dianzhanggui_d20.tables import MODEL
from simulators.state import Blueprint
from tests.simulators.rig import Rig

BLUEPRINT = Blueprint("dianzhanggui-d20", 7, 40, 0)


def test_it_says_who_it_is(tmp_path):
    identity = Rig(tmp_path, blueprint=BLUEPRINT).connect().ask(c.IDENTIFY)
    assert (identity.maker, identity.model) == ("DIANZHANGGUI-TEST", "dianzhanggui-d20")
    assert identity.tusn.startswith("99999903")
    assert identity.label_number == factory.facts_of(MODEL, BLUEPRINT).answers["machine_number"]


def test_the_merchants_bindings_wait_for_the_platform_and_the_wipe_does_not(tmp_path):
    rig = Rig(tmp_path, blueprint=BLUEPRINT)
    rig.device._unbinding.unbind(pending=True)
    peer = rig.connect()
    for binding in peer.ask(c.BINDINGS).bindings:
        pending = binding.kind is not BindingKind.DEVICE
        assert binding.state is (BindingState.PENDING if pending else BindingState.UNBOUND)
        assert bool(binding.value) is pending
    peer.wipe()
    assert {binding.state for binding in peer.ask(c.BINDINGS).bindings} == {BindingState.UNBOUND}
