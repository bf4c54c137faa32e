"""Where the passphrase of a key, or the PIN of its token, comes from: never out of the environment or an argument (I4).

What is wrong is never tried a second time: tokens lock themselves after a few wrong PINs.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.errors import PreconditionNotMet
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import opened
from agent.secret import Secret

MAX_BYTES = 1_024


@dataclass(frozen=True)
class Wanted:
    """What has to be known to use a key.

    Args:
        kind: ``passphrase`` of a key file, or ``pin`` of a token.
        where: The file, or the token's label.
        file: File that the settings of the key name for it, or None.
    """

    kind: Literal["passphrase", "pin"]
    where: str
    file: Path | None = None


Unlock = Callable[[Wanted], Secret]
"""Returns what is wanted. Raises `PreconditionNotMet` where it is not to be had."""


def from_settings(wanted: Wanted) -> Secret:
    """Take it from the file that the settings name, and ask nobody.

    Raises:
        PreconditionNotMet: ``key-passphrase-missing``: they name none; or as `read_private_line`.
    """
    if wanted.file is None:
        raise PreconditionNotMet("key-passphrase-missing", where=wanted.where)
    return read_private_line(wanted.file)


def read_private_line(path: Path) -> Secret:
    """Read the first line of a file that its owner alone may read.

    Args:
        path: A regular file.

    Raises:
        PreconditionNotMet: ``key-passphrase-unreadable`` or ``key-passphrase-exposed`` (others may read it).
    """
    try:
        with opened(path) as handle:
            if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                raise PreconditionNotMet("key-passphrase-exposed", path=str(path))
            text = os.read(handle, MAX_BYTES + 2).partition(b"\n")[0].rstrip(b"\r").decode()
    except (OSError, EvidenceRejected, UnicodeError):
        raise PreconditionNotMet("key-passphrase-unreadable", path=str(path)) from None
    if not 1 <= len(text.encode()) <= MAX_BYTES:
        raise PreconditionNotMet("key-passphrase-unreadable", path=str(path))
    return Secret(text)
