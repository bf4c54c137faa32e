"""The transactions of a terminal that has been at work, packed as it stores them.

Hundreds of thousands have to be there in seconds, so records are packed by one struct; the tests hold them against
`protocols.pmp.records`. Time is made up as well: the first transaction is always on the same day.
"""

from __future__ import annotations

import struct
from bisect import bisect
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from protocols.words import EntryMode, Scheme, TransactionKind
from simulators.data.cards import ACCOUNT_BYTES, EXPIRY_BYTES, NO_DIGITS, TRACK2_BYTES, Card, card_pool

RECORD = struct.Struct(">IBBBBQH7sII12s6s2s10s2s20sI39x")
CURRENCY = 156  # ISO 4217: CNY
FIRST_DAY = date(2025, 3, 1)
OPENING_SECOND = 8 * 3600
CLOSING_SECOND = 22 * 3600
MEAN_GAP_SECONDS = 150
BATCH_SIZE = 400
REMEMBERED_ORIGINALS = 64
MADE_UP_CARDS = 400
LARGEST_TRACE = 999_999
WALLETS = frozenset({Scheme.ALIPAY, Scheme.WECHAT_PAY})
CARDS = (Scheme.UNIONPAY, Scheme.VISA, Scheme.MASTERCARD, Scheme.JCB, Scheme.AMEX)

_SCHEME_WEIGHTS = {
    Scheme.UNIONPAY: 34,
    Scheme.VISA: 8,
    Scheme.MASTERCARD: 7,
    Scheme.JCB: 3,
    Scheme.AMEX: 2,
    Scheme.ALIPAY: 18,
    Scheme.WECHAT_PAY: 20,
    Scheme.PREPAID: 8,
}
_CARD_KINDS = {
    TransactionKind.SALE: 80,
    TransactionKind.VOID: 4,
    TransactionKind.REFUND: 5,
    TransactionKind.PREAUTHORISATION: 5,
    TransactionKind.COMPLETION: 4,
    TransactionKind.REVERSAL: 2,
}
_WALLET_KINDS = {TransactionKind.SALE: 92, TransactionKind.VOID: 2, TransactionKind.REFUND: 6}
_PREPAID_KINDS = {
    TransactionKind.SALE: 60,
    TransactionKind.RELOAD: 18,
    TransactionKind.ISSUE: 8,
    TransactionKind.BALANCE: 12,
    TransactionKind.VOID: 2,
}
_CARD_ENTRIES = {EntryMode.CHIP: 45, EntryMode.CONTACTLESS: 45, EntryMode.STRIPE: 8, EntryMode.MANUAL: 2}
_WALLET_ENTRIES = {EntryMode.CODE_SCANNED: 70, EntryMode.CODE_SHOWN: 30}

_ORIGINAL_OF = {
    TransactionKind.VOID: TransactionKind.SALE,
    TransactionKind.REFUND: TransactionKind.SALE,
    TransactionKind.REVERSAL: TransactionKind.SALE,
    TransactionKind.COMPLETION: TransactionKind.PREAUTHORISATION,
}
_NO_CARD = Card(
    "", bytes([NO_DIGITS]) * ACCOUNT_BYTES, bytes([NO_DIGITS]) * EXPIRY_BYTES, bytes([NO_DIGITS]) * TRACK2_BYTES
)


class _Choice:
    """One of several things by weight, at the cost of one random number."""

    def __init__(self, weights: dict[tuple[TransactionKind, Scheme, EntryMode], float]) -> None:
        self._things = list(weights)
        self._edges = list(accumulate(weights.values()))

    def draw(self, random: Random) -> tuple[TransactionKind, Scheme, EntryMode]:
        return self._things[bisect(self._edges, random.random() * self._edges[-1])]


def _mix() -> _Choice:
    weights: dict[tuple[TransactionKind, Scheme, EntryMode], float] = {}
    for scheme, often in _SCHEME_WEIGHTS.items():
        kinds = _CARD_KINDS if scheme in CARDS else _WALLET_KINDS if scheme in WALLETS else _PREPAID_KINDS
        entries = _WALLET_ENTRIES if scheme in WALLETS else _CARD_ENTRIES
        for kind, kind_often in kinds.items():
            for entry, entry_often in entries.items():
                weights[kind, scheme, entry] = often * kind_often * entry_often / 10_000
    return _Choice(weights)


@dataclass(frozen=True)
class _Original:
    """What a later transaction has to know of the one it refers to."""

    trace: int
    amount: int
    card: Card


def transactions(seed: int, count: int, unsettled: int) -> Iterator[bytes]:
    """Yield the records of a terminal's journal, oldest first.

    Args:
        seed: Gives the same journal in every run.
        count: How many.
        unsettled: How many of the last are in a batch that is not settled.
    """
    random = Random(f"journal:{seed}")
    cards = card_pool(random, MADE_UP_CARDS)
    mix = _mix()
    originals: dict[tuple[TransactionKind, Scheme], deque[_Original]] = {}
    reference = random.randrange(10**11)
    trace = random.randrange(1000)
    first_batch = random.randrange(1, 400)
    clock = _Clock()
    settled_count = count - unsettled
    settled_batches = -(-settled_count // BATCH_SIZE)
    for number in range(1, count + 1):
        kind, scheme, entry = mix.draw(random)
        original = None
        if wanted := _ORIGINAL_OF.get(kind):
            kept = originals.get((wanted, scheme))
            if kept:
                original = kept.popleft()
            else:
                kind = wanted  # nothing there to refer to yet
        trace = trace % LARGEST_TRACE + 1
        reference += random.randrange(1, 9_000)
        if original is None:
            card = _NO_CARD if scheme in WALLETS else random.choice(cards[scheme])
            amount = 0 if kind is TransactionKind.BALANCE else int(random.paretovariate(1.2) * 900) % 5_000_000 + 1
        else:
            card = original.card
            partial = kind is TransactionKind.REFUND and random.random() < 0.5
            amount = random.randrange(1, original.amount + 1) if partial else original.amount
        if kind in (TransactionKind.SALE, TransactionKind.PREAUTHORISATION):
            keep = originals.setdefault((kind, scheme), deque(maxlen=REMEMBERED_ORIGINALS))
            keep.append(_Original(trace, amount, card))
        settled = number <= settled_count
        yield RECORD.pack(
            number,
            kind,
            scheme,
            entry,
            settled,
            amount,
            CURRENCY,
            clock.next_time(random),
            trace,
            first_batch + ((number - 1) // BATCH_SIZE if settled else settled_batches),
            b"%012d" % (reference % 10**12),
            b"      " if card is _NO_CARD else b"%06d" % random.randrange(10**6),
            b"00",
            card.account,
            card.expiry,
            card.track2,
            0 if original is None else original.trace,
        )


class _Clock:
    """The made-up time, during the hours that the shop is open."""

    def __init__(self) -> None:
        self._day = FIRST_DAY
        self._second = float(OPENING_SECOND)
        self._digits = f"{self._day:%Y%m%d}"

    def next_time(self, random: Random) -> bytes:
        """Let some time pass and return it as BCD ``YYYYMMDDhhmmss``, 7 bytes."""
        self._second += 1 + random.random() * 2 * MEAN_GAP_SECONDS
        if self._second >= CLOSING_SECOND:
            self._second = float(OPENING_SECOND)
            self._day += timedelta(days=1)
            self._digits = f"{self._day:%Y%m%d}"
        minutes, second = divmod(int(self._second), 60)
        hour, minute = divmod(minutes, 60)
        return bytes.fromhex(f"{self._digits}{hour:02d}{minute:02d}{second:02d}")
