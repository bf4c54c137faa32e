"""Merchant number, passwords, codes and batch: the terminal that stands behind the menu."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from protocols.words import WipeState
from simulators.board.journal import Journal
from simulators.board.parameters import MERCHANT_NUMBER, UNBIND_PASSWORD, Parameters, RecordKind
from simulators.board.wiping import Counter, Wiper
from simulators.data.testing import sale_after, trace_of, void_after
from simulators.hardware.counters import Counters
from simulators.hardware.keystore import KeyStore
from simulators.menus.situation import CodeAnswer

PASSWORD_ATTEMPTS = 3
CODE_SECONDS = 300.0
DEFAULT_PASSWORD = "888888"
TEST_AMOUNT = 1


class Unbinding:
    """What the menu checks and changes.

    Args:
        tusn: Serial number of the terminal.
        code: The verification code that the platform sends.
        code_seconds: How long it is valid.
        parameters: Where merchant number, passwords and bindings are.
        counters: Where failed attempts are kept, through restarts and wipes.
        journal: The transactions.
        keys: The key memory.
        wiper: Tells whether the terminal was wiped.
        record: Called with a word and facts for what was done.
    """

    def __init__(
        self,
        tusn: str,
        code: str,
        code_seconds: float,
        parameters: Parameters,
        counters: Counters,
        journal: Journal,
        keys: KeyStore,
        wiper: Wiper,
        record: Callable[..., None],
    ) -> None:
        self._tusn = tusn
        self._code = code
        self._code_seconds = code_seconds
        self._parameters = parameters
        self._counters = counters
        self._journal = journal
        self._keys = keys
        self._wiper = wiper
        self._record = record
        self._code_sent: float | None = None
        self._sale: bytes | None = None
        self._trace: int | None = None
        self.signed_on = True
        """Whether an operator is signed on; so it is after every start."""

    def use_up_attempts(self) -> None:
        """Leave one attempt, as somebody has tried before."""
        self._counters.put_number(
            Counter.FAILED_ATTEMPTS, max(PASSWORD_ATTEMPTS - 1, self._counters.number(Counter.FAILED_ATTEMPTS))
        )

    def restart(self) -> None:
        """Forget what is kept in working memory."""
        self._code_sent = self._sale = self._trace = None
        self.signed_on = True

    @property
    def initialised(self) -> bool:
        """False once a wipe was started."""
        return self._wiper.last.state is WipeState.IDLE

    @property
    def merchant_number(self) -> str | None:
        """The merchant number that the terminal is bound to or waits to be freed from, or None."""
        return self._parameters.value(MERCHANT_NUMBER)

    @property
    def pending(self) -> bool:
        """True while the platform has to agree to an unbinding."""
        return self._parameters.pending

    @property
    def attempts_left(self) -> int:
        """Tries left for passwords and codes."""
        return max(0, PASSWORD_ATTEMPTS - self._counters.number(Counter.FAILED_ATTEMPTS))

    @property
    def has_unsettled(self) -> bool:
        """True while a batch is not settled."""
        return self._journal.unsettled().count > 0

    @property
    def has_keys(self) -> bool:
        """True while the key memory holds a key."""
        return self._keys.any_key

    @property
    def last_trace(self) -> int | None:
        """Trace number of the last test transaction since the start, or None."""
        return self._trace

    def matches(self, name: str, text: str) -> bool:
        """Compare a text with a parameter; it costs no attempt."""
        return self._parameters.value(name) == text

    def try_password(self, password: str, name: str = UNBIND_PASSWORD) -> bool:
        """Check a password; a wrong one costs an attempt, the right one gives all of them back.

        A terminal that was wiped has none but its maker's: without a binding that one counts.
        """
        right = self._parameters.value(name)
        if right is None and self.merchant_number is None:
            right = DEFAULT_PASSWORD
        matches = right is not None and hmac.compare_digest(right.encode(), password.encode())
        self._count(matches)
        self._record("password", right=matches, attempts_left=self.attempts_left)
        return matches

    def send_code(self, now: float) -> None:
        """Have a verification code sent; it is valid for a while from now."""
        self._code_sent = now
        self._record("code-sent")

    def try_code(self, code: str, now: float) -> CodeAnswer:
        """Check a verification code; a wrong one costs an attempt."""
        if self._code_sent is None or now - self._code_sent >= self._code_seconds:
            self._record("code", expired=True, attempts_left=self.attempts_left)
            return "expired"
        matches = hmac.compare_digest(self._code.encode(), code.encode())
        self._count(matches)
        if matches:
            self._code_sent = None
        self._record("code", right=matches, attempts_left=self.attempts_left)
        return "right" if matches else "wrong"

    def unbind(self, number: str | None = None, *, pending: bool = False) -> None:
        """Undo all bindings, or ask the platform to undo those of the merchant.

        Args:
            number: Serial number of the terminal that was chosen; None for this one. Unbinding another one that the
                platform lists beside it is what must never happen: it is recorded, and changes nothing here.
            pending: Whether the platform has to agree.
        """
        if number is not None and number != self._tusn:
            self._record("unbound-another")
            return
        self._parameters.unbind(pending=pending)
        self._record("unbinding-submitted" if pending else "unbound")

    def bind(self, merchant_number: str) -> None:
        """Bind the terminal to a merchant; what else belongs to a merchant comes from the platform, not from here."""
        self._parameters.write(RecordKind.BINDING, MERCHANT_NUMBER, merchant_number)
        self._record("bound")

    def sign_on(self) -> None:
        """Sign on."""
        self.signed_on = True
        self._record("signed-on")

    def sign_off(self) -> None:
        """Sign off."""
        self.signed_on = False
        self._record("signed-off")

    def settle(self) -> bool:
        """Settle the batch; False where the journal has no room for it."""
        done = self._journal.settle()
        self._record("settled", done=done)
        return done

    def clear_journal(self) -> None:
        """Delete all transactions, as far as a menu does: they are no longer listed, and stay in the flash."""
        self._journal.clear()
        self._record("journal-cleared")

    def sign(self) -> None:
        """Keep that the merchant signed on the display."""
        self._record("signed")

    def sell(self) -> bool:
        """Make a test sale of 0.01; False where the journal is full."""
        sale = sale_after(self._journal.last(), TEST_AMOUNT)
        self._sale = sale if self._journal.append(sale) else None
        return self._written("test-sale", self._sale)

    def void(self) -> bool:
        """Void the test sale; False where there is none or the journal is full."""
        if self._sale is None:
            return False
        void = void_after(self._journal.last(), self._sale)
        written = self._journal.append(void)
        self._sale = None
        return self._written("test-void", void if written else None)

    def _written(self, event: str, record: bytes | None) -> bool:
        self._trace = None if record is None else trace_of(record)
        self._record(event, done=record is not None)
        return record is not None

    def _count(self, matches: bool) -> None:
        failed = 0 if matches else self._counters.number(Counter.FAILED_ATTEMPTS) + 1
        self._counters.put_number(Counter.FAILED_ATTEMPTS, failed)
