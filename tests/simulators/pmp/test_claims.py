import pytest

from protocols.eat import decode_claims, encode_claims
from protocols.pmp.facts import Phase
from simulators.pmp.claims import make_claims
from tests.simulators.rig import NONCE, Rig


@pytest.mark.parametrize("phase", Phase)
def test_the_claims_say_what_the_terminal_says(tmp_path, phase):
    device = Rig(tmp_path).device
    identity = device.identity()
    claims = make_claims(
        phase, NONCE, identity, device.wipe_status(), device.key_slots(), device.bindings(), (), unsettled=3
    )
    assert (claims.tusn, claims.hwmodel, claims.boot_count) == (identity.tusn, b"haike-h60", identity.boot_count)
    assert (claims.nonce, claims.phase, claims.unsettled) == (NONCE, phase, 3)
    assert [(slot.slot, slot.check_value) for slot in claims.key_slots] == [
        (slot.slot, slot.check_value) for slot in device.key_slots()
    ]
    assert claims.bindings == tuple((each.name, int(each.state)) for each in device.bindings())
    assert decode_claims(encode_claims(claims)) == claims
    for binding in device.bindings():
        assert binding.value.encode() not in encode_claims(claims)
