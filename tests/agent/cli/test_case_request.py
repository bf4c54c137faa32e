"""Gathering the request of a case from the command line, files and a person."""

from dataclasses import replace

import pytest

from agent.cli.case_request import Asking, Confirmation, Given, gather, media_facts
from agent.cli.command import Invocation
from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.facts import NOT_STATED, MediaFacts
from agent.policy import WorkOrder
from agent.secret import Secret
from agent.workflow.request import InspectionSummary, always
from protocols.terminal import Binding, Identity, Status
from protocols.words import BindingKind, BindingState, PowerSource, TamperState
from tests.agent.cli.test_asking import NUMBER, Typist

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
PLANTED = "PLANTED-640117"
GIVEN = Given(merchant=NUMBER, recipients=(RECIPIENT,), yes=True)
SEEN = InspectionSummary(
    Identity("9999990200000007", "HAIKE-TEST", "haike-h60", "B", "HKOS", "3.2.1", "H60-00000007", 1, 0, b"k" * 32),
    Status(TamperState.INTACT, PowerSource.MAINS, 90, True, False, 0, 0, 0, 3, False, ()),
    (Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", NUMBER),),
)


@pytest.fixture
def password_file(tmp_path):
    file = tmp_path / "password"
    file.write_text(PLANTED + "\n")
    file.chmod(0o600)
    return str(file)


@pytest.fixture
def invocation(desk, tmp_path):
    def make(**options):
        it = desk(**options)
        return it, Invocation(it.reporter, tmp_path / "home", 3)

    return make


def test_the_request_holds_what_was_given(invocation, password_file, tmp_path):
    order = tmp_path / "order.toml"
    order.write_text(f'merchant_number = "{NUMBER}"\nreason = "closed"\nrecipients = ["{RECIPIENT}", "age1other"]\n')
    given = Given(
        recipients=(RECIPIENT,), work_order=str(order), operator="op", trust=("t",), profiles=("p",), yes=True
    )
    request = gather(invocation()[1], "tcp://x:1", given, (password_file, False), Typist(there=False))
    assert request.merchant_number == NUMBER
    assert request.reason == "closed"
    assert request.recipients == (RECIPIENT, "age1other")
    assert request.operator == "op"
    assert request.password.reveal() == PLANTED
    assert request.confirm is always
    assert [path.name for path in (*request.trust_dirs, *request.profile_dirs)] == ["t", "p"]


def test_the_command_line_names_an_authority_instead_of_the_policys(invocation, password_file, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text('timestamp = "require"\ntimestamp_authority = "https://a.example/"\n')
    for url in (None, "https://b.example/"):
        given = replace(GIVEN, policy=str(policy), timestamp_authority=url)
        request = gather(invocation()[1], "tcp://x:1", given, (password_file, False), Typist(there=False))
        assert (request.policy.timestamp, request.policy.timestamp_authority) == (
            "require",
            url or "https://a.example/",
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipients": ()}, "recipient-missing"),
        ({"yes": False}, "confirmation-needed"),
        ({"merchant": None}, "merchant-number-missing"),
        ({"policy": "no-such-file.toml"}, "policy-unreadable"),
        ({"work_order": "no-such-file.toml"}, "work-order-unreadable"),
        ({"reason": "a\nb"}, "option-text"),
        ({"reason": "x" * 501}, "option-text"),
        ({"operator": "\udc80"}, "option-text"),
        ({"reason": "card 6200 0000 0000 0005"}, "text-with-card-number"),
        ({"operator": "password=x1"}, "text-with-card-number"),
        ({"destination": "4111111111111111"}, "text-with-card-number"),
        ({"property_number": "a\nb"}, "option-text"),
        ({"out": "bundles\udcff"}, "option-path"),
    ],
)
def test_what_is_missing_is_said_before_the_line_is_opened(invocation, password_file, change, code):
    with pytest.raises((UsageFault, PreconditionNotMet)) as fault:
        gather(invocation()[1], "t", replace(GIVEN, **change), (password_file, False), Typist(there=False))
    assert fault.value.code == code


@pytest.mark.parametrize("option", ["--reason", "--operator", "--out", "--home"])
def test_i10_a_text_that_no_evidence_can_hold_is_refused_with_its_option(posretire, password_file, option):
    words = ["retire", "tcp://127.0.0.1:1", "--merchant", NUMBER, "--recipient", RECIPIENT, "--yes", "--json"]
    said = posretire(*words, "--password-file", password_file, option, "a\udc80")
    assert said.code == 2
    assert said.document["error"] == ("option-text" if option in ("--reason", "--operator") else "option-path")
    assert said.document["facts"] == {"option": option}


@pytest.mark.parametrize(("login", "operator"), [("clerk", "clerk"), ("a\nb", ""), ("\udc80", "")])
def test_the_user_is_the_operator_where_the_name_is_plain(invocation, password_file, monkeypatch, login, operator):
    monkeypatch.setattr("getpass.getuser", lambda: login)
    request = gather(invocation()[1], "t", GIVEN, (password_file, False), Typist(there=False))
    assert request.operator == operator


def test_without_yes_a_person_is_asked(invocation, password_file):
    request = gather(invocation()[1], "t", replace(GIVEN, yes=False), (password_file, False), Typist())
    assert isinstance(request.confirm, Confirmation)


@pytest.mark.parametrize(
    ("typed", "answer"), [("0007", True), ("", False), ("y", False), ("7000", False), ("9999990200000007", False)]
)
def test_only_the_last_four_digits_of_the_tusn_go_on(invocation, typed, answer):
    it, asked = invocation(console=True)
    typist = Typist(typed)
    assert Confirmation(asked, typist)(SEEN) is answer
    assert "9999990200000007" in it.out
    assert NUMBER not in it.out
    assert "4" in typist.questions[0]


def test_i4_what_was_gathered_is_forgotten_where_the_rest_is_missing(invocation, password_file, monkeypatch):
    held = []

    def make(text):
        held.append(Secret(text))
        return held[-1]

    monkeypatch.setattr("agent.cli.asking.Secret", make)
    given = replace(GIVEN, operator_password_file=password_file, second_password_file="missing")
    with pytest.raises(UsageFault) as fault:
        gather(invocation()[1], "t", given, (password_file, False), Typist(there=False))
    assert fault.value.code == "password-unreadable"
    assert len(held) == 2
    assert not any(held)


def test_i4_what_was_said_on_the_way_is_forgotten_at_the_end(invocation, password_file):
    it, _ = invocation()
    asking = Asking(password_file, Typist("1234", there=True), it.reporter)
    said = [asking("code"), asking("second_password")]
    assert [each.reveal() for each in said] == [PLANTED, "1234"]
    asking.forget()
    assert not any(said)


def test_what_the_certificate_asks_for_comes_from_the_command_line_or_the_order():
    order = WorkOrder(property_number="INV-7", destination="scrap", confidentiality_before=" internal ")
    assert media_facts(GIVEN, None) == MediaFacts()
    said = media_facts(replace(GIVEN, destination="reuse", media_source="shop 12"), order)
    assert said == MediaFacts("INV-7", "shop 12", "internal", NOT_STATED, "reuse")


def test_i4_a_card_number_in_a_work_order_is_refused(invocation, password_file, tmp_path):
    order = tmp_path / "order.toml"
    order.write_text('destination = "to the owner of 6200000000000005"', encoding="utf-8")
    with pytest.raises(UsageFault) as fault:
        gather(invocation()[1], "t", replace(GIVEN, work_order=str(order)), (password_file, False), Typist(there=False))
    assert (fault.value.code, fault.value.facts["what"]) == ("text-with-card-number", "--work-order")
