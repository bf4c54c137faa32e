"""Sums and choices over plain measurements."""

from agent.doctor.measurements import Counts, Exchange, Handshake, LineFacts, Measurements

LINE = LineFacts("x", True, 9600)


def test_counts_add_up_and_subtract():
    a, b = Counts(10, 20, 3, 2, 1, 1, 4, 4), Counts(1, 2, 1, 1, 0, 0, 1, 0)
    assert a + b - b == a
    assert (a.errors, a.carried_bytes) == (7, 30)


def test_what_is_clean_and_what_waits():
    whole = Exchange("ones", 4, 31, 0.5, 0.3)
    assert whole.clean
    assert round(whole.waiting_seconds, 6) == 0.2
    assert Exchange("ones", 4, 31, 0.1, 0.3).waiting_seconds == 0
    assert not Exchange("ones", 4, 31, None).clean
    assert not Exchange("ones", 4, 31, 0.5, same=False).clean
    assert not Exchange("ones", 4, 31, 0.5, counts=Counts(wrong_bytes=1)).clean


def test_the_last_handshake_that_came_about_carries_the_rest():
    tries = (Handshake(9600, False, 1.0), Handshake(9600, True, 2.0), Handshake(1200, False, None))
    assert Measurements(LINE, handshakes=tries).working == tries[1]
    assert Measurements(LINE, handshakes=tries[2:]).working is None


def test_the_total_is_over_all_exchanges():
    one = Exchange("ones", 4, 31, 0.5, counts=Counts(sent_bytes=5))
    assert Measurements(LINE, trips=(one,), echoes=(one, one), bursts=(one,)).total.sent_bytes == 20
