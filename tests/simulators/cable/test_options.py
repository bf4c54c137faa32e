import socket
import sys

import pytest

from simulators.cable.cable import CableSettings
from simulators.cable.noise import Impairments
from simulators.cable.options import CableOptions, check_impairments, open_cables, parse_baud, parse_garbage
from simulators.errors import SimulationError

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def code_of(action):
    with pytest.raises(SimulationError) as caught:
        action()
    return caught.value.code


def test_a_speed_is_a_number_or_follows():
    assert parse_baud("auto") is None
    assert parse_baud("9600") == 9600


@pytest.mark.parametrize("text", ["", "0", "49", "4000001", "-1", "9600.0", "fast", "٩٦٠٠", "9" * 5000])
def test_i10_another_speed_is_refused(text):
    assert code_of(lambda: parse_baud(text)) == "bad-baud"


def test_garbage_is_a_text_or_so_many_bytes():
    assert parse_garbage("", 1) == b""
    assert parse_garbage("boot\n", 1) == b"boot\n"
    assert len(parse_garbage("300", 1)) == 300
    assert parse_garbage("300", 1) == parse_garbage("300", 1) != parse_garbage("300", 2)
    for text in ("65537", "9" * 5000, "x" * 65_537):
        assert code_of(lambda text=text: parse_garbage(text, 1)) == "bad-garbage"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bit_error_rate": 0.6},
        {"drop": -0.1},
        {"drop": float("nan")},
        {"latency": float("inf")},
        {"jitter": 61},
        {"lose": 1.1},
        {"drop": 0.5, "duplicate": 0.4, "reorder": 0.2},
    ],
)
def test_i10_what_no_line_can_have_is_refused(wrong):
    assert code_of(lambda: check_impairments(Impairments(**wrong))) == "bad-impairment"
    check_impairments(Impairments())


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", "bad-end"),
        ("pty:", "bad-end"),
        ("usb:x", "bad-end"),
        ("/dev/ttyS0", "bad-end"),
        ("serial:a\0b", "bad-end"),
        ("tcp:127.0.0.1:1", "bad-end"),
        ("tcp://127.0.0.1:0", "bad-end"),
        ("tcp://127.0.0.1", "bad-address"),
        ("listen:1", "bad-address"),
        ("serial:/nowhere/at/all", "cannot-open"),
        ("pty:/nowhere/at/all", "cannot-link"),
    ],
)
@posix
def test_i10_what_is_no_end_is_refused_and_nothing_is_left_behind(end, code, tmp_path):
    path = tmp_path / "tty"
    assert code_of(lambda: open_cables(CableOptions(f"pty:{path}", end, CableSettings()))) == code
    assert not path.is_symlink()


@posix
def test_i10_two_ends_are_two(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for far in ("pty:tty", f"serial:{tmp_path}/tty"):
        assert code_of(lambda far=far: open_cables(CableOptions("pty:tty", far, CableSettings()))) == "same-ends"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seconds", [-1, 3601, float("nan")])
def test_i10_nobody_waits_for_ever_for_the_plug(seconds, tmp_path):
    ends = (f"pty:{tmp_path}/a", f"pty:{tmp_path}/b")
    assert code_of(lambda: open_cables(CableOptions(*ends, CableSettings(plug_after=seconds)))) == "bad-impairment"


def test_without_a_pty_somebody_has_to_say_the_speed():
    ends = ("listen:127.0.0.1:0", "listen:127.0.0.1:0")
    assert code_of(lambda: open_cables(CableOptions(*ends, CableSettings()))) == "line-needs-baud"
    (cable,) = open_cables(CableOptions(*ends, CableSettings(baud=9600)))
    cable.close()


@posix
def test_several_lines_are_numbered_on(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        one = open_cables(CableOptions(f"pty:{tmp_path}/a", f"tcp://127.0.0.1:{number}", CableSettings()))
    assert [cable.near.target for cable in one] == [f"serial:{tmp_path}/a"]
    assert [cable.far.target for cable in one] == [f"tcp://127.0.0.1:{number}"]
    many = open_cables(CableOptions(f"pty:{tmp_path}/a", "listen:127.0.0.1:0", CableSettings(), 3))
    assert [cable.near.target for cable in many] == [f"serial:{tmp_path}/a-{place}" for place in (1, 2, 3)]
    assert len({cable.far.target for cable in many}) == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "a-1", "a-2", "a-3"]
    for cable in (*one, *many):
        cable.close()
    assert list(tmp_path.iterdir()) == []
