"""Whole cases with a timestamp authority on this machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.clock import Clock
from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.bundle import TIMESTAMP
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.ledger.store import CaseState, Ledger
from agent.policy import Policy
from agent.workflow.resume import look_up, resume
from agent.workflow.retire import retire, trust_folders
from agent.workflow.timestamp import authority_of
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.timestamp.peers import Reply, serving

PEER = TestAuthority(days=36_500)
TRUST = TrustStore(authorities=(PEER.root,))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def trusting(desk):
    """Make a desk trust the authority."""
    (desk.home / "trust" / "tsa").mkdir(parents=True)
    (desk.home / "trust" / "tsa" / "root.pem").write_bytes(PEER.root_pem)
    return desk


@pytest.fixture
def timed(desk):
    return trusting(desk)


class Service:
    """Answers as long as it is up, by a clock that can be wrong."""

    def __init__(self, answers=999, off=timedelta(0)):
        self.left, self.off = answers, off

    def __call__(self, request):
        self.left -= 1
        if self.left < 0:
            return Reply(b"out of order", status=503)
        return Reply(PEER.answer(request, (datetime.now(UTC) + self.off).replace(microsecond=0)))


def verified(desk, bundle):
    report = verify_bundle(bundle, TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs)))
    return report, {check.id: check.code for check in report.checks}


def stopped(desk, code, policy, clock=None):
    before = (desk.state / "flash.img").read_bytes()
    with pytest.raises(PreconditionNotMet) as fault:
        retire(desk.asking(policy=policy), desk.events.append, clock)
    assert fault.value.code == code
    assert (desk.state / "flash.img").read_bytes() == before
    assert not desk.out.exists()
    assert desk.events == []


def test_a_case_is_timestamped(timed):
    with serving(Service()) as url:
        outcome = retire(timed.asking(policy=Policy(timestamp_authority=url)), timed.events.append)
    report, codes = verified(timed, outcome.bundle)
    assert (outcome.result, report.result, codes["timestamp"]) == (Result.PASS, Result.PASS, "")
    assert (outcome.bundle / TIMESTAMP).is_file()


def test_an_authority_that_dies_on_the_way_is_a_finding(timed):
    with serving(Service(answers=1)) as url:
        outcome = retire(timed.asking(policy=Policy(timestamp_authority=url)), timed.events.append)
    assert (outcome.result, outcome.resumable) == (Result.PASS, False)
    assert "timestamp-unavailable" in [each.code for each in outcome.findings]
    assert verified(timed, outcome.bundle)[0].result is Result.PASS


def test_where_one_is_needed_the_case_waits_for_it(timed):
    """The terminal is wiped, and no PASS is signed until the authority answers again."""
    service = Service(answers=1)
    with serving(service) as url:
        asked = timed.asking(policy=Policy(timestamp_authority=url, timestamp="require"))
        outcome = retire(asked, timed.events.append)
        assert (outcome.result, outcome.resumable) == (Result.UNKNOWN, True)
        assert "timestamp-missing" in [each.code for each in outcome.findings]
        with Ledger.open(timed.home) as ledger:
            assert ledger.cases()[0].state is CaseState.BROKEN_OFF
        assert look_up(timed.home, outcome.case).left == ()
        service.left = 0
        with pytest.raises(PreconditionNotMet) as fault:
            resume(outcome.case, asked, timed.events.append)
        assert fault.value.code == "timestamp-authority-silent"
        assert outcome.bundle.is_dir()  # the case stays as it was
        service.left = 2
        again = resume(outcome.case, asked, timed.events.append)
    report, codes = verified(timed, again.bundle)
    assert (again.result, again.resumable, report.result) == (Result.PASS, False, Result.PASS)
    assert codes["timestamp"] == ""


def test_a_case_that_failed_waits_for_nothing(desk_of):
    """Taking it up again would go on with the steps after the one that failed."""
    desk = trusting(desk_of(faults=["swap-identity"]))
    with serving(Service(answers=1)) as url:
        asked = desk.asking(policy=Policy(timestamp_authority=url, timestamp="require"))
        outcome = retire(asked, desk.events.append)
    assert (outcome.result, outcome.resumable) == (Result.FAIL, False)
    assert "timestamp-missing" in [each.code for each in outcome.findings]


def test_a_case_that_needs_one_begins_only_where_the_authority_answers(timed):
    with serving(Service(answers=0)) as url:
        stopped(timed, "timestamp-authority-silent", Policy(timestamp_authority=url, timestamp="require"))


def test_a_clock_that_is_a_day_off_begins_nothing(timed):
    with serving(Service(off=timedelta(days=1))) as url:
        stopped(timed, "clock-wrong", Policy(timestamp_authority=url))


def test_a_clock_that_is_set_back_during_the_case_is_told(timed):
    """The authority's clock went on for a day between start and end: no PASS, and the statement says why."""
    service = Service()

    def answer(request):
        reply = service(request)
        service.off = timedelta(days=1)
        return reply

    with serving(answer) as url:
        outcome = retire(timed.asking(policy=Policy(timestamp_authority=url)), timed.events.append)
    assert outcome.result is Result.UNKNOWN
    assert "timestamp-clock-off" in [each.code for each in outcome.statement_findings]
    assert verified(timed, outcome.bundle)[0].result is Result.UNKNOWN


def test_a_machine_that_lives_in_tomorrow_is_refused(timed):
    tomorrow = Clock(wall=lambda: datetime.now(UTC) + timedelta(days=1))
    with serving(Service()) as url:
        stopped(timed, "clock-wrong", Policy(timestamp_authority=url), tomorrow)


def test_an_authority_that_nobody_trusts_begins_nothing(desk):
    with serving(Service()) as url:
        stopped(desk, "timestamp-root-missing", Policy(timestamp_authority=url))


def test_the_authority_of_a_policy_is_looked_at_before_anything():
    assert authority_of(Policy(), TRUST) is None
    with pytest.raises(PreconditionNotMet) as fault:
        authority_of(Policy(timestamp="require"), TRUST)
    assert fault.value.code == "timestamp-authority-missing"
    with pytest.raises(UsageFault):
        authority_of(Policy(timestamp_authority="ftp://tsa.example/"), TRUST)
    made = authority_of(replace(Policy(), timestamp="require", timestamp_authority="https://tsa.example/"), TRUST)
    assert made is not None
    assert (made.url, made.needed) == ("https://tsa.example/", True)
