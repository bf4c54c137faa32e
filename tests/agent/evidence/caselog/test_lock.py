import threading

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.caselog.lock import locked


def test_one_holder_at_a_time(tmp_path):
    inside = []
    most = []

    def hold():
        for _ in range(20):
            with locked(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=hold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (max(most), len(most)) == (1, 80)


def test_who_waits_too_long_is_told(tmp_path):
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    again = locked(tmp_path / "lock", 5, steady=lambda: now[0], sleep=sleep)
    with locked(tmp_path / "lock"), pytest.raises(PreconditionNotMet) as caught:
        again.__enter__()
    assert caught.value.code == "log-busy"
    assert 5 <= now[0] < 6


def test_it_is_given_back_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="x"), locked(tmp_path / "lock"):
        raise ValueError("x")
    with locked(tmp_path / "lock", 0):
        pass
