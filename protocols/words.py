"""The words of the field that every family shares: kinds and states, and the facts that a terminal tells of itself.

A family maps its own bytes to these. The numbers of the enums are those of pmp, which has a code for each of them; they
are listed in ``firmware-notes/pmp.md``.
"""

from __future__ import annotations

from enum import IntEnum


class TamperState(IntEnum):
    """What the tamper sensors say."""

    INTACT = 0
    TAMPERED = 1
    UNKNOWN = 2


class PowerSource(IntEnum):
    """Where the power comes from."""

    BATTERY = 0
    MAINS = 1


class BindingKind(IntEnum):
    """The three kinds of binding."""

    DEVICE = 1
    ACCOUNT = 2
    MERCHANT = 3


class BindingState(IntEnum):
    """Whether a binding holds."""

    UNBOUND = 0
    BOUND = 1
    PENDING = 2


class KeyKind(IntEnum):
    """What a key slot is for."""

    TMK = 1
    TPK = 2
    TAK = 3
    TDK = 4
    DUKPT = 5
    IDENTITY = 6


class KeyState(IntEnum):
    """Whether a key slot holds a key."""

    EMPTY = 0
    LOADED = 1
    ERASED = 2


class RegionHolds(IntEnum):
    """What a region of memory is for."""

    JOURNAL = 1
    PARAMETERS = 2
    RECEIPTS = 3
    LOGS = 4
    KEYS = 5
    IDENTITY = 6
    SYSTEM = 7


class Addressable(IntEnum):
    """Whether erasing a region reaches all of the cells behind it."""

    NO = 0
    YES = 1
    UNKNOWN = 2


class Technique(IntEnum):
    """How a region is emptied."""

    OVERWRITE = 1
    BLOCK_ERASE = 2
    CRYPTOGRAPHIC_ERASE = 3


class WipeState(IntEnum):
    """Where the terminal's wipe is."""

    IDLE = 0
    PREPARED = 1
    RUNNING = 2
    DONE = 3
    FAILED = 4
    INTERRUPTED = 5
    FILLED = 6


class RegionResult(IntEnum):
    """What became of one region in the last wipe."""

    NOT_ASKED = 0
    WAITING = 1
    RUNNING = 2
    ERASED = 3
    FAILED = 4


class TransactionKind(IntEnum):
    """Kind of a transaction."""

    SALE = 1
    VOID = 2
    REFUND = 3
    PREAUTHORISATION = 4
    COMPLETION = 5
    REVERSAL = 6
    RELOAD = 7
    ISSUE = 8
    BALANCE = 9


class Scheme(IntEnum):
    """Card scheme or wallet."""

    UNIONPAY = 1
    VISA = 2
    MASTERCARD = 3
    JCB = 4
    AMEX = 5
    ALIPAY = 6
    WECHAT_PAY = 7
    PREPAID = 8


class EntryMode(IntEnum):
    """How the card or code was read."""

    CHIP = 1
    STRIPE = 2
    CONTACTLESS = 3
    CODE_SHOWN = 4
    CODE_SCANNED = 5
    MANUAL = 6


class Key(IntEnum):
    """Keys of a terminal's keyboard."""

    DIGIT_0 = 0x30
    DIGIT_1 = 0x31
    DIGIT_2 = 0x32
    DIGIT_3 = 0x33
    DIGIT_4 = 0x34
    DIGIT_5 = 0x35
    DIGIT_6 = 0x36
    DIGIT_7 = 0x37
    DIGIT_8 = 0x38
    DIGIT_9 = 0x39
    STAR = 0x2A
    HASH = 0x23
    CONFIRM = 0x0D
    CANCEL = 0x1B
    CLEAR = 0x08
    UP = 0x11
    DOWN = 0x12
    LEFT = 0x13
    RIGHT = 0x14
    MENU = 0x15
    F1 = 0x81
    F2 = 0x82
    F3 = 0x83
    F4 = 0x84
