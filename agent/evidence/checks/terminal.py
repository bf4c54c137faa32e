"""Checks of what the terminal attests: that it is one terminal throughout (I9), and that it is empty at the end."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from agent.evidence.checks.table import CheckTable, Examined
from agent.evidence.eat import check_channel
from agent.evidence.erasure_proof import ERASURE_PROOF, check_answers, flash_of
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.intent import INTENT, WAIVED_UNSETTLED, wipe_nonce
from agent.evidence.job import BINDING_STATES
from protocols.eat import DEBUG_ENABLED, ClaimedKeySlot, ClaimedRegion, TerminalClaims, oemid_of
from protocols.words import (
    Addressable,
    BindingState,
    KeyKind,
    KeyState,
    RegionHolds,
    RegionResult,
    Technique,
    WipeState,
)

PHASE_BEFORE = 1
PHASE_AFTER = 2
MAX_REGION_BYTES = 1 << 30
MAX_TOTAL_BYTES = 1 << 32
MAY_STAY = frozenset({RegionHolds.IDENTITY, RegionHolds.SYSTEM})
"""What a region that is not wiped may hold."""

PROVE_STEP = "prove"

_PIECE_BYTES = 1 << 20


@lru_cache(maxsize=256)  # regions of a model are of few sizes, and a batch holds thousands of them
def blank_region_digest(size: int, blank: int) -> bytes:
    """Return the SHA-256 of a region of ``size`` bytes that all are ``blank``."""
    digest = hashlib.sha256()
    piece = bytes([blank]) * min(size, _PIECE_BYTES)
    for _ in range(size // _PIECE_BYTES):
        digest.update(piece)
    digest.update(piece[: size % _PIECE_BYTES])
    return digest.digest()


def _both(examined: Examined) -> tuple[TerminalClaims, TerminalClaims]:
    return examined.material.said_before.need().claims, examined.material.said_after.need().claims


def _check_before(examined: Examined) -> None:
    """The first attestation: signature, maker, nonce, phase."""
    if examined.material.proven_before.report().claims.phase != PHASE_BEFORE:
        raise EvidenceRejected("eat-phase")


def _check_after(examined: Examined) -> None:
    """The second attestation: signature, maker, nonce, phase."""
    if examined.material.proven_after.report().claims.phase != PHASE_AFTER:
        raise EvidenceRejected("eat-phase")


def _check_same_terminal(examined: Examined) -> None:
    """One serial number and one key in job, intent and both attestations; one model, board and firmware too (I9)."""
    job = examined.material.job.need()
    if examined.material.intent.need().tusn != job.tusn:
        raise EvidenceRejected("terminal-differs", what="tusn", where=INTENT)
    parts = {"device-pre.eat": examined.material.said_before, "device-post.eat": examined.material.said_after}
    for where, part in parts.items():
        said = part.need()
        pairs = {
            "tusn": (said.claims.tusn, job.tusn),
            "key": (said.key_fingerprint, job.device_key),
            "model": (said.claims.hwmodel, job.model.encode()),
            "hardware": (said.claims.hwversion, job.hardware_version),
            "firmware": (said.claims.swname, job.firmware_name),
            "firmware version": (said.claims.swversion, job.firmware_version),
            "maker": (said.claims.oemid, oemid_of(job.maker)),
        }
        for what, (found, expected) in pairs.items():
            if found != expected:
                raise EvidenceRejected("terminal-differs", what=what, where=where)


def _check_measurements(examined: Examined) -> None:
    """The software that the terminal measured is the same before and after; one that measures none says so both times.

    Whether it is good software nobody here knows: there are no reference values of makers.
    """
    before, after = _both(examined)
    if before.measurements != after.measurements:
        raise EvidenceRejected("measurements-changed")


def _check_debug(examined: Examined) -> None:
    """Nobody could read or write the terminal's memory through its debug port meanwhile (RFC 9711, section 4.2.9)."""
    if any(claims.debug_status == DEBUG_ENABLED for claims in _both(examined)):
        raise EvidenceRejected("debug-enabled")


def _check_channel(examined: Examined) -> None:
    """Both attestations were made at the other end of the links that the agent had, and not of somebody's between."""
    links = examined.links
    if links is None:
        raise NotCheckable("needs", what="statement")
    first = examined.material.job.need().link
    # What older versions wrote names no link, and then no attestation may name one either.
    if (links[0] if links else None) != first:
        raise EvidenceRejected("links-differ")
    check_channel(examined.material.said_before.need().claims, bytes.fromhex(first.binding if first else ""))
    check_channel(examined.material.said_after.need().claims, bytes.fromhex(links[-1].binding if links else ""))


