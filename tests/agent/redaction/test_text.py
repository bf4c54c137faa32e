"""The search: what is found, what is not taken for it, and that nothing found is shown whole."""

from __future__ import annotations

import base64
import json
from random import Random

import pytest

from agent.redaction.text import CARD_NUMBER, PRIVATE_KEY, SECRET_FIELD, TRACK_DATA, search

PAN = "4111111111111111"
SHOWN = "411111******1111"


def found(text: str, *known: str) -> list[tuple[str, str]]:
    return [(leak.kind, leak.shown) for leak in search(text.encode(), known)]


@pytest.mark.parametrize(
    "text",
    [
        PAN,
        f"card {PAN} was read",
        f"卡号{PAN}。",
        f"pan_{PAN}",
        f'{{"account":"{PAN}"}}',
        f'{{"account":{PAN}}}',
        f"/cards/{PAN}/",
        f"{PAN}.",
        f"v1.x.{PAN}",
        "4111 1111 1111 1111",
        "card 4111 1111 1111 1111 was read",
        "4111-1111-1111-1111",
        "(4111 1111 1111 1111)",
        "４１１１１１１１１１１１１１１１",
        "card: ４１１１ １１１１ １１１１ １１１１",
    ],
)
def test_a_card_number_is_found_however_it_stands(text: str) -> None:
    assert found(text) == [(CARD_NUMBER, SHOWN)]


def test_numbers_of_other_lengths_in_groups() -> None:
    assert found("6205 5000 0000 0000 004") == [(CARD_NUMBER, "620550*********0004")]
    assert found("3782 822463 10005") == [(CARD_NUMBER, "378282*****0005")]
    assert found("4222 2222 2222 2") == [(CARD_NUMBER, "422222***2222")]


@pytest.mark.parametrize(
    "text",
    [
        f"x{PAN}",
        f"{PAN}a",
        f"{PAN}0",
        f"0.{PAN}",
        "4111 1111 1111 1112",
        "4111-1111 1111 1111",
        "4111  1111  1111  1111",
        "00ff 4111 1111 1111 1111",
        "4111 1111 1111 1111 00ff",
        "4111 1111 1111 1111 1111 1111",
        "41111111-1111-1111-1111-111111111111",
        SHOWN,
        "6f4111111111111111a0",
    ],
)
def test_what_is_a_part_of_something_else_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"%B{PAN}^DOE/JOHN^25122010000000000?", SHOWN),
        (f"B{PAN}^DOE/JOHN^2512201", SHOWN),
        (f";{PAN}=25122010000000000?", SHOWN),
        (f"{PAN}=2512201", SHOWN),
        (f"{PAN}D25122010000000000F", SHOWN),
        ("%B1234567890123^DOE/JOHN^2512201", "123456***0123"),
    ],
)
def test_tracks_are_found_once(text: str, shown: str) -> None:
    """ISO/IEC 7813."""
    assert found(text) == [(TRACK_DATA, shown)]


@pytest.mark.parametrize(
    "text", [f"a{PAN}D25122010000000000F", "1234567890123=2512201", "1234567890123D2512201", "B1^X^2512"]
)
def test_what_only_looks_like_a_track(text: str) -> None:
    assert TRACK_DATA not in [kind for kind, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"password":"geheim"}', "password"),
        ('{"operator.00.password" : "1234"}', "operator.00.password"),
        ('{"unbinding_password":"1234"}', "unbinding_password"),
        ('{"PIN-Block":"04AB"}', "PIN-Block"),
        ('{"cvv2":123}', "cvv2"),
        ('{"a":1,"track_2":"x1"}', "track_2"),
        ('{"密码":"1234"}', "密码"),
        ("password=geheim", "password"),
        ("a=1&pin=1234", "pin"),
    ],
)
def test_fields_that_hold_what_must_not_be_kept(text: str, name: str) -> None:
    (leak,) = found(text)
    assert leak == (SECRET_FIELD, name)


@pytest.mark.parametrize(
    "text",
    [
        '{"password":""}',
        '{"password":"****"}',
        '{"password":null}',
        '{"password":"null"}',
        '{"password":true}',
        '{"password_attempts_left":3}',
        '{"name":"pin_pad","pin_pad":"bound"}',
        '{"spin":"x"}',
        "--password-file=x.txt",
        "password=",
        "the password: it was asked for",
        "pin=xxxx",
    ],
)
def test_fields_that_hold_nothing_or_something_else(text: str) -> None:
    assert found(text) == []


def test_private_keys() -> None:
    assert found("-----BEGIN EC PRIVATE KEY-----\nMHcC") == [(PRIVATE_KEY, "PRIVATE KEY")]
    assert found("-----BEGIN CERTIFICATE-----") == []


def test_what_is_known_to_be_something_else_is_compared_whole() -> None:
    assert found(PAN, PAN) == []
    assert found("4012888888881881", PAN) == [(CARD_NUMBER, "401288******1881")]
    assert found(PAN, "4111") == [(CARD_NUMBER, SHOWN)]


def test_i4_nothing_found_is_shown_whole() -> None:
    text = json.dumps({"a": PAN, "password": "geheim", "t": f";{PAN}=25122010000"})
    leaks = search(text.encode())
    assert len(leaks) == 3
    assert PAN not in repr(leaks)
    assert "geheim" not in repr(leaks)


def test_the_place_of_what_was_found() -> None:
    (leak,) = search(b"0123456789 " + PAN.encode())
    assert leak.offset == 11


def test_i10_any_bytes_can_be_searched() -> None:
    random = Random(5)
    for size in (0, 1, 13, 4096):
        search(random.randbytes(size))
    search(b"\xef\xbc" * 50 + b"\xef\xbc\x99" * 20)
    search(b'"' * 3_000 + b"=" * 3_000 + b"1 " * 3_000 + b"1111-" * 3_000)


def test_random_digests_and_base64_hold_no_card_number() -> None:
    """The size of what 200 bundles hold; a run over 270 MB found none either."""
    random = Random(11)
    for _ in range(200):
        raw = random.randbytes(3_000)
        lines = "\n".join(raw[at : at + 32].hex() for at in range(0, len(raw), 32))
        dump = " ".join(raw[at : at + 2].hex() for at in range(0, len(raw), 2))
        assert found("\n".join((lines, base64.b64encode(raw).decode(), dump))) == []
