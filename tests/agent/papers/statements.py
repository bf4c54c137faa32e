"""Predicates to draw papers from: each is as full as a case's can be."""

from __future__ import annotations

import copy
from typing import Any

DIGEST = "0123456789abcdef" * 4
ENVELOPE = b'{"payload":"bWFkZSB1cA==","payloadType":"application/vnd.in-toto+json","signatures":[]}'


def slot(number: int, kind: str, *, kept: bool = False) -> dict[str, Any]:
    after = {"state": "loaded", "check_value": "0a0b0c"} if kept else {"state": "erased", "check_value": "000000"}
    before = {"state": "loaded", "check_value": "0a0b0c"}
    return {"slot": number, "kind": kind, "kept": kept, "before": before, "after": after}


def region(number: int, holds: str, result: str = "erased") -> dict[str, Any]:
    return {
        "region": number,
        "name": holds,
        "holds": holds,
        "size": 77_824,
        "addressable": "yes",
        "wipe_planned": True,
        "result": result,
        "sha256": DIGEST,
    }


def blank(number: int) -> dict[str, Any]:
    return {"region": number, "method": "full", "bytes_read": 77_824, "not_blank": 0, "digest_matches": True}


PREDICATE: dict[str, Any] = {
    "case": "R20260504-TEST01",
    "result": "PASS",
    "evidence": {
        "level": 2,
        "meaning": (
            "The terminal attested before and after, with its own key that its maker certified, over nonces that were "
            "made for this case."
        ),
        "limits": ["What was copied out of the terminal earlier is not touched by a wipe."],
    },
    "media": {
        "manufacturer": "MADE-UP-TEST",
        "model": "made-up 甲",
        "serial_number": "9999990200000001",
        "property_number": "MU-00000001",
        "media_type": "payment terminal: built-in flash memory and battery-backed key store",
        "media_source": "文三路老字号面馆",
        "pre_sanitization_confidentiality": "机密",
        "post_sanitization_confidentiality": "公开",
    },
    "sanitization": {
        "method": "clear",
        "technique": "block_erase",
        "tool": "posretire",
        "tool_version": "0.1.0",
        "verification": {
            "wipe_state": "done",
            "regions_erased": 2,
            "regions_not_erased": 0,
            "regions_read_back_blank": 2,
            "regions_read_back_not_blank": 0,
        },
        "validation": {"accepted": True},
        "destination": "scrap 报废",
    },
    "person": {
        "name": "喆堃 Tester",
        "title": "technician",
        "place": "bench 1",
        "date": "2026-05-04T09:10:00.000Z",
        "contact": "tester@example.invalid",
        "id": "t-7",
        "login": "password",
    },
    "backup": {
        "file": "export.age",
        "sha256": DIGEST,
        "size": 94_541,
        "records": 300,
        "recipients": ["age1madeup"],
        "verification_recipients": 1,
        "copies": ["vault-2"],
        "retention": {"until": "2031-05-04", "basis": "会计档案 accounting"},
    },
    "terminal": {"device_key": DIGEST, "hardware_version": "B", "firmware_name": "MUOS", "firmware_version": "1.0"},
    "bindings": {
        "undone": ["printer", "merchant_number"],
        "pending": ["settlement_account"],
        "remaining": [],
        "not_attested": [],
        "platform": {"state": "back office pending", "reference": "", "obtained_by": ""},
    },
    "key_slots": [slot(1, "tmk"), slot(6, "identity", kept=True)],
    "regions": [region(1, "journal"), region(2, "parameters")],
    "read_back": [blank(1), blank(2)],
    "agent": {"key": DIGEST, "self_signed": True},
    "order": {"work_order": "WO-1", "reason": "门店关闭", "authorisation": "letter 17"},
    "times": {
        "issued": "2026-05-04T09:10:00.000Z",
        "wipe_started": "2026-05-04T09:01:40.000Z",
        "wipe_ended": "2026-05-04T09:03:20.000Z",
    },
    "waivers": {"export-verification": "owner agrees 业主同意"},
    "findings": [
        {
            "code": "agent-key-self-signed",
            "effect": "note",
            "text": "The agent's key is certified by nobody but itself.",
        }
    ],
    "not_checked": [
        {"code": "platform-pending", "text": "Back office pending: the deregistration at the platform is not shown."}
    ],
}


def predicate(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(PREDICATE), **changes}