def _check_memory_map(examined: Examined) -> None:
    """The map that the wipe was planned on is the attested one, before and after, and the plan leaves nothing out."""
    wipe = examined.material.intended_wipe()
    before, after = _both(examined)
    planned = [(r.region, r.start, r.size, r.wipeable) for r in wipe.memory_map]
    if planned != _places(before) or len({row[0] for row in planned}) != len(planned):
        raise EvidenceRejected("map-not-attested")
    if _places(after) != planned:
        raise EvidenceRejected("map-changed")
    for region in wipe.memory_map:
        if not region.wipeable:
            if region.holds not in MAY_STAY:
                raise EvidenceRejected("region-kept", region=region.region)
        elif region.region not in wipe.regions and not (wipe.erase_keys and region.holds is RegionHolds.KEYS):
            raise EvidenceRejected("region-not-planned", region=region.region)


def _places(claims: TerminalClaims) -> list[tuple[int, int, int, bool]]:
    return [(each.region, each.start, each.size, each.wipeable) for each in claims.regions]


def _check_method(examined: Examined) -> None:
    """Purge is claimed only where erasing reaches all cells, and not by erasing keys (SP 800-88, IEEE 2883).

    Erasing a key empties nothing where a copy of the key is left; no terminal attests that there is none.
    """
    wipe = examined.material.intended_wipe()
    if wipe.method != "purge":
        return
    if wipe.technique is Technique.CRYPTOGRAPHIC_ERASE:
        raise EvidenceRejected("method-key-copies")
    for region in wipe.memory_map:
        if region.wipeable and region.addressable is not Addressable.YES:
            raise EvidenceRejected("method-not-addressable", region=region.region)


def _check_bindings_before(examined: Examined) -> None:
    """The bindings that the agent read are those that the terminal attests."""
    said = examined.material.said_before.need().claims.bindings
    read = tuple((each.name, int(BINDING_STATES[each.state])) for each in examined.material.job.need().bindings)
    if sorted(said) != sorted(read) or len({name for name, _ in said}) != len(said):
        raise EvidenceRejected("bindings-not-attested")


def _check_bindings_after(examined: Examined) -> None:
    """No binding holds any more; one that waits for the platform is listed as pending by the statement."""
    before, after = _both(examined)
    states = dict(after.bindings)
    if len(states) != len(after.bindings) or states.keys() != {name for name, _ in before.bindings}:
        raise EvidenceRejected("bindings-changed")
    for name, state in after.bindings:
        if state not in (BindingState.UNBOUND, BindingState.PENDING):
            raise EvidenceRejected("binding-left", binding=name)


def _check_settled(examined: Examined) -> None:
    """No batch was lost unless the policy said why."""
    before, after = _both(examined)
    waived = examined.material.intent.need().waivers.get(WAIVED_UNSETTLED, "").strip()
    if before.unsettled and not waived:
        raise EvidenceRejected("unsettled-lost", count=before.unsettled)
    if after.unsettled:
        raise EvidenceRejected("unsettled-left", count=after.unsettled)


def _check_wipe(examined: Examined) -> None:
    """The last wipe of the terminal is the one that was meant, it is done, and no other came between."""
    before, after = _both(examined)
    if after.wipe_state != WipeState.DONE:
        raise EvidenceRejected("wipe-unfinished", state=after.wipe_state)
    if after.wipe_nonce != wipe_nonce(examined.material.files.content(INTENT)):
        raise EvidenceRejected("wipe-nonce")
    if after.wipe_count != before.wipe_count + 1:
        raise EvidenceRejected("wipe-count", before=before.wipe_count, after=after.wipe_count)
    if after.boot_count < before.boot_count:
        raise EvidenceRejected("boot-count", before=before.boot_count, after=after.boot_count)


def _check_regions(examined: Examined) -> None:
    """Every region that may be wiped is erased, and its digest is that of blank memory."""
    before, after = _both(examined)
    found = {each.region: each for each in after.regions}
    blanks = {each.region: each.blank for each in examined.material.intended_wipe().memory_map}
    total = 0
    for region in before.regions:
        if not region.wipeable:
            continue
        total += region.size
        if region.size > MAX_REGION_BYTES or total > MAX_TOTAL_BYTES:
            raise EvidenceRejected("region-too-large", region=region.region)
        if region.region not in blanks:
            raise EvidenceRejected("map-not-attested")
        _check_region(region, found.get(region.region), blanks[region.region])


