from types import SimpleNamespace

import pytest

from agent.errors import OutcomeUnknown, VerificationFailed
from agent.workflow.steps import rebind
from protocols.terminal import Binding
from protocols.words import BindingKind, BindingState, TransactionKind

NEW = "999290058121234"


class StubCase:
    def __init__(self, bound=NEW, state=BindingState.BOUND, made=()):
        self.journals = [[], list(made)]
        self.driver = SimpleNamespace(
            bindings=lambda: (Binding(BindingKind.MERCHANT, state, "merchant_number", bound),),
            open_journal=lambda: SimpleNamespace(
                records=len(self.journals[0]), transactions=lambda: iter(self.journals[1])
            ),
        )
        self.request = SimpleNamespace(new_merchant_number=NEW)
        identity = SimpleNamespace(tusn="9999990200000007", label_number="H60-00000007")
        self.inspected = SimpleNamespace(identity=identity, binding_key=b"k" * 32)
        self.known_profile = None
        self.answers = None


@pytest.fixture(autouse=True)
def menu(monkeypatch):
    walked = []
    monkeypatch.setattr(rebind, "carry_out", lambda _case, step, _task, number: walked.append((step, number)))
    return walked


def test_i4_the_new_binding_is_proven_and_recorded_by_keyed_hash(menu):
    evidence = rebind.rebind(StubCase())
    assert menu == [("rebind", NEW)]
    assert evidence["state"] == "bound"
    assert NEW not in str(evidence)


@pytest.mark.parametrize(
    ("bound", "state"), [("999290058129999", BindingState.BOUND), ("", BindingState.UNBOUND)], ids=["another", "none"]
)
def test_a_binding_that_is_not_the_new_one_is_unproven(bound, state):
    with pytest.raises(OutcomeUnknown) as fault:
        rebind.rebind(StubCase(bound, state))
    assert fault.value.code == "rebind-unproven"


def made(kind, amount=1, trace=10, original=0):
    return SimpleNamespace(
        kind=kind, amount=amount, trace=trace, original_trace=original, currency=156, time="2026-11-22T12:00:00+08:00"
    )


SALE = made(TransactionKind.SALE)
VOID = made(TransactionKind.VOID, trace=11, original=10)


def test_the_test_sale_and_its_undoing_stand_in_the_evidence():
    evidence = rebind.test_transaction(StubCase(made=(SALE, VOID)))
    assert [(row["kind"], row["amount"]) for row in evidence["transactions"]] == [("sale", 1), ("void", 1)]


@pytest.mark.parametrize(
    "records",
    [(), (SALE,), (SALE, made(TransactionKind.VOID, trace=11, original=9)), (SALE, VOID, SALE), (VOID, SALE)],
    ids=["none", "not undone", "undoes another", "one too many", "wrong order"],
)
def test_a_sale_that_is_not_undone_is_noticed(records):
    with pytest.raises(VerificationFailed) as fault:
        rebind.test_transaction(StubCase(made=records))
    assert fault.value.code == "test-transaction-missing"
