"""Finding a case's entries in a log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.evidence.caselog.entries import EntryKind, LogEntry, parse_entry
from agent.evidence.caselog.log import CHECKPOINT
from agent.evidence.caselog.merkle import leaf_hash, root_with
from agent.evidence.caselog.notes import MAX_CHECKPOINT_BYTES, read_checkpoint
from agent.evidence.caselog.proof import LogProof
from agent.evidence.caselog.tiles import WIDTH, Tiles
from agent.evidence.errors import EvidenceRejected
from agent.evidence.files import read_file


def read_note(folder: Path) -> bytes:
    """Read the signed checkpoint of a log.

    Args:
        folder: The log.

    Raises:
        EvidenceRejected: ``log-tile``: there is none, or it cannot be read.
    """
    try:
        return read_file(folder / CHECKPOINT, max_bytes=MAX_CHECKPOINT_BYTES).head
    except (OSError, EvidenceRejected):
        raise EvidenceRejected("log-tile", file=CHECKPOINT) from None


def find_entries(tiles: Tiles, *words: str) -> Iterator[tuple[int, LogEntry]]:
    """Yield the entries that have any of some texts in them, with their numbers, the oldest first.

    A million entries are looked through in a second or two: only files that hold one of the texts are taken apart.

    Args:
        tiles: The log.
        words: Texts, such as the number of a case, that stand in JSON as they are.

    Raises:
        EvidenceRejected: A file of the log is not there, or an entry in it is none.
    """
    wanted = [word.encode() for word in words]
    for number in tiles.bundles():
        raw = tiles.raw_bundle(number)
        if not any(word in raw for word in wanted):
            continue
        for at, data in enumerate(tiles.bundle(number)):
            if any(word in data for word in wanted):
                yield number * WIDTH + at, parse_entry(data)


def prove_entry(folder: Path, index: int) -> LogProof:
    """Prove an entry to be in the log as it is now.

    Args:
        folder: The log.
        index: Number of the entry.

    Raises:
        EvidenceRejected: The log cannot be read, or does not lead to its own root.
    """
    note = read_note(folder)
    tiles = Tiles(folder, read_checkpoint(note).size)
    proof = LogProof(index, tiles.inclusion(index), note)
    leaf = leaf_hash(tiles.entry(index))
    if root_with(leaf, index, tiles.size, proof.hashes) != proof.checkpoint.root:
        raise EvidenceRejected("log-root", size=tiles.size)
    return proof


def open_intents(folder: Path, case: str) -> dict[int, LogEntry]:
    """Return the intents of a case that nothing in the log has ended, by their numbers.

    Args:
        folder: The log.
        case: Number of the case.

    Raises:
        EvidenceRejected: The log cannot be read.
    """
    tiles = Tiles(folder, read_checkpoint(read_note(folder)).size)
    found: dict[int, LogEntry] = {}
    for index, entry in find_entries(tiles, case):
        if entry.case != case:
            continue
        if entry.kind is EntryKind.INTENT:
            found[index] = entry
        elif entry.kind is EntryKind.ENDED:
            found = {at: each for at, each in found.items() if each.sha256 != entry.sha256}
        else:
            found.clear()
    return found
