"""From the command line to the request of a case: what is given, what is read from files, what a person is asked."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.asking import (
    CONFIRM_DIGITS,
    Person,
    from_file,
    merchant_number,
    new_merchant_number,
    password,
)
from agent.cli.command import Invocation
from agent.cli.masking import masked_merchant_number
from agent.cli.output import Reporter
from agent.errors import PreconditionNotMet, UsageFault
from agent.plain_text import encodable, plain_text
from agent.secret import Secret, forgotten_on_error

if TYPE_CHECKING:
    from agent.evidence import facts
    from agent.evidence.keys.agent_key import AgentKey
    from agent.guided.interview import Guide
    from agent.policy import Policy, WorkOrder
    from agent.workflow.request import InspectionSummary, RetireRequest
    from protocols.menu import Asked


@dataclass(frozen=True)
class Given:
    """What the command line says, besides target and password.

    Args:
        merchant: Merchant number, or None.
        recipients: age recipients.
        out: Folder for the bundles.
        policy: Path of the policy, or None.
        timestamp_authority: Address of a timestamp authority, instead of the policy's, or None.
        work_order: Path of the work order, or None.
        reason: Why, or None.
        operator: Who, or None.
        login_password_file: File with the password that the operator logs in with, or None.
        doer: Who does it, where that is found out already.
        trust: Trust folders.
        profiles: Folders with further profiles.
        yes: Whether to go on without asking.
        phone: Phone number that the menu may ask for, or None.
        operator_password_file: File of the operator's password, or None.
        second_password_file: File of the second password, or None.
        code_file: File that the verification code is read from once it is asked for, or None.
        wipe: Whether the memory is wiped.
        rebind: New merchant number, or None.
        guided: Whether a person presses the keys though the terminal has remote ones.
        backup: Folders for further copies.
        key_passphrase_file: File with the passphrase of the agent's key, or the PIN of its token, or None.
        key: The agent's key where it is open already.
        destination: Where the terminal goes afterwards, or None.
        property_number: What it is called in the owner's inventory, or None.
        media_source: Whom or where it comes from, or None.
    """

    merchant: str | None = None
    recipients: tuple[str, ...] = ()
    out: str = "bundles"
    policy: str | None = None
    timestamp_authority: str | None = None
    work_order: str | None = None
    reason: str | None = None
    operator: str | None = None
    login_password_file: str | None = None
    doer: facts.Person | None = None
    trust: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    yes: bool = False
    phone: str | None = None
    operator_password_file: str | None = None
    second_password_file: str | None = None
    code_file: str | None = None
    wipe: bool = True
    rebind: str | None = None
    guided: bool = False
    backup: tuple[str, ...] = ()
    key_passphrase_file: str | None = None
    key: AgentKey | None = None
    destination: str | None = None
    property_number: str | None = None
    media_source: str | None = None

    @property
    def answers_otherwise(self) -> bool:
        """True where the menu's questions are answered by something else than the unbinding password."""
        return any((self.phone, self.operator_password_file, self.second_password_file))


def gather(
    invocation: Invocation,
    target: str,
    given: Given,
    password_from: tuple[str | None, bool],
    person: Person,
) -> RetireRequest:
    """Put the request together; what can be refused is refused before a password is asked for.

    Raises:
        UsageFault: Something is missing or makes no sense.
        PreconditionNotMet: ``confirmation-needed``.
    """
    from agent.policy import Policy, load_policy, load_work_order
    from agent.workflow.request import RetireRequest, always

    check_texts(given, invocation.home)
    policy = timestamped(load_policy(Path(given.policy)) if given.policy else Policy(), given)
    order = load_work_order(Path(given.work_order)) if given.work_order else None
    refuse_card_data("--work-order", *order_texts(order))
    recipients = tuple(dict.fromkeys([*given.recipients, *(order.recipients if order else ())]))
    if not recipients:
        raise UsageFault("recipient-missing")
    if not given.yes and not person.there():
        raise PreconditionNotMet("confirmation-needed")
    if given.guided and not person.there():
        raise UsageFault("guided-alone")
    reporter = invocation.reporter
    who = operator_of(invocation, given, given.operator or _user(), person)
    key = agent_key(invocation, given, person)
    with forgotten_on_error() as hold:
        return RetireRequest(
            target=target,
            home=invocation.home,
            out=Path(given.out),
            merchant_number=merchant_number(given.merchant, ordered(order, "merchant_number"), person, reporter),
            password=hold(menu_password(given, password_from, person, reporter)),
            recipients=recipients,
            trust_dirs=tuple(Path(folder) for folder in given.trust),
            profile_dirs=tuple(Path(folder) for folder in given.profiles),
            policy=policy,
            work_order=order,
            reason=given.reason or ordered(order, "reason"),
            operator=who.name,
            person=who,
            confirm=always if given.yes else Confirmation(invocation, person),
            wipe=given.wipe,
            answers=hold(menu_answers(given, reporter)),
            guide=guide_of(person, reporter),
            by_hand=given.guided,
            backups=tuple(Path(folder) for folder in given.backup),
            instead=TakeUpInstead(person, reporter) if person.there() else None,
            ask=Asking(given.code_file, person, reporter) if person.there() or given.code_file else None,
            new_merchant_number=new_merchant_number(
                given.rebind, ordered(order, "new_merchant_number"), person, reporter
            ),
            key=key,
            media=media_facts(given, order),
        )


