"""Passwords of people, kept as scrypt hashes (RFC 7914): what is kept tells nobody the password (I4)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

from agent.secret import Secret

LEAST_CHARACTERS = 8
"""NIST SP 800-63B, 5.1.1.1: the least that a person chooses."""
SALT_BYTES = 16
HASH_BYTES = 32
MAX_MEMORY = 256 << 20
_KEPT = re.compile(
    r"scrypt\$([0-9]{1,7})\$([0-9]{1,2})\$([0-9]{1,2})\$([A-Za-z0-9+/=]{4,128})\$([A-Za-z0-9+/=]{4,128})"
)


@dataclass(frozen=True)
class Cost:
    """What trying one password costs.

    Args:
        n: Rounds, a power of two; with ``r`` it makes the memory: 128 * n * r bytes.
        r: Size of a block.
        p: How often in a row.
    """

    n: int = 1 << 16
    r: int = 8
    p: int = 2


USUAL = Cost()
"""64 MiB, and about half a second on a desktop."""


def keep(password: Secret, cost: Cost = USUAL) -> str:
    """Make what is kept of a password.

    Args:
        password: As typed.
        cost: What trying one shall cost.

    Returns:
        Printable ASCII: algorithm, cost, salt and hash.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    found = _hashed(password, cost, salt, HASH_BYTES)
    parts = ("scrypt", cost.n, cost.r, cost.p, *(base64.b64encode(each).decode() for each in (salt, found)))
    return "$".join(map(str, parts))


def readable(kept: str) -> bool:
    """Tell whether something is what `keep` makes, at a cost that this machine can bear."""
    return _parsed(kept) is not None


def fits(password: Secret, kept: str) -> bool:
    """Tell whether a password is the one of which something was kept; the comparison takes the same time always.

    Args:
        password: As typed.
        kept: As `keep` made it; nothing fits what it did not make.
    """
    parsed = _parsed(kept)
    if parsed is None:
        return False
    cost, salt, wanted = parsed
    return hmac.compare_digest(_hashed(password, cost, salt, len(wanted)), wanted)


def _parsed(kept: str) -> tuple[Cost, bytes, bytes] | None:
    form = _KEPT.fullmatch(kept)
    if form is None:
        return None
    n, r, p = (int(each) for each in form.groups()[:3])
    try:
        salt, wanted = (base64.b64decode(each, validate=True) for each in form.groups()[3:])
    except (binascii.Error, ValueError):
        return None
    sound = n > 1 and n & (n - 1) == 0 and r > 0 and 0 < p <= 16 and 128 * n * r < MAX_MEMORY
    return (Cost(n, r, p), salt, wanted) if sound and len(wanted) >= HASH_BYTES else None


def _hashed(password: Secret, cost: Cost, salt: bytes, size: int) -> bytes:
    # One password may be typed in several forms of Unicode (SP 800-63B, 5.1.1.2).
    text = unicodedata.normalize("NFKC", password.reveal()).encode()
    return hashlib.scrypt(text, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=MAX_MEMORY + (1 << 20), dklen=size)
