import os
import signal
import threading

import pytest

from agent.workflow.uninterrupted import HELD_BACK, uninterrupted


def test_an_interrupt_waits_for_the_end_and_is_forgotten():
    before = signal.getsignal(signal.SIGINT)
    finished = []
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
        finished.append(True)
    assert finished
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name != "posix", reason="SIGHUP is of POSIX systems")
def test_a_closed_window_is_held_back_too():
    assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= set(HELD_BACK)


def test_another_thread_has_no_signals_to_hold_back():
    done = []

    def work():
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert done
