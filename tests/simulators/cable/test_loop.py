import os
import sys
import threading

import pytest

from simulators.cable.cable import Cable, CableSettings
from simulators.cable.loop import run
from simulators.cable.pty_end import PtyEnd
from simulators.cable.speed import set_speed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


DATA = bytes(range(256)) * 4


def opened(end):
    user = os.open(end.target.removeprefix("serial:"), os.O_RDWR | os.O_NOCTTY)
    set_speed(user, 921_600)
    return user


def test_lines_are_served_until_they_are_told_to_end_and_sleep_in_between(tmp_path):
    cables = [
        Cable(PtyEnd(tmp_path / f"a{place}", 921_600), PtyEnd(tmp_path / f"b{place}", 921_600), CableSettings(), place)
        for place in range(20)
    ]
    turns = []
    ended, pause = threading.Event(), threading.Event()

    def wanted(now):
        turns.append(now)
        return not ended.is_set()

    loop = threading.Thread(target=run, args=(cables, wanted))
    loop.start()
    users = {end: opened(end) for cable in cables for end in (cable.near, cable.far)}
    try:
        while not all(end.present for end in users):
            pause.wait(0.01)
        for cable in cables:
            for one, other in ((cable.near, cable.far), (cable.far, cable.near)):
                os.write(users[one], DATA)
                got = b""
                while len(got) < len(DATA):
                    got += os.read(users[other], 1000)
                assert got == DATA
        for user in users.values():
            os.close(user)
        while any(end.present for end in users):
            pause.wait(0.01)
        before = len(turns)
        pause.wait(0.3)
        quiet = turns[before:]
        assert quiet[-1] - quiet[0] > 0.01 * (len(quiet) - 1), "it does not tick while nothing moves"
    finally:
        ended.set()
        loop.join(10)
        for cable in cables:
            cable.close()
    assert not loop.is_alive()
