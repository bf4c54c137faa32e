"""Nothing that can be read is on a private line, while a whole retirement goes over it."""

import os

import pytest

from tests.e2e.leaks import forms, read_everything
from tests.e2e.wiretap import Wiretap

HANDSHAKE, APPLICATION = {20, 22}, 23
RECORD_HEADER = 5


def flat(needles):
    return {form for needle in needles for form in forms(needle) if len(form) >= 5}


def records(stream):
    """Split what one side said into its TLS records, and return their types (RFC 8446, section 5.1)."""
    at, kinds = 0, []
    while at < len(stream):
        assert stream[at + 1 : at + 3] in (b"\x03\x01", b"\x03\x03"), f"no record at {at}"
        kinds.append(stream[at])
        at += RECORD_HEADER + int.from_bytes(stream[at + 3 : at + RECORD_HEADER], "big")
    assert at == len(stream), "the last record is cut off"
    return kinds


@pytest.fixture
def tap(tmp_path):
    made = []

    def start(target):
        made.append(Wiretap(target, tmp_path))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.mark.parametrize("line", ["tcp", "pty"])
def test_whoever_listens_to_a_retirement_reads_nothing(line, technician, simulate, tap, tmp_path):
    if line == "pty" and os.name != "posix":
        pytest.skip("a PTY needs a POSIX system")
    where = ("--listen", "127.0.0.1:0") if line == "tcp" else ("--pty", tmp_path / "line")
    terminal = simulate(*where, "--seed", 7, "--transactions", 500)
    cards, references, values = read_everything(terminal["target"])
    needles = flat(cards | references | values | {terminal["tusn"], terminal["merchant_number"], terminal["password"]})
    heard = tap(terminal["target"])

    done = technician.retire({**terminal, "target": heard.target})
    assert done.code == 0, done.out + done.err
    assert done.lines[-1]["result"] == "PASS"
    assert "link-plain" not in done.out

    said = bytes(heard.kept["agent"] + heard.kept["terminal"])
    assert len(said) > 100_000
    assert [needle for needle in needles if needle in said] == []
    streams = heard.streams()
    assert len(streams) == 2
    joined = b"".join(streams)
    assert [needle for needle in needles if needle in joined] == []
    for stream in streams:
        kinds = records(stream)
        first = kinds.index(APPLICATION)
        assert set(kinds[:first]) <= HANDSHAKE
        assert set(kinds[first:]) <= {APPLICATION, 20}, "from the first encrypted record on nothing is plain"


def test_the_same_search_finds_what_is_on_a_plain_line(technician, simulate, tap, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 500)
    cards, references, values = read_everything(terminal["target"])
    needles = flat(cards | references | values)
    heard = tap(terminal["target"])
    policy = tmp_path / "policy.toml"
    policy.write_text('link_privacy = "plain"\n', encoding="utf-8")
    done = technician.retire({**terminal, "target": heard.target}, "--policy", policy)
    assert done.code == 0, done.out + done.err
    assert "link-plain" in done.out
    streams = b"".join(heard.streams())
    assert len([needle for needle in needles if needle in streams]) > 500
