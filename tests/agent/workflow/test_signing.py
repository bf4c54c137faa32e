"""The key that signs is opened and looked at before anything on the terminal is changed."""

from datetime import timedelta

import pytest

from agent.clock import Clock
from agent.errors import PreconditionNotMet
from agent.evidence.keys.agent_certificate import VALIDITY
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from agent.secret import Secret
from agent.workflow.retire import retire
from agent.workflow.signing import agent_key, check_signer
from tests.agent.evidence.made import OPENED


def code(call, *arguments):
    with pytest.raises(PreconditionNotMet) as raised:
        call(*arguments)
    return raised.value.code


def test_a_home_without_a_key_gets_one(tmp_path):
    made = agent_key(tmp_path, Clock(wall=lambda: OPENED))
    assert made.certificate.not_valid_before_utc == OPENED
    assert agent_key(tmp_path, Clock(), lambda _wanted: Secret("")).fingerprint == made.fingerprint


@pytest.mark.parametrize("at", [OPENED - timedelta(seconds=1), OPENED + VALIDITY + timedelta(seconds=1)])
def test_a_certificate_that_does_not_hold_now(tmp_path, at):
    key = AgentKey.create(tmp_path, "bench", at=OPENED)
    assert code(check_signer, key, TrustStore(), at) == "agent-certificate-time"
    check_signer(key, TrustStore(), OPENED)


def test_a_certificate_that_nobody_would_accept(tmp_path):
    key = AgentKey.create(tmp_path, "bench", at=OPENED)
    other = AgentKey.create(tmp_path / "other", "other", at=OPENED)
    assert code(check_signer, key, TrustStore(agents=(other.certificate,)), OPENED) == "agent-not-trusted"
    check_signer(key, TrustStore(agents=(other.certificate, key.certificate)), OPENED)


def test_nothing_is_touched_where_the_signature_would_not_be_accepted(desk, tmp_path):
    for file in (desk.home / "trust" / "agents").iterdir():
        file.unlink()
    other = AgentKey.create(tmp_path / "other", "other", at=OPENED)
    (desk.home / "trust" / "agents" / "other.pem").write_bytes(other.chain_pem)
    before = (desk.state / "flash.img").read_bytes()
    assert code(retire, desk.request, desk.events.append) == "agent-not-trusted"
    assert desk.events == []
    assert (desk.state / "flash.img").read_bytes() == before


def test_the_key_that_is_open_already_is_used(desk, tmp_path):
    other = AgentKey.create(tmp_path / "other", "other", at=OPENED)
    (desk.home / "trust" / "agents" / "other.pem").write_bytes(other.chain_pem)
    outcome = retire(desk.asking(key=other), desk.events.append)
    assert (outcome.bundle / "agent.pem").read_bytes() == other.chain_pem
