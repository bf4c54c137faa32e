"""Room for a signature in a finished PDF: an incremental update whose bytes follow from the PDF, all but the signature.

ISO 32000-1: incremental updates 7.5.6, signature dictionaries 12.8.1; ETSI EN 319 142-1 (PAdES), 5.3 and 5.4.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from agent.papers.embedding import FIELD, FieldPlace

_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
RANGE_DIGITS = 32
"""Room for three numbers and the blanks between them."""


@dataclass(frozen=True)
class Unsigned:
    """A PDF that lacks nothing but its signature.

    Args:
        head: Everything before the signature.
        tail: Everything after it.
        room: Bytes of the signature; as hex it takes twice as many.
    """

    head: bytes
    tail: bytes
    room: int

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is signed: everything but the signature and the brackets around it."""
        return hashlib.sha256(self.head + self.tail).digest()

    def signed(self, signature: bytes) -> bytes:
        """Put the signature in, filled up with zero bytes.

        Raises:
            ValueError: It is longer than the room that was left for it.
        """
        if len(signature) > self.room:
            raise ValueError("no room for the signature")
        return self.head + b"<" + signature.ljust(self.room, b"\0").hex().encode() + b">" + self.tail

    def signature_of(self, pdf: bytes) -> bytes | None:
        """Take the signature out of this PDF when it was signed.

        Returns:
            The signature and what it was filled up with, or None where anything but the signature differs, or where it
            is not written in lower-case hex.
        """
        start, end = len(self.head), len(self.head) + 2 + 2 * self.room
        if len(pdf) != end + len(self.tail) or not pdf.startswith(self.head) or not pdf.endswith(self.tail):
            return None
        return _unhex(pdf[start:end])


def leave_room(pdf: bytes, place: FieldPlace, *, made: str, room: int) -> Unsigned:
    """Add the signature's dictionary to a PDF, as an incremental update.

    Args:
        pdf: The finished PDF; it stands unchanged at the beginning of the result.
        place: Where its signature belongs.
        made: When it is signed, RFC 3339 in UTC.
        room: Bytes that the signature takes at the most.
    """
    stamp = "".join(letter for letter in made if letter.isdigit())[:14].ljust(14, "0")
    field = b"%d 0 obj\n<< %s /V %d 0 R >>\nendobj\n" % (place.field, FIELD, place.size)
    opening = b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:%sZ)\n" % (
        place.size,
        stamp.encode(),
    )
    closing = b" >>\nendobj\n"
    before = len(pdf) + len(field) + len(opening) + len(b"/ByteRange [0 ]\n/Contents ") + RANGE_DIGITS
    after = before + 2 + 2 * room
    update = after + len(closing)
    table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (
        place.field,
        len(pdf),
        place.size,
        len(pdf) + len(field),
    )
    changed = hashlib.sha256(pdf).hexdigest()[:32].encode()
    trailer = b"trailer\n<< /ID [ %s<%s> ] /Info %d 0 R /Prev %d /Root %d 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        place.identifier,
        changed,
        place.info,
        place.table,
        place.root,
        place.size + 1,
        update,
    )
    tail = closing + table + trailer
    numbers = b"%d %d %d]" % (before, after, len(tail))
    ranges = b"/ByteRange [0 " + numbers.ljust(RANGE_DIGITS + 1) + b"\n/Contents "
    return Unsigned(pdf + field + opening + ranges, tail, room)


def take_apart(pdf: bytes) -> tuple[Unsigned, bytes] | None:
    """Take a signed PDF apart that another version drew.

    Returns:
        What its signature covers, and the signature; None where it does not cover all of the file but itself.
    """
    found = list(_RANGE.finditer(pdf))
    if not found:
        return None
    before, after, rest = (int(number) for number in found[-1].groups())
    signature = _unhex(pdf[before:after])
    if signature is None or before >= after or after + rest != len(pdf):
        return None
    return Unsigned(pdf[:before], pdf[after:], len(signature)), signature


def _unhex(written: bytes) -> bytes | None:
    if not re.fullmatch(rb"<(?:[0-9a-f]{2})*>", written):
        return None
    return bytes.fromhex(written[1:-1].decode())
