"""Who does a case: taken from the operators of the home, who log in where they have a password."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.asking import Person, from_file
from agent.cli.command import Invocation
from agent.errors import PreconditionNotMet, UsageFault
from agent.secret import Secret

if TYPE_CHECKING:
    from agent.clock import Clock
    from agent.evidence import facts


def doer(
    invocation: Invocation, said: str, password_file: str | None, person: Person, clock: Clock | None = None
) -> facts.Person:
    """Find out who does a case, before a terminal is touched.

    Args:
        invocation: Home and reporter.
        said: What ``--operator`` says, or whose account it is.
        password_file: What ``--login-password-file`` says, or None.
        person: Who can be asked.
        clock: Tells whether a password may be tried again.

    Returns:
        What the statement says of them. A home without operators takes the name as it is said.

    Raises:
        UsageFault: ``operator-unknown``; ``operator-no-login``: a password for somebody who has none; or
            ``password-unreadable``.
        PreconditionNotMet: ``operator-login-missing``: nobody is there to ask; ``operator-wait``,
            ``operator-login-wrong``, or the operators cannot be read.
    """
    from agent.clock import Clock
    from agent.evidence.facts import Person as Doer
    from agent.operators import Operators

    operators = Operators(invocation.home)
    if not operators.all():
        if password_file is not None:
            raise UsageFault("operator-no-login", operator=said or "-")
        return Doer(said)
    operator = operators.find(said)
    if not operator.login:
        if password_file is not None:
            raise UsageFault("operator-no-login", operator=operator.id)
        return operator.person(logged_in=False)
    clock = clock or Clock()
    operators.check_wait(operator, clock.wall())
    if password_file is not None:
        password = from_file(Path(password_file), invocation.reporter)
    elif person.there():
        question = invocation.texts("ask.login", name=operator.name, operator=operator.id)
        password = Secret(person.ask_secret(question))
    else:
        raise PreconditionNotMet("operator-login-missing", operator=operator.id)
    try:
        return operators.log_in(operator, password, clock.wall())
    finally:
        password.forget()
