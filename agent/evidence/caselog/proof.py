"""Proofs that something stands in the log, byte for byte (C2SP tlog-proof v1; tlog-witness's form for consistency).

``intent.tlog-proof`` and ``statement.tlog-proof`` prove one entry (`agent.evidence.caselog.entries`) to be in the tree
of a checkpoint (`agent.evidence.caselog.notes`). UTF-8, each line ended by 0x0A::

    c2sp.org/tlog-proof@v1
    index <index>                  decimal, from 0, without leading zeros
    <base64(hash)>                 no, one or more lines of 44: from the leaf's sibling up to the root's child
                                   an empty line
    <the five lines of the checkpoint>

The optional line ``extra`` is not used and refused. With *n* the checkpoint's size and *leaf* the SHA-256 of 0x00 and
the entry, the root follows so (RFC 9162 section 2.1.3.2): ``fn = index``, ``sn = n - 1``, ``r = leaf``; for each hash
*p*: if ``fn`` is odd or ``fn = sn``, then ``r = SHA-256(0x01 || p || r)``, and while ``fn`` is even and not 0 both are
halved; else ``r = SHA-256(0x01 || r || p)``; after either, both are halved once. ``sn`` must not be 0 before a hash
is used; at the end it must be 0, and ``r`` the root of the checkpoint.

A proof of consistency between two checkpoints, as C2SP tlog-witness has it in the body of its *add-checkpoint*::

    old <size>
    <base64(hash)>                 no, one or more lines
                                   an empty line
    <the lines of the newer checkpoint>
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from agent.evidence.caselog.merkle import check_consistency, leaf_hash, root_with
from agent.evidence.caselog.notes import Checkpoint, Vkey, decode_hash, decode_number, open_checkpoint, read_checkpoint
from agent.evidence.errors import EvidenceRejected

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
INDEX = "index "
OLD = "old "


@dataclass(frozen=True)
class LogProof:
    """A proof as read; nothing in it is checked but its form.

    Args:
        index: Which entry, from 0.
        hashes: From the leaf's sibling up to the root's child, 32 bytes each.
        note: The signed checkpoint, as it stands there.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def checkpoint(self) -> Checkpoint:
        """What the checkpoint says, without its signature being checked."""
        return read_checkpoint(self.note)

    def check(self, entry: bytes, vkey: Vkey) -> Checkpoint:
        """Check that an entry is in the log.

        Args:
            entry: Bytes of the entry.
            vkey: The log's key.

        Returns:
            The checkpoint of the tree that it is in.

        Raises:
            EvidenceRejected: ``log-checkpoint``, ``log-other-key``, ``log-signature``, ``log-index``,
                ``log-proof-length``, or ``log-entry-differs``: it is another entry that is there.
        """
        checkpoint = open_checkpoint(self.note, vkey)
        if root_with(leaf_hash(entry), self.index, checkpoint.size, self.hashes) != checkpoint.root:
            raise EvidenceRejected("log-entry-differs", index=self.index)
        return checkpoint


@dataclass(frozen=True)
class ConsistencyProof:
    """A proof that a log only grew.

    Args:
        old: Entries of the older tree.
        hashes: 32 bytes each.
        note: The newer signed checkpoint.
    """

    old: int
    hashes: tuple[bytes, ...]
    note: bytes

    def check(self, older: Checkpoint, vkey: Vkey) -> Checkpoint:
        """Check that the newer tree begins with all of the older one.

        Args:
            older: The older checkpoint, whose signature was checked.
            vkey: The log's key.

        Returns:
            The newer checkpoint.

        Raises:
            EvidenceRejected: ``log-forked``, or what is wrong with the proof.
        """
        newer = open_checkpoint(self.note, vkey, alone=False)
        if older.size != self.old:
            raise EvidenceRejected("log-index", index=self.old, size=older.size)
        check_consistency(older.size, newer.size, older.root, newer.root, self.hashes)
        return newer


def write_proof(proof: LogProof) -> bytes:
    """Write a proof in the form of the module's text."""
    return _written([HEADER, f"{INDEX}{proof.index}"], proof.hashes, proof.note)


def read_proof(data: bytes) -> LogProof:
    """Read a proof that has exactly the form of the module's text.

    Raises:
        EvidenceRejected: ``log-proof-form``, or ``log-checkpoint``.
    """
    head, hashes, note = _read(data, head_lines=2)
    if head[0] != HEADER or not head[1].startswith(INDEX):
        raise EvidenceRejected("log-proof-form")
    proof = LogProof(decode_number(head[1][len(INDEX) :]), hashes, note)
    if write_proof(proof) != data:
        raise EvidenceRejected("log-proof-form")
    return proof


def write_consistency(proof: ConsistencyProof) -> bytes:
    """Write a proof of consistency in the form of the module's text."""
    return _written([f"{OLD}{proof.old}"], proof.hashes, proof.note)


def read_consistency(data: bytes) -> ConsistencyProof:
    """Read a proof of consistency.

    Raises:
        EvidenceRejected: ``log-proof-form``, or ``log-checkpoint``.
    """
    head, hashes, note = _read(data, head_lines=1)
    if not head[0].startswith(OLD):
        raise EvidenceRejected("log-proof-form")
    return ConsistencyProof(decode_number(head[0][len(OLD) :]), hashes, note)


def _written(head: Sequence[str], hashes: Sequence[bytes], note: bytes) -> bytes:
    lines = [*head, *(base64.b64encode(each).decode() for each in hashes), "", ""]
    return "\n".join(lines).encode() + note


def _read(data: bytes, *, head_lines: int) -> tuple[list[str], tuple[bytes, ...], bytes]:
    """Split a proof into the lines before its hashes, the hashes, and the checkpoint."""
    top, separator, note = data.partition(b"\n\n")
    try:
        lines = top.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise EvidenceRejected("log-proof-form") from None
    if not separator or not head_lines <= len(lines) <= head_lines + MAX_HASHES:
        raise EvidenceRejected("log-proof-form")
    read_checkpoint(note)
    return lines[:head_lines], tuple(decode_hash(line) for line in lines[head_lines:]), note
