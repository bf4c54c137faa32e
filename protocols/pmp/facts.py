"""The numbers that only pmp has: kinds of message, refusals, datasets, phases of attestation."""

from __future__ import annotations

from enum import IntEnum


class MessageKind(IntEnum):
    """First byte of a message."""

    REQUEST = 1
    RESPONSE = 2
    EVENT = 3


class Refusal(IntEnum):
    """Status of a response that is not positive."""

    UNKNOWN_COMMAND = 1
    BAD_REQUEST = 2
    BUSY = 3
    WRONG_STATE = 4
    STALE_SCREEN = 5
    NO_SUCH_DATASET = 6
    OUT_OF_RANGE = 7
    TAMPERED = 8
    LOW_BATTERY = 9
    NO_SUCH_REGION = 10
    NOT_PREPARED = 11
    UNSETTLED = 12
    STILL_BOUND = 13
    NOT_ERASED = 14
    NO_SUCH_KEY = 15


ALWAYS_POSSIBLE = frozenset({Refusal.UNKNOWN_COMMAND, Refusal.BAD_REQUEST, Refusal.BUSY})
"""Refusals that every command may get."""


class Dataset(IntEnum):
    """What can be read out."""

    JOURNAL = 1
    PARAMETERS = 2
    RECEIPTS = 3


class SendProtocol(IntEnum):
    """By what DATASET_SEND sends a dataset."""

    XMODEM_1K = 1
    YMODEM = 2
    YMODEM_G = 3


class Phase(IntEnum):
    """Which attestation is wanted."""

    PRE = 1
    POST = 2
