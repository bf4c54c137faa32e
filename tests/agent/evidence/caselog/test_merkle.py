import hashlib

import pymerkle  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evidence.caselog.merkle import (
    EMPTY_ROOT,
    check_consistency,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_with,
    subtree_of,
    tree_root,
)
from agent.evidence.errors import EvidenceRejected
from tests.agent.evidence.caselog.trees import mth, path, proof, subtree

# certificate-transparency, merkletree tests: eight leaves, and the roots over the first one, two, … of them.
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def some(count):
    return [b"entry %d" % at for at in range(count)]


def rejected(call, *arguments):
    with pytest.raises(EvidenceRejected) as caught:
        call(*arguments)
    return caught.value.code


def test_roots_are_those_of_certificate_transparency():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree_root(0, subtree([])) == EMPTY_ROOT
    assert [tree_root(size, subtree(LEAVES[:size])).hex() for size in range(1, 9)] == ROOTS


@given(st.integers(1, 70))
@settings(max_examples=40)
def test_root_and_every_proof_of_inclusion_are_those_of_the_definition(size):
    entries = some(size)
    read = subtree(entries)
    root = tree_root(size, read)
    assert root == mth(entries)
    for index in range(size):
        hashes = inclusion_proof(index, size, read)
        assert list(hashes) == path(index, entries)
        assert root_with(leaf_hash(entries[index]), index, size, hashes) == root


@given(st.integers(1, 50))
@settings(max_examples=25)
def test_every_proof_of_consistency_is_that_of_the_definition(new):
    entries = some(new)
    read = subtree(entries)
    root = tree_root(new, read)
    for old in range(1, new + 1):
        hashes = consistency_proof(old, new, read)
        assert list(hashes) == proof(old, entries)
        check_consistency(old, new, mth(entries[:old]), root, hashes)
    assert consistency_proof(0, new, read) == ()
    check_consistency(0, new, EMPTY_ROOT, root, ())


def test_an_independent_implementation_comes_to_the_same_roots_and_takes_the_same_proofs():
    entries = some(100)
    read = subtree(entries)
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries:
        theirs.append_entry(entry)
    for size in (1, 2, 3, 7, 8, 64, 65, 99, 100):
        assert theirs.get_root(size) == tree_root(size, read)
    for index in (0, 1, 41, 63, 64, 99):
        given = theirs.prove_inclusion(index + 1, 100)  # they count from 1, and tell the leaf's own hash first
        assert tuple(given.path) == (leaf_hash(entries[index]), *inclusion_proof(index, 100, read))
        ours = type(given).deserialize(
            {**given.serialize(), "path": [each.hex() for each in (given.path[0], *inclusion_proof(index, 100, read))]}
        )
        pymerkle.verify_inclusion(leaf_hash(entries[index]), tree_root(100, read), ours)


@given(st.integers(2, 40), st.data())
@settings(max_examples=60)
def test_a_proof_that_is_altered_leads_nowhere(size, data):
    entries = some(size)
    read, root = subtree(entries), mth(entries)
    index = data.draw(st.integers(0, size - 1))
    hashes = inclusion_proof(index, size, read)
    at = data.draw(st.integers(0, len(hashes) - 1))
    other = [*hashes[:at], hashlib.sha256(hashes[at]).digest(), *hashes[at + 1 :]]
    leaf = leaf_hash(entries[index])
    assert root_with(leaf, index, size, other) != root
    assert root_with(leaf_hash(b"other"), index, size, hashes) != root
    assert rejected(root_with, leaf, index, size, hashes[:-1]) == "log-proof-length"
    assert rejected(root_with, leaf, index, size, [*hashes, root]) == "log-proof-length"


@given(st.integers(2, 40), st.data())
@settings(max_examples=60)
def test_two_histories_are_never_consistent(new, data):
    entries = some(new)
    old = data.draw(st.integers(1, new - 1))
    hashes = consistency_proof(old, new, subtree(entries))
    old_root, new_root = mth(entries[:old]), mth(entries)
    another = mth([b"another", *entries[1:old]])
    assert rejected(check_consistency, old, new, another, new_root, hashes) == "log-forked"
    assert rejected(check_consistency, old, new, old_root, another, hashes) == "log-forked"
    assert rejected(check_consistency, old, new, old_root, new_root, hashes[:-1]) == "log-proof-length"
    assert rejected(check_consistency, old, new, old_root, new_root, [*hashes, old_root]) == "log-proof-length"


def test_two_trees_of_one_size_are_the_same_or_forked():
    root, another = mth(some(5)), mth(some(4))
    check_consistency(5, 5, root, root, ())
    assert rejected(check_consistency, 5, 5, root, another, ()) == "log-forked"
    assert rejected(check_consistency, 0, 5, another, root, ()) == "log-forked"
    assert rejected(check_consistency, 5, 5, root, root, (root,)) == "log-proof-length"


def test_what_is_not_in_the_tree_is_not_proven():
    read = subtree(some(5))
    assert rejected(inclusion_proof, 5, 5, read) == "log-index"
    assert rejected(inclusion_proof, -1, 5, read) == "log-index"
    assert rejected(consistency_proof, 6, 5, read) == "log-index"
    assert rejected(root_with, b"", 5, 5, ()) == "log-index"
    assert rejected(root_with, b"", 0, 1 << 60, ()) == "log-index"
    assert rejected(check_consistency, 6, 5, b"", b"", ()) == "log-index"


def test_a_row_of_hashes_is_one_subtree():
    entries = some(8)
    assert subtree_of([leaf_hash(each) for each in entries]) == mth(entries)
    assert subtree_of([leaf_hash(entries[0])]) == mth(entries[:1])
