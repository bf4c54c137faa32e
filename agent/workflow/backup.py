"""Further copies of a case's evidence: the export before anything is changed, the whole bundle once it is signed.

While a case runs its copy is ``DIR/<case>.partial`` with the export in it, as the folder of the case itself; at the
end ``DIR/<case>`` is a whole bundle.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from agent.errors import AgentError, PreconditionNotMet, UsageFault
from agent.evidence.backup import MAX_COPIES, MAX_PLACE
from agent.evidence.bundle import EXPORT, CaseFolder
from agent.evidence.files import sync_folder
from agent.export.copies import copy_verified, digest_on_disk
from agent.plain_text import plain_text
from agent.workflow.case import Case
from agent.workflow.events import Finding


def place_of(folder: Path) -> str:
    """Name the place of a copy: the last part of its path, or the drive; the rest may name people.

    Args:
        folder: The folder that was given for copies.
    """
    whole = folder.absolute()
    return (whole.name or whole.anchor.rstrip("\\/") or whole.anchor)[:MAX_PLACE]


def check_folders(out: Path, folders: Sequence[Path]) -> None:
    """Refuse folders that are none for copies, before the terminal is asked for anything.

    Args:
        out: Folder that the bundle goes into.
        folders: Those for copies.

    Raises:
        UsageFault: ``backup-same-place``: it is the same as another; ``too-many-backups``; or ``option-path``.
    """
    if len(folders) > MAX_COPIES:
        raise UsageFault("too-many-backups", limit=MAX_COPIES)
    seen = {out.resolve()}
    for folder in folders:
        if not plain_text(place_of(folder)):
            raise UsageFault("option-path", option="--backup")
        if folder.resolve() in seen:
            raise UsageFault("backup-same-place", path=str(folder))
        seen.add(folder.resolve())


def prepare(folders: Sequence[Path], case: str) -> None:
    """Make the folder of a case wherever a copy goes; what an earlier try of the same case left is dropped.

    Args:
        folders: Those for copies.
        case: Number of the case.

    Raises:
        PreconditionNotMet: ``backup-unwritable``.
    """
    for folder in folders:
        partial = CaseFolder(folder, case).partial
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            sync_folder(folder)
        except OSError as fault:
            why = fault.strerror or type(fault).__name__
            raise PreconditionNotMet("backup-unwritable", path=str(folder), why=why) from None


def drop(folders: Sequence[Path], case: str) -> None:
    """Remove the copies of a case that ended before anything was changed.

    Args:
        folders: Those for copies.
        case: Number of the case.
    """
    for folder in folders:
        shutil.rmtree(CaseFolder(folder, case).partial, ignore_errors=True)


def keep_export(case: Case) -> tuple[str, ...]:
    """Copy the export wherever a copy goes, and compare each copy (I1).

    Returns:
        The places.

    Raises:
        PreconditionNotMet: ``backup-unwritable``.
        VerificationFailed: ``backup-differs`` or ``export-unreadable``.
    """
    digest = case.export.sha256 if case.export else None
    for folder in case.request.backups:
        copy_verified(case.folder.path(EXPORT), CaseFolder(folder, case.number).partial / EXPORT, digest)
    return tuple(map(place_of, case.request.backups))


def keep_again(case: Case) -> tuple[str, ...]:
    """Look at the copies of a case that is taken up again, and make anew what is not as it was.

    Once the terminal was changed, a copy that cannot be made again does not hold the case up any more.

    Returns:
        The places of the copies that are there.

    Raises:
        PreconditionNotMet: ``backup-unwritable``, while nothing was changed.
        VerificationFailed: ``backup-differs`` or ``export-unreadable``, while nothing was changed.
    """
    if not case.request.backups:
        return ()
    source = case.folder.path(EXPORT)
    digest = case.export.sha256 if case.export else digest_on_disk(source)
    places = []
    for folder in case.request.backups:
        try:
            copy = _taken_up(folder, case.number) / EXPORT
            if digest_on_disk(copy) != digest:
                copy_verified(source, copy, digest)
        except AgentError as fault:
            if not case.changed:
                raise
            case.find("backup-lost", place=place_of(folder), why=fault.code)
        else:
            places.append(place_of(folder))
    return tuple(places)


def keep_bundle(folders: Sequence[Path], case: str, bundle: Path) -> tuple[Finding, ...]:
    """Copy a finished bundle wherever a copy goes; the statement is signed, so whatever fails is only told.

    Args:
        folders: Those for copies.
        case: Number of the case.
        bundle: Its bundle.

    Returns:
        What failed.
    """
    failed = []
    for folder in folders:
        try:
            _copy_bundle(folder, case, bundle)
        except (AgentError, OSError) as fault:
            why = fault.code if isinstance(fault, AgentError) else fault.strerror or type(fault).__name__
            failed.append(Finding("backup-incomplete", {"path": str(folder), "why": why}))
    return tuple(failed)


def _copy_bundle(folder: Path, case: str, bundle: Path) -> None:
    target = _taken_up(folder, case)
    files = sorted(path for path in bundle.iterdir() if path.is_file())
    for old in target.iterdir():
        if old.name not in {path.name for path in files}:
            old.unlink()
    for path in files:
        # The export is large, and already there.
        digest = digest_on_disk(path)
        if digest is None or digest_on_disk(target / path.name) != digest:
            copy_verified(path, target / path.name, digest)
    final = CaseFolder(folder, case).final
    target.rename(final)
    sync_folder(folder)


def _taken_up(folder: Path, case: str) -> Path:
    """Return the folder of a copy that is not finished, made where it is not there."""
    of_case = CaseFolder(folder, case)
    try:
        if of_case.final.is_dir() and not of_case.partial.exists():
            of_case.final.rename(of_case.partial)
        of_case.partial.mkdir(parents=True, exist_ok=True)
        sync_folder(folder)
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        raise PreconditionNotMet("backup-unwritable", path=str(folder), why=why) from None
    return of_case.partial
