"""The key that signs a case: opened before the line is, and looked at while nothing on the terminal was changed."""

from __future__ import annotations

import platform
from datetime import datetime
from pathlib import Path

from agent.clock import Clock
from agent.errors import PreconditionNotMet
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.unlocking import Unlock, from_settings
from agent.evidence.trust.store import TrustStore

MAX_NAME = 40


def agent_key(home: Path, clock: Clock, unlock: Unlock = from_settings) -> AgentKey:
    """Open the agent's key; a home that has none yet gets one, certified by itself, which the statement then says.

    Args:
        home: Home folder.
        clock: Tells when a certificate begins that is made here.
        unlock: Knows passphrase or PIN.

    Raises:
        AgentError: See `AgentKey.load` and `AgentKey.create`.
    """
    try:
        return AgentKey.load(home, unlock)
    except PreconditionNotMet as fault:
        if fault.code != "agent-key-missing":
            raise
    return AgentKey.create(home, platform.node()[:MAX_NAME] or "posretire", at=clock.wall())


def check_signer(key: AgentKey, trust: TrustStore, at: datetime) -> None:
    """Stop while nothing was changed, where what the key signs would not be accepted afterwards.

    Args:
        key: The agent's.
        trust: Who is trusted in this case; where that is no agent at all, nobody can say.
        at: Present time.

    Raises:
        PreconditionNotMet: ``agent-certificate-time``: it does not hold now; ``agent-not-trusted``.
    """
    certificate = key.certificate
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins <= at <= ends:
        raise PreconditionNotMet("agent-certificate-time", begins=f"{begins:%Y-%m-%d}", ends=f"{ends:%Y-%m-%d}")
    try:
        trust.check_agent(key.certificates, at)
    except NotCheckable:
        return
    except EvidenceRejected as fault:
        raise PreconditionNotMet("agent-not-trusted", why=fault.code) from None
