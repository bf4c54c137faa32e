"""Holding a case and its port while they are worked on, so that no second agent takes either."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from agent.clock import Clock
from agent.ledger.leases import Lease, Leases
from agent.ledger.store import Ledger
from agent.transport.target import TcpTarget, parse_target
from agent.workflow.events import Event, Remark

RENEW_SECONDS = 300.0


class Held:
    """What is held for a case, renewed for as long as something happens, and given back at the end of the block.

    Args:
        leases: The ledger's leases.
        case: The case.
        report: Told where somebody died without giving back what is taken now.
        clock: The clocks.
    """

    def __init__(self, leases: Leases, case: str, report: Callable[[Event], None], clock: Clock) -> None:
        self._leases = leases
        self._case = case
        self._report = report
        self._clock = clock
        self._held: list[Lease] = []
        self._renew_at = clock.steady() + RENEW_SECONDS

    def take(self, resource: str) -> None:
        """Take one thing more.

        Args:
            resource: ``case:NUMBER``, or what `port_of` says.

        Raises:
            PreconditionNotMet: ``lease-held``: another agent works on it.
        """
        lease = self._leases.take(resource, self._case, self._clock)
        self._held.append(lease)
        owner = lease.left_behind
        if owner is not None:
            facts: dict[str, str | int] = {"resource": resource, "case": owner.case, "host": owner.host}
            self._report(Remark("lease-left-behind", {**facts, "pid": owner.pid}))

    def renewing(self, report: Callable[[Event], None]) -> Callable[[Event], None]:
        """Return a report that renews what is held now and then."""

        def report_and_renew(event: Event) -> None:
            if self._clock.steady() >= self._renew_at:
                self._renew_at = self._clock.steady() + RENEW_SECONDS
                for lease in self._held:
                    self._leases.renew(lease, self._clock)
            report(event)

        return report_and_renew

    def __enter__(self) -> Held:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._held:
            self._leases.give_back(self._held.pop())


def hold(ledger: Ledger, case: str, report: Callable[[Event], None], clock: Clock) -> Held:
    """Hold a case; use it in a ``with``, and take its port as well.

    Args:
        ledger: Where the leases stand.
        case: The case.
        report: Told where somebody died without giving back what is taken now.
        clock: The clocks.

    Raises:
        PreconditionNotMet: ``lease-held``: another agent works on the case.
    """
    held = Held(ledger.leases(), case, report, clock)
    held.take(f"case:{case}")
    return held


def port_of(target: str) -> str:
    """Name the port of a target, whatever way it is written.

    Raises:
        UsageFault: The target makes no sense.
    """
    parsed = parse_target(target)
    if isinstance(parsed, TcpTarget):
        return f"port:{parsed.host}:{parsed.port}"
    return f"port:{parsed.port}"
