import pytest

from simulators.menus import acts
from simulators.menus.acts import act
from simulators.menus.situation import ListedDevice, Situation
from tests.simulators.menus.behind import CODE, MERCHANT, PASSWORD, FakeTerminal

OWN = ListedDevice("9999990812345678", "本机", is_terminal=True)
PRINTER = ListedDevice("8888880887654321", "打印")


def situation(terminal=None, chosen=OWN, options=None, **answers):
    made = Situation(terminal or FakeTerminal(), (OWN, PRINTER), OWN, "1.0", options or {}, 5.0, answers)
    made.chosen = chosen
    return made


@pytest.mark.parametrize(
    ("step", "goes_on", "leads_away"),
    [
        (acts.terminal_chosen("x"), situation(), situation(chosen=PRINTER)),
        (acts.bound("x"), situation(), situation(FakeTerminal(merchant_number=None))),
        (acts.not_bound("x"), situation(FakeTerminal(merchant_number=None)), situation()),
        (acts.not_pending("x"), situation(), situation(FakeTerminal(pending=True))),
        (acts.not_locked("x"), situation(), situation(FakeTerminal(attempts_left=0))),
        (acts.settled("x"), situation(), situation(FakeTerminal(has_unsettled=True))),
        (acts.signed_on("x"), situation(), situation(FakeTerminal(signed_on=False))),
        (acts.signed_off("x"), situation(FakeTerminal(signed_on=False)), situation()),
        (acts.has_keys("x"), situation(), situation(FakeTerminal(has_keys=False))),
        (acts.same_merchant("x"), situation(merchant_number=MERCHANT), situation(merchant_number="9" * 15)),
        (acts.same_fields("a", "b", "x"), situation(a="1", b="1"), situation(a="1", b="2")),
        (acts.matches("p", "contact.phone", "x"), situation(FakeTerminal(parameters={"contact.phone": "1"}), p="1"),
         situation(p="1")),
        (acts.field_is("operator", "99", "x"), situation(operator="99"), situation(operator="00")),
        (acts.has_sold("x"), situation(FakeTerminal(last_trace=4)), situation()),
        (acts.settle("x"), situation(), situation(FakeTerminal(room=False))),
        (acts.sell("x"), situation(), situation(FakeTerminal(room=False))),
        (acts.void("x"), situation(), situation(FakeTerminal(room=False))),
    ],
)  # fmt: skip
def test_each_check_goes_on_or_leads_away(step, goes_on, leads_away):
    assert step.leads == ("x",)
    assert step.run(goes_on) is None
    assert step.run(leads_away) == "x"


def test_i6_a_password_is_tried_once_and_forgotten():
    step = acts.password("wrong", "locked")
    right = situation(password=PASSWORD)
    assert step.run(right) is None
    wrong = situation(FakeTerminal(attempts_left=2), password="0")
    assert step.run(wrong) == "wrong"
    last = situation(FakeTerminal(attempts_left=1), password="0")
    assert step.run(last) == "locked"
    for each in (right, wrong, last):
        assert each.answers == {}
        assert len(each.terminal.tried) == 1


def test_another_password_from_another_field():
    terminal = FakeTerminal(passwords={"operator.99.password": "7"})
    step = acts.password("wrong", "locked", field="operator_password", parameter="operator.99.password")
    assert step.run(situation(terminal, operator_password="7")) is None


def test_codes():
    step = acts.code("wrong", "expired", "locked")
    assert step.run(situation(code=CODE)) is None
    assert step.run(situation(code="0")) == "wrong"
    assert step.run(situation(FakeTerminal(attempts_left=1), code="0")) == "locked"
    assert step.run(situation(FakeTerminal(code_expired=True), code=CODE)) == "expired"
    sent = situation()
    acts.send_code().run(sent)
    assert sent.terminal.done == [("code", 5.0)]


def test_an_option_takes_another_way():
    both = act(acts.option("second", "code", act(acts.send_code(), "code")), "again")
    assert both.leads == ("code", "again")
    assert both.run(situation(options={"second": "code"})) == "code"
    assert both.run(situation(options={"second": "password"})) == "again"
    assert both.run(situation()) == "again"


def test_deeds():
    terminal = FakeTerminal()
    there = situation(terminal, chosen=PRINTER, new_merchant="9" * 15)
    for step in (acts.choose_own(), acts.submit(), acts.unbind(), acts.bind(), acts.sign_off(), acts.clear_journal()):
        assert step.run(there) is None
    assert terminal.done == [("submit", OWN.number), ("unbind", OWN.number), ("bind", "9" * 15), "clear"]
    assert not terminal.signed_on
    acts.sign_on().run(there)
    assert terminal.signed_on


def test_an_act_without_an_end_stays():
    assert act(acts.bound("x")).run(situation()) is None


def test_a_signature_is_kept():
    terminal = FakeTerminal()
    assert acts.sign().run(situation(terminal)) is None
    assert terminal.done == [("signed",)]
