"""The QR code of papers and labels: which case, what result, which statement.

Its text is ``posretire:1:CASE:RESULT:SHA256``: five fields between colons, SHA-256 of ``statement.dsse.json`` in
lower-case hex. It says nothing that a forger could not print: whoever scans it looks the statement up and verifies it.
"""

from __future__ import annotations

import hashlib

import segno

FORM = "posretire:1"


def code_text(case: str, result: str, envelope: bytes) -> str:
    """Return what the code holds.

    Args:
        case: Number of the case.
        result: PASS, FAIL or UNKNOWN.
        envelope: The bytes of ``statement.dsse.json``.
    """
    return f"{FORM}:{case[:64]}:{result}:{hashlib.sha256(envelope).hexdigest()}"


def code_matrix(text: str) -> tuple[tuple[int, ...], ...]:
    """Return the squares of the code, 1 is dark, without its quiet zone of four squares.

    Args:
        text: At most 250 bytes as UTF-8.
    """
    made = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(1 if each else 0 for each in row) for row in made.matrix)
