"""From the ledger and the command line to the request of a case that is taken up again.

What the case was asked for is known; secrets, the merchant number and whatever else is a merchant's is given again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.asking import Person, merchant_number, new_merchant_number
from agent.cli.case_request import (
    Asking,
    Confirmation,
    Given,
    agent_key,
    check_texts,
    guide_of,
    menu_answers,
    menu_password,
    operator_of,
    order_texts,
    ordered,
    refuse_card_data,
    timestamped,
)
from agent.cli.command import Invocation
from agent.errors import PreconditionNotMet, UsageFault
from agent.secret import Secret, forgotten_on_error

if TYPE_CHECKING:
    from agent.policy import WorkOrder
    from agent.workflow.request import RetireRequest
    from agent.workflow.resume import Resumable


def gather_again(
    invocation: Invocation,
    found: Resumable,
    target: str | None,
    given: Given,
    password_from: tuple[str | None, bool],
    person: Person,
) -> RetireRequest:
    """Put the request together; what can be refused is refused before a password is asked for.

    Args:
        invocation: Reporter and home.
        found: The case as the ledger has it.
        target: Where the terminal is now, or None for where it was.
        given: What the command line says again.
        password_from: File, and whether from standard input.
        person: Who can be asked.

    Raises:
        UsageFault: Something is missing or makes no sense.
        PreconditionNotMet: ``confirmation-needed``.
    """
    from agent.workflow.request import RetireRequest, always

    kept, reporter = found.request, invocation.reporter
    check_texts(given, invocation.home)
    order = _work_order(found, given)
    refuse_card_data("--work-order", *order_texts(order))
    asks_to_confirm = any(step.name == "confirm" for step in found.left) and not given.yes
    if asks_to_confirm and not person.there():
        raise PreconditionNotMet("confirmation-needed")
    if given.guided and not person.there():
        raise UsageFault("guided-alone")
    who = operator_of(invocation, given, given.operator or kept.operator_id or kept.operator, person)
    key = agent_key(invocation, given, person)
    with forgotten_on_error() as hold:
        number, new_number, secret = "", "", Secret("")
        if found.unbinds:
            number = merchant_number(given.merchant, ordered(order, "merchant_number"), person, reporter)
            if kept.rebinds:
                new_number = new_merchant_number(given.rebind, ordered(order, "new_merchant_number"), person, reporter)
            secret = hold(menu_password(given, password_from, person, reporter))
        return RetireRequest(
            target=target or kept.target,
            home=invocation.home,
            out=kept.out,
            merchant_number=number,
            password=secret,
            recipients=kept.recipients,
            trust_dirs=(*kept.trust_dirs, *(Path(folder) for folder in given.trust)),
            profile_dirs=(*kept.profile_dirs, *(Path(folder) for folder in given.profiles)),
            policy=timestamped(kept.policy, given),
            work_order=order,
            reason=kept.reason,
            operator=who.name,
            person=who,
            confirm=Confirmation(invocation, person) if asks_to_confirm else always,
            wipe=kept.wipe,
            answers=hold(menu_answers(given, reporter)),
            guide=guide_of(person, reporter),
            by_hand=given.guided or kept.by_hand,
            ask=Asking(given.code_file, person, reporter) if person.there() or given.code_file else None,
            new_merchant_number=new_number,
            backups=kept.backups,
            key=key,
            media=kept.media,
        )


def _work_order(found: Resumable, given: Given) -> WorkOrder | None:
    """Return the order: whole from its file, or as far as the ledger keeps it where its bindings were compared."""
    from agent.policy import load_work_order

    kept = found.request.work_order
    if given.work_order is None:
        if kept is not None and (found.anew or (found.unbinds and found.request.rebinds)):
            raise UsageFault("work-order-again", order=kept.number or "-")
        return kept
    order = load_work_order(Path(given.work_order))
    if kept is None or order.number != kept.number:
        raise UsageFault("work-order-differs", order=kept.number or "-" if kept else "-")
    return order
