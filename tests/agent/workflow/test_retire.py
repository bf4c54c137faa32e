"""Whole cases against a simulated terminal in this process."""

import base64
import json
import sqlite3
from dataclasses import replace

import pyrage
import pytest

from agent.errors import (
    AgentError,
    ExitCode,
    LinkFault,
    PreconditionNotMet,
    TerminalRefused,
    UsageFault,
    VerificationFailed,
)
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.ledger.store import CaseState, Ledger
from agent.policy import Policy, WorkOrder
from agent.secret import Secret
from agent.workflow.retire import retire, trust_folders
from agent.workflow.table import RETIREMENT, UNBINDING


def retired(desk, **changes):
    return retire(desk.asking(**changes), desk.events.append)


def recorded(desk):
    with Ledger.open(desk.home) as ledger:
        case = ledger.cases()[0]
        return case, ledger.entries(case.case)


def stopped(desk, kind, code, **changes):
    """Run a case that must stop before anything is changed, and check that nothing was."""
    before = (desk.state / "flash.img").read_bytes()
    with pytest.raises(kind) as fault:
        retired(desk, **changes)
    assert fault.value.code == code
    assert (desk.state / "flash.img").read_bytes() == before
    assert not desk.out.exists() or list(desk.out.iterdir()) == []
    return fault.value


def test_a_terminal_is_retired_and_the_bundle_verifies(desk):
    outcome = retired(desk)
    assert outcome.result is Result.PASS
    assert outcome.exit_code is ExitCode.DONE
    assert outcome.records == 40
    assert (outcome.evidence_level, outcome.pending, outcome.cause) == (2, (), None)
    assert desk.steps_done == [*[step.name for step in RETIREMENT], "bundle"]
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    report = verify_bundle(outcome.bundle, trust)
    assert report.result is Result.PASS
    case, entries = recorded(desk)
    assert (case.state, case.result, case.folder) == (CaseState.CLOSED, "PASS", str(outcome.bundle))
    assert [entry.step for entry in entries if entry.event == "DONE"] == [*[step.name for step in RETIREMENT], "bundle"]


def test_i7_an_intent_is_in_the_ledger_before_its_act(desk):
    seen = {}

    def report(event):
        told = event.as_json()
        if told["event"] == "step" and told["state"] == "started":
            with sqlite3.connect(desk.home / "ledger.sqlite3") as other:
                rows = other.execute("SELECT step, event FROM journal ORDER BY sequence DESC LIMIT 1").fetchall()
            seen[told["step"]] = rows[0]

    retire(desk.request, report)
    for step in RETIREMENT:
        assert seen[step.name] == (step.name, "INTENT")


def test_i4_no_secret_is_in_anything_that_was_written_or_told(desk):
    outcome = retired(desk)
    planted = {desk.announced["password"], desk.announced["merchant_number"]}
    told = json.dumps([event.as_json() for event in desk.events]) + repr(outcome) + repr(desk.request)
    written = [path.read_bytes() for path in (*desk.home.rglob("*"), *desk.out.rglob("*")) if path.is_file()]
    merchant, password = desk.announced["merchant_number"], desk.announced["password"]
    assert merchant.encode() not in b"".join(written)
    assert not any(f'"{password}"'.encode() in content for content in written)
    assert password not in told
    assert len(planted) == 2


def test_i4_the_password_is_in_no_journal_entry_of_a_refused_case(desk):
    wrong = "907613"
    assert wrong != desk.announced["password"]
    with pytest.raises(TerminalRefused):
        retired(desk, password=Secret(wrong))
    _, entries = recorded(desk)
    assert wrong not in "".join(entry.line().decode() for entry in entries)


def test_i6_a_wrong_password_is_typed_once(desk):
    fault = stopped_by_terminal(desk, "wrong-password", password=Secret("907613"))
    assert fault.facts["attempts_left"] == 2
    presses = [
        json.loads(line) for line in (desk.state / "record.jsonl").read_text().splitlines() if "KEY_PRESS" in line
    ]
    typed_digits = 15 + 6
    assert len(presses) < 2 * typed_digits, "the password was typed once, not again"


def test_i6_the_case_stops_before_the_last_attempt(desk):
    for left in (2, 1):
        assert stopped_by_terminal(desk, "wrong-password", password=Secret("907613")).facts["attempts_left"] == left
    desk.events.clear()
    stopped(desk, PreconditionNotMet, "password-attempts-too-few")
    assert desk.steps_done == [], "it is noticed by the inspection, before the long export"


def stopped_by_terminal(desk, code, **changes):
    with pytest.raises(TerminalRefused) as fault:
        retired(desk, **changes)
    assert fault.value.code == code
    case, _ = recorded(desk)
    assert case.state is CaseState.STOPPED
    return fault.value


def test_a_case_that_was_refused_can_be_done_afterwards(desk):
    stopped_by_terminal(desk, "wrong-password", password=Secret("907613"))
    assert retired(desk).result is Result.PASS


