r"""The small members of an export: what it is, the totals of both sides, and the parameters.

``manifest.json`` is an object with these fields, in RFC 8785 canonical form like every JSON here:

| field | what |
|---|---|
| ``schema`` | ``posretire/export/1`` |
| ``case``, ``time``, ``tool`` | number of the case; when, RFC 3339 in UTC; ``name`` and ``version`` of the tool |
| ``terminal`` | ``tusn``, ``merchant_number``, ``terminal_number`` |
| ``members`` | ``name``, ``size``, ``sha256`` of each other member, and ``records`` of ``transactions.jsonl``; \
one row ``receipts/`` stands for all receipts, with the digest of what ``sha256sum receipts/*.txt`` prints |
| ``journal``, ``parameters`` | ``size`` and ``sha256`` of the terminal's datasets as they were read |
| ``receipts`` | the same, and how many items were ``dropped`` from them; absent where the terminal keeps none |
| ``withheld`` | names of parameters left out because a card number may stand in them |
| ``recipients`` | the age recipients of the owner |
| ``verification_recipient`` | one more recipient, which opened the export right after writing; its key is gone |
| ``binding_key`` | hex; key of the keyed hashes that stand for the bindings in the evidence of the case |
| ``retention`` | ``until`` and ``basis``, if given |

``totals.json`` has ``computed`` and ``terminal``, each with ``records`` and ``totals``: rows of ``kind``, ``scheme``,
``count``, ``amount``. ``parameters.json`` is an object of texts by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import rfc8785

from agent.export.archive import MANIFEST, PARAMETERS, RECEIPTS, TOTALS, Member
from agent.export.content import ExportDetails, JournalContent, ParameterContent
from agent.export.lines import KIND_WORDS, SCHEME_WORDS
from agent.export.receipts import ReceiptContent
from protocols.errors import RemoteProtocolError
from protocols.terminal import KindTotal

SCHEMA = "posretire/export/1"


def totals_member(journal: JournalContent) -> Member:
    """Make ``totals.json``.

    Raises:
        RemoteProtocolError: A sum is larger than JSON can hold exactly.
    """
    return _json_member(
        TOTALS,
        {
            "computed": {"records": journal.records, "totals": _rows(journal.totals)},
            "terminal": {"records": journal.terminal.records, "totals": _rows(journal.terminal.totals)},
        },
    )


def parameters_member(parameters: ParameterContent) -> Member:
    """Make ``parameters.json``.

    Raises:
        RemoteProtocolError: A value is no Unicode.
    """
    return _json_member(PARAMETERS, dict(parameters.values))


def manifest_member(
    details: ExportDetails,
    journal: JournalContent,
    parameters: ParameterContent,
    members: Sequence[Member],
    recipients: Sequence[str],
    verification_recipient: str,
    receipts: ReceiptContent | None = None,
) -> Member:
    """Make ``manifest.json``.

    Args:
        details: What the case says.
        journal: The journal as it was read.
        parameters: The parameters as they were read.
        members: All the other members but the receipts.
        recipients: The owner's recipients.
        verification_recipient: The ephemeral one.
        receipts: The receipts as they were read, where the terminal keeps any.

    Raises:
        RemoteProtocolError: A text that came from the terminal is no Unicode.
    """
    manifest: dict[str, object] = {
        "schema": SCHEMA,
        "case": details.case,
        "time": details.time,
        "tool": {"name": details.tool, "version": details.version},
        "terminal": {
            "tusn": details.tusn,
            "merchant_number": details.merchant_number or parameters.values.get("merchant_number", ""),
            "terminal_number": details.terminal_number or parameters.values.get("terminal_number", ""),
        },
        "members": [_row(member) for member in members],
        "journal": {"size": journal.size, "sha256": journal.digest},
        "parameters": {"sha256": parameters.digest},
        "withheld": list(parameters.withheld),
        "recipients": list(recipients),
        "verification_recipient": verification_recipient,
        "binding_key": details.binding_key.hex(),
    }
    if receipts is not None:
        rows = {"name": RECEIPTS, "size": receipts.text_size, "sha256": receipts.listing, "records": receipts.records}
        manifest["members"] = [*(_row(member) for member in members), rows]
        manifest["receipts"] = {"size": receipts.size, "sha256": receipts.digest, "dropped": receipts.dropped}
    retention = {"until": details.retention_until, "basis": details.retention_basis}
    if any(retention.values()):
        manifest["retention"] = retention
    return _json_member(MANIFEST, manifest)


def _row(member: Member) -> dict[str, object]:
    row: dict[str, object] = {"name": member.name, "size": member.size, "sha256": member.sha256}
    if member.records is not None:
        row["records"] = member.records
    return row


def _rows(totals: Iterable[KindTotal]) -> list[dict[str, object]]:
    return [
        {
            "kind": KIND_WORDS[total.kind],
            "scheme": SCHEME_WORDS[total.scheme],
            "count": total.count,
            "amount": total.amount,
        }
        for total in totals
    ]


def _json_member(name: str, value: object) -> Member:
    try:
        data = rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError:
        raise RemoteProtocolError(f"{name}: a text is no Unicode or a number is out of range") from None
    return Member(name, len(data), hashlib.sha256(data).hexdigest(), lambda: (data,))
