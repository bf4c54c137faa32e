"""The states of both ends of a transfer as data; what is not listed changes nothing."""

from __future__ import annotations

from enum import Enum


class ReceiverState(Enum):
    """Where a receiver is."""

    IDLE = "idle"
    OPENING = "waiting for block 0"
    READY = "waiting for the first block"
    RECEIVING = "receiving"
    ENDING = "one EOT came"
    CLOSING = "waiting for the end of the batch"
    OVER = "over"


class SenderState(Enum):
    """Where a sender is."""

    IDLE = "idle"
    OPENING = "waiting to be asked for block 0"
    HEADER = "block 0 is under way"
    READY = "waiting to be asked for the file"
    SENDING = "a block is under way"
    ENDING = "EOT is under way"
    CLOSING = "waiting to be asked for the next file"
    LAST = "the empty block 0 is under way"
    OVER = "over"


class Trigger(Enum):
    """What moves an end from one state to another."""

    START_BATCH = "start of a batch"
    START_FILE = "start of a file without a header"
    HEADER = "block 0 with a name"
    EMPTY_HEADER = "block 0 without a name"
    BLOCK = "the next block"
    FIRST_EOT = "EOT for the first time"
    EOT = "EOT, sure"
    ASKED = "C, G or the first NAK"
    ACK = "ACK"
    ALL_SENT = "nothing is left to send"
    NO_BATCH = "nothing follows, the file was sent alone"
    SILENCE = "peer silent"
    FAULT = "fault or abort"


_R, _S, _T = ReceiverState, SenderState, Trigger

RECEIVER_TRANSITIONS: dict[tuple[ReceiverState, Trigger], ReceiverState] = {
    (_R.IDLE, _T.START_BATCH): _R.OPENING,
    (_R.IDLE, _T.START_FILE): _R.READY,
    (_R.OPENING, _T.HEADER): _R.READY,
    (_R.READY, _T.BLOCK): _R.RECEIVING,
    (_R.READY, _T.FIRST_EOT): _R.ENDING,
    (_R.READY, _T.EOT): _R.CLOSING,
    (_R.RECEIVING, _T.BLOCK): _R.RECEIVING,
    (_R.RECEIVING, _T.FIRST_EOT): _R.ENDING,
    (_R.RECEIVING, _T.EOT): _R.CLOSING,
    (_R.ENDING, _T.BLOCK): _R.RECEIVING,
    (_R.ENDING, _T.EOT): _R.CLOSING,
    (_R.CLOSING, _T.EMPTY_HEADER): _R.OVER,
    (_R.CLOSING, _T.NO_BATCH): _R.OVER,
    (_R.CLOSING, _T.SILENCE): _R.OVER,
    **{(state, _T.FAULT): _R.OVER for state in _R if state is not _R.OVER},
}
"""A receiver's states."""

SENDER_TRANSITIONS: dict[tuple[SenderState, Trigger], SenderState] = {
    (_S.IDLE, _T.START_BATCH): _S.OPENING,
    (_S.IDLE, _T.START_FILE): _S.READY,
    (_S.OPENING, _T.ASKED): _S.HEADER,
    (_S.HEADER, _T.ACK): _S.READY,
    (_S.READY, _T.ASKED): _S.SENDING,
    (_S.SENDING, _T.ACK): _S.SENDING,
    (_S.SENDING, _T.ALL_SENT): _S.ENDING,
    (_S.ENDING, _T.ACK): _S.CLOSING,
    (_S.CLOSING, _T.ASKED): _S.LAST,
    (_S.CLOSING, _T.NO_BATCH): _S.OVER,
    (_S.LAST, _T.ACK): _S.OVER,
    **{(state, _T.FAULT): _S.OVER for state in _S if state is not _S.OVER},
}
"""A sender's states."""
