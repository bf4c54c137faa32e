import hashlib

from agent.evidence.eat import peek_eat
from agent.workflow import retire as retiring
from protocols.words import WipeState


def test_the_second_attestation_answers_a_nonce_made_of_the_intent(desk):
    outcome = retiring.retire(desk.request, desk.events.append)
    claims = peek_eat((outcome.bundle / "device-post.eat").read_bytes()).claims
    intent = (outcome.bundle / "intent.json").read_bytes()
    assert claims.nonce == hashlib.sha256(b"post" + intent).digest()
    assert claims.wipe_nonce == hashlib.sha256(b"wipe" + intent).digest()
    assert claims.wipe_state == WipeState.DONE
