"""Proofs out of the log in a bundle: every byte of them counts, and none can be another's."""

import dataclasses
import hashlib
import shutil

import pytest

from agent.evidence.attachments import Attached
from agent.evidence.bundle import INTENT_LOGGED, STATEMENT_LOGGED, read_bundle
from agent.evidence.caselog.entries import intent_entry, statement_entry
from agent.evidence.caselog.keys import LogKey
from agent.evidence.caselog.log import CaseLog
from agent.evidence.caselog.proof import write_proof
from agent.evidence.checks.log import LOG_CHECKS, check_log_statement
from agent.evidence.checks.table import Examined, Status, run_check
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.facts import Result
from agent.evidence.intent import INTENT, parse_intent
from agent.evidence.issue import issue_statement
from agent.evidence.job import digest_of
from agent.evidence.journal import JOURNAL, read_journal
from agent.evidence.material import Material
from agent.evidence.statement import read_statement
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle, verify_files
from tests.agent.evidence.made import chain, stamp


class Logger:
    """Enters a statement, as the workflow's does."""

    name = STATEMENT_LOGGED

    def __init__(self, log):
        self.log = log

    def make(self, envelope):
        predicate = read_statement(open_envelope(envelope).payload).predicate
        (proof,) = self.log.append([statement_entry(predicate, digest_of(envelope)).data()])
        return write_proof(proof)


def lay_out(world, folder, log):
    """Lay out a case whose intent is in a log, and whose journal names the proof."""
    facts = world.lay_out(folder)
    data = (folder / INTENT).read_bytes()
    intent = parse_intent(data)
    (proof,) = log.append([intent_entry(intent.case, digest_of(data), intent.time).data()])
    (folder / INTENT_LOGGED).write_bytes(write_proof(proof))
    vkey = log.key.vkey.text
    journal(folder, {"proof": digest_of(write_proof(proof)), "vkey": vkey})
    return dataclasses.replace(facts, log_key=vkey)


def journal(folder, logged):
    """Write the journal anew with what its intent says of the log."""
    lines = read_journal((folder / JOURNAL).read_bytes())
    rows = [(each.event, each.step, dict(each.facts)) for each in lines]
    for event, step, facts in rows:
        if (event, step) == ("DONE", "intent"):
            facts["log"] = logged
    (folder / JOURNAL).write_bytes(b"".join(entry.line() + b"\n" for entry in chain(rows)))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    log = CaseLog(tmp_path_factory.mktemp("log"))
    log.extend([b'{"other":%d}' % at for at in range(5)])
    return log


@pytest.fixture(scope="module")
def sound(world, log, tmp_path_factory):
    """A bundle of a case that is in the log with both of its entries."""
    folder = tmp_path_factory.mktemp("sound") / "bundle"
    facts = lay_out(world, folder, log)
    issued = issue_statement(folder, facts, world.agent, world.trust, [Logger(log)])
    assert issued.result is Result.PASS, issued.findings
    return folder


def codes(report):
    return {check.id: check.code for check in report.checks}


def test_both_proofs_hold_and_the_statement_says_where(world, log, sound):
    report = verify_bundle(sound, world.trust)
    assert report.accepted
    assert {"log-intent", "log-statement"} <= codes(report).keys()
    part = report.statement["log"]
    assert part == {"origin": log.key.vkey.name, "vkey": log.key.vkey.text, "intent_index": 5}


@pytest.mark.parametrize("name", [INTENT_LOGGED, STATEMENT_LOGGED])
def test_every_flipped_byte_of_a_proof_is_refused(world, sound, name):
    files = read_bundle(sound)
    data = files.content(name)
    trust = world.trust
    for at in range(len(data)):
        bent = bytearray(data)
        bent[at] ^= (0x01, 0x20, 0x80)[at % 3]  # every bit is the tests of the proof itself
        file = dataclasses.replace(files.entry(name), head=bytes(bent), sha256=hashlib.sha256(bent).hexdigest())
        changed = dataclasses.replace(files, files={**files.files, name: file})
        codes = [check.code for check in checks_of(changed, trust) if check.status is Status.FAILED]
        assert any(code.startswith("log-") for code in codes), at
    assert len(data) > 300


def checks_of(files, trust):
    """The two checks alone: the rest of a verification would take its time for every byte."""
    material = Material(files, trust)
    envelope = files.content(STATEMENT)
    statement = read_statement(open_envelope(envelope).payload)
    examined = Examined(material, statement.facts.issued, None, None, statement.facts.log_key)
    yield run_check("log-intent", lambda: LOG_CHECKS[0][1](examined))
    yield run_check("log-statement", lambda: check_log_statement(Attached(material, envelope, statement)))


