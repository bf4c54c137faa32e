"""What has to be given again to take a case up, and what is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.cli.case_request import Confirmation, Given
from agent.cli.command import Invocation
from agent.cli.resume_request import gather_again
from agent.errors import PreconditionNotMet, UsageFault
from agent.ledger.store import CaseRecord, CaseState
from agent.operators import Operator, Operators
from agent.passwords import Cost, keep
from agent.policy import Policy, WorkOrder
from agent.secret import Secret
from agent.workflow.recall import Recollection
from agent.workflow.request import always
from agent.workflow.request_record import RequestRecord
from agent.workflow.resume import Resumable
from agent.workflow.table import RETIREMENT
from tests.agent.cli.test_asking import NUMBER, Typist

KEPT = RequestRecord(
    target="tcp://127.0.0.1:4000",
    out=Path("out"),
    recipients=("age1test",),
    trust_dirs=(Path("kept-trust"),),
    profile_dirs=(),
    policy=Policy(),
    work_order=None,
    reason="closed",
    operator="first",
    wipe=True,
    by_hand=False,
    rebinds=False,
)
RECORD = CaseRecord("R-1", "9999990200000007", "haike-h60", "2026-11-25T00:00:00.000Z", CaseState.OPEN, "", "out/R-1")
NOBODY = Typist(there=False)


def found(*done, **kept):
    return Resumable(RECORD, replace(KEPT, **kept), Recollection(done={name: {} for name in done}))


def until(last):
    names = [step.name for step in RETIREMENT]
    return names[: names.index(last) + 1]


@pytest.fixture
def invocation(desk, tmp_path):
    return Invocation(desk().reporter, tmp_path / "home", 0)


@pytest.fixture
def password_file(tmp_path):
    file = tmp_path / "password"
    file.write_text("PLANTED-640117\n")
    file.chmod(0o600)
    return str(file), False


def test_after_the_unbinding_nothing_has_to_be_given_again(invocation):
    request = gather_again(invocation, found(*until("unbind")), None, Given(trust=("more",)), (None, False), NOBODY)
    assert (request.target, request.out, request.recipients) == (KEPT.target, KEPT.out, KEPT.recipients)
    assert (request.merchant_number, bool(request.password)) == ("", False)
    assert [path.name for path in request.trust_dirs] == ["kept-trust", "more"]
    assert (request.operator, request.confirm) == ("first", always)


def test_the_timestamp_authority_is_kept_and_can_be_another(invocation):
    case = found(*until("unbind"), policy=Policy(timestamp_authority="https://a.example/", timestamp="require"))
    for url in (None, "https://b.example/"):
        request = gather_again(invocation, case, None, Given(timestamp_authority=url), (None, False), NOBODY)
        assert (request.policy.timestamp, request.policy.timestamp_authority) == (
            "require",
            url or "https://a.example/",
        )


def test_before_it_merchant_number_and_password_are_given_again(invocation, password_file):
    case = found(*until("intent"))
    with pytest.raises(UsageFault) as fault:
        gather_again(invocation, case, None, Given(), password_file, NOBODY)
    assert fault.value.code == "merchant-number-missing"
    with pytest.raises(UsageFault) as fault:
        gather_again(invocation, case, None, Given(merchant=NUMBER), (None, False), NOBODY)
    assert fault.value.code == "password-missing"
    request = gather_again(
        invocation, case, "serial:COM4", Given(merchant=NUMBER, operator="second"), password_file, NOBODY
    )
    assert (request.target, request.merchant_number, request.operator) == ("serial:COM4", NUMBER, "second")
    assert request.password.reveal() == "PLANTED-640117"


def test_a_case_that_begins_anew_is_confirmed_anew(invocation, password_file):
    given = Given(merchant=NUMBER)
    with pytest.raises(PreconditionNotMet) as fault:
        gather_again(invocation, found(), None, given, password_file, NOBODY)
    assert fault.value.code == "confirmation-needed"
    there = gather_again(invocation, found(), None, given, password_file, Typist())
    assert isinstance(there.confirm, Confirmation)
    assert gather_again(invocation, found(), None, replace(given, yes=True), password_file, NOBODY).confirm is always


def test_a_work_order_is_given_again_where_its_bindings_are_needed(invocation, password_file, tmp_path):
    kept = WorkOrder(number="WO-1", authorisation="letter 7")
    given = Given(merchant=NUMBER, yes=True)
    with pytest.raises(UsageFault) as fault:
        gather_again(invocation, found(work_order=kept), None, given, password_file, NOBODY)
    assert fault.value.code == "work-order-again"
    later = gather_again(invocation, found(*until("wipe"), work_order=kept), None, Given(), (None, False), NOBODY)
    assert later.work_order == kept

    order = tmp_path / "order.toml"
    for number, right in (("WO-1", True), ("WO-2", False)):
        order.write_text(f'number = "{number}"\nmerchant_number = "{NUMBER}"\n')
        again = replace(given, merchant=None, work_order=str(order))
        if right:
            request = gather_again(invocation, found(work_order=kept), None, again, password_file, NOBODY)
            assert request.work_order is not None
            assert request.work_order.merchant_number == NUMBER
            continue
        with pytest.raises(UsageFault) as fault:
            gather_again(invocation, found(work_order=kept), None, again, password_file, NOBODY)
        assert fault.value.code == "work-order-differs"


def test_guided_needs_a_person(invocation):
    with pytest.raises(UsageFault) as fault:
        gather_again(invocation, found(*until("unbind")), None, Given(guided=True), (None, False), NOBODY)
    assert fault.value.code == "guided-alone"


def test_whoever_takes_a_case_up_says_who_they_are(invocation):
    again = Given(merchant=NUMBER, yes=True)
    left = found(*until("unbind"))
    assert gather_again(invocation, left, None, again, (None, False), NOBODY).operator == "first"
    operators = Operators(invocation.home, lambda password: keep(password, Cost(16, 1, 1)))
    operators.add(Operator("a1", "First"), Secret("made up 640117"))
    operators.add(Operator("b2", "Second"))
    with pytest.raises(UsageFault) as fault:  # a name of before is nobody's ID
        gather_again(invocation, left, None, again, (None, False), NOBODY)
    assert fault.value.code == "operator-unknown"
    kept = found(*until("unbind"), operator="First", operator_id="a1")
    with pytest.raises(PreconditionNotMet) as missing:  # having logged in once does not count for the second time
        gather_again(invocation, kept, None, again, (None, False), NOBODY)
    assert missing.value.code == "operator-login-missing"
    taken_up = gather_again(invocation, kept, None, again, (None, False), Typist("made up 640117"))
    assert (taken_up.operator, taken_up.person.id, taken_up.person.login) == ("First", "a1", "password")
    other = gather_again(invocation, kept, None, replace(again, operator="b2"), (None, False), NOBODY)
    assert (other.operator, other.person.id, other.person.login) == ("Second", "b2", "")
