"""TARGETs of the command line, right and wrong."""

from __future__ import annotations

import random

import pytest

from agent.errors import UsageFault
from agent.transport.target import SerialTarget, TcpTarget, parse_target
from protocols.profile import LinkDefaults


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("tcp://127.0.0.1:40001", TcpTarget("127.0.0.1", 40001)),
        ("TCP://Terminal.example:1", TcpTarget("terminal.example", 1)),
        ("tcp://[::1]:65535", TcpTarget("::1", 65535)),
        ("socket://10.0.0.1:4001", TcpTarget("10.0.0.1", 4001)),
        ("serial:/dev/ttyUSB0", SerialTarget("/dev/ttyUSB0")),
        ("serial:COM3?baud=9600", SerialTarget("COM3", 9600)),
        ("/dev/serial/by-path/pci-0:1.2:1.0", SerialTarget("/dev/serial/by-path/pci-0:1.2:1.0")),
        ("COM3", SerialTarget("COM3")),
        (" COM3 ", SerialTarget("COM3")),
        (
            "rfc2217://host:4001?ign_set_control&baud=57600",
            SerialTarget("rfc2217://host:4001?ign_set_control", 57600, url=True),
        ),
        ("loop://", SerialTarget("loop://", url=True)),
        ("serial:COM3?baud=auto", SerialTarget("COM3", auto=True)),
        ("/dev/ttyUSB0?baud=9600", SerialTarget("/dev/ttyUSB0", 9600)),
        (
            "serial:COM3?baud=9600&parity=even&data=8&stop=2&flow=rtscts",
            SerialTarget("COM3", 9600, parity="even", stop_bits=2, flow="rtscts"),
        ),
        (
            "rfc2217://host:1?flow=xonxoff&ign_set_control&model=haike-h60",
            SerialTarget("rfc2217://host:1?ign_set_control", url=True, flow="xonxoff", model="haike-h60"),
        ),
    ],
)
def test_a_target_is_understood(text: str, parsed: TcpTarget | SerialTarget) -> None:
    assert parse_target(text) == parsed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "target-empty"),
        ("  ", "target-empty"),
        ("COM3\n\x1b[2J", "target-unreadable"),
        ("x" * 2000, "target-unreadable"),
        ("127.0.0.1:40001", "target-needs-scheme"),
        ("tcp://", "target-address"),
        ("tcp://host", "target-address"),
        ("tcp://host:0", "target-address"),
        ("tcp://host:65536", "target-address"),
        ("tcp://host:none", "target-address"),
        ("tcp://:4001", "target-address"),
        ("tcp://[::1:4001", "target-address"),
        ("tcp://user@host:4001", "target-address"),
        ("tcp://host:4001/path", "target-address"),
        ("serial:", "target-port-missing"),
        ("serial:?baud=9600", "target-port-missing"),
        ("serial:COM3?baud=0", "target-baud"),
        ("serial:COM3?baud=fast", "target-baud"),
        ("serial:COM3?baud=٣٠٠", "target-baud"),
        ("serial:COM3?speed=9600", "target-option"),
        ("COM3?speed=9600", "target-option"),
        ("serial:COM3?baud=9600&baud=9600", "target-option-twice"),
        ("serial:COM3?parity=mark", "target-option-value"),
        ("serial:COM3?data=9", "target-option-value"),
        ("serial:COM3?stop=", "target-option-value"),
        ("serial:COM3?flow", "target-option-value"),
        ("serial:COM3?data=7&parity=even", "target-data-bits"),
        ("serial:COM3?model=../x", "target-model"),
        ("serial:COM3?model=", "target-model"),
        ("serial:COM3?baud=4000001", "target-baud"),
        ("serial:COM3?baud=AUTO", "target-baud"),
        ("rfc2217://host:1?logging=debug", "target-option"),
        ("http://host:80", "target-scheme"),
        ("rfc2217://host", "target-address"),
        ("rfc2217://host:99999?baud=9600", "target-address"),
        ("spy:///dev/ttyUSB0?file=capture", "target-scheme"),
    ],
)
def test_a_wrong_target_is_a_usage_fault(text: str, code: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse_target(text)
    assert caught.value.code == code


def test_bits_of_a_character() -> None:
    assert SerialTarget("COM3").character_bits == 10
    assert SerialTarget("COM3", parity="odd", stop_bits=2).character_bits == 12


def test_a_profile_fills_in_what_the_target_leaves_open() -> None:
    link = LinkDefaults(9600, "assumed", parity="even", stop_bits=2, flow="xonxoff", highest_baud=19_200)
    bare, said = parse_target("COM3"), parse_target("COM3?baud=4800&parity=none&stop=1&flow=none")
    assert isinstance(bare, SerialTarget)
    assert isinstance(said, SerialTarget)
    filled = bare.with_defaults(link)
    assert (filled.baud, filled.parity, filled.stop_bits, filled.flow) == (9600, "even", 2, "xonxoff")
    assert filled.highest_baud == 19_200
    kept = said.with_defaults(link)
    assert (kept.baud, kept.parity, kept.stop_bits, kept.flow) == (4800, "none", 1, "none")


def test_a_profile_says_where_the_search_for_the_speed_begins() -> None:
    target = parse_target("COM3?baud=auto")
    assert isinstance(target, SerialTarget)
    begun = target.with_defaults(LinkDefaults(9600, "assumed"))
    assert (begun.baud, begun.auto) == (9600, True)


def test_i10_any_text_is_a_target_or_a_usage_fault() -> None:
    seed = 11
    source = random.Random(seed)
    pieces = ["tcp://", "serial:", "rfc2217://", "baud=", "parity=", "odd", "data=", "7", "model=", *"[]:?&@#%é9\0/ "]
    for turn in range(5000):
        text = "".join(source.choices(pieces, k=source.randrange(8)))
        try:
            parse_target(text)
        except UsageFault:
            continue
        assert text.strip(), f"seed {seed}, turn {turn}"
