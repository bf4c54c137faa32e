"""The timestamp authority of a case: tried out before anything is changed, asked at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from agent.errors import PreconditionNotMet
from agent.evidence.trust.store import TrustStore
from agent.policy import Policy

if TYPE_CHECKING:
    from agent.evidence.timestamp.maker import Authority


def authority_of(policy: Policy, trust: TrustStore) -> Authority | None:
    """Return the authority that a policy names, or None where it names none.

    Args:
        policy: Rules of the case.
        trust: Whom to trust.

    Raises:
        UsageFault: ``timestamp-url``.
        PreconditionNotMet: ``timestamp-authority-missing``: a timestamp is required, and no authority named;
            ``timestamp-root-missing``: no authority at all is trusted here.
    """
    needed = policy.timestamp == "require"
    if not policy.timestamp_authority:
        if needed:
            raise PreconditionNotMet("timestamp-authority-missing")
        return None
    from agent.evidence.timestamp.client import check_url
    from agent.evidence.timestamp.maker import Authority

    url = check_url(policy.timestamp_authority)
    if not trust.authorities:
        raise PreconditionNotMet("timestamp-root-missing", url=url)
    return Authority(url, trust, needed)


def try_out(policy: Policy, trust: TrustStore, wall: Callable[[], datetime]) -> None:
    """Have the authority that a policy names timestamp something, before anything is changed.

    Args:
        policy: Rules of the case.
        trust: Whom to trust.
        wall: Returns the present time in UTC by this machine's clock.

    Raises:
        UsageFault: ``timestamp-url``.
        PreconditionNotMet: See `authority_of` and `agent.evidence.timestamp.maker.Authority.try_out`.
    """
    authority = authority_of(policy, trust)
    if authority is not None:
        authority.try_out(wall)
