"""job.json."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import os
from pathlib import Path

import pytest

from agent.evidence.errors import EvidenceRejected
from agent.evidence.job import (
    JOB,
    MAX_BYTES,
    SCHEMA,
    Job,
    binding_hmac,
    build_job,
    hash_bindings,
    make_job,
    nonce_pre,
    parse_job,
    serial_number_in,
)
from agent.privacy import PLAIN, LinkFacts
from protocols.terminal import Identity
from tests.agent.evidence.made import BINDINGS, CASE, MAKER, MODEL, TUSN, stamp

KEY = b"k" * 32


@pytest.fixture
def job() -> Job:
    return make_job(
        case=CASE,
        identity=Identity(TUSN, MAKER, MODEL, "B", "MUOS", "1.0", "MU-00000001", 7, 0, b"f" * 32),
        bindings=BINDINGS,
        binding_key=KEY,
        opened=stamp(0),
        operator="测试员",
        reason="made up",
        policy_digest="0" * 64,
    )


def test_what_is_built_reads_as_the_same(job: Job) -> None:
    assert parse_job(build_job(job)) == job
    assert build_job(parse_job(build_job(job))) == build_job(job)


def test_i4_a_binding_stands_as_a_keyed_hash_and_nothing_else(job: Job) -> None:
    data = build_job(job)
    for binding in BINDINGS:
        assert binding.value.encode() not in data
        assert hashlib.sha256(binding.value.encode()).hexdigest().encode() not in data
        expected = hmac.new(KEY, binding.name.encode() + b"\0" + binding.value.encode(), "sha256").hexdigest()
        assert expected.encode() in data
    assert KEY.hex().encode() not in data


def test_a_binding_hash_depends_on_key_name_and_value() -> None:
    one = binding_hmac(KEY, "a", "b")
    assert len({one, binding_hmac(b"o" * 32, "a", "b"), binding_hmac(KEY, "ab", ""), binding_hmac(KEY, "a", "c")}) == 4
    assert hash_bindings(KEY, BINDINGS)[2].state == "bound"


def test_challenges_differ(job: Job) -> None:
    identity = Identity(TUSN, MAKER, MODEL, "B", "MUOS", "1.0", "", 7, 0, b"f" * 32)
    other = make_job(
        case=CASE, identity=identity, bindings=(), binding_key=KEY, opened=stamp(0), operator="", policy_digest="0" * 64
    )
    assert len(bytes.fromhex(job.challenge)) == 32
    assert job.challenge != other.challenge


def test_the_nonce_covers_every_byte(job: Job) -> None:
    data = build_job(job)
    assert nonce_pre(data) == hashlib.sha256(b"pre" + data).digest()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "urn:posretire:job:v2"),
        ("case", ""),
        ("tusn", ""),
        ("tusn", 1),
        ("device_key", "F" * 64),
        ("opened", "yesterday"),
        ("challenge", "00"),
        ("operator", "a\u0000b"),
        ("reason", None),
        ("bindings", {}),
        ("bindings", [{"name": "printer", "kind": "device", "state": "lost", "hmac": "0" * 64}]),
        ("bindings", [{"name": "printer", "kind": "other", "state": "bound", "hmac": "0" * 64}]),
        ("bindings", [{"name": "printer", "kind": "device", "state": "bound", "hmac": "0" * 64, "value": "x"}]),
        ("extra", 1),
    ],
)
def test_i10_other_fields_are_refused(job: Job, field: str, value: object) -> None:
    document = {**json.loads(build_job(job)), field: value}
    data = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(EvidenceRejected) as raised:
        parse_job(data)
    assert raised.value.code in ("document-field", "time-form")


@pytest.mark.parametrize("field", ["schema", *(each.name for each in dataclasses.fields(Job) if each.name != "link")])
def test_a_missing_field_is_refused(job: Job, field: str) -> None:
    document = json.loads(build_job(job))
    assert document["schema"] == SCHEMA
    del document[field]
    with pytest.raises(EvidenceRejected):
        parse_job(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize("link", [None, PLAIN, LinkFacts(True, "TLSv1.3", "TLS_SUITE", "a" * 64, "b" * 64)])
def test_a_job_says_how_private_the_link_is_and_older_ones_say_nothing(job: Job, link: LinkFacts | None) -> None:
    told = dataclasses.replace(job, link=link)
    data = build_job(told)
    assert parse_job(data) == told
    assert ("link" in json.loads(data)) is (link is not None)


@pytest.mark.parametrize("change", [{"operator": "a\nb"}, {"reason": "x" * 3_000}, {"operator": "\ud800"}])
def test_nothing_is_built_that_could_not_be_read(job: Job, change) -> None:
    with pytest.raises(EvidenceRejected):
        build_job(dataclasses.replace(job, **change))


def test_i10_a_document_without_end_is_refused() -> None:
    with pytest.raises(EvidenceRejected) as raised:
        parse_job(b" " * (MAX_BYTES + 1))
    assert raised.value.code == "json-too-large"


def test_a_folder_of_a_case_tells_its_serial_number(job: Job, tmp_path: Path) -> None:
    assert serial_number_in(tmp_path) == ()
    (tmp_path / JOB).write_bytes(build_job(job))
    assert serial_number_in(tmp_path) == (TUSN,)
    (tmp_path / JOB).write_bytes(build_job(job) + b" " * MAX_BYTES)
    assert serial_number_in(tmp_path) == ()


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_i10_nobody_waits_for_a_pipe_that_is_named_like_a_job(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / JOB)
    assert serial_number_in(tmp_path) == ()