def media_facts(given: Given, order: WorkOrder | None) -> facts.MediaFacts:
    """Return what people say of the terminal: the command line before the order, and "not stated" otherwise.

    Args:
        given: What the command line says.
        order: The work order, or None.
    """
    from agent.evidence.facts import NOT_STATED, MediaFacts

    said = {each.name: getattr(given, each.name, None) or ordered(order, each.name) for each in fields(MediaFacts)}
    return MediaFacts(**{name: text.strip() or NOT_STATED for name, text in said.items()})


def order_texts(order: WorkOrder | None) -> tuple[str, ...]:
    """Return those texts of a work order that stand in the evidence.

    Args:
        order: The work order, or None.
    """
    names = ("number", "reason", "authorisation", "platform_reference", "property_number", "media_source")
    media = ("confidentiality_before", "confidentiality_after", "destination")
    return tuple(ordered(order, name) for name in (*names, *media))


def operator_of(invocation: Invocation, given: Given, said: str, person: Person) -> facts.Person:
    """Find out who does the case, once a command; see `agent.cli.operator_login.doer`."""
    from agent.cli.operator_login import doer

    return given.doer or doer(invocation, said, given.login_password_file, person)


def agent_key(invocation: Invocation, given: Given, person: Person) -> AgentKey | None:
    """Open the agent's key, once a command; None where the home has none yet."""
    if given.key is not None:
        return given.key
    from agent.cli.unlocking import open_agent_key

    return open_agent_key(invocation.home, given.key_passphrase_file, person, invocation.reporter)


def check_texts(given: Given, home: Path) -> None:
    """Refuse what could not be written into the evidence or the ledger later, once the terminal is changed."""
    said = {"--reason": given.reason, "--operator": given.operator, "--destination": given.destination}
    said |= {"--property-number": given.property_number, "--media-source": given.media_source}
    for name, text in said.items():
        if text and not plain_text(text):
            raise UsageFault("option-text", option=name)
        refuse_card_data(name, text or "")
    backups = (("--backup", folder) for folder in given.backup)
    for name, path in (("--out", given.out), ("--home", str(home)), *backups):
        if not encodable(path):
            raise UsageFault("option-path", option=name)


def refuse_card_data(what: str, *texts: str) -> None:
    """Refuse texts that would put a card number or a secret into the evidence (I4).

    Args:
        what: Where they stand, for the message.
        texts: The texts.

    Raises:
        UsageFault: ``text-with-card-number``.
    """
    from agent.redaction.text import search

    for leak in search("\n".join(texts).encode()):
        raise UsageFault("text-with-card-number", what=what, shown=leak.shown)


def timestamped(policy: Policy, given: Given) -> Policy:
    """Return a policy with the timestamp authority of the command line, where that names one."""
    return replace(policy, timestamp_authority=given.timestamp_authority) if given.timestamp_authority else policy


def menu_password(given: Given, source: tuple[str | None, bool], person: Person, reporter: Reporter) -> Secret:
    """Read the unbinding password from where it is; empty where it is asked for once the terminal's menu is known.

    Some menus ask for other things, and a person who presses the keys types the password on the terminal alone.
    """
    if source == (None, False) and (person.there() or given.answers_otherwise):
        return Secret("")
    return password(*source, person, reporter)


