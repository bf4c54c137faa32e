"""JSON in and out, in one form only."""

from __future__ import annotations

import json
import random

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence.canonical import MAX_DEPTH, canonical_json, parse_json, same_json
from agent.evidence.errors import EvidenceRejected

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_the_form_is_that_of_rfc_8785() -> None:
    # RFC 8785, section 3.2.3, sorting by UTF-16 code units, and section 3.2.2.2, literal text.
    value = {
        "\u20ac": "Euro",
        "\r": "CR",
        "\ufb33": "Hebrew",
        "1": "One",
        "\U0001f600": "Smiley",
        "\u0080": "C",
        "\u00f6": "o",
    }
    expected = (
        '{"\\r":"CR","1":"One","\u0080":"C","\u00f6":"o","\u20ac":"Euro","\U0001f600":"Smiley","\ufb33":"Hebrew"}'
    )
    assert canonical_json(value) == expected.encode()


@given(VALUES)
def test_what_is_written_reads_as_the_same(value) -> None:
    assert parse_json(canonical_json(value), "test", max_bytes=100_000) == value


@given(VALUES)
def test_the_quick_way_accepts_nothing_that_the_slow_one_does_not(value) -> None:
    data = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    try:
        accepted = parse_json(data, "test", max_bytes=100_000) == value
    except EvidenceRejected:
        accepted = False
    assert accepted == (rfc8785.dumps(value) == data)


@pytest.mark.parametrize(
    "data",
    [
        b"9007199254740992",
        b"[-9007199254740992]",
        b'{"a":9007199254740993}',
        b"-0",
        '{"\ufb33":1,"\U0001f600":1}'.encode(),
        b'{"a":"\\u001F"}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
    ],
)
def test_what_the_standard_library_writes_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        parse_json(data, "test", max_bytes=1_000)
    assert raised.value.code == "json-not-canonical"


@given(VALUES, VALUES)
def test_values_are_the_same_where_they_are_written_alike(one, other) -> None:
    assert same_json(one, one)
    assert same_json(one, json.loads(json.dumps(one)))
    assert same_json(one, other) == (rfc8785.dumps(one) == rfc8785.dumps(other))


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), ([1], [True]), ({"a": 0}, {"a": False}), ("", None)])
def test_what_python_calls_equal_may_differ(one, other) -> None:
    assert not same_json(one, other)


def test_lists_and_tuples_are_written_alike() -> None:
    assert same_json({"a": (1, 2)}, {"a": [1, 2]})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":2}', "json-broken"),
        (b'{"a":1,"a":1}', "json-broken"),
        (b'{"a":1.0}', "json-broken"),
        (b"1e3", "json-broken"),
        (b"NaN", "json-broken"),
        (b"Infinity", "json-broken"),
        (b"", "json-broken"),
        (b"{", "json-broken"),
        (b"\xff", "json-broken"),
        (b"\xef\xbb\xbf{}", "json-broken"),
        (b"{} ", "json-not-canonical"),
        (b'{"b":1,"a":2}', "json-not-canonical"),
        (b'{"a": 1}', "json-not-canonical"),
        (b'"\\u0061"', "json-not-canonical"),
        (b'"\\ud800"', "json-not-canonical"),
        (b"-0", "json-not-canonical"),
        (b"9007199254740993", "json-not-canonical"),
        (b"9" * 5000, "json-broken"),
        (b"[" * 100_000, "json-broken"),
        (b"[" * 40 + b"]" * 40, "json-broken"),
        (b" " * 200_001, "json-too-large"),
    ],
)
def test_i10_other_forms_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        parse_json(data, "test", max_bytes=200_000)
    assert raised.value.code == code


def test_depth_up_to_the_limit_is_read() -> None:
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert canonical_json(parse_json(deep, "test", max_bytes=1_000)) == deep


@pytest.mark.parametrize("value", ["\ud800", 2**60, {1: 2}, {"a": object()}])
def test_what_json_cannot_hold_is_refused(value) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        canonical_json(value)
    assert raised.value.code == "json-value"


def test_i10_garbage_ends_in_the_documented_error() -> None:
    pick = random.Random(8785)
    seeds = [b'{"a":[1,2,{"b":null}],"c":"\xe4\xb8\xad"}', b'[true,false,"x",-1]']
    for number in range(2_000):
        data = bytearray(pick.choice(seeds))
        for _ in range(pick.randrange(1, 4)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        try:
            parse_json(bytes(data), "test", max_bytes=1_000)
        except EvidenceRejected:
            continue
        assert data.decode(), f"seed 8785 round {number}"
