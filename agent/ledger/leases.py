"""Who works on a case or a port: one agent at a time, and whoever died in between is recognised.

A lease names its owner by host, process and the moment when that process started. On the same host the system tells
whether the owner is still there; of another host only the lease's own end tells.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from agent.clock import Clock
from agent.errors import PreconditionNotMet
from agent.ledger.process import own_process, still_runs
from agent.ledger.schema import LEASES

LEASE = timedelta(hours=1)
"""Longer than any step goes without an entry in the journal, each of which renews it."""

MAX_HOST = 255


@dataclass(frozen=True)
class Owner:
    """Who holds a lease.

    Args:
        case: The case it works on.
        host: Its machine.
        pid: Its process.
        started: When that process started, as its system tells; empty where that cannot be told.
        until: Until when the lease holds unless it is renewed, RFC 3339.
    """

    case: str
    host: str
    pid: int
    started: str
    until: str


@dataclass(frozen=True)
class Lease:
    """A lease that is held.

    Args:
        resource: What on.
        token: Tells this lease from others of the same process.
        left_behind: Who held it before and died without giving it back; None where nobody did.
    """

    resource: str
    token: str
    left_behind: Owner | None


class Leases:
    """The leases of a ledger.

    Args:
        exclusively: Opens a transaction in which nobody else writes.
        host: Name of this machine.
    """

    def __init__(
        self, exclusively: Callable[[], AbstractContextManager[Connection]], host: str = socket.gethostname()[:MAX_HOST]
    ) -> None:
        self._exclusively = exclusively
        self._host = host

    def take(self, resource: str, case: str, clock: Clock) -> Lease:
        """Take a lease.

        Args:
            resource: What on, as ``case:R20261122-7F3K2M`` or ``port:/dev/ttyUSB0``.
            case: The case that needs it.
            clock: Tells how long it holds.

        Raises:
            PreconditionNotMet: ``lease-held``: somebody who is still there, or may be, holds it.
        """
        token = secrets.token_hex(16)
        pid, started = own_process()
        with self._exclusively() as connection:
            row = connection.execute(select(LEASES).where(LEASES.c.resource == resource)).first()
            owner = Owner(row.case_id, row.host, row.pid, row.started, row.until) if row else None
            if owner is not None and self._is_there(owner, clock):
                raise PreconditionNotMet(
                    "lease-held", resource=resource, case=owner.case, host=owner.host, pid=owner.pid, until=owner.until
                )
            connection.execute(delete(LEASES).where(LEASES.c.resource == resource))
            connection.execute(
                insert(LEASES).values(
                    resource=resource,
                    case_id=case,
                    host=self._host,
                    pid=pid,
                    started=started,
                    token=token,
                    until=_end(clock),
                )
            )
        return Lease(resource, token, owner)

    def renew(self, lease: Lease, clock: Clock) -> None:
        """Let a lease hold for another hour.

        Raises:
            PreconditionNotMet: ``lease-lost``: somebody else has taken it meanwhile.
        """
        with self._exclusively() as connection:
            held = (LEASES.c.resource == lease.resource) & (LEASES.c.token == lease.token)
            if connection.execute(update(LEASES).where(held).values(until=_end(clock))).rowcount != 1:
                raise PreconditionNotMet("lease-lost", resource=lease.resource)

    def give_back(self, lease: Lease) -> None:
        """End a lease; one that somebody else has taken meanwhile stays theirs."""
        with self._exclusively() as connection:
            connection.execute(
                delete(LEASES).where((LEASES.c.resource == lease.resource) & (LEASES.c.token == lease.token))
            )

    def _is_there(self, owner: Owner, clock: Clock) -> bool:
        if owner.host == self._host:
            return still_runs(owner.pid, owner.started)
        return owner.until > clock.stamp()


def _end(clock: Clock) -> str:
    return (clock.wall().astimezone(UTC) + LEASE).isoformat(timespec="milliseconds").replace("+00:00", "Z")
