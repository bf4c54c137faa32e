"""English: what is said around the export: its copies, its opening, its schemas."""

from __future__ import annotations

from typing import Final

EXPORTING_TEXTS: Final = {
    "option.backup": (
        "Folder for a further copy of the export, compared before anything is changed, and then of the bundle; "
        "may be repeated."
    ),
    "command.export-open": (
        "Open an export for its owner: check it, add it up anew, show what is in it.\n\n"
        "FILE is export.age or the folder of a bundle, whose statement then says which digest it must have."
    ),
    "command.export-schema": (
        "Print the JSON Schema of a part of an export: manifest, transaction, totals, parameters."
    ),
    "option.backup-file": "Folder for a further copy of the file, which is compared; may be repeated.",
    "option.identity": (
        "File of the owner's age identity (AGE-SECRET-KEY-…), maybe under a passphrase; may be repeated."
    ),
    "option.open-out": "Folder to unpack into; must not exist. What is there then is not encrypted.",
    "option.open-csv": "File for the transactions as CSV; must not exist. It is not encrypted.",
    "ask.identity": "Passphrase of the identity file: ",
    "export.copy": "Copy",
    "opened.heading": "Export opened",
    "opened.case": "Case",
    "opened.made": "Made",
    "opened.merchant": "Merchant number",
    "opened.terminal-number": "Terminal number",
    "opened.receipts": "Receipts",
    "opened.retention": "Keep until",
    "opened.parameters": "Parameters of the terminal",
    "opened.fields": "Fields of a transaction, as data elements of {edition}",
    "opened.field": "Field",
    "opened.element": "Element",
    "opened.meaning": "Meaning",
    "opened.checked": "Checked",
    "opened.members": "Every part is what the manifest says, and counts and sums add up.",
    "opened.agrees": "Counts and sums are those of the terminal itself.",
    "opened.differs": "Counts and sums are not those that the terminal gave: the export was taken with a waiver.",
    "opened.compared": (
        "It is the export that the statement in the bundle names. For the statement's signature: posretire verify."
    ),
    "opened.not-compared": "There is no statement beside it to compare with.",
    "opened.withheld": "Parameter {name} was left out: a card number may stand in it.",
    "opened.dropped": "{count} items were left out of the receipts: they are not on the list of what may be kept.",
    "opened.past": (
        "It was to be kept until {until}. Delete it, and every copy of it, unless a reason to keep it remains."
    ),
    "opened.csv": "The transactions are in {path}, not encrypted.",
    "opened.out": "Everything is in {path}, not encrypted.",
    "iso.number": "counts the transactions of this terminal",
    "iso.time": "local time and date of the terminal, RFC 3339",
    "iso.kind": "kind of transaction: processing code, with the message type",
    "iso.scheme": "card scheme or wallet",
    "iso.entry_mode": "how card or code was read: point of service entry mode",
    "iso.amount": "amount in the smallest unit of the currency (fen)",
    "iso.currency": "currency of the transaction, ISO 4217 number (156 is CNY)",
    "iso.account": "primary account number, first six and last four digits; empty for wallets",
    "iso.trace": "system trace audit number (凭证号)",
    "iso.batch": "batch number; an element of national use, which UnionPay divides so",
    "iso.reference": "retrieval reference number",
    "iso.authorisation": "authorization identification response",
    "iso.response": "response code of the host; 00 is approved",
    "iso.original_trace": "trace number of the transaction voided, refunded or completed; original data elements",
    "iso.settled": "whether its batch was settled",
    "iso.terminal_number": "card acceptor terminal identification; stands in the manifest",
    "iso.merchant_number": "card acceptor identification code; stands in the manifest",
}
