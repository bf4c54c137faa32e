"""Merchant number, password and attempts: what stands behind the menu's unbinding."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from protocols.words import WipeState
from simulators.haike_h60.journal import Journal
from simulators.haike_h60.parameters import MERCHANT_NUMBER, UNBIND_PASSWORD, Parameters
from simulators.haike_h60.wiping import Counter, Wiper
from simulators.hardware.counters import Counters

PASSWORD_ATTEMPTS = 3


class PasswordUnbinding:
    """Unbinding by merchant number and password (`simulators.haike_h60.menu.Unbinding`).

    Args:
        parameters: Where merchant number, password and bindings are.
        counters: Where failed attempts are kept, through restarts and wipes.
        journal: Tells whether the batch is settled.
        wiper: Tells whether the terminal was wiped.
        record: Called with a word and facts for what was done.
    """

    def __init__(
        self,
        parameters: Parameters,
        counters: Counters,
        journal: Journal,
        wiper: Wiper,
        record: Callable[..., None],
    ) -> None:
        self._parameters = parameters
        self._counters = counters
        self._journal = journal
        self._wiper = wiper
        self._record = record

    @property
    def initialised(self) -> bool:
        """False once a wipe was started."""
        return self._wiper.last.state is WipeState.IDLE

    @property
    def merchant_number(self) -> str | None:
        """The merchant number that the terminal is bound to, or None."""
        return self._parameters.value(MERCHANT_NUMBER)

    @property
    def attempts_left(self) -> int:
        """Tries left for the unbinding password."""
        return max(0, PASSWORD_ATTEMPTS - self._counters.number(Counter.FAILED_ATTEMPTS))

    @property
    def has_unsettled(self) -> bool:
        """True while a batch is not settled."""
        return self._journal.unsettled().count > 0

    def try_password(self, password: str) -> bool:
        """Check a password; a wrong one costs an attempt, the right one gives all of them back."""
        right = self._parameters.value(UNBIND_PASSWORD)
        matches = right is not None and hmac.compare_digest(right.encode(), password.encode())
        failed = 0 if matches else self._counters.number(Counter.FAILED_ATTEMPTS) + 1
        self._counters.put_number(Counter.FAILED_ATTEMPTS, failed)
        self._record("password", right=matches, attempts_left=self.attempts_left)
        return matches

    def unbind(self) -> None:
        """Undo all bindings."""
        self._parameters.unbind()
        self._record("unbound")
