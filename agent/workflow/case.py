"""One case while it is worked on: what was asked, what the terminal said, and what was proven so far."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.clock import Clock
from agent.drivers.base import TerminalDriver
from agent.errors import PreconditionNotMet, VerificationFailed
from agent.evidence.bundle import CaseFolder
from agent.evidence.links import link_row
from agent.evidence.trust.store import TrustStore
from agent.export.writer import WrittenExport
from agent.journal import Fact, Journal, JournalEvent
from agent.ledger.store import Ledger
from agent.menu.answers import GivenAnswers
from agent.privacy import LinkFacts
from agent.proofs import PlatformApproval, UnbindingProof, VerifiedExport
from agent.wipe.read_back import ReadBack
from agent.workflow.events import Event, Finding
from agent.workflow.request import RetireRequest
from protocols.errors import LocalProtocolError
from protocols.profile import Profile
from protocols.terminal import Binding, Identity, KeySlot, Region, Status

FOUND = "finding"
"""Step of the journal's notes that hold findings."""

LINK = "link"
"""Step of the journal's notes that say how private a link is."""

CASE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CASE_LETTERS = 6


def draw_case_number(clock: Clock) -> str:
    """Draw a case's number: the day and six characters that nobody mistakes for others, as ``R20261122-7F3K2M``."""
    tail = "".join(secrets.choice(CASE_ALPHABET) for _ in range(CASE_LETTERS))
    return f"R{clock.wall():%Y%m%d}-{tail}"


class ResumeInstead(PreconditionNotMet):
    """A person wants an earlier case of the terminal to be taken up; nothing was changed in this one.

    Args:
        case: The earlier case.
    """

    def __init__(self, case: str) -> None:
        super().__init__("resume-instead", case=case)
        self.case = case


@dataclass(frozen=True)
class Inspection:
    """What the terminal said of itself before anything was changed.

    Args:
        identity: Who it is.
        status: The state it is in; None in a case that was taken up again, whose steps need it no more.
        bindings: Its bindings.
        key_slots: Its key slots.
        regions: Its memory map.
        binding_key: Key of the keyed hashes that stand for the bindings in the evidence, 32 bytes.
    """

    identity: Identity
    status: Status | None
    bindings: tuple[Binding, ...]
    key_slots: tuple[KeySlot, ...]
    regions: tuple[Region, ...]
    binding_key: bytes = field(repr=False)

    @property
    def known_status(self) -> Status:
        """The state the terminal was in.

        Raises:
            LocalProtocolError: The case was taken up again after its intent.
        """
        if self.status is None:
            raise LocalProtocolError("the terminal's state before the intent is not known any more")
        return self.status


@dataclass
class Case:
    """A case being worked on. The steps fill it in the order of the table in `agent.workflow.table`.

    Args:
        number: Its number.
        opened: When it was opened, RFC 3339.
        request: What was asked for.
        ledger: The ledger it stands in.
        driver: The connected terminal.
        profiles: Finds the profile of a model.
        journal: Its journal.
        folder: Where its evidence is written.
        trust: Trusted roots.
        clock: The two clocks.
        report: Told of everything that happens.
    """

    number: str
    opened: str
    request: RetireRequest
    ledger: Ledger
    driver: TerminalDriver
    profiles: Callable[[str], Profile]
    journal: Journal
    folder: CaseFolder
    trust: TrustStore
    clock: Clock
    report: Callable[[Event], None]
    findings: list[Finding] = field(default_factory=list)
    changed: bool = False
    """True as soon as anything on the terminal was, or may have been, changed."""
    kept: bool = False
    """True where the case broke off before that, with a verified export that is worth keeping."""
    profile: Profile | None = None
    inspection: Inspection | None = None
    written: WrittenExport | None = None
    """The export between being written and being verified; it can open itself, so it is dropped then."""
    export: VerifiedExport | None = None
    copies: tuple[str, ...] = ()
    """Places of the further copies of the export."""
    retention_until: str = ""
    """Until when the export is kept, as a date, or empty."""
    unbinding: UnbindingProof | None = None
    platform: PlatformApproval | None = None
    wipe_started: str = ""
    wipe_ended: str = ""
    read_backs: tuple[ReadBack, ...] = ()
    maybe_logged: bool = False
    """True where the log of cases may hold an intent of the case that is not the one it works by."""
    log_key: str = ""
    """Key of the log that the intent is in, a vkey; empty where it is in none."""
    stopped_by: str = ""
    """Code of what ended the case before anything was changed."""
    links: list[LinkFacts] = field(default_factory=list)
    """Every link to the terminal so far, in order."""

    @property
    def answers(self) -> GivenAnswers:
        """What the terminal's menu may ask for, and whom to ask for the rest."""
        return GivenAnswers({"password": self.request.password, **self.request.answers}, self.request.ask)

    @property
    def inspected(self) -> Inspection:
        """What the inspection found.

        Raises:
            LocalProtocolError: The inspection has not been done.
        """
        if self.inspection is None:
            raise LocalProtocolError("the terminal was not inspected yet")
        return self.inspection

    @property
    def known_profile(self) -> Profile:
        """The terminal's profile.

        Raises:
            LocalProtocolError: The inspection has not been done.
        """
        if self.profile is None:
            raise LocalProtocolError("the terminal was not inspected yet")
        return self.profile

    def require_same_terminal(self) -> None:
        """Stop where another terminal answers than the one that was inspected (I9).

        Raises:
            PreconditionNotMet: ``terminal-swapped``, while nothing was changed.
            VerificationFailed: ``terminal-swapped``, after that.
        """
        now, before = self.driver.identity(), self.inspected.identity
        if (now.tusn, now.key_fingerprint) != (before.tusn, before.key_fingerprint):
            stop = VerificationFailed if self.changed else PreconditionNotMet
            raise stop("terminal-swapped", tusn=now.tusn, expected=before.tusn)

    def note_link(self) -> None:
        """Record the link that is open now, where it was not recorded yet."""
        if not self.links or self.links[-1] != self.driver.link:
            self.links.append(self.driver.link)
            self.note(LINK, dict(link_row(self.driver.link)))

    def find(self, code: str, **facts: str | int) -> None:
        """Record something that whoever reads the evidence should know; what is known already changes nothing."""
        finding = Finding(code, facts)
        if finding in self.findings:
            return
        self.journal.write(JournalEvent.NOTE, FOUND, {"code": code, "facts": facts})
        self.findings.append(finding)
        self.report(finding)

    def note(self, step: str, facts: dict[str, Fact]) -> None:
        """Write a remark into the journal."""
        self.journal.write(JournalEvent.NOTE, step, facts)
