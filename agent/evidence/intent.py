"""``intent.json``: what is about to be done, journaled before anything is unbound or wiped.

The terminal's second attestation answers `nonce_post` of these bytes and the wipe is prepared under `wipe_nonce` of
them, so what was done can be held against what was meant by the terminal's own signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.fields import Fields
from agent.proofs import ExportRecord
from protocols.terminal import KindTotal, Region
from protocols.words import Addressable, RegionHolds, Scheme, Technique, TransactionKind

INTENT = "intent.json"
SCHEMA = "urn:posretire:intent:v1"
MAX_BYTES = 1 << 20
METHODS = ("clear", "purge")
"""Methods of NIST SP 800-88 that software can claim; Destroy is done to the thing itself."""

WAIVED_EXPORT = "export-verification"
WAIVED_UNSETTLED = "unsettled-batch"

HOLDS = {word.name.lower(): word for word in RegionHolds}
ADDRESSABLE = {word.name.lower(): word for word in Addressable}
TECHNIQUES = {word.name.lower(): word for word in Technique}
KINDS = {word.name.lower(): word for word in TransactionKind}
SCHEMES = {word.name.lower(): word for word in Scheme}


@dataclass(frozen=True)
class IntendedWipe:
    """What is about to be wiped.

    Args:
        method: ``clear`` or ``purge`` (NIST SP 800-88).
        technique: How the regions are emptied.
        erase_keys: Whether the key slots are erased.
        regions: Numbers of the regions, in order.
        memory_map: All regions as the terminal tells them.
    """

    method: str
    technique: Technique
    erase_keys: bool
    regions: tuple[int, ...]
    memory_map: tuple[Region, ...]


@dataclass(frozen=True)
class Intent:
    """What is about to be done.

    Args:
        case: Number of the case.
        tusn: Hardware serial number of the terminal.
        time: When it was written, RFC 3339.
        digests: SHA-256 by name of ``job.json``, ``device-pre.eat`` and ``export.age``, those that there are.
        export: The verified export; None where that is waived.
        verification_recipients: Recipients besides those, of keys made for the verification and thrown away.
        waivers: What the policy waives, with the reasons.
        unbind: Names of the bindings to be undone.
        wipe: What is to be wiped; None where the terminal is only unbound.
        journal_entries: Entries of the journal so far.
        journal_head: Hash of the last of them, 64 zeros for none.
    """

    case: str
    tusn: str
    time: str
    digests: Mapping[str, str]
    export: ExportRecord | None
    verification_recipients: int
    waivers: Mapping[str, str]
    unbind: tuple[str, ...]
    wipe: IntendedWipe | None
    journal_entries: int
    journal_head: str


def build_intent(intent: Intent) -> bytes:
    """Write ``intent.json``.

    Raises:
        EvidenceRejected: A text is too long, holds control characters or is no Unicode.
    """
    data = canonical_json(
        {
            "schema": SCHEMA,
            "case": intent.case,
            "tusn": intent.tusn,
            "time": intent.time,
            "digests": dict(intent.digests),
            "export": _export_row(intent.export, intent.verification_recipients),
            "waivers": dict(intent.waivers),
            "unbind": list(intent.unbind),
            "wipe": _wipe_row(intent.wipe),
            "journal": {"entries": intent.journal_entries, "head": intent.journal_head},
        }
    )
    parse_intent(data)
    return data


def parse_intent(data: bytes) -> Intent:
    """Read ``intent.json``.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field`` or ``time-form``.
    """
    read = Fields(parse_json(data, INTENT, max_bytes=MAX_BYTES), INTENT)
    read.word("schema", {SCHEMA})
    digests = read.fields("digests")
    journal = read.fields("journal")
    export, verification_recipients = _read_export(read.fields_or_none("export"))
    intent = Intent(
        case=read.text("case", required=True),
        tusn=read.text("tusn", required=True),
        time=read.time("time"),
        digests={name: digests.digest(name) for name in digests.names()},
        export=export,
        verification_recipients=verification_recipients,
        waivers=read.named_texts("waivers", maximum=64),
        unbind=read.texts("unbind", maximum=256),
        wipe=_read_wipe(read.fields_or_none("wipe")),
        journal_entries=journal.number("entries"),
        journal_head=journal.digest("head"),
    )
    journal.end()
    read.end()
    return intent


def nonce_post(intent: bytes, proof: bytes = b"") -> bytes:
    """Return the nonce of the second attestation: SHA-256 over "post" and the bytes of ``intent.json``.

    Args:
        intent: All of it.
        proof: All of ``erasure-proof.json``, which follows where a case has one.
    """
    return hashlib.sha256(b"post" + intent + proof).digest()


def wipe_nonce(intent: bytes) -> bytes:
    """Return the nonce that the wipe is prepared under: SHA-256 over "wipe" and the bytes of ``intent.json``."""
    return hashlib.sha256(b"wipe" + intent).digest()


def _export_row(export: ExportRecord | None, verification_recipients: int) -> dict[str, object] | None:
    if export is None:
        return None
    return {
        "sha256": export.sha256,
        "size": export.size,
        "journal_digest": export.journal_digest,
        "records": export.records,
        "totals": [
            {"kind": t.kind.name.lower(), "scheme": t.scheme.name.lower(), "count": t.count, "amount": t.amount}
            for t in export.totals
        ],
        "recipients": list(export.recipients),
        "verification_recipients": verification_recipients,
    }


def _read_export(row: Fields | None) -> tuple[ExportRecord | None, int]:
    if row is None:
        return None, 0
    export = ExportRecord(
        sha256=row.digest("sha256"),
        size=row.number("size"),
        journal_digest=row.digest("journal_digest"),
        records=row.number("records"),
        totals=tuple(_read_total(total) for total in row.rows("totals", maximum=1_000)),
        recipients=row.texts("recipients", maximum=64),
    )
    verification_recipients = row.number("verification_recipients", maximum=16)
    row.end()
    return export, verification_recipients


def _read_total(row: Fields) -> KindTotal:
    total = KindTotal(
        kind=KINDS[row.word("kind", KINDS)],
        scheme=SCHEMES[row.word("scheme", SCHEMES)],
        count=row.number("count"),
        amount=row.number("amount", minimum=-(1 << 53) + 1),
    )
    row.end()
    return total


def _wipe_row(wipe: IntendedWipe | None) -> dict[str, object] | None:
    if wipe is None:
        return None
    return {
        "method": wipe.method,
        "technique": wipe.technique.name.lower(),
        "erase_keys": wipe.erase_keys,
        "regions": list(wipe.regions),
        "memory_map": _map_rows(wipe.memory_map),
    }


def _map_rows(regions: Sequence[Region]) -> list[dict[str, object]]:
    return [
        {
            "region": region.region,
            "name": region.name,
            "holds": region.holds.name.lower(),
            "start": region.start,
            "size": region.size,
            "block_size": region.block_size,
            "wipeable": region.wipeable,
            "addressable": region.addressable.name.lower(),
            "blank": region.blank,
        }
        for region in regions
    ]


def _read_wipe(row: Fields | None) -> IntendedWipe | None:
    if row is None:
        return None
    wipe = IntendedWipe(
        method=row.word("method", METHODS),
        technique=TECHNIQUES[row.word("technique", TECHNIQUES)],
        erase_keys=row.flag("erase_keys"),
        regions=row.numbers("regions", maximum=1_000),
        memory_map=tuple(_read_region(each) for each in row.rows("memory_map", maximum=1_000)),
    )
    row.end()
    return wipe


def _read_region(row: Fields) -> Region:
    region = Region(
        region=row.number("region"),
        name=row.text("name"),
        holds=HOLDS[row.word("holds", HOLDS)],
        start=row.number("start"),
        size=row.number("size"),
        block_size=row.number("block_size"),
        wipeable=row.flag("wipeable"),
        addressable=ADDRESSABLE[row.word("addressable", ADDRESSABLE)],
        blank=row.number("blank", maximum=255),
    )
    row.end()
    return region
