import dataclasses

import pytest

from agent.evidence.attachments import AttachmentUnavailable
from agent.evidence.bundle import CERTIFICATE, STATEMENT_LOGGED
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.statement import read_statement
from agent.evidence.verify import verify_bundle


@dataclasses.dataclass
class Maker:
    """Writes the statement's own bytes behind a mark, or says that it cannot."""

    name: str
    cannot: bool = False
    made: int = 0

    def make(self, envelope):
        self.made += 1
        if self.cannot:
            raise AttachmentUnavailable("log-unwritable", why="gone")
        return b"of " + envelope


def check_of_statement(attached):
    if attached.material.files.content(CERTIFICATE) != b"of " + attached.envelope:
        raise EvidenceRejected("certificate-differs")


@pytest.fixture
def checked(monkeypatch):
    monkeypatch.setattr("agent.evidence.verify.ATTACHED_CHECKS", {CERTIFICATE: ("certificate", check_of_statement)})


def statement_of(folder):
    return read_statement(open_envelope((folder / STATEMENT).read_bytes()).payload)


def codes(report):
    return {check.id: check.code for check in report.checks}


@pytest.fixture
def laid_out(world, tmp_path):
    folder = tmp_path / "bundle"
    return folder, world.lay_out(folder)


def test_what_is_made_of_the_statement_is_promised_by_it_and_bound_to_it(world, laid_out, checked):
    folder, facts = laid_out
    issued = issue_statement(folder, facts, world.agent, world.trust, [Maker(CERTIFICATE)])
    assert issued.result is Result.PASS
    assert statement_of(folder).facts.attachments == (CERTIFICATE,)
    assert codes(verify_bundle(folder, world.trust))["certificate"] == ""
    (folder / CERTIFICATE).write_bytes(b"of another")
    report = verify_bundle(folder, world.trust)
    assert (report.result, codes(report)["certificate"]) == (Result.FAIL, "certificate-differs")


def test_what_is_promised_cannot_be_taken_away_and_nothing_be_put_beside_it(world, laid_out, checked):
    folder, facts = laid_out
    issue_statement(folder, facts, world.agent, world.trust, [Maker(CERTIFICATE)])
    (folder / STATEMENT_LOGGED).write_bytes(b"a proof")
    assert codes(verify_bundle(folder, world.trust))["attachments"] == "attachments-differ"
    (folder / STATEMENT_LOGGED).unlink()
    (folder / CERTIFICATE).unlink()
    report = verify_bundle(folder, world.trust)
    assert (report.result, codes(report)["attachments"]) == (Result.FAIL, "attachments-differ")


def test_what_cannot_be_made_is_not_promised_and_the_statement_says_so(world, laid_out, checked):
    folder, facts = laid_out
    log, page = Maker(STATEMENT_LOGGED, cannot=True), Maker(CERTIFICATE)
    issued = issue_statement(folder, facts, world.agent, world.trust, [log, page])
    assert issued.result is Result.PASS
    assert [finding.code for finding in issued.findings] == ["log-unwritable"]
    assert statement_of(folder).facts.attachments == (CERTIFICATE,)
    assert (log.made, page.made) == (1, 1)
    assert (folder / CERTIFICATE).read_bytes() == b"of " + (folder / STATEMENT).read_bytes()


def test_a_check_that_harms_nobody_leaves_the_result_alone(world, laid_out, monkeypatch):
    def no_authority(_attached):
        raise NotCheckable("authorities-unknown")

    monkeypatch.setattr("agent.evidence.verify.ATTACHED_CHECKS", {CERTIFICATE: ("certificate", no_authority)})
    folder, facts = laid_out
    issue_statement(folder, facts, world.agent, world.trust, [Maker(CERTIFICATE)])
    report = verify_bundle(folder, world.trust)
    assert report.accepted
    assert codes(report)["certificate"] == "authorities-unknown"
