"""What only the workflow knows and the statement says: people, places, the read-back, findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agent.evidence.backup import NO_FACTS, BackupFacts
from agent.privacy import LinkFacts
from agent.proofs import PlatformApproval
from agent.version import VERSION


class Result(StrEnum):
    """What a statement says of a case; it is as good as its worst part."""

    PASS = "PASS"  # noqa: S105 - a result, no password
    UNKNOWN = "UNKNOWN"
    FAIL = "FAIL"

    @property
    def badness(self) -> int:
        """0 for PASS, 1 for UNKNOWN, 2 for FAIL."""
        return list(Result).index(self)


def worst(*results: Result) -> Result:
    """Return the worst of some results; PASS where there is none."""
    return max(results, key=lambda result: result.badness, default=Result.PASS)


class Effect(StrEnum):
    """What a finding does to the result."""

    NOTE = "note"
    UNKNOWN = "unknown"
    FAIL = "fail"

    @property
    def result(self) -> Result:
        """The best result that a statement with such a finding may have."""
        return {Effect.NOTE: Result.PASS, Effect.UNKNOWN: Result.UNKNOWN, Effect.FAIL: Result.FAIL}[self]


@dataclass(frozen=True)
class Finding:
    """Something that whoever reads the statement should know.

    Args:
        code: Stable name.
        text: In English, with the facts; never a secret or a full card number (I4).
        effect: What it does to the result.
    """

    code: str
    text: str
    effect: Effect = Effect.NOTE


@dataclass(frozen=True)
class Person:
    """Who did it (NIST SP 800-88, certificate of sanitization).

    Args:
        name: Of the person.
        title: What they are.
        place: Where they work.
        contact: How to reach them.
        id: What this home knows them by, or empty.
        login: How they showed that it is they: ``password``; empty where it is only said.
    """

    name: str
    title: str = ""
    place: str = ""
    contact: str = ""
    id: str = ""
    login: str = ""


@dataclass(frozen=True)
class RegionReadBack:
    """What reading one region back found.

    Args:
        region: Its number.
        method: ``full`` or ``digest`` (a keyed digest of all, and a sample of blocks read).
        bytes_read: How many bytes were read.
        not_blank: How many of them were not blank.
        first_not_blank: Offset of the first of these, or -1.
        digest_matches: Whether the keyed digest is that of a blank region.
    """

    region: int
    method: str
    bytes_read: int
    not_blank: int
    first_not_blank: int
    digest_matches: bool

    @property
    def blank(self) -> bool:
        """True where nothing but blank bytes was found."""
        return self.not_blank == 0 and self.first_not_blank == -1 and self.digest_matches


NOT_STATED = "not stated"
"""What stands in a statement where nobody said what a certificate of sanitization asks for."""


@dataclass(frozen=True)
class MediaFacts:
    """What only people can say of a terminal, for its certificate of sanitization (NIST SP 800-88).

    Args:
        property_number: What it is called in the owner's inventory.
        media_source: Whom or where it comes from.
        confidentiality_before: How confidential what it held is, in the owner's words.
        confidentiality_after: The same of what it holds afterwards.
        destination: Where it goes afterwards.
    """

    property_number: str = NOT_STATED
    media_source: str = NOT_STATED
    confidentiality_before: str = NOT_STATED
    confidentiality_after: str = NOT_STATED
    destination: str = NOT_STATED


@dataclass(frozen=True)
class StatementFacts:
    """What only the workflow knows.

    Args:
        person: Who did it.
        issued: When the statement is made, RFC 3339.
        wipe_started: When the wipe was started, RFC 3339, or empty.
        wipe_ended: When the terminal said that it had ended, RFC 3339, or empty.
        read_back: What reading the wiped regions back found.
        findings: What else was found.
        destination: Where the terminal goes afterwards.
        media_source: Where it came from: the merchant or place.
        confidentiality_before: Confidentiality of what it held.
        confidentiality_after: Confidentiality of what it holds now.
        authorisation: Who authorised it, and by which document.
        platform: The platform's approval, or None while the back office is pending.
        tool_version: Version of posretire.
        links: Every link to the terminal, in order; none in what older versions wrote.
        attachments: Names of the files that are made of the statement once it is signed, in their order; set by the
            issuing function. None in what older versions wrote.
        property_number: What the terminal is called in the owner's inventory; empty in what older versions wrote, which
            put the number of its label there.
        log_key: Key of the log of cases that the intent is in, a vkey; empty where it is in none.
        backup: Further copies of the export, and how long it is kept.
    """

    person: Person
    issued: str
    wipe_started: str = ""
    wipe_ended: str = ""
    read_back: tuple[RegionReadBack, ...] = ()
    findings: tuple[Finding, ...] = ()
    destination: str = ""
    media_source: str = ""
    confidentiality_before: str = ""
    confidentiality_after: str = ""
    property_number: str = ""
    authorisation: str = ""
    platform: PlatformApproval | None = None
    tool_version: str = VERSION
    links: tuple[LinkFacts, ...] = ()
    attachments: tuple[str, ...] = ()
    log_key: str = ""
    backup: BackupFacts = NO_FACTS


@dataclass(frozen=True)
class Gap:
    """Something that nobody checked.

    Args:
        code: Stable name.
        text: In English.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """What the issuing function came to.

    Args:
        result: As good as its worst check and finding.
        level: Evidence level, 0 to 3.
        findings: Those of the checks, then those of the workflow.
        not_checked: What was not checked.
    """

    result: Result
    level: int
    findings: tuple[Finding, ...]
    not_checked: tuple[Gap, ...]