@pytest.mark.parametrize("name", [INTENT_LOGGED, STATEMENT_LOGGED])
def test_a_proof_cannot_be_taken_away_or_be_another_s(world, log, sound, tmp_path, name):
    folder = tmp_path / "bundle"
    shutil.copytree(sound, folder)
    (folder / name).unlink()
    assert verify_bundle(folder, world.trust).result is Result.FAIL
    other = INTENT_LOGGED if name == STATEMENT_LOGGED else STATEMENT_LOGGED
    shutil.copy(folder / other, folder / name)
    report = verify_bundle(folder, world.trust)
    assert report.result is Result.FAIL
    own = "log-intent" if name == INTENT_LOGGED else "log-statement"
    assert codes(report)[own] == "log-entry-differs"


def test_a_bundle_of_before_there_was_a_log_stays_sound(world, tmp_path):
    folder = tmp_path / "bundle"
    facts = world.lay_out(folder)
    issue_statement(folder, facts, world.agent, world.trust)
    report = verify_bundle(folder, world.trust)
    assert report.accepted
    assert "log" not in report.statement
    assert not {"log-intent", "log-statement"} & codes(report).keys()


def trusting(world, tmp_path, vkey):
    (tmp_path / "trust" / "logs").mkdir(parents=True)
    (tmp_path / "trust" / "logs" / "auditor.vkey").write_text(vkey.text + "\n")
    return TrustStore.load([world.home / "trust", tmp_path / "trust"])


def test_where_logs_are_trusted_another_one_is_refused(world, log, sound, tmp_path):
    assert verify_bundle(sound, trusting(world, tmp_path / "a", log.key.vkey)).accepted
    report = verify_bundle(sound, trusting(world, tmp_path / "b", LogKey.of(tmp_path, make=True).vkey))
    assert report.result is Result.FAIL
    assert codes(report)["log-intent"] == codes(report)["log-statement"] == "log-unknown-key"


def test_a_statement_that_names_another_key_is_refused_by_its_issuer(world, log, tmp_path):
    folder = tmp_path / "bundle"
    facts = lay_out(world, folder, log)
    other = LogKey.of(tmp_path, make=True).vkey
    issued = issue_statement(folder, dataclasses.replace(facts, log_key=other.text), world.agent, world.trust)
    assert issued.result is Result.FAIL
    assert "log-other-key" in {finding.code for finding in issued.findings}


@pytest.mark.parametrize("key", ["", "no key"])
def test_a_statement_without_a_key_for_its_proof_is_refused(world, log, tmp_path, key):
    folder = tmp_path / "bundle"
    facts = lay_out(world, folder, log)
    issued = issue_statement(folder, dataclasses.replace(facts, log_key=key), world.agent, world.trust)
    assert issued.result is Result.FAIL
    assert "log-vkey" in {finding.code for finding in issued.findings}


def test_a_proof_of_another_intent_is_refused(world, log, tmp_path):
    folder = tmp_path / "bundle"
    facts = lay_out(world, folder, log)
    (proof,) = log.append([intent_entry("R20260504-OTHER1", "ab" * 32, stamp(60)).data()])
    (folder / INTENT_LOGGED).write_bytes(write_proof(proof))
    issued = issue_statement(folder, facts, world.agent, world.trust)
    assert "log-entry-differs" in {finding.code for finding in issued.findings}


def test_a_proof_that_the_journal_does_not_name_is_refused(world, log, tmp_path):
    folder = tmp_path / "bundle"
    facts = lay_out(world, folder, log)
    journal(folder, {"proof": "ab" * 32, "vkey": facts.log_key})
    issued = issue_statement(folder, facts, world.agent, world.trust)
    assert "log-not-journaled" in {finding.code for finding in issued.findings}


def test_a_statement_that_was_logged_before_its_intent_is_refused(world, sound):
    files = read_bundle(sound)
    late = read_late(files)
    found = {check.id: check.code for check in checks_of(late, world.trust)}
    assert found["log-statement"] == "log-order"


def read_late(files):
    """Give the intent the statement's own proof: its checkpoint then covers the statement."""
    return dataclasses.replace(files, files={**files.files, INTENT_LOGGED: files.entry(STATEMENT_LOGGED)})


def test_the_whole_of_a_bundle_is_verified_from_memory_too(world, sound):
    assert verify_files(read_bundle(sound), world.trust).accepted
