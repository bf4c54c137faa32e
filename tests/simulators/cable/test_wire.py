from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.cable.noise import Impairments
from simulators.cable.wire import AHEAD, CATCH_UP, Wire

DATA = Random(1).randbytes(100_000)


def carried(wire, data, baud, tick=0.002, lateness=lambda _turn: 0.0):
    """Send data as fast as the wire takes it, by ticks that may come late; return what came out and until when."""
    now, at, out, turn, most = 0.0, 0, bytearray(), 0, 0
    while at < len(data) or not wire.drained:
        room = wire.room(now, baud)
        if room:
            piece = data[at : at + room]
            wire.put(piece, now, baud)
            at += len(piece)
        out += wire.take(now, baud)
        most = max(most, wire.under_way)
        turn += 1
        now += tick + lateness(turn)
    return bytes(out), now, most


@pytest.mark.parametrize("baud", [1200, 9600, 115_200, 921_600])
def test_the_rate_is_that_of_ten_bits_a_byte(baud):
    data = DATA[: max(2000, baud // 20)]
    out, took, most = carried(Wire(Impairments(), "1"), data, baud)
    assert out == data
    assert took == pytest.approx(len(data) * 10 / baud, rel=0.02, abs=0.005)
    assert most <= AHEAD + 1


@pytest.mark.parametrize("baud", [115_200, 921_600])
def test_late_ticks_do_not_slow_it_down(baud):
    """At 921,600 baud 512 bytes are 5.6 ms, and a tick may well come later than that."""
    random = Random(3)
    out, took, most = carried(
        Wire(Impairments(), "1"), DATA, baud, 0.005, lambda turn: 0.05 * random.random() if turn % 3 == 0 else 0.0
    )
    assert out == DATA
    assert took == pytest.approx(len(DATA) * 10 / baud, rel=0.02, abs=0.06)
    assert most < AHEAD + CATCH_UP * baud / 10


def test_time_in_which_the_sender_had_nothing_is_not_made_up_for():
    wire = Wire(Impairments(), "1")
    wire.put(bytes(AHEAD), 0.0, 9600)
    assert wire.take(0.6, 9600) == bytes(AHEAD)
    wire.put(b"", 0.6, 9600)
    assert wire.room(0.7, 9600) == AHEAD
    wire.put(b"ab", 0.7, 9600)
    assert wire.take(0.7 + 0.0015, 9600) == b"a"


def test_a_long_silence_is_not_made_up_for_either():
    wire = Wire(Impairments(), "1")
    wire.put(bytes(AHEAD), 0.0, 9600)
    wire.take(60.0, 9600)
    assert wire.room(60.0, 9600) == AHEAD
    wire.put(b"a", 60.0, 9600)
    assert wire.next_deadline() == pytest.approx(60.0 + 10 / 9600)


def test_it_takes_little_ahead_of_itself():
    wire = Wire(Impairments(), "1")
    assert wire.room(0.0, 9600) == AHEAD
    wire.put(bytes(500), 0.0, 9600)
    assert wire.room(0.0, 9600) == 12
    assert wire.room(0.1, 9600) == 12 + 96
    wire.put(bytes(5000), 0.1, 9600)
    assert wire.room(0.2, 9600) == 0


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=400), st.floats(0, 0.2)), max_size=20), st.floats(0, 0.5))
def test_without_faults_the_same_bytes_come_out_in_time(sent, jitter):
    wire = Wire(Impairments(latency=0.1, jitter=jitter), "1")
    now, out, earliest = 0.0, bytearray(), 0
    for data, pause in sent:
        wire.put(data, now, 9600)
        now += pause
        out += wire.take(now, 9600)
        earliest = max(earliest, len(out))
        assert len(out) <= max(0.0, now - 0.1) * 960 + 1, "never sooner than the line can"
    out += wire.take(now + 60, 9600)
    assert bytes(out) == b"".join(data for data, _ in sent)
    assert wire.drained
    assert wire.next_deadline() is None


def test_the_delay_is_latency_and_at_most_jitter():
    wire = Wire(Impairments(latency=0.5, jitter=0.2), "1")
    delays = []
    for turn in range(200):
        wire.put(b"x", turn * 10.0, 9600)
        due = wire.next_deadline()
        delays.append(due - turn * 10.0 - 10 / 9600)
        assert wire.take(due - 1e-4, 9600) == b""
        assert wire.take(due, 9600) == b"x"
    assert 0.5 <= min(delays) < 0.51
    assert 0.69 < max(delays) <= 0.7


