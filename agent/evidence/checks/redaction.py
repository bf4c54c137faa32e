"""The check that no file of a bundle holds a card number, track data or a secret (PCI DSS 4.0.1, 3.3.1 and 3.4.1; I4).

What counts stands in `agent.redaction.text`. ``export.age`` is not among what is searched: only its recipients can look
into it, and what may stand in it is a whitelist. The case's own TUSN is known to be no card number.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.evidence.bundle import EXPORT, VERIFY_SCRIPT, BundleFiles
from agent.evidence.errors import EvidenceRejected
from agent.evidence.verify_script import verify_script
from agent.redaction.parts import parts_of
from agent.redaction.text import PRIVATE_KEY, SECRET_FIELD, TRACK_DATA, Leak, search

MAX_KEPT_BYTES = 262_144
REDACTION = "redaction"
"""Name of the check."""


def check_redaction(files: BundleFiles, tusn: str, more: Mapping[str, bytes] | None = None) -> None:
    """Search the files of a bundle.

    Args:
        files: The files.
        tusn: The case's serial number, or empty where it is not known.
        more: Further content by the name of its file: a statement that is not written yet.

    Raises:
        EvidenceRejected: ``card-number-found``, ``track-data-found``, ``secret-field-found`` or ``private-key-found``,
            with the file and what may be shown of it.
    """
    contents = {name: file.head for name, file in files.files.items() if name != EXPORT} | dict(more or {})
    if contents.get(VERIFY_SCRIPT) == verify_script():  # as it is shipped: it holds nothing of any case
        del contents[VERIFY_SCRIPT]
    known = (tusn,) if tusn else ()
    for name, data in sorted(contents.items()):
        find = _find_again if len(data) <= MAX_KEPT_BYTES else _find
        for leak in find(data, known):
            raise _fault(leak, name)


def _find(data: bytes, known: tuple[str, ...]) -> tuple[Leak, ...]:
    """Return the first thing that must not be there, if there is one."""
    return next(((leak,) for part in parts_of(data) for leak in search(part, known)), ())


_find_again = lru_cache(maxsize=32)(_find)
"""The same for files that come again: every bundle of a batch holds the same ``verify.sh``."""


def _fault(leak: Leak, file: str) -> EvidenceRejected:
    if leak.kind == TRACK_DATA:
        return EvidenceRejected("track-data-found", file=file, shown=leak.shown)
    if leak.kind == SECRET_FIELD:
        return EvidenceRejected("secret-field-found", file=file, shown=leak.shown)
    if leak.kind == PRIVATE_KEY:
        return EvidenceRejected("private-key-found", file=file)
    return EvidenceRejected("card-number-found", file=file, shown=leak.shown)
