"""A terminal for the tests of the export: made-up transactions that follow from their number, and nothing secret-proof.

Card numbers are masked ones of test ranges; the parameters offer what must never leave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyrage import x25519

from agent.drivers.base import ParameterReading, TerminalTotals
from agent.export.content import ExportDetails
from agent.export.tally import Tally
from agent.export.writer import write_export
from agent.receipt import Receipt, kept_of_receipt
from agent.transaction import Transaction
from protocols.words import EntryMode, Scheme, TransactionKind

RECORD_BYTES = 128

SECRETS = {
    "operator.00.password": "SECRET-871236",
    "operator.99.password": "SECRET-990011",
    "unbind.password": "SECRET-424242",
    "track2": ";4111111111111111=30121010000000000?",
    "expiry": "EXPIRY-3012",
    "pin_block": "PINBLOCK-0412AC89ABCDEF67",
}
"""Parameters that no export may hold, by name."""

PARAMETERS = {
    "merchant_number": "999100058120042",
    "terminal_number": "T0000042",
    "merchant_name": "测试商户 TEST",
    "acquirer_code": "99900000",
    "settlement_account": "6217990000000000018",
    "currency": "156",
    "operator.01.name": "收银员一",
}

BINDING_KEY = bytes(range(32))
DETAILS = ExportDetails(
    case="R20261122-TEST23",
    tusn="9999990200000007",
    binding_key=BINDING_KEY,
    time="2026-11-22T08:30:00.125Z",
    retention_until="2031-11-22",
    retention_basis="TEST: five years after settlement",
)


def transaction(number: int) -> Transaction:
    """Make the transaction of this number."""
    scheme = list(Scheme)[number % len(Scheme)]
    wallet = scheme in (Scheme.ALIPAY, Scheme.WECHAT_PAY)
    return Transaction(
        number=number,
        kind=list(TransactionKind)[number * 7 % len(TransactionKind)],
        scheme=scheme,
        entry_mode=list(EntryMode)[number % len(EntryMode)],
        settled=number % 50 != 0,
        amount=number * 7919 % 1_000_000,
        currency=156,
        time=f"2026-11-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00+08:00",
        trace=number % 1_000_000,
        batch=number // 500 + 1,
        reference=f"{number:012}",
        authorisation=f"A{number % 100_000:05}",
        response="00",
        account="" if wallet else f"411111******{number % 10_000:04}",
        original_trace=0,
    )


class FakeJournal:
    """Streams made-up transactions and digests their made-up records."""

    def __init__(self, driver: FakeDriver) -> None:
        self._driver = driver
        self.records = driver.announced_records
        self.size = driver.announced_records * RECORD_BYTES
        self.bytes_read = 0
        self._hash = hashlib.sha256()
        self._tally = Tally()

    def transactions(self) -> Iterator[Transaction]:
        for number in range(1, self._driver.records + 1):
            made = self._driver.transaction(number)
            self._hash.update(number.to_bytes(RECORD_BYTES, "big"))
            self.bytes_read += RECORD_BYTES
            self._tally.add(made.kind, made.scheme, made.amount)
            yield made

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def terminal_totals(self) -> TerminalTotals:
        said = TerminalTotals(self._tally.records, self.digest, self._tally.totals())
        return replace(said, **self._driver.lies)


class FakeReceipts:
    """Gives the receipts of a terminal whose transactions are numbered from 1."""

    def __init__(self, driver: FakeDriver) -> None:
        self._driver = driver
        self._data = "".join(driver.receipts or ()).encode("gb18030")
        self.records = len(driver.receipts or ())
        self.size = self.bytes_read = len(self._data)
        self.digest = hashlib.sha256(self._data).hexdigest()

    def receipts(self) -> Iterator[Receipt]:
        for number, text in enumerate(self._driver.receipts or (), 1):
            yield kept_of_receipt(number, number + 500, text)

    def terminal_totals(self) -> TerminalTotals:
        return TerminalTotals(self.records, self._driver.receipts_digest or self.digest, ())


class FakeDriver:
    """As much of a terminal as an export asks for.

    Args:
        records: Transactions in the journal.
        announced: How many it announces, if it lies about that.
        lies: Fields of its totals that it lies about.
        parameters: Parameters that it gives besides `PARAMETERS` and `SECRETS`.
        receipts: Text of each receipt; None where it keeps none.
    """

    def __init__(self, records=40, announced=None, lies=None, parameters=None, receipts=None):
        self.records = records
        self.announced_records = records if announced is None else announced
        self.lies = lies or {}
        self.parameters = {**PARAMETERS, **SECRETS, **(parameters or {})}
        self.parameters_digest = "ab" * 32
        self.transaction = transaction
        self.receipts: list[str] | None = receipts
        self.receipts_digest = ""

    def read_parameters(self) -> ParameterReading:
        return ParameterReading(self.parameters, "ab" * 32, TerminalTotals(9, self.parameters_digest, ()))

    def open_journal(self) -> FakeJournal:
        return FakeJournal(self)

    def open_receipts(self) -> FakeReceipts | None:
        return None if self.receipts is None else FakeReceipts(self)


def fake_terminal(records: int = 40, **options: Any) -> Any:
    """Make a `FakeDriver` that tests may bend, and that passes for a whole driver."""
    return FakeDriver(records, **options)


class Owner:
    """Whom the export is for: an age identity in a file."""

    def __init__(self, folder: Path, name: str = "owner") -> None:
        self.identity = x25519.Identity.generate()
        self.recipient = str(self.identity.to_public())
        self.file = folder / f"{name}.key"
        self.file.write_text(f"{self.identity}\n", encoding="ascii")


def write(driver, path, *owners, details=DETAILS, progress=lambda _done, _total: None, **options):
    """Write an export of a fake terminal."""
    return write_export(driver, path, [owner.recipient for owner in owners], details, progress, **options)
