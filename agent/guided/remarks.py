"""Notes and photographs of what a terminal showed: kept so that they prove something and give nothing away (I4)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from agent.errors import UsageFault

MAX_NOTE = 500
MAX_NAME = 80
MAX_PHOTO_BYTES = 64 << 20
CHUNK = 1 << 16
HIDDEN = "×"

_DIGITS = re.compile(r"\d(?:[ -]?\d){3,}")
"""Four digits and more, grouped or not: a password, a code or a number that somebody copied off the screen."""


@dataclass(frozen=True)
class Photo:
    """A picture that somebody took. The picture itself is never copied.

    Args:
        name: Its file's name, without the folder.
        size: Bytes.
        sha256: Lower-case hex.
    """

    name: str
    size: int
    sha256: str


def clean_note(text: str) -> str:
    """Return a note as it may be kept: one line, bounded, and without long numbers."""
    # Unicode Standard, section 4.5: C* are controls and what is no character, Z* are separators.
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    short = " ".join(plain.split())
    return _DIGITS.sub(lambda found: re.sub(r"\d", HIDDEN, found.group()), short)[:MAX_NOTE]


def describe_photo(path: Path) -> Photo:
    """Take the digest of a picture.

    Args:
        path: Its file.

    Raises:
        UsageFault: ``photo-unreadable``.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        if not path.is_file():  # a folder, or a pipe that would never end
            raise UsageFault("photo-unreadable", path=str(path), why="no file")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > MAX_PHOTO_BYTES:
                    raise UsageFault("photo-unreadable", path=str(path), why="too large")
                digest.update(chunk)
    except OSError as fault:
        raise UsageFault("photo-unreadable", path=str(path), why=fault.strerror or "") from None
    except ValueError:  # a null character in the path
        raise UsageFault("photo-unreadable", path=repr(str(path)), why="no path") from None
    name = "".join(each for each in path.name if each.isprintable())
    return Photo(name[:MAX_NAME], size, digest.hexdigest())
