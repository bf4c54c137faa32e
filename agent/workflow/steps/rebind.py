"""Steps rebind and test-transaction: the next merchant's number, and the proof that the terminal works with it.

Both come after the second attestation: that one shows the terminal unbound, and the journal shows what came after.
"""

from __future__ import annotations

from agent.errors import OutcomeUnknown, VerificationFailed
from agent.evidence.job import binding_hmac
from agent.journal import Fact
from agent.menu.runner import bind, run_test_transaction
from agent.transaction import Transaction
from agent.workflow.case import Case
from agent.workflow.menu_task import carry_out
from agent.workflow.steps.inspect import MERCHANT_NUMBER
from protocols.words import BindingState, TransactionKind

TEST_KINDS = (TransactionKind.SALE, frozenset({TransactionKind.VOID, TransactionKind.REVERSAL}))


def rebind(case: Case) -> dict[str, Fact]:
    """Bind the new merchant number by the menu, and prove it by reading the bindings again.

    Raises:
        OutcomeUnknown: The terminal is bound to another number, or to none, after it said that it was done.
    """
    number = case.request.new_merchant_number
    carry_out(case, "rebind", bind, number)
    return _proven(case)


def _proven(case: Case) -> dict[str, Fact]:
    number = case.request.new_merchant_number
    bound = next((each for each in case.driver.bindings() if each.name == MERCHANT_NUMBER), None)
    if bound is None or bound.state is BindingState.UNBOUND or bound.value != number:
        raise OutcomeUnknown("rebind-unproven")
    return {
        "merchant_number_hmac": binding_hmac(case.inspected.binding_key, MERCHANT_NUMBER, number),
        "state": bound.state.name.lower(),
    }


def take_up(case: Case, _begun: str) -> dict[str, Fact]:
    """Look first what is bound: a binding that was begun may be done."""
    number = case.request.new_merchant_number
    if any(each.value == number and each.name == MERCHANT_NUMBER for each in case.driver.bindings()):
        return _proven(case)
    return rebind(case)


def test_transaction(case: Case) -> dict[str, Fact]:
    """Make the smallest transaction and take it back, and find both in the terminal's journal.

    Raises:
        VerificationFailed: The journal does not hold exactly the two.
    """
    before = case.driver.open_journal().records
    carry_out(case, "test-transaction", run_test_transaction, case.request.new_merchant_number)
    made = [each for at, each in enumerate(case.driver.open_journal().transactions()) if at >= before]
    if not _is_sale_and_its_undoing(made):
        raise VerificationFailed("test-transaction-missing", count=len(made))
    return {"transactions": [_row(each) for each in made]}


def _is_sale_and_its_undoing(made: list[Transaction]) -> bool:
    if len(made) != 2:
        return False
    sale, undoing = made
    kind, undone_by = TEST_KINDS
    return (
        sale.kind is kind
        and undoing.kind in undone_by
        and undoing.original_trace == sale.trace
        and undoing.amount == sale.amount
    )


def _row(each: Transaction) -> dict[str, Fact]:
    return {
        "kind": each.kind.name.lower(),
        "amount": each.amount,
        "currency": each.currency,
        "trace": each.trace,
        "original_trace": each.original_trace,
        "time": each.time,
    }
