"""Merkle trees over a list of entries (RFC 6962 section 2.1, RFC 9162 section 2.1): hashes and proofs, no files.

With SHA-256 as H, and k the largest power of two smaller than n::

    MTH({})       = H("")
    MTH({d})      = H(0x00 || d)                                   the hash of a leaf
    MTH(D[0:n])   = H(0x01 || MTH(D[0:k]) || MTH(D[k:n]))

Every hash is 32 bytes. A tree is given by a function that returns the hash of a whole subtree: of level *h* and number
*i*, that is of the entries from ``i << h`` up to ``(i + 1) << h``, where all of them are there. So a proof out of a
million entries needs some forty hashes and not a million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from agent.evidence.errors import EvidenceRejected

HASH_BYTES = 32
MAX_SIZE = (1 << 53) - 1
"""Most entries; what JSON keeps as a whole number."""

Subtree = Callable[[int, int], bytes]
"""Returns the hash of the whole subtree of a level and number."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtree_of(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over a power of two of hashes of one level."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def tree_root(size: int, subtree: Subtree) -> bytes:
    """Return the root of a tree.

    Args:
        size: How many entries it has.
        subtree: Returns the hashes of whole subtrees.
    """
    return _range_hash(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Prove that an entry is in a tree (RFC 9162 section 2.1.3.1, PATH).

    Args:
        index: The entry, from 0.
        size: How many entries the tree has.
        subtree: Returns the hashes of whole subtrees.

    Returns:
        The hashes from the leaf's sibling up to the root's child.

    Raises:
        EvidenceRejected: ``log-index``: there is no such entry in it.
    """
    if not 0 <= index < size:
        raise EvidenceRejected("log-index", index=index, size=size)
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, subtree))
            high = middle
        else:
            path.append(_range_hash(low, middle, subtree))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Prove that a tree begins with all of an older one (RFC 9162 section 2.1.4.1, PROOF).

    Args:
        old: How many entries the older one had.
        new: How many this one has.
        subtree: Returns the hashes of whole subtrees.

    Returns:
        The hashes; none where the older one was empty or both are the same.

    Raises:
        EvidenceRejected: ``log-index``: the older one has more entries.
    """
    if not 0 <= old <= new:
        raise EvidenceRejected("log-index", index=old, size=new)
    if old in {0, new}:
        return ()
    path: list[bytes] = []
    low, high, known = 0, new, True  # known: the older root is the hash of what is left, and need not be told
    while old < high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, subtree))
            high = middle
        else:
            path.append(_range_hash(low, middle, subtree))
            low, known = middle, False
    if not known:
        path.append(_range_hash(low, high, subtree))
    return tuple(reversed(path))


def root_with(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).

    Args:
        leaf: Hash of the entry.
        index: Where it is said to be, from 0.
        size: How many entries the tree is said to have.
        proof: The hashes.

    Raises:
        EvidenceRejected: ``log-index``, or ``log-proof-length``: the proof is no such proof.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise EvidenceRejected("log-index", index=index, size=size)
    node, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise EvidenceRejected("log-proof-length", hashes=len(proof))
        if node & 1 or node == last:
            found = node_hash(each, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, each)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise EvidenceRejected("log-proof-length", hashes=len(proof))
    return found


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that a tree begins with all of an older one (RFC 9162 section 2.1.4.2).

    Args:
        old: How many entries the older one had.
        new: How many this one has.
        old_root: Root of the older one.
        new_root: Root of this one.
        proof: The hashes.

    Raises:
        EvidenceRejected: ``log-forked``: it does not; ``log-index`` or ``log-proof-length``.
    """
    if not 0 <= old <= new <= MAX_SIZE:
        raise EvidenceRejected("log-index", index=old, size=new)
    if old in {0, new}:
        if proof:
            raise EvidenceRejected("log-proof-length", hashes=len(proof))
        if old_root != (new_root if old else EMPTY_ROOT):
            raise EvidenceRejected("log-forked", old=old, new=new)
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if not hashes:
        raise EvidenceRejected("log-proof-length", hashes=len(proof))
    first = second = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise EvidenceRejected("log-proof-length", hashes=len(proof))
        if node & 1 or node == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, each)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise EvidenceRejected("log-proof-length", hashes=len(proof))
    if first != old_root or second != new_root:
        raise EvidenceRejected("log-forked", old=old, new=new)


def _split(count: int) -> int:
    """Return the largest power of two smaller than a count of at least two."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(low: int, high: int, subtree: Subtree) -> bytes:
    """Return MTH(D[low:high]), where ``low`` is where a subtree of that many entries may begin."""
    parts: list[bytes] = []
    while low < high:
        count = 1 << ((high - low).bit_length() - 1)
        level = count.bit_length() - 1
        parts.append(subtree(level, low >> level))
        low += count
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found
