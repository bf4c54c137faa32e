"""Verifying an export before anything is unbound or wiped (I1).

Verified means: the file was read back from the disk, has the digest that was written, opens, holds what its manifest
says, for every recipient; records and sums counted anew from what was opened equal the terminal's own; and the digest
of the bytes read out of the terminal equals the terminal's.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

from agent.errors import VerificationFailed
from agent.export.age_header import MAX_HEADER_BYTES, read_age_header
from agent.export.archive import MANIFEST, RECEIPTS, TRANSACTIONS
from agent.export.lines import KIND_WORDS, SCHEME_WORDS
from agent.export.read_back import ReadBack, open_export
from agent.export.tally import first_difference
from agent.export.writer import WrittenExport
from agent.proofs import EXPORT_SEAL, ExportRecord, VerifiedExport
from protocols.terminal import KindTotal

READ_BYTES = 1 << 20
NOTHING_LISTED = hashlib.sha256().hexdigest()
"""Digest of the list of no receipts."""


def verify_export(written: WrittenExport) -> VerifiedExport:
    """Prove that an export is what the terminal holds, by opening what stands on the disk (I1).

    This can be done once: the key that opens the export is dropped, whatever comes out.

    Args:
        written: The export as written.

    Returns:
        The proof.

    Raises:
        VerificationFailed: ``export-unreadable``, ``export-digest``, ``export-recipients``, ``export-content``,
            ``export-records``, ``export-totals``, ``export-journal-digest``, ``export-parameters-digest``,
            ``export-receipts`` or ``export-receipts-digest``.
        LocalProtocolError: It was tried before.
    """
    try:
        read_back = _read_back(written)
    finally:
        written.key.forget()
    _compare_manifest(written, read_back)
    _compare_with_terminal(written, read_back)
    return VerifiedExport(
        sha256=read_back.sha256,
        size=written.size,
        journal_digest=written.journal.digest,
        records=read_back.records,
        totals=read_back.totals,
        recipients=written.recipients,
        seal=EXPORT_SEAL,
    )


def recall_export(path: Path, record: ExportRecord) -> VerifiedExport:
    """Take a verified export up again in a case that broke off after its verification.

    What was proven then holds for as long as the file is the same; the key that opened it is gone.

    Args:
        path: ``export.age``.
        record: What the case's intent says of it, whose digest stands in the case's journal.

    Raises:
        VerificationFailed: ``export-unreadable`` or ``export-digest``.
    """
    try:
        with path.open("rb") as file:
            _leave_the_cache(file)
            found = _digest(file)
    except OSError as fault:
        raise VerificationFailed("export-unreadable", why=fault.strerror or type(fault).__name__) from None
    if found != record.sha256:
        raise VerificationFailed("export-digest", written=record.sha256, found=found)
    return VerifiedExport(**vars(record), seal=EXPORT_SEAL)


def _read_back(written: WrittenExport) -> ReadBack:
    identity = written.key.identity
    try:
        with written.path.open("rb") as file:
            _leave_the_cache(file)
            # The digest comes first: no other file than the one that was written is given to the decryption.
            _check_digest(written, _digest(file))
            file.seek(0)
            _check_recipients(written, file.read(MAX_HEADER_BYTES))
            file.seek(0)
            read_back = open_export(file, identity)
    except OSError as fault:
        raise VerificationFailed("export-unreadable", why=fault.strerror or type(fault).__name__) from None
    _check_digest(written, read_back.sha256)
    return read_back


def _leave_the_cache(file: BinaryIO) -> None:
    """Ask the system to read from the disk and not from its memory of what we just wrote, where it can be asked."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while data := file.read(READ_BYTES):
        digest.update(data)
    return digest.hexdigest()


def _check_digest(written: WrittenExport, found: str) -> None:
    if found != written.sha256:
        raise VerificationFailed("export-digest", written=written.sha256, found=found)


def _check_recipients(written: WrittenExport, start: bytes) -> None:
    """Check that the file opens for all recipients and the verification key, and for nobody else.

    A stanza does not tell whose it is; that there are as many different ones as recipients is all that shows.
    """
    header = read_age_header(start)
    expected = len(written.recipients) + 1
    found = len(set(header.x25519_shares))
    if found != expected or len(header.x25519_shares) != expected or header.other_types:
        raise VerificationFailed(
            "export-recipients", expected=expected, found=len(header.x25519_shares) + len(header.other_types)
        )


def _compare_manifest(written: WrittenExport, read_back: ReadBack) -> None:
    found = read_back.members[MANIFEST]
    if found.sha256 != written.manifest_sha256:
        raise VerificationFailed("export-content", member=MANIFEST)
    manifest: dict[str, Any] = json.loads(found.content)  # ours, by its digest
    if tuple(manifest["recipients"]) != written.recipients:
        raise VerificationFailed("export-recipients", expected=len(written.recipients), found=0)
    listed = {row["name"]: row for row in manifest["members"]}
    receipts = written.receipts
    listed.setdefault(RECEIPTS, {"size": 0, "sha256": NOTHING_LISTED, "records": 0})
    if listed.keys() != read_back.members.keys() - {MANIFEST}:
        raise VerificationFailed("export-content", member=MANIFEST)
    for name, row in listed.items():
        member = read_back.members[name]
        if (row["size"], row["sha256"]) != (member.size, member.sha256):
            raise VerificationFailed("export-content", member=name)
    if {listed[TRANSACTIONS]["records"], written.journal.records} != {read_back.records}:
        raise VerificationFailed("export-content", member=TRANSACTIONS)
    if {listed[RECEIPTS]["records"], receipts.records if receipts else 0} != {read_back.receipts}:
        raise VerificationFailed("export-content", member=RECEIPTS)
    if first_difference(written.journal.totals, read_back.totals) is not None:
        raise VerificationFailed("export-content", member=TRANSACTIONS)


def _compare_with_terminal(written: WrittenExport, read_back: ReadBack) -> None:
    journal = written.journal
    terminal = journal.terminal
    for count in (terminal.records, journal.announced_records):
        if count != read_back.records:
            raise VerificationFailed("export-records", terminal=count, export=read_back.records)
    differs = first_difference(terminal.totals, read_back.totals)
    if differs is not None:
        raise VerificationFailed(
            "export-totals",
            kind=KIND_WORDS[differs[0]],
            scheme=SCHEME_WORDS[differs[1]],
            terminal=_count_and_sum(terminal.totals, differs),
            export=_count_and_sum(read_back.totals, differs),
        )
    if journal.digest != terminal.digest or journal.size != journal.announced_size:
        raise VerificationFailed("export-journal-digest", terminal=terminal.digest, read=journal.digest)
    if written.parameters.digest != written.parameters.terminal_digest:
        raise VerificationFailed(
            "export-parameters-digest", terminal=written.parameters.terminal_digest, read=written.parameters.digest
        )
    receipts = written.receipts
    if receipts is None:
        return
    if receipts.terminal.records != receipts.records:
        raise VerificationFailed("export-receipts", terminal=receipts.terminal.records, export=receipts.records)
    if receipts.digest != receipts.terminal.digest:
        raise VerificationFailed("export-receipts-digest", terminal=receipts.terminal.digest, read=receipts.digest)


def _count_and_sum(totals: tuple[KindTotal, ...], of: tuple[object, object]) -> str:
    return " + ".join(f"{row.count} / {row.amount}" for row in totals if (row.kind, row.scheme) == of) or "0 / 0"
