"""What the ends of a transfer tell."""

from protocols.errors import ProtocolError
from protocols.ymodem.events import TransferCancelled, TransferFailed


def test_a_cancelled_transfer_is_a_documented_error() -> None:
    fault = TransferFailed(TransferCancelled()).fault
    assert isinstance(fault, ProtocolError)
    assert "cancelled" in str(fault)