def test_another_merchants_number_is_never_typed(desk):
    stopped(desk, TerminalRefused, "wrong-merchant-number", merchant_number="999290054110000")


def test_an_unsettled_batch_is_refused_by_default(desk_of):
    desk = desk_of(unsettled=2)
    assert stopped(desk, PreconditionNotMet, "unsettled-batch").facts["count"] == 2


def test_i1_wrong_totals_end_the_case_before_anything_is_changed(desk_of):
    desk = desk_of(faults=["wrong-totals"])
    fault = stopped(desk, VerificationFailed, "export-totals")
    assert fault.exit_code is ExitCode.VERIFICATION
    assert "unbind" not in desk.steps_done


def test_i1_a_waived_export_stands_in_the_statement(desk_of):
    desk = desk_of(faults=["wrong-totals"])
    outcome = retired(desk, policy=Policy(waive_export_reason="totals of this firmware are wrong (TEST)"))
    assert outcome.result is Result.PASS
    assert "export-waived" in {finding.code for finding in outcome.statement_findings}
    statement = json.loads((outcome.bundle / "intent.json").read_bytes())
    assert statement["waivers"] == {"export-verification": "totals of this firmware are wrong (TEST)"}


@pytest.mark.parametrize("fault", ["lies-about-wipe", "skips-region=2", "skips-region=5"])
def test_i5_a_wipe_that_left_data_is_signed_as_fail(desk_of, fault):
    desk = desk_of(faults=[fault])
    outcome = retired(desk)
    assert outcome.result is Result.FAIL
    assert outcome.exit_code is ExitCode.VERIFICATION
    assert "region-not-blank" in {finding.code for finding in outcome.findings}
    assert json.loads((outcome.bundle / "journal.jsonl").read_bytes().splitlines()[-1])["step"] == "bundle"


def test_i9_a_terminal_that_turned_into_another_is_signed_as_fail(desk_of):
    desk = desk_of(faults=["swap-identity"])
    outcome = retired(desk)
    assert outcome.result is Result.FAIL
    assert isinstance(outcome.cause, AgentError)
    assert outcome.cause.code == "terminal-swapped"


def test_i9_a_terminal_that_is_not_on_the_order_stops_the_case_and_is_recorded(desk):
    order = WorkOrder(number="W-1", tusn=("9999990299999999",))
    stopped(desk, PreconditionNotMet, "tusn-not-listed", work_order=order)
    case, entries = recorded(desk)
    assert (case.tusn, case.state) == (desk.announced["tusn"], CaseState.STOPPED)
    assert entries[-1].facts["error"] == "tusn-not-listed"


def test_i9_a_listed_terminal_is_retired(desk):
    order = WorkOrder(number="W-1", tusn=(desk.announced["tusn"],), platform_reference="TEST-77")
    outcome = retired(desk, work_order=order)
    assert outcome.result is Result.PASS
    assert "platform-pending" not in {finding.code for finding in outcome.findings}


def test_the_policy_can_demand_the_platforms_approval(desk):
    policy = Policy(platform_approval=True)
    stopped(desk, PreconditionNotMet, "platform-approval-missing", policy=policy)
    order = WorkOrder(number="W-1", platform_reference="TEST-77")
    assert retired(desk, policy=policy, work_order=order).result is Result.PASS


@pytest.mark.parametrize(
    ("fault", "code"), [("low-battery=5", "battery-low"), ("tamper", "tampered"), ("unknown-model", "unknown-model")]
)
def test_a_terminal_that_is_not_fit_stops_the_case(desk_of, fault, code):
    stopped(desk_of(faults=[fault]), PreconditionNotMet, code)


def test_an_unknown_maker_stops_the_case_unless_the_policy_is_content_with_less(desk):
    stopped(desk, PreconditionNotMet, "maker-not-trusted", trust_dirs=())
    outcome = retired(desk, trust_dirs=(), policy=Policy(minimum_evidence_level=0))
    assert outcome.evidence_level == 0
    assert outcome.result is Result.UNKNOWN


def test_a_person_can_say_no(desk):
    stopped(desk, PreconditionNotMet, "not-confirmed", confirm=lambda summary: summary.identity.tusn == "")


def test_i10_a_recipient_that_is_no_key_stops_before_the_line_is_opened(desk):
    with pytest.raises(UsageFault):
        retired(desk, recipients=("age1nokey",))
    assert desk.events == []


def test_nobody_on_the_line_leaves_nothing_behind(desk):
    with pytest.raises(LinkFault):
        retired(desk, target="tcp://127.0.0.1:1")
    assert list(desk.out.iterdir()) == []


def test_an_out_folder_in_the_way_of_a_file_is_one_clear_error(desk):
    desk.out.write_text("in the way")
    with pytest.raises(PreconditionNotMet) as fault:
        retired(desk)
    assert fault.value.code == "bundle-unwritable"