@pytest.mark.parametrize(
    "impairments",
    [
        Impairments(duplicate=0.2),
        Impairments(insert=0.2),
        Impairments(latency=0.3, jitter=0.3, duplicate=0.1, reorder=0.1, drop=0.1, lose=0.1, insert=0.1),
    ],
)
def test_i10_what_is_under_way_is_bounded(impairments):
    _, _, most = carried(Wire(impairments, "1"), DATA, 115_200)
    most_delay = impairments.latency + impairments.jitter
    assert most <= 2 * (AHEAD + 64) + most_delay * 11_520


def test_bit_errors_come_at_their_rate_with_the_wire_too():
    wire = Wire(Impairments(bit_error_rate=1e-4), "8")
    out, _, _ = carried(wire, DATA, 115_200)
    turned = sum((one ^ other).bit_count() for one, other in zip(out, DATA, strict=True))
    assert abs(turned - 80) <= 4 * 80**0.5, "seed 8"
    assert wire.statistics()["flipped_bits"] == turned


def test_at_another_speed_only_garbage_is_understood_and_always_the_same():
    def heard(seed, split, receiver):
        wire = Wire(Impairments(), seed)
        for at in range(0, 500, split):
            wire.put(DATA[:500][at : at + split], 0.0, 115_200)
        return wire.take(10.0, receiver)

    fast = heard("1", 500, 230_400)
    assert len(fast) == 500
    assert fast != DATA[:500]
    assert heard("1", 7, 230_400) == fast
    assert heard("2", 500, 230_400) != fast
    assert len(heard("1", 500, 57_600)) == 250, "a slow UART sees fewer bytes"
    assert heard("1", 500, 115_200) == DATA[:500]


def test_a_line_that_is_good_for_another_speed_carries_garbage():
    wire = Wire(Impairments(), "1")
    wire.put(DATA[:500], 0.0, 115_200, 9600)
    assert wire.next_deadline() == pytest.approx(10 / 115_200), "at the sender's pace"
    out = wire.take(10.0, 115_200)
    assert len(out) == 500
    assert out != DATA[:500]
    assert wire.statistics()["misread_bytes"] == 500


def test_the_receivers_speed_counts_when_a_byte_comes_out():
    wire = Wire(Impairments(), "1")
    wire.put(b"abcd", 0.0, 9600)
    assert wire.take(0.0021, 9600) == b"ab"
    assert wire.take(1.0, 19_200) != b"cd"


def test_a_cut_line_loses_what_is_on_it_and_what_comes_until_it_is_healed():
    wire = Wire(Impairments(latency=1.0), "1")
    wire.put(b"before", 0.0, 9600)
    wire.cut()
    wire.put(b"during", 0.1, 9600)
    assert wire.take(5.0, 9600) == b""
    wire.heal()
    wire.put(b"after", 5.0, 9600)
    assert wire.take(10.0, 9600) == b"after"
    assert wire.statistics()["cut_bytes"] == 12
    assert wire.statistics()["taken_bytes"] == 17


def test_a_chunk_that_waits_for_the_next_is_not_kept_for_ever():
    wire = Wire(Impairments(reorder=1.0), "1")
    wire.put(b"hello", 0.0, 9600)
    assert wire.take(0.01, 9600) == b""
    assert not wire.drained
    due = wire.next_deadline()
    assert wire.take(due, 9600) == b""
    assert wire.take(due + 1.0, 9600) == b"hello"
    assert wire.drained


def test_bytes_that_are_late_come_no_faster_than_the_line_can():
    wire = Wire(Impairments(jitter=0.2), "1")
    came, now = [], 0.0
    for turn in range(50):
        wire.put(b"x", turn * 0.01, 9600)
    while (due := wire.next_deadline()) is not None:
        came += [due] * len(wire.take(due, 9600))
        now = due
    gaps = [later - sooner for sooner, later in pairwise(came)]
    assert len(came) == 50
    assert min(gaps) == pytest.approx(10 / 9600)
    assert now < 0.5 + 0.2 + 0.01
