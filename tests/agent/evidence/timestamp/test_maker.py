"""The authority of a case: tried out at the start, asked at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.attachments import AttachmentUnavailable, NeededAttachmentUnavailable
from agent.evidence.bundle import TIMESTAMP
from agent.evidence.dsse import STATEMENT
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Effect, Result
from agent.evidence.issue import issue_statement
from agent.evidence.times import parse_time
from agent.evidence.timestamp.client import AuthoritySilent
from agent.evidence.timestamp.maker import Authority, TimestampMaker
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from tests.agent.evidence.authority import Bent, TestAuthority, request_for
from tests.agent.evidence.made import OPENED, World, der

PEER = TestAuthority()
URL = "http://127.0.0.1:1/"
TRUST = TrustStore(authorities=(PEER.root,))


def authority(
    answer: Callable[[bytes], bytes] | None = None, *, needed: bool = False, at: datetime = OPENED, trust=TRUST
) -> Authority:
    def ask(url: str, request: bytes) -> bytes:
        assert url == URL
        return answer(request) if answer else PEER.answer(request, at)

    return Authority(URL, trust, needed, ask)


def silent(_request: bytes) -> bytes:
    raise AuthoritySilent("timestamp-silent", why="HTTP 503")


def no_timestamp(_request: bytes) -> bytes:
    raise EvidenceRejected("timestamp-answer", why="text/html")


def now() -> datetime:
    return OPENED


BAD = {
    "html": (no_timestamp, "timestamp-authority-wrong", "something else than a timestamp (text/html)"),
    "garbage": (lambda _: b"\x30garbage", "timestamp-authority-wrong", "malformed"),
    "another-digest": (lambda _: PEER.stamp(b"else", OPENED), "timestamp-authority-wrong", "something else than this"),
    "another-nonce": (
        lambda request: PEER.answer(request, OPENED, Bent(info=lambda f: {**f, "nonce": 1})),
        "timestamp-authority-wrong",
        "answered another request",
    ),
    "refusal": (
        lambda request: PEER.answer(
            request, OPENED, Bent(response=lambda f: {**f, "status": {"status": "rejection", "fail_info": {"bad_alg"}}})
        ),
        "timestamp-authority-wrong",
        "refused: rejection bad_alg",
    ),
    "another-root": (lambda request: TestAuthority().answer(request, OPENED), "timestamp-root-missing", ""),
}


@pytest.mark.parametrize("needed", [False, True])
@pytest.mark.parametrize("bad", BAD)
def test_what_is_set_up_wrong_shows_before_anything_is_changed(bad: str, needed: bool) -> None:
    answer, code, why = BAD[bad]
    with pytest.raises(PreconditionNotMet) as raised:
        authority(answer, needed=needed).try_out(now)
    assert (raised.value.code, raised.value.facts["url"]) == (code, URL)
    assert why in str(raised.value.facts.get("why", ""))


def test_an_authority_that_is_silent_stops_only_a_case_that_needs_it() -> None:
    authority(silent).try_out(now)
    with pytest.raises(PreconditionNotMet) as raised:
        authority(silent, needed=True).try_out(now)
    assert raised.value.code == "timestamp-authority-silent"
    assert raised.value.facts == {"url": URL, "why": "HTTP 503"}


@pytest.mark.parametrize("days", [-1, 1])
def test_a_machine_whose_clock_is_wrong_begins_nothing(days: int) -> None:
    with pytest.raises(PreconditionNotMet) as raised:
        authority().try_out(lambda: OPENED + timedelta(days=days))
    assert (raised.value.code, raised.value.facts) == ("clock-wrong", {"seconds": 86_400})


def test_a_good_authority_is_tried_out_without_a_word() -> None:
    authority(needed=True).try_out(now)


def test_no_two_requests_are_alike() -> None:
    asked = []

    def remember(request: bytes) -> bytes:
        asked.append(request)
        return PEER.answer(request, OPENED)

    for _ in range(2):
        authority(remember).try_out(now)
    assert len(set(asked)) == 2
    assert request_for(b"x") not in asked


@pytest.fixture
def case(world: World, tmp_path: Path):
    facts = world.lay_out(tmp_path / "bundle")
    trust = dataclasses.replace(world.trust, authorities=(PEER.root,))

    def issue(**how):
        at = how.pop("at", parse_time(facts.issued))
        maker = TimestampMaker(authority(**how, at=at, trust=trust))
        issued = issue_statement(tmp_path / "bundle", facts, world.agent, trust, [maker])
        return issued, verify_bundle(tmp_path / "bundle", trust)

    return issue


def test_a_statement_is_timestamped(case, tmp_path: Path) -> None:
    issued, report = case()
    assert (issued.result, report.result, issued.findings) == (Result.PASS, Result.PASS, ())
    token = (tmp_path / "bundle" / TIMESTAMP).read_bytes()
    assert der(PEER.certificate) in token
    assert der(PEER.root) not in token


def test_without_an_answer_the_statement_says_so(case, tmp_path: Path) -> None:
    issued, report = case(answer=silent)
    assert (issued.result, report.result) == (Result.PASS, Result.PASS)
    finding = issued.findings[0]
    assert (finding.code, finding.effect) == ("timestamp-unavailable", Effect.NOTE)
    assert finding.text == "There is no timestamp: HTTP 503."
    assert "clock-unproven" in [gap.code for gap in issued.not_checked]
    assert not (tmp_path / "bundle" / TIMESTAMP).exists()


@pytest.mark.parametrize("answer", [silent, *(row[0] for row in BAD.values())])
def test_nobody_says_pass_where_a_timestamp_is_needed_and_missing(case, answer) -> None:
    issued, report = case(answer=answer, needed=True)
    assert (issued.result, report.result) == (Result.UNKNOWN, Result.UNKNOWN)
    assert (issued.findings[0].code, issued.findings[0].effect) == ("timestamp-missing", Effect.UNKNOWN)


@pytest.mark.parametrize("needed", [False, True])
@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_was_turned_during_the_case_is_told(case, days: int, needed: bool) -> None:
    """The statement is no good beside that timestamp, and must not pass for good without it."""
    issued, report = case(at=OPENED + timedelta(days=days), needed=needed)
    assert (issued.result, report.result) == (Result.UNKNOWN, Result.UNKNOWN)
    assert issued.findings[0].code == "timestamp-clock-off"


def test_what_cannot_be_had_is_named_by_its_kind(world: World, tmp_path: Path) -> None:
    facts = world.lay_out(tmp_path / "bundle")
    issue_statement(tmp_path / "bundle", facts, world.agent, world.trust)
    envelope = (tmp_path / "bundle" / STATEMENT).read_bytes()
    with pytest.raises(AttachmentUnavailable) as raised:
        TimestampMaker(authority(silent)).make(envelope)
    assert not isinstance(raised.value, NeededAttachmentUnavailable)
    with pytest.raises(NeededAttachmentUnavailable):
        TimestampMaker(authority(silent, needed=True)).make(envelope)
