"""Making an age key pair for an owner whose machine has no age-keygen."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from pyrage import x25519

from agent.clock import Clock
from agent.errors import UsageFault
from agent.export.files import destination_faults, sync_folder, write_all


def new_recipient(path: Path, now: Callable[[], datetime] | None = None) -> str:
    """Write a new age identity and return the recipient that belongs to it.

    Args:
        path: File of the private key, in the text format of age-keygen, readable by its owner alone (on Windows the
            rights of its folder hold); must not exist.
        now: Returns the present time in UTC, for the comment in the file.

    Returns:
        The recipient, ``age1…``.

    Raises:
        UsageFault: ``identity-file-exists``: something stands there, perhaps the only copy of another key.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    created = (now or Clock().wall)().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"# created: {created}\n# public key: {recipient}\n{identity}\n"
    with destination_faults(path):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            raise UsageFault("identity-file-exists", path=str(path)) from None
        try:
            with FileIO(descriptor, "wb") as file:
                write_all(file, text.encode())
                os.fsync(file.fileno())
            sync_folder(path.parent)
        except BaseException:
            # Half a private key is of no use, and would stand in the way of the next try.
            with suppress(OSError):
                path.unlink()
            raise
    return recipient
