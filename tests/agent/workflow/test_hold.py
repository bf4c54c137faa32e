"""Holding a case and its port."""

import pytest

from agent.clock import Clock
from agent.errors import PreconditionNotMet, UsageFault
from agent.ledger.store import Ledger
from agent.workflow.events import CaseOpened
from agent.workflow.hold import RENEW_SECONDS, hold, port_of


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path) as ledger:
        yield ledger


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("serial:/dev/ttyUSB0?baud=9600", "/dev/ttyUSB0"),
        ("tcp://127.0.0.1:4000", "socket://127.0.0.1:4000"),
        ("serial:COM3", "COM3"),
    ],
)
def test_a_port_has_one_name_however_it_is_written(one, other):
    assert port_of(one) == port_of(other)
    assert port_of(one).startswith("port:")


def test_a_target_that_makes_no_sense_is_refused():
    with pytest.raises(UsageFault):
        port_of("gopher://x")


def test_all_is_given_back_at_the_end(ledger):
    with hold(ledger, "R-1", print, Clock()) as held:
        held.take("port:COM3")
        with pytest.raises(PreconditionNotMet), hold(ledger, "R-2", print, Clock()) as second:
            second.take("port:COM3")
    with hold(ledger, "R-1", print, Clock()) as held:
        held.take("port:COM3")


def test_leases_are_renewed_now_and_then(ledger, mocker):
    now = [0.0]
    told = []
    with hold(ledger, "R-1", told.append, Clock(steady=lambda: now[0])) as held:
        renew = mocker.spy(held._leases, "renew")
        report = held.renewing(told.append)
        for moment in (0.0, RENEW_SECONDS - 1, RENEW_SECONDS, RENEW_SECONDS + 1, 2 * RENEW_SECONDS):
            now[0] = moment
            report(CaseOpened("R-1"))
    assert renew.call_count == 2
    assert len(told) == 5