def _check_region(before: ClaimedRegion, after: ClaimedRegion | None, blank: int) -> None:
    if after is None:
        raise EvidenceRejected("region-gone", region=before.region)
    if after.result != RegionResult.ERASED:
        raise EvidenceRejected("region-not-erased", region=before.region, result=after.result)
    if after.digest != blank_region_digest(before.size, blank):
        raise EvidenceRejected("region-digest", region=before.region)


def _check_key_slots(examined: Examined) -> None:
    """No key slot holds a key but the identity's, which is the same as before; none has gone from the list."""
    before, after = _both(examined)
    if [_slot(each) for each in before.key_slots] != [_slot(each) for each in after.key_slots]:
        raise EvidenceRejected("key-slots-changed")
    for old, new in zip(before.key_slots, after.key_slots, strict=True):
        if new.survives_wipe:
            if new.kind != KeyKind.IDENTITY:
                raise EvidenceRejected("key-kept", slot=new.slot)
            if (new.state, new.check_value) != (old.state, old.check_value):
                raise EvidenceRejected("identity-key-changed", slot=new.slot)
        elif new.state not in (KeyState.EMPTY, KeyState.ERASED) or any(new.check_value):
            raise EvidenceRejected("key-not-erased", slot=new.slot)


def _slot(slot: ClaimedKeySlot) -> tuple[int, int, bool]:
    return slot.slot, slot.kind, slot.survives_wipe


def _check_not_wiped(examined: Examined) -> None:
    """A case that was to unbind alone wiped nothing."""
    before, after = _both(examined)
    if after.wipe_count != before.wipe_count:
        raise EvidenceRejected("wipe-count", before=before.wipe_count, after=after.wipe_count)


def _check_erasure_proof(examined: Examined) -> None:
    """All flash of the wipe held bytes of the agent's, answered for all of them, and was then erased and read back."""
    material = examined.material
    proof = material.erasure_proof.report()
    intent = material.intent.need()
    if intent.wipe is None or proof.case != intent.case:
        raise EvidenceRejected("proof-of-another")
    if proof.wipe_nonce != wipe_nonce(material.files.content(INTENT)).hex():
        raise EvidenceRejected("proof-of-another")
    digest = material.files.entry(ERASURE_PROOF).sha256
    lines = [line for line in material.journal.need() if line.step == PROVE_STEP and line.event != "NOTE"]
    if lines and lines[-1].event != "DONE":
        raise NotCheckable("journal-step-open", step=PROVE_STEP)
    if not lines or lines[-1].facts.get("proof") != digest:
        raise EvidenceRejected("proof-not-journaled")
    regions = flash_of(intent.wipe)
    if sum(each.size for each in regions) > MAX_TOTAL_BYTES or any(each.size > MAX_REGION_BYTES for each in regions):
        raise EvidenceRejected("proof-regions")
    check_answers(proof, regions)
    signed = sorted((each.region, each.key.hex(), each.digest.hex()) for each in _both(examined)[1].answers)
    if signed != sorted((each.region, each.key, each.answer) for each in proof.regions):
        raise EvidenceRejected("proof-not-attested")


PROOF_CHECKS: CheckTable = (("erasure-proof", _check_erasure_proof),)
"""Checks of a case that has a proof of erasure, besides all others."""

UNBINDING_CHECKS: CheckTable = (("not-wiped", _check_not_wiped),)
"""Checks of a case that unbinds the terminal and wipes nothing, besides those of `TERMINAL_CHECKS` without a wipe."""

TERMINAL_CHECKS: CheckTable = (
    ("eat-before", _check_before),
    ("eat-after", _check_after),
    ("same-terminal", _check_same_terminal),
    ("measurements", _check_measurements),
    ("debug", _check_debug),
    ("channel", _check_channel),
    ("memory-map", _check_memory_map),
    ("method", _check_method),
    ("bindings-before", _check_bindings_before),
    ("bindings-after", _check_bindings_after),
    ("settled", _check_settled),
    ("wipe", _check_wipe),
    ("regions", _check_regions),
    ("key-slots", _check_key_slots),
)