def guide_of(person: Person, reporter: Reporter) -> Guide | None:
    """Return who tells a person which keys to press, or None where nobody is there."""
    if not person.there():
        return None
    from agent.cli.guiding import ConsoleGuide

    return ConsoleGuide(reporter, person)


def menu_answers(given: Given, reporter: Reporter) -> dict[Asked, Secret]:
    """Return what the menu may ask for besides the password, as far as the command line has it."""
    answers: dict[Asked, Secret] = {}
    with forgotten_on_error() as hold:
        if given.phone:
            answers["phone"] = hold(Secret(given.phone))
        if given.operator_password_file:
            answers["operator_password"] = hold(from_file(Path(given.operator_password_file), reporter))
        if given.second_password_file:
            answers["second_password"] = hold(from_file(Path(given.second_password_file), reporter))
    return answers


@dataclass(frozen=True)
class Asking:
    """Asks for what the terminal's menu asks for, at the very moment: a verification code is not there before.

    Args:
        code_file: File that a verification code is read from, or None.
        person: Who is asked otherwise.
        reporter: For the question's language.
        said: What was asked already; nobody is asked the same twice.
        codes: The verification codes, each good for once.
    """

    code_file: str | None
    person: Person
    reporter: Reporter
    said: dict[Asked, Secret] = field(default_factory=dict, repr=False)
    codes: list[Secret] = field(default_factory=list, repr=False)

    def __call__(self, asked: Asked) -> Secret:
        """Ask once.

        Args:
            asked: What for.

        Raises:
            UsageFault: ``answer-missing``: nobody is there; or ``password-unreadable``: the file cannot be read.
        """
        if asked == "code" and self.code_file:
            return self._kept(from_file(Path(self.code_file), self.reporter))
        if not self.person.there():
            raise UsageFault("answer-missing", asked=asked)
        if asked == "code":  # good once
            return self._kept(Secret(self.person.ask_secret(self.reporter.texts("ask.code"))))
        if asked not in self.said:
            self.said[asked] = Secret(self.person.ask_secret(self.reporter.texts(f"ask.{asked}")))
        return self.said[asked]

    def _kept(self, code: Secret) -> Secret:
        self.codes.append(code)
        return code

    def forget(self) -> None:
        """Overwrite whatever was said."""
        for each in (*self.said.values(), *self.codes):
            each.forget()


@dataclass(frozen=True)
class TakeUpInstead:
    """Asks whether to take up an earlier case of the terminal that broke off.

    Args:
        person: Who is asked.
        reporter: For the question's language.
    """

    person: Person
    reporter: Reporter

    def __call__(self, case: str) -> bool:
        """Ask once.

        Args:
            case: The earlier case.
        """
        return self.person.ask(self.reporter.texts("ask.resume", case=case)).strip().lower() in ("y", "yes", "是")


def ordered(order: WorkOrder | None, name: str) -> str:
    """Return what a work order says, or nothing where there is none."""
    return str(getattr(order, name)) if order else ""


def _user() -> str:
    """Name the user of this machine; empty where the system cannot say, or says what is no name (it asks LOGNAME)."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
    return name if plain_text(name) else ""


@dataclass(frozen=True)
class Confirmation:
    """Shows which terminal it is and lets a person type the end of its serial number, which a mere Enter cannot be.

    Args:
        invocation: Reporter and texts.
        person: Who is asked.
    """

    invocation: Invocation
    person: Person

    def __call__(self, seen: InspectionSummary) -> bool:
        """Ask once.

        Args:
            seen: What the inspection found.

        Returns:
            True where the last four digits of the TUSN were typed.
        """
        reporter, texts = self.invocation.reporter, self.invocation.texts
        tusn = seen.identity.tusn
        number = next((each.value for each in seen.bindings if each.name == "merchant_number"), "")
        with reporter.paused():
            reporter.heading(texts("confirm.heading"))
            reporter.field("TUSN", tusn, "bold")
            reporter.field(texts("inspect.label"), seen.identity.label_number)
            reporter.field(texts("inspect.model"), seen.identity.model)
            reporter.field(texts("binding.merchant_number"), masked_merchant_number(number) if number else "-")
            reporter.field(texts("inspect.attempts"), seen.status.password_attempts_left)
            reporter.line()
            reporter.line(texts("confirm.warning"), "warn", indent=2)
        return self.person.ask(texts("confirm.ask", count=CONFIRM_DIGITS)) == tusn[-CONFIRM_DIGITS:]
