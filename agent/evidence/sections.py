"""The parts of a predicate that follow from the evidence alone; a part whose evidence is missing is null or empty."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from agent.evidence.erasure_proof import ERASURE_PROOF
from agent.evidence.facts import StatementFacts
from agent.evidence.journal import FIRST_PREVIOUS
from agent.evidence.material import Material
from protocols.eat import ClaimedKeySlot, TerminalClaims
from protocols.words import BindingState, KeyKind, KeyState, RegionHolds, RegionResult, WipeState

Section = dict[str, Any]

MEDIA_TYPE = "payment terminal: built-in flash memory and battery-backed key store"


def media(material: Material, facts: StatementFacts) -> Section:
    """What was sanitized."""
    job = material.job.or_none()
    label = job.label_number if job else None
    return {
        "manufacturer": job.maker if job else None,
        "model": job.model if job else None,
        "serial_number": job.tusn if job else None,
        "property_number": facts.property_number or label,
        **({"label_number": label} if facts.property_number and facts.property_number != label else {}),
        "media_type": MEDIA_TYPE,
        "media_source": facts.media_source,
        "pre_sanitization_confidentiality": facts.confidentiality_before,
        "post_sanitization_confidentiality": facts.confidentiality_after,
    }


def terminal(material: Material) -> Section:
    """Who the terminal is, and what it attests of itself before and after."""
    job = material.job.or_none()
    before = material.said_before.or_none()
    after = material.said_after.or_none()
    return {
        "tusn": job.tusn if job else None,
        "device_key": job.device_key if job else None,
        "hardware_version": job.hardware_version if job else None,
        "firmware_name": job.firmware_name if job else None,
        "firmware_version": job.firmware_version if job else None,
        "device_certificate_issuer": before.issuer if before else None,
        "oemid": before.claims.oemid.hex() if before else None,
        "before": _counters(before.claims) if before else None,
        "after": _counters(after.claims) if after else None,
        **_measurements(before.claims if before else None, after.claims if after else None),
    }


def _measurements(before: TerminalClaims | None, after: TerminalClaims | None) -> Section:
    """What software the terminal measured, where it did."""
    said = {"before": before.measurements if before else (), "after": after.measurements if after else ()}
    if not any(said.values()):
        return {}
    return {
        "measurements": {
            when: [
                {
                    "name": each.name,
                    "version": each.version,
                    "maker": each.maker,
                    "file": each.file,
                    "size": each.size,
                    "sha256": each.digest.hex(),
                }
                for each in rows
            ]
            for when, rows in said.items()
        }
    }


def _counters(claims: TerminalClaims) -> Section:
    return {
        "boot_count": claims.boot_count,
        "wipe_count": claims.wipe_count,
        "wipe_state": word(WipeState, claims.wipe_state),
        "debug_status": claims.debug_status,
        "unsettled": claims.unsettled,
    }


def verification(material: Material, facts: StatementFacts) -> Section:
    """Whether the sanitization completed, and with what errors (NIST SP 800-88: verification, not validation)."""
    after = material.said_after.or_none()
    results = [each.result for each in after.claims.regions if each.wipeable] if after else []
    return {
        "wipe_state": word(WipeState, after.claims.wipe_state) if after else None,
        "regions_erased": results.count(RegionResult.ERASED),
        "regions_not_erased": len(results) - results.count(RegionResult.ERASED),
        "regions_read_back_blank": sum(each.blank for each in facts.read_back),
        "regions_read_back_not_blank": sum(not each.blank for each in facts.read_back),
    }


def bindings(material: Material) -> Section:
    """What the terminal was bound to and what became of it, by name."""
    before = material.said_before.or_none()
    after = material.said_after.or_none()
    states = dict(after.claims.bindings) if after else {}
    held = [name for name, state in before.claims.bindings if state != BindingState.UNBOUND] if before else []
    return {
        "undone": [name for name in held if states.get(name) == BindingState.UNBOUND],
        "pending": [name for name, state in states.items() if state == BindingState.PENDING],
        "remaining": [name for name, state in states.items() if state not in (0, BindingState.PENDING)],
        "not_attested": [name for name in held if name not in states],
    }


def key_slots(material: Material) -> list[Section]:
    """Every key slot before and after, those that were kept among them (PCI PIN: erased and kept are listed)."""
    before, after = material.said_before.or_none(), material.said_after.or_none()
    old = {each.slot: each for each in before.claims.key_slots} if before else {}
    new = {each.slot: each for each in after.claims.key_slots} if after else {}
    rows = []
    for number in sorted(old.keys() | new.keys()):
        either = new.get(number) or old[number]
        rows.append(
            {
                "slot": number,
                "kind": word(KeyKind, either.kind),
                "kept": either.survives_wipe,
                "before": _slot_state(old.get(number)),
                "after": _slot_state(new.get(number)),
            }
        )
    return rows


def _slot_state(slot: ClaimedKeySlot | None) -> Section | None:
    return {"state": word(KeyState, slot.state), "check_value": slot.check_value.hex()} if slot else None


def regions(material: Material) -> list[Section]:
    """Every region as planned, and as the terminal attests it after the wipe."""
    intent, after = material.intent.or_none(), material.said_after.or_none()
    if intent is None or intent.wipe is None:
        return []
    said = {each.region: each for each in after.claims.regions} if after else {}
    rows = []
    for region in intent.wipe.memory_map:
        claimed = said.get(region.region)
        keys = intent.wipe.erase_keys and region.holds is RegionHolds.KEYS
        rows.append(
            {
                "region": region.region,
                "name": region.name,
                "holds": region.holds.name.lower(),
                "start": region.start,
                "size": region.size,
                "block_size": region.block_size,
                "addressable": region.addressable.name.lower(),
                "blank": region.blank,
                "wipe_planned": region.region in intent.wipe.regions or keys,
                "result": word(RegionResult, claimed.result) if claimed else None,
                "sha256": claimed.digest.hex() if claimed else None,
            }
        )
    return rows


def erasure_proof(material: Material) -> Section | None:
    """What was filled and what it answered; seed, keys and answers stand in the proof itself."""
    proof = material.erasure_proof.or_none()
    if proof is None:
        return None
    return {
        "file": ERASURE_PROOF,
        "filled": proof.filled,
        "bytes": sum(each.size for each in proof.regions),
        "regions": [
            {"region": each.region, "size": each.size, "milliseconds": each.milliseconds} for each in proof.regions
        ],
    }


def log(material: Material, facts: StatementFacts) -> Section:
    """Which log the intent was entered into before anything was changed, and where."""
    proof = material.log_proof.or_none()
    return {
        "origin": proof.checkpoint.origin if proof else None,
        "vkey": facts.log_key,
        "intent_index": proof.index if proof else None,
    }


def backup(material: Material) -> Section | None:
    """Where the data were backed up: the export by digest, and to whom it is encrypted."""
    intent = material.intent.or_none()
    if intent is None or intent.export is None:
        return None
    return {
        "file": "export.age",
        "sha256": intent.export.sha256,
        "size": intent.export.size,
        "journal_sha256": intent.export.journal_digest,
        "records": intent.export.records,
        "recipients": list(intent.export.recipients),
        "verification_recipients": intent.verification_recipients,
        "note": "A verification recipient is a key made to read the export back once, and not kept.",
    }


def journal(material: Material) -> Section:
    """How long the case's journal is, and the hash of its last entry."""
    lines = material.journal.or_none()
    return {"entries": len(lines) if lines else 0, "head": lines[-1].hash if lines else FIRST_PREVIOUS}


def word(kind: type[IntEnum], number: int) -> str:
    """Return the name of a number, or the number itself where it has none."""
    try:
        return kind(number).name.lower()
    except ValueError:
        return str(number)
