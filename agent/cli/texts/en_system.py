"""English: what the operating system says, and other short reasons that errors and findings carry as their ``why``."""

from __future__ import annotations

import errno
import os
from typing import Final

SYSTEM_NAMES: Final = (
    "EACCES",
    "EBUSY",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EEXIST",
    "EHOSTUNREACH",
    "EIO",
    "EISDIR",
    "ELOOP",
    "EMFILE",
    "ENAMETOOLONG",
    "ENETUNREACH",
    "ENODEV",
    "ENOENT",
    "ENOSPC",
    "ENOTDIR",
    "ENOTEMPTY",
    "EPERM",
    "EROFS",
    "ETIMEDOUT",
)
"""Errors of POSIX (IEEE Std 1003.1, errno.h) that Chinese has words for; the system itself words them in English."""

OTHER_REASONS: Final = (
    "no file",
    "no folder",
    "not UTF-8",
    "no answer in time",
    "the answer is cut off",
    "directory",
    "empty",
    "too large",
    "it went away",
    "no path",
    "no JSON",
    "no zip archive, or something behind it",
)
"""Reasons that posretire words itself."""

SYSTEM_REASONS: Final = tuple(os.strerror(getattr(errno, name)) for name in SYSTEM_NAMES if hasattr(errno, name))
"""What the system says of them."""

SYSTEM_TEXTS: Final = {f"why.{reason}": reason for reason in (*SYSTEM_REASONS, *OTHER_REASONS)}
