"""Opening an export for its owner: decrypted, checked against its manifest, added up anew, and put where it is wanted.

All of it streams: memory does not grow with the journal. What is written appears only once all of it was checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyrage import x25519

from agent.errors import UsageFault, VerificationFailed
from agent.export.archive import MANIFEST, TOTALS, TRANSACTIONS
from agent.export.csv_file import csv_head, csv_lines
from agent.export.landing import CsvLanding, FolderLanding
from agent.export.opened import OpenedManifest, altered_member, read_manifest, read_parameters, read_totals
from agent.export.read_back import NO_KEY, ReadBack, Taps, open_export
from agent.export.rows import well_formed
from agent.export.tally import first_difference
from agent.export.unpack import MemberReceiver
from protocols.terminal import KindTotal

AGE_START = b"age-encryption.org/v1\n"


@dataclass(frozen=True)
class OpenedExport:
    """An export that was opened and checked.

    Args:
        sha256: Digest of the encrypted file, lower-case hex.
        size: Its bytes.
        manifest: What its manifest says.
        parameters: The terminal's parameters.
        records: Transactions counted.
        totals: Count and sum per kind and scheme, added up anew.
        receipts: Receipts counted.
        agrees: Whether the terminal's own count and totals are the same; else the export was taken with a waiver.
    """

    sha256: str
    size: int
    manifest: OpenedManifest
    parameters: Mapping[str, str] = field(repr=False)
    records: int
    totals: tuple[KindTotal, ...]
    receipts: int
    agrees: bool


def open_for_owner(
    path: Path,
    identities: Sequence[x25519.Identity],
    *,
    sha256: str | None = None,
    csv: Path | None = None,
    out: Path | None = None,
) -> OpenedExport:
    """Open an export.

    Args:
        path: ``export.age``.
        identities: The owner's; one of them has to fit.
        sha256: What the digest of the file must be, where that is known.
        csv: File for the transactions; must not exist.
        out: Folder for everything in it; must not exist.

    Returns:
        What is in it.

    Raises:
        UsageFault: ``opened-missing``: there is no such file; ``opened-no-age``: it is none of age;
            ``opened-no-key``: it opens for none of the identities; or ``destination-exists``.
        VerificationFailed: ``opened-broken``: it is cut off or altered; ``opened-altered``: what is in it is no export
            or not what its manifest says; or ``opened-other``: it is not the file with that digest.
        PreconditionNotMet: ``disk-full`` or ``destination-unwritable``.
    """
    with ExitStack() as stack:
        csv_landing = _csv(stack, csv) if csv else None
        folder = _folder(stack, out) if out else None
        read_back, size = _read(path, identities, csv_landing, folder)
        opened = _checked(read_back, size)
        if sha256 is not None and opened.sha256 != sha256:
            raise VerificationFailed("opened-other", expected=sha256, found=opened.sha256)
        for landing in (csv_landing, folder):
            if landing is not None:
                landing.finish()
    return opened


def _csv(stack: ExitStack, path: Path) -> CsvLanding:
    landing = CsvLanding(path)
    stack.callback(landing.drop)
    landing.write(csv_head())
    return landing


def _folder(stack: ExitStack, path: Path) -> FolderLanding:
    landing = FolderLanding(path)
    stack.callback(landing.drop)
    return landing


def _read(
    path: Path, identities: Sequence[x25519.Identity], csv: CsvLanding | None, folder: FolderLanding | None
) -> tuple[ReadBack, int]:
    def rows(found: list[Any]) -> None:
        if not all(map(well_formed, found)):
            raise VerificationFailed("export-content", member=TRANSACTIONS)
        if csv is not None:
            csv.write(csv_lines(found))

    def member(name: str) -> MemberReceiver | None:
        return None if folder is None else folder.begin(name)

    try:
        if not path.is_file():  # a pipe could make us wait for ever
            raise UsageFault("opened-missing", path=str(path), why="no file")
        with path.open("rb") as file:
            if file.read(len(AGE_START)) != AGE_START:
                raise UsageFault("opened-no-age", path=str(path))
            file.seek(0)
            read_back = open_export(file, *identities, taps=Taps(member, rows))
            return read_back, file.tell()
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or type(fault).__name__
        raise UsageFault("opened-missing", path=str(path), why=why) from None
    except VerificationFailed as fault:
        raise _named(fault, path) from None


def _checked(read_back: ReadBack, size: int) -> OpenedExport:
    try:
        manifest, totals = read_manifest(read_back), read_totals(read_back)
        parameters = read_parameters(read_back)
    except VerificationFailed as fault:
        raise VerificationFailed("opened-altered", member=str(fault.facts["member"])) from None
    altered = altered_member(manifest.members, read_back)
    if altered is not None:
        raise VerificationFailed("opened-altered", member=altered)
    if totals.records != read_back.records or first_difference(totals.totals, read_back.totals) is not None:
        raise VerificationFailed("opened-altered", member=TOTALS)
    differs = first_difference(totals.terminal_totals, read_back.totals)
    return OpenedExport(
        sha256=read_back.sha256,
        size=size,
        manifest=manifest,
        parameters=parameters,
        records=read_back.records,
        totals=read_back.totals,
        receipts=read_back.receipts,
        agrees=differs is None and totals.terminal_records == read_back.records,
    )


def _named(fault: VerificationFailed, path: Path) -> UsageFault | VerificationFailed:
    """Say what the opening of an export means by what is found when one is read back."""
    if fault.facts.get("why") == NO_KEY:
        return UsageFault("opened-no-key", path=str(path))
    if fault.code == "export-unreadable":
        return VerificationFailed("opened-broken", path=str(path))
    return VerificationFailed("opened-altered", member=str(fault.facts.get("member", MANIFEST)))
