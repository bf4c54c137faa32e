"""What stands in an export, found by opening it: members, digests, and records and sums counted anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import pyrage
from pyrage import x25519

from agent.errors import VerificationFailed
from agent.export.archive import MEMBERS, RECEIPTS, TRANSACTIONS
from agent.export.lines import FIELDS, KIND_WORDS, LARGEST_NUMBER, MAX_LINE_BYTES, SCHEME_WORDS
from agent.export.receipts import MAX_RECEIPT_BYTES, RECEIPT_NAME, listed
from agent.export.tally import Tally
from agent.export.unpack import MemberReceiver, TarReceiver
from protocols.terminal import KindTotal

MAX_SMALL_MEMBER_BYTES = 8 << 20
PARSED_AT_ONCE_BYTES = 65_536

NO_KEY: Final = "no key fits"
"""The reason where a file opens for none of the identities."""

_NO_KEY_IN_PYRAGE: Final = "No matching keys found"

_KINDS = {word: kind for kind, word in KIND_WORDS.items()}
_SCHEMES = {word: scheme for scheme, word in SCHEME_WORDS.items()}


@dataclass(frozen=True)
class ReadMember:
    """One member as it was read back.

    Args:
        size: Bytes.
        sha256: Digest, lower-case hex.
        content: All of it for the small members, empty for the transactions.
    """

    size: int
    sha256: str
    content: bytes


@dataclass(frozen=True)
class ReadBack:
    """An export as it was read back.

    Args:
        sha256: Digest of the whole file, lower-case hex.
        members: By name, in their order. All receipts stand under ``receipts/``: their bytes, and the digest of what
            ``sha256sum receipts/*.txt`` prints.
        records: Transactions counted.
        totals: Count and sum per kind and scheme, added up anew.
        receipts: Receipts counted.
    """

    sha256: str
    members: Mapping[str, ReadMember]
    records: int
    totals: tuple[KindTotal, ...]
    receipts: int = 0


@dataclass(frozen=True)
class Taps:
    """Who else gets what an export holds while it is read.

    Args:
        member: Called with the name of each member once it is known to belong; returns who gets its content too.
        rows: Called with transactions as JSON gave them, some at a time; not more of them is checked here than what
            counting them needs.
    """

    member: Callable[[str], MemberReceiver | None] = lambda _name: None
    rows: Callable[[list[Any]], None] = lambda _rows: None


NOBODY: Final = Taps()


def open_export(file: BinaryIO, *identities: x25519.Identity, taps: Taps = NOBODY) -> ReadBack:
    """Decrypt an export and read everything in it once.

    Args:
        file: The encrypted file, at its start.
        identities: One of them opens it.
        taps: Who else gets what is in it.

    Raises:
        VerificationFailed: ``export-unreadable`` (it does not decrypt, or reading failed; ``why`` is `NO_KEY` where
            none of the identities fits) or ``export-content`` (what is in it is not what an export holds).
    """
    contents = _Contents(taps)
    archive = TarReceiver(contents.begin)
    source = _DigestingReader(file)
    try:
        pyrage.decrypt_io(source, archive, list(identities))
    except (pyrage.DecryptError, OSError) as failure:
        # The library wraps or passes on what our own two objects raise; a fault of the file itself has neither.
        if archive.fault is not None:
            raise archive.fault from None
        if source.fault is not None:
            raise source.fault from None
        why = NO_KEY if str(failure) == _NO_KEY_IN_PYRAGE else "it does not decrypt"
        raise VerificationFailed("export-unreadable", why=why) from None
    if not archive.complete:
        raise VerificationFailed("export-content", member="tar")
    return contents.read_back(source.sha256)


class _DigestingReader:
    """Reads the file for the decryption, digests what is read, and keeps the error of a failed read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.fault: BaseException | None = None

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except OSError as fault:
            self.fault = VerificationFailed("export-unreadable", why=fault.strerror or type(fault).__name__)
            raise self.fault from None
        except BaseException as fault:
            self.fault = fault
            raise
        self._hash.update(data)
        return data


class _Contents:
    """Collects the members as they come."""

    def __init__(self, taps: Taps) -> None:
        self._taps = taps
        self._receivers: dict[str, _Receiver] = {}
        self._transactions = _Transactions(taps.rows)
        self._receipts = _Receipts()

    def begin(self, name: str, size: int) -> MemberReceiver:
        receiver = self._receiver(name, size)
        other = self._taps.member(name)
        return receiver if other is None else _Both(receiver, other)

    def _receiver(self, name: str, size: int) -> MemberReceiver:
        if len(self._receivers) == len(MEMBERS):
            return self._receipts.begin(name, size)
        if name != MEMBERS[len(self._receivers)]:
            raise VerificationFailed("export-content", member=name[:100])
        receiver = self._transactions if name == TRANSACTIONS else _SmallMember(name, size)
        self._receivers[name] = receiver
        return receiver

    def read_back(self, sha256: str) -> ReadBack:
        if len(self._receivers) != len(MEMBERS):
            raise VerificationFailed("export-content", member=MEMBERS[len(self._receivers)])
        return ReadBack(
            sha256,
            {name: receiver.member() for name, receiver in self._receivers.items()}
            | {RECEIPTS: self._receipts.member()},
            self._transactions.records,
            self._transactions.totals(),
            self._receipts.records,
        )


class _Both:
    """Hands a member's content to two receivers."""

    def __init__(self, one: MemberReceiver, other: MemberReceiver) -> None:
        self._receivers = one, other

    def feed(self, data: memoryview) -> None:
        for each in self._receivers:
            each.feed(data)

    def end(self) -> None:
        for each in self._receivers:
            each.end()


class _Receipts:
    """Digests the receipts and the list of them; one at a time is in memory."""

    def __init__(self) -> None:
        self._listing = hashlib.sha256()
        self._size = 0
        self._name = ""
        self._text = bytearray()
        self.records = 0

    def begin(self, name: str, size: int) -> MemberReceiver:
        # By the numbers in their names, so none comes twice.
        if not RECEIPT_NAME.fullmatch(name) or name <= self._name or size > MAX_RECEIPT_BYTES:
            raise VerificationFailed("export-content", member=name[:100])
        self._name = name
        self._text.clear()
        return self

    def feed(self, data: memoryview) -> None:
        self._text += data

    def end(self) -> None:
        try:
            self._text.decode()
        except UnicodeError:
            raise VerificationFailed("export-content", member=self._name) from None
        self._listing.update(listed(self._name, hashlib.sha256(self._text).hexdigest()))
        self._size += len(self._text)
        self.records += 1

    def member(self) -> ReadMember:
        return ReadMember(self._size, self._listing.hexdigest(), b"")


class _Receiver:
    """Digests a member."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._size = 0
        self._content = bytearray()

    def feed(self, data: memoryview) -> None:
        self._hash.update(data)
        self._size += len(data)
        self._content += data

    def end(self) -> None:
        """All of it was fed."""

    def member(self) -> ReadMember:
        return ReadMember(self._size, self._hash.hexdigest(), bytes(self._content))


class _SmallMember(_Receiver):
    """Keeps a member whole."""

    def __init__(self, name: str, size: int) -> None:
        if size > MAX_SMALL_MEMBER_BYTES:
            raise VerificationFailed("export-content", member=name)
        super().__init__()


class _Transactions(_Receiver):
    """Counts records and adds up amounts, holding no more than a few lines at a time."""

    def __init__(self, tap: Callable[[list[Any]], None]) -> None:
        super().__init__()
        self._tap = tap
        self._tally = Tally()

    @property
    def records(self) -> int:
        return self._tally.records

    def totals(self) -> tuple[KindTotal, ...]:
        return self._tally.totals()

    def feed(self, data: memoryview) -> None:
        super().feed(data)
        if len(self._content) >= PARSED_AT_ONCE_BYTES:
            self._parse(len(self._content) - MAX_LINE_BYTES)

    def end(self) -> None:
        self._parse(0)
        if self._content:
            raise _bad_line()

    def _parse(self, at_least: int) -> None:
        """Count all whole lines; they must reach at least so far, or one of them has no end."""
        end = self._content.rfind(b"\n") + 1
        if end < at_least:
            raise _bad_line()
        lines = bytes(self._content[:end])
        del self._content[:end]
        try:
            # One call for many lines; a row more or less than there are lines shows that one was no object alone.
            rows = json.loads(b"[" + lines[:-1].replace(b"\n", b",") + b"]")
        except (ValueError, RecursionError):
            raise _bad_line() from None
        if len(rows) != lines.count(b"\n"):
            raise _bad_line()
        self._count(rows)

    def _count(self, rows: list[Any]) -> None:
        add = self._tally.add
        for row in rows:
            if type(row) is not dict or tuple(row) != FIELDS:
                raise _bad_line()
            amount, kind, scheme = row["amount"], row["kind"], row["scheme"]
            if type(amount) is not int or type(kind) is not str or type(scheme) is not str:
                raise _bad_line()
            if not -LARGEST_NUMBER <= amount <= LARGEST_NUMBER or kind not in _KINDS or scheme not in _SCHEMES:
                raise _bad_line()
            add(_KINDS[kind], _SCHEMES[scheme], amount)
        self._tap(rows)


def _bad_line() -> VerificationFailed:
    return VerificationFailed("export-content", member=TRANSACTIONS)
