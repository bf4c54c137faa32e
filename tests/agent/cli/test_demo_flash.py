"""Searching an image in every form that a terminal may have kept a text in."""

import pytest

from agent.cli.demo_flash import first_place, forms, hex_rows, search

PAN = "4111111111111111"
NUMBER = "999100058120001"


@pytest.mark.parametrize(
    "kept",
    [
        PAN.encode(),
        bytes.fromhex(PAN),
        bytes.fromhex("0" + PAN + "f"),
        bytes.fromhex("d" + PAN + "d"),
    ],
)
def test_a_card_number_is_found_however_it_was_kept(kept):
    image = b"\xff" * 100 + kept + b"\xff" * 100
    assert search(image, {"cards": [PAN]}).found["cards"] >= 1


@pytest.mark.parametrize("kept", [bytes.fromhex(NUMBER + "f"), bytes.fromhex("0" + NUMBER), NUMBER.encode()])
def test_an_odd_number_of_digits_too(kept):
    assert search(b"\x00" + kept, {"n": [NUMBER]}).anything


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_text(encoding):
    assert search("测试商户".encode(encoding), {"names": ["测试商户"]}).found == {"names": 1}


def test_a_blank_image_holds_nothing():
    found = search(b"\xff" * 4096, {"cards": [PAN], "names": ["测试商户"]})
    assert not found.anything
    assert (found.not_blank, found.size) == (0, 4096)


def test_no_form_is_so_short_that_chance_would_find_it():
    assert min(len(form) for form in forms("424242")) >= 2
    assert list(forms("4242")) == [b"4242"]


def test_the_first_place_is_the_start_of_its_row():
    image = b"\xff" * 40 + PAN.encode() + b"\xff" * 40
    assert first_place(image, [PAN, "5555555555554444"]) == 32
    assert first_place(b"\xff" * 40, [PAN]) == 0


def test_hex_rows_look_like_xxd():
    assert hex_rows(b"0123456789abcdefABC", 0, 2) == [
        "00000000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef",
        "00000010: 4142 43                                  ABC",
    ]
    assert hex_rows(b"", 0) == []