def test_a_home_without_a_key_gets_one_that_says_so(desk):
    for path in (desk.home / "keys").glob("agent.*"):
        path.unlink()
    outcome = retired(desk)
    assert outcome.result is Result.PASS
    assert "agent-key-self-signed" in {finding.code for finding in outcome.findings}


def test_a_second_retirement_of_the_same_terminal_finds_nothing_left_to_unbind(desk):
    assert retired(desk).result is Result.PASS
    second = retired(desk)
    assert (second.result, second.records, second.undone) == (Result.PASS, 0, ())
    assert "merchant-unconfirmed" in {finding.code for finding in second.findings}
    order = WorkOrder(number="W-1", merchant_number=desk.announced["merchant_number"])
    assert retired(desk, work_order=order).result is Result.UNKNOWN


def test_i9_a_terminal_that_is_swapped_before_the_wipe_is_not_wiped(desk, monkeypatch):
    from agent.drivers.pmp import PmpDriver

    genuine, asked = PmpDriver.identity, []

    def identity(driver):
        asked.append(True)
        found = genuine(driver)
        return found if len(asked) < 4 else replace(found, key_fingerprint=b"o" * 32)

    monkeypatch.setattr(PmpDriver, "identity", identity)
    outcome = retired(desk)
    assert outcome.result is Result.FAIL
    assert outcome.cause.code == "terminal-swapped"
    assert "WIPE_START" not in (desk.state / "record.jsonl").read_text()


def test_i7_an_earlier_case_that_was_cut_off_is_named(desk):
    with Ledger.open(desk.home) as ledger:
        ledger.open_case("R-EARLIER", "2026-11-21T00:00:00.000Z")
        ledger.set_terminal("R-EARLIER", desk.announced["tusn"], "haike-h60")
        ledger.set_folder("R-EARLIER", desk.out / "R-EARLIER.partial")
    outcome = retired(desk)
    assert "earlier-case-open" in {finding.code for finding in outcome.findings}


def test_an_approval_of_blanks_is_none(desk):
    order = WorkOrder(number="W-1", platform_reference="  ")
    stopped(
        desk, PreconditionNotMet, "platform-approval-missing", policy=Policy(platform_approval=True), work_order=order
    )


def test_a_terminal_is_unbound_without_being_wiped(desk):
    outcome = retired(desk, wipe=False)
    assert outcome.result is Result.PASS
    assert (outcome.regions_blank, outcome.bytes_wiped) == (0, 0)
    assert desk.steps_done == [*[step.name for step in UNBINDING], "bundle"]
    report = verify_bundle(outcome.bundle, TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs)))
    assert report.result is Result.PASS
    assert {check.id for check in report.checks} >= {"act", "not-wiped", "bindings-after"}
    assert "wipe" not in {check.id for check in report.checks}
    assert report.statement["sanitization"]["method"] is None
    assert "not-wiped" in {gap["code"] for gap in report.statement["not_checked"]}
    # and what was left can be wiped in a case of its own
    assert retired(desk).result is Result.PASS


def test_a_binding_that_is_not_as_ordered_or_listed_is_a_finding_without_its_value(desk):
    order = WorkOrder(
        number="W-1",
        bindings={"settlement_account": "6217990000000000000", "merchant_number": desk.announced["merchant_number"]},
        platform_bindings={"acquirer_code": "99900000", "no_such_binding": "1"},
    )
    outcome = retired(desk, work_order=order)
    found = [(each.facts["name"], each.facts["source"]) for each in outcome.findings if each.code == "binding-differs"]
    assert found == [
        ("settlement_account", "work order"),
        ("acquirer_code", "platform"),
        ("no_such_binding", "platform"),
    ]
    assert b"6217990000000000000" not in (outcome.bundle / "statement.dsse.json").read_bytes()


def test_the_order_of_another_merchant_stops_the_case(desk):
    order = WorkOrder(number="W-1", merchant_number="999290054110000")
    stopped(desk, PreconditionNotMet, "merchant-number-not-ordered", work_order=order)


def test_how_long_the_export_is_kept_stands_in_export_journal_and_statement(desk):
    policy = Policy(export_retention_days=30, export_retention_basis="dispute period (TEST)")
    outcome = retired(desk, policy=policy)
    envelope = json.loads((outcome.bundle / "statement.dsse.json").read_bytes())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    retention = statement["predicate"]["backup"]["retention"]
    assert retention["basis"] == "dispute period (TEST)"
    plain = pyrage.decrypt((outcome.bundle / "export.age").read_bytes(), [desk.owner])
    assert json.dumps(retention, separators=(",", ":"), sort_keys=True).encode() in plain
    assert retention["until"].encode() in (outcome.bundle / "journal.jsonl").read_bytes()
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    assert verify_bundle(outcome.bundle, trust).result is Result.PASS
