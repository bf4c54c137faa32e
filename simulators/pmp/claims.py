"""Attested claims from what a device tells of itself, so that both always say the same."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.eat import ClaimedAnswer, ClaimedKeySlot, ClaimedMeasurement, ClaimedRegion, TerminalClaims, oemid_of
from protocols.pmp.facts import Phase
from protocols.terminal import Binding, Identity, KeySlot, WipeStatus

DEBUG_DISABLED_PERMANENTLY = 3  # RFC 9711, section 4.2.9


def make_claims(
    phase: Phase,
    nonce: bytes,
    identity: Identity,
    wipe: WipeStatus,
    key_slots: Iterable[KeySlot],
    bindings: Iterable[Binding],
    regions: Iterable[ClaimedRegion],
    unsettled: int,
    binding: bytes = b"",
    answers: Iterable[ClaimedAnswer] = (),
    measurements: Iterable[ClaimedMeasurement] = (),
) -> TerminalClaims:
    """Put together what a terminal attests.

    Args:
        phase: Before or after.
        nonce: The agent's, 32 bytes.
        identity: Who the terminal is.
        wipe: Where its last wipe is.
        key_slots: All key slots.
        bindings: All bindings; their values stay out.
        regions: All regions, each with the digest that may be told.
        unsettled: Transactions not settled.
        binding: That of the private link that asks, 32 bytes, or empty.
        answers: What its regions answered when they were filled last.
        measurements: The software that it measured.
    """
    return TerminalClaims(
        nonce=nonce,
        tusn=identity.tusn,
        oemid=oemid_of(identity.maker),
        hwmodel=identity.model.encode("ascii"),
        hwversion=identity.hardware_version,
        swname=identity.firmware_name,
        swversion=identity.firmware_version,
        boot_count=identity.boot_count,
        debug_status=DEBUG_DISABLED_PERMANENTLY,
        phase=phase,
        wipe_count=identity.wipe_count,
        wipe_state=wipe.state,
        wipe_nonce=wipe.nonce,
        key_slots=tuple(
            ClaimedKeySlot(each.slot, each.kind, each.state, each.survives_wipe, each.check_value) for each in key_slots
        ),
        bindings=tuple((each.name, int(each.state)) for each in bindings),
        regions=tuple(regions),
        unsettled=unsettled,
        binding=binding,
        answers=tuple(answers),
        measurements=tuple(measurements),
    )
