import random
import re

import pytest

from agent.papers.certificate import draw_certificate
from agent.papers.signing import leave_room, take_apart
from tests.agent.papers.statements import ENVELOPE, predicate


@pytest.fixture(scope="module")
def drawn():
    return draw_certificate(predicate(), ENVELOPE)


@pytest.fixture(scope="module")
def unsigned(drawn):
    return leave_room(drawn.pdf, drawn.place, made="2026-05-04T09:10:00.000Z", room=300)


def test_the_drawn_pdf_stands_unchanged_at_the_beginning(drawn, unsigned):
    assert unsigned.signed(b"s").startswith(drawn.pdf)


def test_the_signature_covers_all_but_itself(unsigned):
    pdf = unsigned.signed(b"s" * 299)
    first, before, after, rest = map(int, re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)[0])
    assert (first, after + rest) == (0, len(pdf))
    assert pdf[before:after] == b"<" + b"73" * 299 + b"00>"
    assert unsigned.head + unsigned.tail == pdf[:before] + pdf[after:]


def test_the_table_of_the_update_points_at_its_objects(unsigned, drawn):
    pdf = unsigned.signed(b"s")
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    entries = re.findall(rb"(\d+) 1\n(\d{10}) 00000 n \n", pdf[start:])
    assert len(entries) == 2
    for number, offset in entries:
        assert pdf[int(offset) :].startswith(number + b" 0 obj\n")
    assert b"/Prev %d " % drawn.place.table in pdf[start:]


def test_the_signature_is_taken_out_again_and_nothing_else_may_differ(unsigned):
    pdf = unsigned.signed(b"s" * 10)
    assert unsigned.signature_of(pdf) == b"s" * 10 + bytes(290)
    start, end = len(unsigned.head), len(unsigned.head) + 602
    draw = random.Random(1)
    offsets = [*range(start - 200, start + 1), *range(end - 1, len(pdf)), *draw.sample(range(start), 300)]
    for offset in offsets:
        altered = bytearray(pdf)
        altered[offset] ^= 1 << draw.randrange(8)
        assert unsigned.signature_of(bytes(altered)) is None, offset
    assert unsigned.signature_of(pdf + b"\n") is None
    assert unsigned.signature_of(pdf[:-1]) is None
    assert unsigned.signature_of(b"") is None


def test_upper_case_hex_is_another_file(unsigned):
    pdf = unsigned.signed(b"\xab" * 10)
    assert unsigned.signature_of(pdf.replace(b"<abab", b"<ABab")) is None


def test_a_signature_that_is_too_long_is_refused(unsigned):
    with pytest.raises(ValueError, match="no room"):
        unsigned.signed(bytes(301))


def test_a_file_of_another_version_is_taken_apart_only_if_all_of_it_is_covered(unsigned):
    pdf = unsigned.signed(b"s" * 10)
    taken = take_apart(pdf)
    assert taken is not None
    apart, signature = taken
    assert (apart.head, apart.tail, signature) == (unsigned.head, unsigned.tail, b"s" * 10 + bytes(290))
    assert take_apart(pdf + b" ") is None
    assert take_apart(b"%PDF-1.4") is None
    assert take_apart(pdf.replace(b"/ByteRange [0 ", b"/ByteRange [0 1")) is None
