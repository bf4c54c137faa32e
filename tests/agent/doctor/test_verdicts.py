"""From measurements to verdicts: a table for each verdict."""

from dataclasses import replace

import pytest

from agent.doctor.measurements import (
    Counts,
    Escaped,
    Exchange,
    Handshake,
    Heard,
    LineFacts,
    Measurements,
    Nature,
    Quiet,
    SpeedTrial,
    Supply,
)
from agent.doctor.verdicts import RULES, Severity, dispersion, goodput_ratio, judge, usable

SERIAL = LineFacts("port", True, 115_200)
NETWORK = LineFacts("tcp://x:1", False, None)
NOTHING, SILENCE = Counts(), Quiet()
OPEN = Handshake(115_200, False, 0.05)


def exchange(ahead=1000, wait=0.002, counts=NOTHING, **given):
    """One exchange of a line that carries 10 bytes a millisecond."""
    carried = replace(counts, sent_bytes=ahead, received_bytes=ahead)
    line = 2 * ahead / 10_000
    return Exchange("random", ahead - 27, ahead, line + wait, line, counts=carried, **given)


def lost(ahead=1000):
    return Exchange("random", ahead - 27, ahead, None, counts=Counts(ahead, ahead, retransmissions=2))


WRONG = Counts(wrong_bytes=1, corrected_bytes=1)
GONE = Counts(retransmissions=1, lost_frames=1)
SOUND = Measurements(
    SERIAL,
    handshakes=(OPEN,),
    model="haike-h60",
    supply=Supply(True, 90),
    trips=(exchange(27),) * 20,
    echoes=(exchange(),) * 40,
    bursts=(exchange(8192, goodput_ratio=0.95),) * 2,
)
SOUND_NETWORK = replace(SOUND, line=NETWORK, handshakes=(replace(OPEN, baud=None),))


def failed(*heard, before=SILENCE, line=SERIAL, **given):
    """Nobody answered, and this was heard at each attempt."""
    handshakes = tuple(Handshake(line.baud, False, None, each) for each in heard)
    return Measurements(line, before=before, handshakes=handshakes, **given)


def codes(found):
    return [verdict.code for verdict in judge(found)]


