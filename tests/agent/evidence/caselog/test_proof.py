import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.evidence.caselog.merkle import consistency_proof, inclusion_proof
from agent.evidence.caselog.notes import Checkpoint, sign_checkpoint, vkey_of
from agent.evidence.caselog.proof import (
    ConsistencyProof,
    LogProof,
    read_consistency,
    read_proof,
    write_consistency,
    write_proof,
)
from agent.evidence.errors import EvidenceRejected
from tests.agent.evidence.caselog.trees import mth, subtree

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "posretire-log/0123456789abcdef"
VKEY = vkey_of(NAME, KEY)
ENTRIES = [b"entry %d" % at for at in range(13)]


def note(entries):
    return sign_checkpoint(Checkpoint(NAME, len(entries), mth(entries)), KEY)


def proof_of(index, entries=ENTRIES):
    return LogProof(index, inclusion_proof(index, len(entries), subtree(entries)), note(entries))


def refused(call, *arguments):
    with pytest.raises(EvidenceRejected) as caught:
        call(*arguments)
    return caught.value.code


def test_a_proof_is_these_lines():
    data = write_proof(proof_of(3))
    lines = data.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 3"]
    assert [len(line) for line in lines[2:6]] == [44] * 4
    assert lines[6:8] == ["", NAME]
    assert data.endswith(note(ENTRIES))


@pytest.mark.parametrize("count", [1, 2, 5, 13])
def test_a_proof_is_read_as_it_was_written_and_holds(count):
    for index in range(count):
        proof = proof_of(index, ENTRIES[:count])
        read = read_proof(write_proof(proof))
        assert read == proof
        assert read.check(ENTRIES[index], VKEY).size == count == read.checkpoint.size
        assert refused(read.check, b"another", VKEY) == "log-entry-differs"


@pytest.mark.parametrize(("index", "count"), [(0, 1), (12, 13), (5, 8)])
def test_every_flipped_bit_of_a_proof_is_refused(index, count):
    entries = ENTRIES[:count]
    data = write_proof(proof_of(index, entries))
    for at in range(len(data)):
        for bit in range(8):
            other = bytearray(data)
            other[at] ^= 1 << bit
            refused(lambda changed: read_proof(changed).check(entries[index], VKEY), bytes(other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("index 3\n", "extra AAAA\nindex 3\n"),
        ("index 3", "index 03"),
        ("index 3", "Index 3"),
        ("index 3", "index  3"),
        ("@v1", "@v2"),
        ("\n\n", "\n\n\n"),
        ("\n", "\r\n"),
        ("=\n", "\n"),
    ],
)
def test_another_form_is_refused(old, new):
    text = write_proof(proof_of(3)).decode()
    assert old in text
    assert refused(read_proof, text.replace(old, new, 1).encode()) in {"log-proof-form", "log-checkpoint"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\n\n", b"c2sp.org/tlog-proof@v1\n\n", b"a\n" * 5_000])
def test_garbage_is_refused(data):
    assert refused(read_proof, data) in {"log-proof-form", "log-checkpoint"}
    assert refused(read_consistency, data) in {"log-proof-form", "log-checkpoint"}


def test_more_than_a_proof_is_refused():
    data = write_proof(proof_of(3))
    assert refused(read_proof, data + b"\n") == "log-checkpoint"
    cosigned = read_proof(data + "— witness.example AAAAAAAA\n".encode())
    assert refused(cosigned.check, ENTRIES[3], VKEY) == "log-other-key"


@pytest.mark.parametrize("old", [0, 1, 4, 7, 13])
def test_a_log_that_grew_is_proven_to_have_only_grown(old):
    proof = ConsistencyProof(old, consistency_proof(old, 13, subtree(ENTRIES)), note(ENTRIES))
    read = read_consistency(write_consistency(proof))
    assert read == proof
    older = Checkpoint(NAME, old, mth(ENTRIES[:old]))
    assert read.check(older, VKEY).size == 13
    other = Checkpoint(NAME, old, mth([b"other", *ENTRIES[1:old]]))
    assert refused(read.check, other, VKEY) == "log-forked"
    assert refused(read.check, Checkpoint(NAME, old + 1, mth(ENTRIES[: old + 1])), VKEY) == "log-index"
