"""What a retirement is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from agent.errors import ExitCode
from agent.evidence import facts as evidence
from agent.evidence.facts import MediaFacts, Person, Result
from agent.evidence.keys.agent_key import AgentKey
from agent.guided.interview import Guide
from agent.policy import Policy, WorkOrder
from agent.secret import Secret
from agent.workflow.events import Finding
from protocols.menu import Asked
from protocols.terminal import Binding, Identity, Status


@runtime_checkable
class ForgetfulAsker(Protocol):
    """Asks a person for what a menu asks for, and can let go of what was said."""

    def __call__(self, asked: Asked) -> Secret:
        """Ask."""

    def forget(self) -> None:
        """Overwrite whatever was said."""


@dataclass(frozen=True)
class InspectionSummary:
    """What a person is shown before saying yes.

    Args:
        identity: Who the terminal is.
        status: The state it is in.
        bindings: Its bindings.
    """

    identity: Identity
    status: Status
    bindings: tuple[Binding, ...]


def always(_summary: InspectionSummary) -> bool:
    """Say yes: for ``--yes``."""
    return True


@dataclass(frozen=True)
class RetireRequest:
    """One retirement as asked for.

    Args:
        target: Where the terminal is.
        home: Folder of keys, ledger and settings.
        out: Folder that the bundle goes into.
        merchant_number: The merchant number to unbind, 15 digits.
        password: The password of the terminal's unbinding menu.
        recipients: age recipients of the export.
        trust_dirs: Folders with trusted roots, besides the home's own.
        profile_dirs: Folders with profiles, besides the project's and the home's own.
        policy: Rules of the case.
        work_order: The order, where there is one.
        reason: Why the terminal is retired.
        operator: Name of who does it.
        person: All that is known of who does it; None where that is the name alone.
        confirm: Asked once, after the inspection and before anything is changed.
        wipe: Whether the memory is wiped; without it the terminal is only unbound.
        answers: What else the terminal's menu may ask for, as far as it is known beforehand.
        ask: Asks a person for what the menu asks for, at the very moment; None where nobody is there.
        guide: Tells a person which keys to press, where the terminal has no remote keys or the person wants to.
        by_hand: Whether a person presses the keys though the terminal has remote ones.
        instead: Asked whether to take up an earlier case of the terminal that broke off, by its number; None where
            nobody is there to ask.
        key: The agent's key where it is open already; None to open the home's, or to make one.
        new_merchant_number: Merchant number to bind after the unbinding, or empty; only where nothing is wiped.
        backups: Folders that further copies of the export and then of the bundle go into.
        media: What only people can say of the terminal, for its certificate.
    """

    target: str
    home: Path
    out: Path
    merchant_number: str
    password: Secret
    recipients: tuple[str, ...]
    trust_dirs: tuple[Path, ...] = ()
    profile_dirs: tuple[Path, ...] = ()
    policy: Policy = field(default_factory=Policy)
    work_order: WorkOrder | None = None
    reason: str = ""
    operator: str = ""
    person: Person | None = None
    confirm: Callable[[InspectionSummary], bool] = always
    wipe: bool = True
    answers: Mapping[Asked, Secret] = field(default_factory=dict)
    ask: Callable[[Asked], Secret] | ForgetfulAsker | None = None
    new_merchant_number: str = ""
    guide: Guide | None = None
    by_hand: bool = False
    instead: Callable[[str], bool] | None = None
    backups: tuple[Path, ...] = ()
    key: AgentKey | None = None
    media: MediaFacts = field(default_factory=MediaFacts)

    @property
    def doer(self) -> Person:
        """Who does it, for the statement."""
        return self.person or Person(self.operator)

    @property
    def doer_facts(self) -> dict[str, str]:
        """Who does it, for the journal: the name, and what tells people of one name apart."""
        told = {"operator": self.operator, "operator_id": self.doer.id, "login": self.doer.login}
        return {name: value for name, value in told.items() if value or name == "operator"}

    def forget(self) -> None:
        """Overwrite every secret of it, those that were asked for on the way included; the case is over."""
        for each in (self.password, *self.answers.values()):
            each.forget()
        if isinstance(self.ask, ForgetfulAsker):
            self.ask.forget()


@dataclass(frozen=True)
class RetireOutcome:
    """What came of a retirement that got as far as a signed statement.

    Args:
        case: The case.
        result: As the issuing function found (I5).
        bundle: Folder of the evidence.
        findings: What the workflow found.
        statement_findings: All that stand in the statement, those of its checks first.
        tusn: Serial number of the terminal.
        model: Its model.
        records: Transactions exported.
        undone: Bindings undone.
        pending: Bindings that wait for the platform.
        regions_blank: Regions found blank.
        bytes_wiped: Their bytes.
        evidence_level: 0 to 3.
        cause: The error that ended the case early, or None.
        wiped: Whether the case was to wipe the terminal, and not to unbind it alone.
        resumable: Whether the case broke off and can be taken up again.
    """

    case: str
    result: Result
    bundle: Path
    findings: tuple[Finding, ...]
    statement_findings: tuple[evidence.Finding, ...]
    tusn: str
    model: str
    records: int
    undone: tuple[str, ...]
    pending: tuple[str, ...]
    regions_blank: int
    bytes_wiped: int
    evidence_level: int
    cause: BaseException | None = None
    wiped: bool = True
    resumable: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the contract for this result."""
        return {
            Result.PASS: ExitCode.DONE,
            Result.FAIL: ExitCode.VERIFICATION,
            Result.UNKNOWN: ExitCode.UNKNOWN,
        }[self.result]
