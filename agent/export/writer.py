"""Writing an export: journal, parameters and receipts out of the terminal, packed, encrypted, durable on the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import FileIO
from itertools import chain
from pathlib import Path

import pyrage

from agent.drivers.base import TerminalDriver
from agent.errors import UsageFault
from agent.export.archive import TRANSACTIONS, Member, PullStream, tar_stream
from agent.export.belonging import check_fitting
from agent.export.content import (
    ExportDetails,
    JournalContent,
    ParameterContent,
    Progress,
    read_journal,
    read_parameters,
)
from agent.export.files import destination_faults, sync_folder, write_all
from agent.export.manifest import manifest_member, parameters_member, totals_member
from agent.export.receipts import ReceiptContent, receipt_members, spool_receipts
from agent.export.recipients import Recipient, parse_recipients
from agent.export.spool import SealedSpool
from agent.export.verification_key import VerificationKey
from protocols.errors import LocalProtocolError
from protocols.terminal import Region
from protocols.words import RegionHolds

PARTIAL_SUFFIX = ".partial"


@dataclass(frozen=True)
class WrittenExport:
    """An export on the disk that nobody has verified yet.

    Args:
        path: Where it is.
        sha256: Digest of the file as it was written, lower-case hex.
        size: Its bytes.
        manifest_sha256: Digest of the manifest inside.
        recipients: The owner's age recipients.
        journal: The journal as it was read, and what the terminal says of it.
        parameters: The parameters as they were read.
        key: Opens the export once, for its verification.
        receipts: The receipts as they were read; None where the terminal keeps none.
    """

    path: Path
    sha256: str
    size: int
    manifest_sha256: str
    recipients: tuple[str, ...]
    journal: JournalContent
    parameters: ParameterContent
    key: VerificationKey = field(repr=False, compare=False)
    receipts: ReceiptContent | None = None


def write_export(
    driver: TerminalDriver,
    destination: Path,
    recipients: Sequence[str],
    details: ExportDetails,
    progress: Progress,
    *,
    replace: bool = False,
    regions: Sequence[Region] = (),
) -> WrittenExport:
    """Read the terminal out into an encrypted export.

    The file appears under its name only when it is whole and on stable storage. Peak memory does not grow with the
    journal. A verification recipient is added to the owner's; see `agent.export.verification_key`.

    Args:
        driver: The terminal.
        destination: The file to write, usually ``export.age``.
        recipients: age recipients or files of them; see `agent.export.recipients.parse_recipients`.
        details: What the manifest says of the case.
        progress: Called with the bytes of the journal read and their number.
        replace: Whether a file that stands there is replaced. It may be the only copy of another journal.
        regions: The terminal's memory map, where it is known: a journal that does not fit into it is not read.

    Returns:
        What was written, for `agent.export.verify.verify_export`.

    Raises:
        UsageFault: A recipient is refused, or ``destination-exists``.
        PreconditionNotMet: ``disk-full``, ``destination-unwritable`` or ``spool-damaged``.
        VerificationFailed: ``region-shrunk``: the journal does not fit into its region.
        ProtocolError: The line or the data failed.
    """
    owners = parse_recipients(recipients)
    partial = destination.with_name(destination.name + PARTIAL_SUFFIX)
    key = VerificationKey()
    # Opened before the terminal is read, so that a wrong place is noticed before an hour has passed.
    file = _create(destination, partial, replace)
    try:
        with file, SealedSpool(destination.parent) as spool, SealedSpool(destination.parent) as receipt_spool:
            gathered = _gather(driver, spool, receipt_spool, progress, regions)
            members = _members(gathered, spool, details, owners, key.recipient)
            sink = _Sink(file, destination)
            archive = chain(members, receipt_members(receipt_spool))
            _encrypt(tar_stream(archive, details.time), sink, owners, key)
            with destination_faults(destination):
                os.fsync(file.fileno())
        with destination_faults(destination):
            partial.replace(destination)
            sync_folder(destination.parent)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    return WrittenExport(
        path=destination,
        sha256=sink.sha256,
        size=sink.size,
        manifest_sha256=members[0].sha256,
        recipients=tuple(owner.text for owner in owners),
        journal=gathered.journal,
        parameters=gathered.parameters,
        key=key,
        receipts=gathered.receipts,
    )


def _create(destination: Path, partial: Path, replace: bool) -> FileIO:
    with destination_faults(destination):
        if destination.exists() and not (replace and destination.is_file()):
            raise UsageFault("destination-exists", path=str(destination))
        partial.unlink(missing_ok=True)  # of a run that was killed; ciphertext whose key is gone
        return FileIO(partial, "xb")


@dataclass(frozen=True)
class _Gathered:
    """What was read out of the terminal."""

    journal: JournalContent
    parameters: ParameterContent
    receipts: ReceiptContent | None


def _gather(
    driver: TerminalDriver,
    spool: SealedSpool,
    receipt_spool: SealedSpool,
    progress: Progress,
    regions: Sequence[Region],
) -> _Gathered:
    parameters = read_parameters(driver)
    reading = driver.open_journal()
    check_fitting(reading.size, regions)
    journal = read_journal(reading, spool, progress)
    receipts = driver.open_receipts()
    if receipts is None:
        return _Gathered(journal, parameters, None)
    check_fitting(receipts.size, regions, RegionHolds.RECEIPTS)
    return _Gathered(journal, parameters, spool_receipts(receipts, receipt_spool))


def _members(
    gathered: _Gathered,
    spool: SealedSpool,
    details: ExportDetails,
    owners: Sequence[Recipient],
    verification_recipient: str,
) -> list[Member]:
    """Make all members but the receipts."""
    journal, parameters = gathered.journal, gathered.parameters
    rest = [
        totals_member(journal),
        parameters_member(parameters),
        Member(TRANSACTIONS, spool.size, spool.sha256, spool.chunks, journal.records),
    ]
    recipients = [owner.text for owner in owners]
    manifest = manifest_member(
        details, journal, parameters, rest, recipients, verification_recipient, gathered.receipts
    )
    return [manifest, *rest]


def _encrypt(archive: Iterator[bytes], sink: _Sink, owners: Sequence[Recipient], key: VerificationKey) -> None:
    """Encrypt the archive; errors of reading it and of writing the file come out as what they were.

    pyrage puts the text of any of them into an EncryptError of its own, KeyboardInterrupt included.
    """
    source = PullStream(archive)
    verification = key.identity.to_public()
    try:
        pyrage.encrypt_io(source, sink, [*(owner.key for owner in owners), verification])
    except pyrage.EncryptError as fault:
        for ours in (source.fault, sink.fault):
            if ours is not None:
                raise ours from None
        raise LocalProtocolError(f"age did not encrypt: {fault}") from None


class _Sink:
    """Takes the ciphertext: writes and digests it, and keeps the error of a failed write."""

    def __init__(self, file: FileIO, destination: Path) -> None:
        self._file = file
        self._destination = destination
        self._hash = hashlib.sha256()
        self.size = 0
        self.fault: BaseException | None = None

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        try:
            with destination_faults(self._destination):
                write_all(self._file, data)
        except BaseException as fault:
            self.fault = fault
            raise
        self._hash.update(data)
        self.size += len(data)
        return len(data)
