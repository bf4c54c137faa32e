"""The only key to a destructive command: a clearance that the policy check alone can build (I2)."""

from __future__ import annotations

from dataclasses import dataclass

from agent.errors import PreconditionNotMet
from agent.policy import Policy
from agent.proofs import PlatformApproval, UnbindingProof, VerifiedExport
from protocols.errors import LocalProtocolError

_SEAL = object()
"""Known to this module alone, so that nothing else can make a clearance."""


@dataclass(frozen=True)
class WipeTarget:
    """The one wipe that a clearance is good for.

    Args:
        tusn: Serial number of the terminal.
        boot_count: Its boot count when the wipe was prepared: a restart ends the clearance.
        nonce: The nonce that the wipe was prepared with, 32 bytes.
    """

    tusn: str
    boot_count: int
    nonce: bytes


class WipeClearance:
    """Leave to wipe one terminal once. Built by `clear_for_wipe` and by nothing else."""

    def __init__(self, seal: object, target: WipeTarget) -> None:
        if seal is not _SEAL:
            raise LocalProtocolError("a wipe clearance is built by clear_for_wipe() alone")
        self.target = target
        self._spent = False

    @property
    def spent(self) -> bool:
        """True once it was used."""
        return self._spent

    def spend(self, target: WipeTarget) -> None:
        """Use the clearance up.

        Args:
            target: What is about to be wiped, as the terminal says now.

        Raises:
            LocalProtocolError: It was used before, or was given for another terminal, start or nonce.
        """
        if self._spent:
            raise LocalProtocolError("this wipe clearance was used before")
        if target != self.target:
            raise LocalProtocolError("this wipe clearance is for another terminal, another start or another nonce")
        self._spent = True


def clear_for_wipe(
    policy: Policy,
    target: WipeTarget,
    *,
    export: VerifiedExport | None,
    unbinding: UnbindingProof | None,
    platform: PlatformApproval | None,
) -> WipeClearance:
    """Check what the policy asks for and give leave to wipe.

    Args:
        policy: The case's policy.
        target: The terminal as it says now, and the nonce of the prepared wipe.
        export: The verified export.
        unbinding: The bindings as read after unbinding.
        platform: The platform's approval.

    Returns:
        A clearance for this target, good for one wipe.

    Raises:
        PreconditionNotMet: Something is missing that the policy does not waive.
    """
    if export is None and not policy.waive_export_reason.strip():
        raise PreconditionNotMet("export-not-verified")
    if unbinding is None or unbinding.tusn != target.tusn:
        raise PreconditionNotMet("unbinding-not-proven")
    if platform is None and policy.platform_approval:
        raise PreconditionNotMet("platform-approval-missing")
    return WipeClearance(_SEAL, target)
