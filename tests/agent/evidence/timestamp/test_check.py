"""A statement against its timestamp, from the bundle's files."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.evidence.bundle import TIMESTAMP
from agent.evidence.checks.table import Check, Status
from agent.evidence.dsse import STATEMENT
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.times import parse_time
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import Report, verify_bundle
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.made import World, stamp

AUTHORITY = TestAuthority()


@dataclass
class Stamps:
    """A maker whose authority's clock says what a test wants."""

    at: datetime
    name: str = TIMESTAMP

    def make(self, envelope: bytes) -> bytes:
        return AUTHORITY.stamp(envelope, self.at)


@pytest.fixture
def trust(world: World) -> TrustStore:
    return dataclasses.replace(world.trust, authorities=(AUTHORITY.root,))


def timestamped(world: World, folder: Path, trust: TrustStore, **changes: str) -> datetime:
    """Issue a bundle whose timestamp fits; return when its statement was issued."""
    facts = dataclasses.replace(world.lay_out(folder), **changes)
    issued = parse_time(facts.issued)
    issue_statement(folder, facts, world.agent, trust, [Stamps(issued)])
    return issued


def check(report: Report) -> Check:
    return next(each for each in report.checks if each.id == "timestamp")


def test_a_statement_and_its_timestamp_fit(world: World, tmp_path: Path, trust: TrustStore) -> None:
    at = timestamped(world, tmp_path / "b", trust)
    report = verify_bundle(tmp_path / "b", trust)
    assert (report.result, check(report).status) == (Result.PASS, Status.OK)
    assert report.proven is not None
    assert (report.proven.time, report.proven.authority) == (at, "TEST authority")
    assert report.statement is not None
    assert "clock-unproven" not in [gap["code"] for gap in report.statement["not_checked"]]
    assert report.statement["attachments"] == [TIMESTAMP]


def test_without_one_the_clock_is_unproven(issued) -> None:
    _, made = issued()
    assert "clock-unproven" in [gap.code for gap in made.not_checked]


@pytest.mark.parametrize("seconds", [300, -300])
def test_a_clock_may_be_off_by_five_minutes(world: World, tmp_path: Path, trust: TrustStore, seconds: int) -> None:
    at = timestamped(world, tmp_path / "b", trust)
    envelope = (tmp_path / "b" / STATEMENT).read_bytes()
    (tmp_path / "b" / TIMESTAMP).write_bytes(AUTHORITY.stamp(envelope, at + timedelta(seconds=seconds)))
    assert verify_bundle(tmp_path / "b", trust).accepted


@pytest.mark.parametrize("away", [timedelta(seconds=301), -timedelta(seconds=301), timedelta(days=1)])
def test_a_clock_that_was_turned_is_found(world: World, tmp_path: Path, trust: TrustStore, away: timedelta) -> None:
    """The agent's clock was set back by a day, or ahead: the statement says another time than the authority."""
    at = timestamped(world, tmp_path / "b", trust)
    envelope = (tmp_path / "b" / STATEMENT).read_bytes()
    (tmp_path / "b" / TIMESTAMP).write_bytes(AUTHORITY.stamp(envelope, at + away))
    report = verify_bundle(tmp_path / "b", trust)
    assert (report.result, check(report).code) == (Result.FAIL, "timestamp-clock")
    assert check(report).facts == {"time": "issued", "seconds": round(abs(away).total_seconds())}


def test_what_was_done_before_is_not_later_than_the_timestamp(world: World, tmp_path: Path, trust: TrustStore) -> None:
    facts = dataclasses.replace(world.lay_out(tmp_path / "b"), wipe_started=stamp(100_000), wipe_ended="")
    issue_statement(tmp_path / "b", facts, world.agent, trust)
    at = parse_time(facts.issued)
    # The statement promises no timestamp, so that is told too; here only what the check itself says counts.
    (tmp_path / "b" / TIMESTAMP).write_bytes(AUTHORITY.stamp((tmp_path / "b" / STATEMENT).read_bytes(), at))
    assert check(verify_bundle(tmp_path / "b", trust)).facts["time"] == "wipe_started"


def test_the_timestamp_of_another_statement_is_refused(world: World, tmp_path: Path, trust: TrustStore) -> None:
    timestamped(world, tmp_path / "one", trust)
    timestamped(world, tmp_path / "two", trust, destination="elsewhere")
    (tmp_path / "one" / TIMESTAMP).write_bytes((tmp_path / "two" / TIMESTAMP).read_bytes())
    report = verify_bundle(tmp_path / "one", trust)
    assert (report.result, check(report).code) == (Result.FAIL, "timestamp-imprint")


def test_where_no_authority_is_trusted_a_timestamp_is_as_good_as_none(
    world: World, tmp_path: Path, trust: TrustStore
) -> None:
    timestamped(world, tmp_path / "b", trust)
    report = verify_bundle(tmp_path / "b", world.trust)
    assert (report.result, check(report).code) == (Result.PASS, "authorities-unknown")
    assert check(report).status is Status.NOT_CHECKABLE
    assert report.proven is None


def test_makers_and_agents_vouch_for_no_time(world: World, tmp_path: Path, trust: TrustStore) -> None:
    timestamped(world, tmp_path / "b", trust)
    mixed = dataclasses.replace(trust, authorities=(world.maker.root,), makers=(*trust.makers, AUTHORITY.root))
    assert check(verify_bundle(tmp_path / "b", mixed)).code == "certificate-chain"
