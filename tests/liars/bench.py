"""Retiring a simulated terminal in memory under a clock turned by hand, however long it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from agent.clock import Clock as TwoClocks
from agent.connect import Connected, connect_over
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import Report, verify_bundle
from agent.policy import Policy
from agent.secret import Secret
from agent.workflow.events import Event
from agent.workflow.request import RetireOutcome, RetireRequest
from agent.workflow.resume import resume
from agent.workflow.retire import retire, trust_folders
from protocols.errors import LinkLost
from protocols.pmp.link import LinkSettings
from simulators.board import factory
from simulators.faults import LineFaults
from simulators.hardware.identity import maker_root
from simulators.pmp.tls import tls_opener
from simulators.state import Blueprint
from tests.agent.virtual_time import Clock, MemoryLine
from tests.simulators.rig import Rig

SEED = 7
LONGEST_TURN = 0.05
BYTES_A_SECOND = 25_000
LONGEST_CASE = 6 * 3600.0
"""Seconds of the virtual clock after which a case counts as one that never ends."""

MOST_BYTES = 32 << 20
"""Bytes on one line after which it does as well."""

FLASH, KEYS = "flash.img", "keys.bin"


class NeverEnds(AssertionError):
    """The case went on for longer than anybody would wait."""


class _End:
    """The terminal's end of one line."""

    def __init__(self, rig: Rig, clock: Clock) -> None:
        self._rig, self._clock = rig, clock
        faults = LineFaults(rig.faults, SEED)
        channel = tls_opener(rig.device.channel_identity(), ())
        self._port = rig.terminal.open_port(LinkSettings.for_line(None), faults, channel)
        self._waiting = b""

    def feed(self, data: bytes) -> None:
        self._port.receive_bytes(data, self._clock())

    def take(self) -> bytes:
        self._rig.terminal.handle_timeout(self._clock())
        self._port.handle_timeout(self._clock())
        if len(self._waiting) < 65_536:  # as on a real line, what is not taken holds its sender back
            self._waiting += self._port.bytes_to_send()
        if self._port.take_hang_up():
            raise LinkLost("the terminal hung up")
        out, self._waiting = self._waiting[:65_536], self._waiting[65_536:]
        return out


class _Line(MemoryLine):
    """Lets little time pass at once, so that the terminal's own clock runs, and no end of it."""

    def __init__(self, clock: Clock, end: _End, until: float) -> None:
        super().__init__(clock, end)
        self._until = until
        self._heard = 0

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        if self.clock() > self._until or self._heard > MOST_BYTES:
            raise NeverEnds
        data = super().read(max_bytes, min(timeout_seconds, LONGEST_TURN))
        self._heard += len(data)
        self.clock.advance(len(data) / BYTES_A_SECOND)
        return data


@dataclass(frozen=True)
class Ended:
    """How a case ended.

    Args:
        outcome: With a statement, or None where it was stopped before anything was changed.
        error: What stopped it.
        seconds: How long it took, on the virtual clock.
    """

    outcome: RetireOutcome | None
    error: Exception | None
    seconds: float


class Bench:
    """A desk with one simulated terminal on it.

    Args:
        folder: Where everything is kept.
        monkeypatch: Puts the line in memory in the place of real ones.
        faults: The terminal's, as ``--fault`` takes them.
        transactions: In its journal.
        unsettled: How many of these are not settled.
    """

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, *faults: str, transactions: int = 20, unsettled: int = 0
    ) -> None:
        blueprint = Blueprint("haike-h60", SEED, transactions, unsettled)
        self.rig = Rig(folder / "terminal", *faults, blueprint=blueprint)
        self.clock = Clock()
        self._began, self._until = datetime.now(UTC), self.clock() + LONGEST_CASE
        self.events: list[Event] = []
        facts = factory.facts_of(self.rig.model, blueprint)
        trust = folder / "trust" / "makers"
        trust.mkdir(parents=True)
        (trust / "maker.pem").write_bytes(maker_root(facts.maker)[1].public_bytes(Encoding.PEM))
        home = folder / "home"
        AgentKey.create(home, "desk (TEST)", at=self._began)
        self.request = RetireRequest(
            target="tcp://127.0.0.1:1",
            home=home,
            out=folder / "out",
            merchant_number=facts.merchant_number,
            password=Secret(facts.password),
            recipients=(str(pyrage.x25519.Identity.generate().to_public()),),
            trust_dirs=(trust.parent,),
            reason="shop closed (TEST)",
            operator="operator 7 (TEST)",
        )
        monkeypatch.setattr("agent.workflow.retire.connect", self._connect)
        monkeypatch.setattr("agent.workflow.resume.connect", self._connect)

    def retire(self, **policy: Any) -> Ended:
        """Retire the terminal, by the default policy but for the fields given."""
        asked = replace(self.request, policy=Policy(**policy))
        return self._to_its_end(lambda clock: retire(asked, self.events.append, clock))

    def resume(self, case: str) -> Ended:
        """Take a case up again."""
        return self._to_its_end(lambda clock: resume(case, self.request, self.events.append, clock))

    def verify(self, outcome: RetireOutcome) -> Report:
        """Verify a bundle as a customer does."""
        return verify_bundle(outcome.bundle, TrustStore.load(trust_folders(self.request.home, self.request.trust_dirs)))

    @property
    def memory(self) -> bytes:
        """What is in flash and key memory."""
        return (self.rig.folder / FLASH).read_bytes() + (self.rig.folder / KEYS).read_bytes()

    def close(self) -> None:
        """Switch the terminal off."""
        self.rig.close()

    def _to_its_end(self, run: Callable[[TwoClocks], RetireOutcome]) -> Ended:
        began = self.clock()
        wall = lambda: self._began + timedelta(seconds=self.clock() - began)  # noqa: E731
        try:
            outcome = run(TwoClocks(wall, self.clock))
        except NeverEnds:
            raise
        except Exception as fault:  # noqa: BLE001 - which one it is is what the tests look at
            return Ended(None, fault, self.clock() - began)
        return Ended(outcome, None, self.clock() - began)

    def _connect(self, _target: str, *, channel: Any = None, **_more: Any) -> Connected:
        line = _Line(self.clock, _End(self.rig, self.clock), self._until)
        return connect_over(
            line, clock=self.clock, session_number=lambda: len(self.rig.recorded) % 65_536, channel=channel
        )
