"""The header of an age file, read for the one thing that can be seen without a key: how many recipients it has.

Format: age-encryption.org/v1, section "Header". A stanza is ``-> TYPE ARGUMENTS`` and lines of base64.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.errors import VerificationFailed

MAX_HEADER_BYTES = 65_536
VERSION_LINE = b"age-encryption.org/v1"
X25519_TYPE = "X25519"
GREASE_SUFFIX = "-grease"
"""rage adds a stanza of a random type that ends so and opens nothing, to keep other implementations tolerant."""


@dataclass(frozen=True)
class AgeHeader:
    """The stanzas of an age file.

    Args:
        x25519_shares: The ephemeral share of each X25519 stanza, as text.
        other_types: Types of the other stanzas, grease left out.
    """

    x25519_shares: tuple[str, ...]
    other_types: tuple[str, ...]


def read_age_header(start: bytes) -> AgeHeader:
    """Read the header.

    Args:
        start: The first `MAX_HEADER_BYTES` of the file, or all of it.

    Raises:
        VerificationFailed: ``export-unreadable``: this is not the start of an age file.
    """
    lines = iter(start.split(b"\n"))
    if next(lines) != VERSION_LINE:
        raise VerificationFailed("export-unreadable", why="no age file")
    shares: list[str] = []
    others: list[str] = []
    for line in lines:
        if line.startswith(b"---"):
            return AgeHeader(tuple(shares), tuple(others))
        if not line.startswith(b"-> "):
            continue
        kind, *arguments = line[len(b"-> ") :].decode("ascii", "replace").split(" ")
        if kind == X25519_TYPE and len(arguments) == 1:
            shares.append(arguments[0])
        elif not kind.endswith(GREASE_SUFFIX):
            others.append(kind)
    raise VerificationFailed("export-unreadable", why="age header has no end")
