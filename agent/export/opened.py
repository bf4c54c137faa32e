"""What stands in an opened export's small members, each taken only where it has the form that is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785

from agent.errors import VerificationFailed
from agent.export.archive import MANIFEST, PARAMETERS, RECEIPTS, TOTALS, TRANSACTIONS
from agent.export.lines import KIND_WORDS, LARGEST_NUMBER, SCHEME_WORDS
from agent.export.manifest import SCHEMA
from agent.export.read_back import ReadBack
from agent.export.verify import NOTHING_LISTED
from protocols.terminal import KindTotal

MAX_JSON_BYTES = 2 << 20
MAX_TEXT = 4096

_SHA256 = re.compile(r"[0-9a-f]{64}")
_KINDS = {word: kind for kind, word in KIND_WORDS.items()}
_SCHEMES = {word: scheme for scheme, word in SCHEME_WORDS.items()}


@dataclass(frozen=True)
class Row:
    """What the manifest says of a member.

    Args:
        size: Bytes.
        sha256: Digest, lower-case hex.
        records: Transactions or receipts in it, or None.
    """

    size: int
    sha256: str
    records: int | None


@dataclass(frozen=True)
class OpenedManifest:
    """``manifest.json`` of an opened export.

    Args:
        case: Number of the case, or empty.
        time: When it was made, RFC 3339.
        tool: Name and version of the tool.
        tusn: Serial number of the terminal.
        merchant_number: Merchant number, or empty.
        terminal_number: Terminal number, or empty.
        members: What it says of each other member.
        withheld: Parameters that were left out.
        recipients: The owner's recipients.
        dropped: Items of receipts that were left out; None where the terminal keeps none.
        retention_until: Until when it is kept, or empty.
        retention_basis: On what basis, or empty.
    """

    case: str
    time: str
    tool: str
    tusn: str
    merchant_number: str
    terminal_number: str
    members: Mapping[str, Row]
    withheld: tuple[str, ...]
    recipients: tuple[str, ...]
    dropped: int | None
    retention_until: str
    retention_basis: str


@dataclass(frozen=True)
class OpenedTotals:
    """``totals.json``: of both sides."""

    records: int
    totals: tuple[KindTotal, ...]
    terminal_records: int
    terminal_totals: tuple[KindTotal, ...]


class _Form(Exception):
    """A part is not what is written here."""


def read_manifest(read_back: ReadBack) -> OpenedManifest:
    """Read ``manifest.json``.

    Raises:
        VerificationFailed: ``export-content``.
    """
    try:
        return _manifest(_json(read_back, MANIFEST))
    except _Form:
        raise VerificationFailed("export-content", member=MANIFEST) from None


def read_totals(read_back: ReadBack) -> OpenedTotals:
    """Read ``totals.json``.

    Raises:
        VerificationFailed: ``export-content``.
    """
    try:
        both = _object(_json(read_back, TOTALS), {"computed", "terminal"})
        computed, terminal = (_object(both[name], {"records", "totals"}) for name in ("computed", "terminal"))
        return OpenedTotals(
            _number(computed["records"]),
            _totals(computed["totals"]),
            _number(terminal["records"]),
            _totals(terminal["totals"]),
        )
    except _Form:
        raise VerificationFailed("export-content", member=TOTALS) from None


def read_parameters(read_back: ReadBack) -> dict[str, str]:
    """Read ``parameters.json``.

    Raises:
        VerificationFailed: ``export-content``.
    """
    try:
        values = _object(_json(read_back, PARAMETERS))
        return {name: _text(value) for name, value in values.items()}
    except _Form:
        raise VerificationFailed("export-content", member=PARAMETERS) from None


def altered_member(members: Mapping[str, Row], read_back: ReadBack) -> str | None:
    """Name the first member that is not what the manifest says of it, or None.

    Args:
        members: What the manifest says.
        read_back: What was read.
    """
    said = {RECEIPTS: Row(0, NOTHING_LISTED, 0), **members}
    if said.keys() != read_back.members.keys() - {MANIFEST}:
        return MANIFEST
    counted = {TRANSACTIONS: read_back.records, RECEIPTS: read_back.receipts}
    for name, row in said.items():
        found = read_back.members[name]
        if (row.size, row.sha256, row.records) != (found.size, found.sha256, counted.get(name)):
            return name
    return None


def _json(read_back: ReadBack, name: str) -> Any:
    content = read_back.members[name].content
    if len(content) > MAX_JSON_BYTES:
        raise _Form
    try:
        value = json.loads(content)
        # One value has one form (RFC 8785), so no name stands there twice.
        if rfc8785.dumps(value) != content:
            raise _Form
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        raise _Form from None
    return value


def _manifest(value: Any) -> OpenedManifest:
    may = {"receipts", "retention"}
    must = {
        "schema", "case", "time", "tool", "terminal", "members", "journal", "parameters", "withheld", "recipients",
        "verification_recipient", "binding_key",
    }  # fmt: skip
    read = _object(value, must, may)
    if read["schema"] != SCHEMA:
        raise _Form
    tool = _object(read["tool"], {"name", "version"})
    terminal = _object(read["terminal"], {"tusn", "merchant_number", "terminal_number"})
    for name in ("journal", "parameters", "receipts"):
        if name in read:
            _digest(_object(read[name], {"sha256"}, {"size", "dropped"})["sha256"])
    members = [_member(each) for each in _list(read["members"], 8)]
    if len(dict(members)) != len(members):
        raise _Form
    _digest(read["binding_key"])
    _text(read["verification_recipient"])
    retention = _object(read.get("retention", {"until": "", "basis": ""}), {"until", "basis"})
    return OpenedManifest(
        case=_text(read["case"]),
        time=_time(read["time"]),
        tool=f"{_text(tool['name'])} {_text(tool['version'])}",
        tusn=_text(terminal["tusn"]),
        merchant_number=_text(terminal["merchant_number"]),
        terminal_number=_text(terminal["terminal_number"]),
        members=dict(members),
        withheld=tuple(map(_text, _list(read["withheld"], 256))),
        recipients=tuple(map(_text, _list(read["recipients"], 64))),
        dropped=_number(read["receipts"].get("dropped")) if "receipts" in read else None,
        retention_until=_day(retention["until"]),
        retention_basis=_text(retention["basis"]),
    )


def _member(value: Any) -> tuple[str, Row]:
    read = _object(value, {"name", "size", "sha256"}, {"records"})
    records = _number(read["records"]) if "records" in read else None
    return _text(read["name"]), Row(_number(read["size"]), _digest(read["sha256"]), records)


def _totals(value: Any) -> tuple[KindTotal, ...]:
    totals = []
    for each in _list(value, 256):
        row = _object(each, {"kind", "scheme", "count", "amount"})
        kind, scheme, amount = _KINDS.get(_text(row["kind"])), _SCHEMES.get(_text(row["scheme"])), row["amount"]
        if kind is None or scheme is None or type(amount) is not int or abs(amount) > LARGEST_NUMBER:
            raise _Form
        totals.append(KindTotal(kind, scheme, _number(row["count"]), amount))
    return tuple(totals)


def _object(value: Any, must: set[str] | None = None, may: set[str] | None = None) -> dict[str, Any]:
    if type(value) is not dict:
        raise _Form
    if must is not None and not must <= value.keys() <= must | (may or set()):
        raise _Form
    return value


def _list(value: Any, most: int) -> list[Any]:
    if type(value) is not list or len(value) > most:
        raise _Form
    return value


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        raise _Form
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise _Form
    return value


def _digest(value: Any) -> str:
    if not _SHA256.fullmatch(_text(value)):
        raise _Form
    return str(value)


def _time(value: Any) -> str:
    try:
        datetime.fromisoformat(_text(value))
    except ValueError:
        raise _Form from None
    return str(value)


def _day(value: Any) -> str:
    try:
        if _text(value):
            date.fromisoformat(value)
    except ValueError:
        raise _Form from None
    return str(value)