def noisy(errors, **given):
    """A hundred echoes over which errors are spread evenly."""
    hit = [at * errors // 100 != (at + 1) * errors // 100 for at in range(100)]
    echoes = tuple(exchange(counts=WRONG if each else Counts()) for each in hit)
    return replace(SOUND, echoes=echoes, **given)


BROKEN = exchange(counts=replace(GONE, broken_frames=1, wrong_bytes=1))
GARBAGE = Heard(Nature.GARBAGE, 40)
STRAY = Quiet(0.5, 18, GARBAGE)
TRIED = Escaped(True, (exchange(43),) * 8)

TABLE = {
    "good": [SOUND, SOUND_NETWORK, noisy(1), replace(SOUND, before=Quiet(0.5, 2, Heard()))],
    "no-answer": [failed(Heard()), failed(Heard(), Heard()), failed(Heard(), line=NETWORK)],
    "wrong-speed": [
        failed(GARBAGE),
        failed(GARBAGE, line=NETWORK),
        replace(SOUND, handshakes=(Handshake(115_200, False, None), Handshake(9600, False, 0.4))),
    ],
    "echo-only": [failed(Heard(Nature.ECHO, 20))],
    "half-duplex": [replace(SOUND, handshakes=(replace(OPEN, heard=Heard(Nature.ECHO)),), sessions_lost=3)],
    "device-server": [
        failed(Heard(Nature.DEVICE_SERVER, 20, "Port already in use"), lost="closed"),
        failed(Heard(), before=Quiet(0.1, 20, Heard(Nature.DEVICE_SERVER, 20, "Port already in use"))),
    ],
    "console": [failed(Heard(Nature.TEXT, 20, "login:")), failed(GARBAGE, Heard(Nature.TEXT, 20, "login:"))],
    "handshake-refused": [Measurements(SERIAL, handshakes=(Handshake(115_200, False, None, refused="too new"),))],
    "line-lost": [failed(Heard(), lost="unplugged"), replace(SOUND, lost="unplugged")],
    "missing-ground": [
        failed(GARBAGE, before=STRAY),
        replace(SOUND, before=STRAY),
        replace(SOUND, idle=Quiet(0.5, 5)),
        # many at once, and then none
        replace(SOUND, echoes=(exchange(counts=Counts(wrong_bytes=20)), *(exchange(),) * 20) * 2),
        # correction is on and helps with some only
        replace(SOUND, echoes=(BROKEN, exchange(counts=WRONG)) * 20, bursts=(), correction_level=2),
    ],
    "lost-bytes": [replace(SOUND, echoes=(BROKEN, exchange()) * 20, bursts=(), correction_level=2)],
    "bad-cable": [noisy(40), replace(noisy(40), correction_level=3)],
    "noisy-but-works": [noisy(2), noisy(10)],
    "flow-control": [
        replace(SOUND, handshakes=(Handshake(115_200, False, None, GARBAGE), replace(OPEN, escaped=True))),
        replace(SOUND, trips=(lost(27),), escaped=TRIED, sessions_lost=2),
        replace(SOUND, escaped=replace(TRIED, flow_bytes=9)),
        replace(SOUND, before=Quiet(0.5, 10, Heard(Nature.FLOW, 10))),
        failed(Heard(Nature.FLOW, 3)),
    ],
    "session-breaks": [
        replace(SOUND, sessions_lost=2),
        replace(SOUND, trips=(), echoes=(), bursts=(), sessions_lost=1),
    ],
    "small-buffer": [
        replace(SOUND, bursts=(exchange(2048, counts=GONE), exchange(4096, counts=GONE)) * 2),
        replace(SOUND, bursts=(exchange(2048, wait=0.4), exchange(4096, wait=3)) * 2),
        # one stray error below, and one size that lies on the limit
        replace(
            SOUND,
            echoes=(*SOUND.echoes, exchange(counts=WRONG), exchange(1500), exchange(1500, counts=GONE)),
            bursts=(exchange(2048, counts=GONE), exchange(4096, counts=GONE)) * 2,
        ),
    ],
    "echo-differs": [replace(SOUND, echoes=(exchange(same=False),))],
    "usb-hub": [
        replace(SOUND, trips=(exchange(27, wait=0.04),) * 20),
        replace(SOUND, trips=(exchange(27, wait=0.09), *(exchange(27),) * 4) * 4),
    ],
    "slow-terminal": [replace(SOUND, trips=(exchange(27, wait=0.25),) * 20, bursts=())],
    "slow-network": [
        replace(SOUND_NETWORK, trips=(exchange(27, wait=0.25),) * 20),
        replace(SOUND_NETWORK, trips=(exchange(27, wait=0.09), *(exchange(27),) * 4) * 4),
    ],
    "slow-line": [
        replace(SOUND, bursts=(exchange(8192, goodput_ratio=0.3),)),
        replace(SOUND, trips=(exchange(27, wait=0.25),) * 20, bursts=(exchange(8192, goodput_ratio=0.3),)),
    ],
    "weak-supply": [replace(SOUND, supply=Supply(False, 19))],
    "faster-possible": [replace(SOUND, speeds=(SpeedTrial(230_400, True, exchange()), SpeedTrial(460_800, False)))],
}
ROWS = [(code, at, found) for code, rows in TABLE.items() for at, found in enumerate(rows)]


@pytest.mark.parametrize(("code", "at", "found"), ROWS, ids=[f"{code}-{at}" for code, at, _ in ROWS])
def test_each_verdict_has_its_measurements_and_no_others(code, at, found):
    told = [each for each in codes(found) if each not in ("good", "faster-possible") or each == code]
    assert told == [code]


FATAL = {
    "no-answer",
    "wrong-speed",
    "echo-only",
    "half-duplex",
    "device-server",
    "console",
    "handshake-refused",
    "line-lost",
    "session-breaks",
}


@pytest.mark.parametrize("code", TABLE)
def test_a_line_is_usable_where_nothing_is_fatal(code):
    found = TABLE[code][0]
    assert usable(judge(found)) is (code not in FATAL | {"flow-control", "missing-ground"})
    if code == "missing-ground":
        assert usable(judge(TABLE[code][1]))


def test_every_rule_tells_something_in_some_row():
    silent = [rule.__name__ for rule in RULES if not any(list(rule(found)) for _, _, found in ROWS)]
    assert not silent


def test_fatal_comes_first_and_good_only_where_nothing_is_wrong():
    found = replace(SOUND, handshakes=(Handshake(9600, False, 0.4),), supply=Supply(False, 5), sessions_lost=2)
    assert codes(found) == ["wrong-speed", "session-breaks", "weak-supply"]
    severities = [verdict.severity for verdict in judge(found)]
    assert severities == sorted(severities, reverse=True)
    assert judge(TABLE["faster-possible"][0])[0].code == "good"


def test_the_facts_name_the_remedy():
    (verdict,) = judge(TABLE["wrong-speed"][2])
    assert verdict.facts == {"baud": 115_200, "found": 9600}
    (verdict,) = judge(TABLE["small-buffer"][0])
    assert verdict.facts == {"clean": 1000, "lossy": 2048, "where": "terminal"}
    (verdict,) = judge(TABLE["small-buffer"][1])
    assert verdict.facts["where"] == "computer"  # what the terminal misses it would have told


def test_a_speed_that_was_to_be_found_out_is_no_fault():
    found = replace(SOUND, line=replace(SERIAL, auto=True), handshakes=(Handshake(9600, False, 0.4),))
    assert codes(found) == ["good"]


@pytest.mark.parametrize(
    "change",
    [
        {"handshakes": (OPEN,), "line": replace(SERIAL, escaped=True)},
        # it fails with and without
        {"trips": (lost(27),), "escaped": Escaped(True, (lost(43),))},
        # what fails is longer than what was tried without XON and XOFF
        {"echoes": (lost(1051),), "escaped": TRIED},
        # everything arrived anyhow
        {"escaped": TRIED},
    ],
)
def test_flow_control_is_not_guessed(change):
    assert "flow-control" not in codes(replace(SOUND, **change))


def test_errors_before_correction_is_on_are_ordinary():
    found = replace(SOUND, echoes=(BROKEN, exchange()) * 20, bursts=())
    assert codes(replace(found, correction_level=0)) == ["bad-cable"]
    assert codes(replace(found, echoes=(BROKEN, exchange()) * 5, correction_level=2)) == ["bad-cable"]


def test_flow_bytes_on_a_line_that_breaks_are_fatal():
    found = replace(SOUND, escaped=replace(TRIED, flow_bytes=9), sessions_lost=2)
    assert judge(found)[0].severity is Severity.FATAL


def test_the_first_loss_makes_no_trip_uneven():
    late = exchange(27, wait=0.25, counts=Counts(retransmissions=1))
    assert codes(replace(SOUND, trips=(*SOUND.trips, late, late))) == ["good"]


def test_even_errors_are_no_small_buffer():
    # The longest ones have an error each time by their length alone.
    echoes = tuple(exchange(counts=WRONG if at % 4 == 0 else Counts()) for at in range(40))
    bursts = (exchange(8192, counts=Counts(wrong_bytes=2)),) * 2
    assert codes(replace(SOUND, echoes=echoes, bursts=bursts)) == ["bad-cable"]


def test_a_buffer_that_also_loses_below_its_size_is_none():
    echoes = (*(exchange(),) * 400, exchange(counts=WRONG), exchange(counts=WRONG))
    bursts = (exchange(4096, counts=GONE), exchange(8192, counts=GONE)) * 2
    assert "small-buffer" not in codes(replace(SOUND, echoes=echoes, bursts=bursts))


def test_uneven_trips_do_not_make_a_buffer_small():
    trips = (exchange(27, wait=0.09), *(exchange(27),) * 4) * 4
    assert codes(replace(SOUND, trips=trips, bursts=(exchange(4096, wait=3),) * 4)) == ["usb-hub"]


def test_dispersion_tells_even_from_bursts():
    even = tuple(exchange(counts=WRONG) for _ in range(20))
    assert dispersion(even) == 0.0
    assert dispersion(()) == dispersion((exchange(),)) == 0.0
    bursts = (exchange(counts=Counts(wrong_bytes=40)), *(exchange(),) * 9) * 4
    assert dispersion(bursts) > 3.5


def test_a_burst_that_was_sent_again_does_not_make_the_line_slow():
    """What waited for being sent again says nothing of what the line carries."""
    again = exchange(8192, goodput_ratio=0.5, counts=GONE)
    (verdict,) = judge(replace(SOUND, bursts=(exchange(8192, goodput_ratio=0.95), again)))
    assert (verdict.code, verdict.facts["errors"]) == ("good", 1)
    assert judge(replace(SOUND, bursts=(exchange(8192, goodput_ratio=0.5),)))[0].code == "slow-line"


def test_the_goodput_is_that_of_the_largest_burst():
    bursts = (exchange(2048, goodput_ratio=0.5), exchange(8192, goodput_ratio=0.9), exchange(8192))
    assert goodput_ratio(replace(SOUND, bursts=bursts)) == 0.9
    assert goodput_ratio(replace(SOUND, bursts=())) is None


def test_nothing_measured_is_not_good():
    assert not usable(judge(Measurements(SERIAL)))
