"""The numbers of XMODEM and YMODEM, from the reference of 1988.

Source of all numbers: C. Forsberg (ed.), *XMODEM/YMODEM Protocol Reference*, Omen Technology, 14 October 1988. The
sections are named at each. Where it names no number, the comment says why ours is what it is.
"""

from __future__ import annotations

from enum import Enum

SOH = 0x01  # 7.1: begins a block of 128 bytes
STX = 0x02  # 4.3: begins a block of 1,024 bytes
EOT = 0x04  # 7.1
ACK = 0x06  # 7.1
BS = 0x08  # 4.1: some programs send backspaces behind their CANs
NAK = 0x15  # 7.1
CAN = 0x18  # 7.1
PADDING = 0x1A  # 7.2: CPMEOF, fills up the last block
ASK_CRC = 0x43  # 7.1, 8.2.1: "C" in the place of the first NAK
ASK_STREAM = 0x47  # 6: "G" in the place of "C"

SHORT_BLOCK = 128  # 7.2
LONG_BLOCK = 1024  # 4.3
BLOCK_NUMBERS = 256  # 7.2: the block number wraps from 255 to 0

ABORT = bytes([CAN]) * 8  # 4.1: eight are sent, two in a row are understood

RETRIES = 10  # 4, 7.3.1: all errors are retried 10 times
CHARACTER_SECONDS = 1.0  # 7.3.2: longest silence inside a block
CLEAR_SECONDS = 1.0  # 7.4: the line is clear after so long a silence
SETTLE_SECONDS = 0.2  # 7.4, note 1: the same where a block came in its full length, so that its sender has stopped
RECEIVER_SECONDS = 10.0  # 7.3.2: the receiver asks again after so long a silence
FIRST_SECONDS = 3.0  # 8.2.1: the same while it waits for the first block
CRC_TRIES = 4  # 8.3, figure 13: so many "C", then NAK and the checksum
SENDER_SECONDS = 60.0  # 7.3.3: a sender waits for a minute; the receiver that begins gives up after the same time
BLOCK_SECONDS = 30.0  # ours: a block of 1,029 bytes takes 8.6 s at 1,200 bit/s; nobody may drip bytes for ever
PURGE_SECONDS = 10.0  # ours: a line that never gets clear is answered all the same, and counts as an error
CLOSING_TRIES = 3  # ours: some senders never say that the batch is over; the file itself is complete by then


class Variant(Enum):
    """Which of the protocols is spoken."""

    XMODEM_1K = "XMODEM-1K"
    """One file without a name and a length; each block is acknowledged (4.3)."""
    YMODEM = "YMODEM"
    """A batch whose files have names and lengths; each block is acknowledged (5)."""
    YMODEM_G = "YMODEM-G"
    """The same without acknowledgements: any error ends it (6)."""

    @property
    def batch(self) -> bool:
        """Whether a block 0 with name and length goes before a file."""
        return self is not Variant.XMODEM_1K
