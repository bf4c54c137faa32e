"""Attacks on what is made of a statement, on the log, and by agents whom their root does not vouch for any more."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agent.evidence.attachments import AttachmentMaker
from agent.evidence.bundle import CERTIFICATE, INTENT_LOGGED, STATEMENT_LOGGED, TIMESTAMP, VERIFY_SCRIPT
from agent.evidence.caselog.entries import intent_entry
from agent.evidence.caselog.log import CaseLog
from agent.evidence.caselog.proof import write_proof
from agent.evidence.dsse import open_envelope, sign_envelope
from agent.evidence.facts import StatementFacts
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.page.maker import CertificateMaker
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.checks.test_log import Logger, journal
from tests.agent.evidence.checks.test_redaction import LEAKING
from tests.agent.evidence.made import Bend, Device, stamp
from tests.corpus.full import Office, Stamps
from tests.corpus.good import OTHER_CASE

Make = Callable[[Office, Path], None]
Facts = Callable[[StatementFacts], StatementFacts]


@dataclass(frozen=True)
class Forged:
    """A bundle that somebody with an agent's key signs, PASS at level 2, with whatever he can have made of it.

    Args:
        makers: Make the attachments; None for all of them.
        agent: The agent, where it is not the world's.
        bend: What is bent.
        facts: What is bent of what the workflow says.
        log: Another log than the office's.
        edit: What is done before it is signed.
    """

    makers: Callable[[Office], Sequence[AttachmentMaker]] | None = None
    agent: Callable[[Office], AgentKey] = lambda office: office.world.agent
    bend: Bend = dataclasses.field(default_factory=Bend)
    facts: Facts = lambda facts: facts
    log: Callable[[Office], CaseLog] = lambda office: office.log
    edit: Make = lambda _office, _folder: None

    def __call__(self, office: Office, folder: Path) -> None:
        """Lay it out."""
        agent = self.agent(office)
        facts = self.facts(office.lay_out(folder, self.bend, log=self.log(office), agent=agent))
        self.edit(office, folder)
        makers = self.makers(office) if self.makers else office.makers(agent)
        office.claim_pass(folder, facts, makers, agent)


def edited(edit: Callable[[Office, Path], object]) -> Make:
    """Edit an honest bundle that has everything."""

    def make(office: Office, folder: Path) -> None:
        shutil.copytree(office.sound(), folder)
        edit(office, folder)

    return make


def taken(name: str) -> Make:
    """Put in a file of the bundle of another case."""

    return edited(lambda office, folder: shutil.copyfile(office.sound(OTHER_CASE) / name, folder / name))


def gone(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink()


def removed(name: str) -> Make:
    return edited(lambda _, folder: gone(folder, name))


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Make:
    return edited(lambda _, folder: (folder / name).write_bytes(change((folder / name).read_bytes())))


def stamping(authority: Callable[[Office], TestAuthority], away: timedelta = timedelta()) -> Forged:
    return Forged(lambda office: (Stamps(authority(office), away), Logger(office.log)))


def other_log(office: Office) -> CaseLog:
    """Return a log of the same form under a key that nobody here knows."""
    return CaseLog(office.world.home / "another-log")


def another_intent(office: Office, folder: Path) -> None:
    """Prove another intent, and have the journal name that proof."""
    (proof,) = office.log.append([intent_entry("R20260504-OTHER1", "ab" * 32, stamp(60)).data()])
    (folder / INTENT_LOGGED).write_bytes(write_proof(proof))


def added_timestamp(office: Office, folder: Path) -> None:
    """Add a timestamp that the statement does not promise."""
    facts = office.lay_out(folder)
    office.claim_pass(folder, facts, [Logger(office.log)])
    maker = Stamps(office.authority)
    (folder / TIMESTAMP).write_bytes(maker.make((folder / "statement.dsse.json").read_bytes()))


@dataclass
class Page:
    """Draws and signs the page of another statement than the bundle's.

    Args:
        signer: Whose key signs it, and whose certificate it carries.
        change: What is said instead, in the statement's payload.
    """

    signer: AgentKey
    change: Callable[[bytes], bytes] = lambda payload: payload
    name: str = CERTIFICATE

    def make(self, envelope: bytes) -> bytes:
        """Draw it."""
        payload = open_envelope(envelope).payload
        changed = self.change(payload)
        other = envelope if changed == payload else sign_envelope(changed, self.signer)
        return CertificateMaker(self.signer.sign, self.signer.chain_pem).make(other)


def page(change: Callable[[bytes], bytes] = lambda payload: payload, signer: str = "") -> Forged:
    """Have another page made, by the bundle's agent or by one of another name."""

    def makers(office: Office) -> Sequence[AttachmentMaker]:
        agent = office.agent(signer) if signer else office.world.agent
        return (*office.makers()[:-1], Page(agent, change))

    return Forged(makers)


def without_signature(data: bytes) -> bytes:
    """Take the signature out of a page, and leave the rest as it was drawn."""
    return data[: data.rindex(b"%%EOF", 0, data.rindex(b"%%EOF")) + 6]


DAY = timedelta(days=1)
BY_ANYBODY: Mapping[str, tuple[Make, str, str]] = {
    "timestamp removed": (removed(TIMESTAMP), "attachments", "attachments-differ"),
    "timestamp of another statement": (taken(TIMESTAMP), "timestamp", "timestamp-imprint"),
    "timestamp truncated": (rewritten(TIMESTAMP, lambda data: data[:-1]), "timestamp", "timestamp-malformed"),
    "something behind the timestamp": (
        rewritten(TIMESTAMP, lambda data: data + b"\0"),
        "timestamp",
        "timestamp-malformed",
    ),
    "timestamp emptied": (rewritten(TIMESTAMP, lambda _: b""), "timestamp", "timestamp-malformed"),
    "timestamp that is not promised": (added_timestamp, "attachments", "attachments-differ"),
    "log proof of the intent removed": (removed(INTENT_LOGGED), "subjects", "statement-subjects"),
    "log proof of the statement removed": (removed(STATEMENT_LOGGED), "attachments", "attachments-differ"),
    "log proof of the intent of another case": (taken(INTENT_LOGGED), "subjects", "statement-subjects"),
    "log proof of the statement of another case": (taken(STATEMENT_LOGGED), "log-statement", "log-entry-differs"),
    "log proof of the statement truncated": (
        rewritten(STATEMENT_LOGGED, lambda data: data[:-1]),
        "log-statement",
        "log-checkpoint",
    ),
    "log proof of the statement under another signature": (
        rewritten(STATEMENT_LOGGED, lambda data: data[:-8] + b"AAAAAAA\n"),
        "log-statement",
        "log-signature",
    ),
    "log proof of the intent shown for the statement": (
        edited(lambda _, folder: shutil.copyfile(folder / INTENT_LOGGED, folder / STATEMENT_LOGGED)),
        "log-statement",
        "log-entry-differs",
    ),
    "page removed": (removed(CERTIFICATE), "attachments", "attachments-differ"),
    "page edited": (
        rewritten(CERTIFICATE, lambda data: data.replace(b") Tj", b"X) Tj", 1)),
        "certificate",
        "certificate-pdf-differs",
    ),
    "page of another case": (taken(CERTIFICATE), "certificate", "certificate-pdf-differs"),
    "page with an update behind it": (
        rewritten(CERTIFICATE, lambda data: data + data[data.rindex(b"startxref") :]),
        "certificate",
        "certificate-pdf-differs",
    ),
    "page truncated": (rewritten(CERTIFICATE, lambda data: data[:-1]), "certificate", "certificate-pdf-differs"),
    "page without its signature": (rewritten(CERTIFICATE, without_signature), "certificate", "certificate-pdf-differs"),
    "page emptied": (rewritten(CERTIFICATE, lambda _: b""), "certificate", "certificate-pdf-differs"),
    "verify.sh altered": (
        rewritten(VERIFY_SCRIPT, lambda data: data.replace(b"exit 6", b"exit 0")),
        "subjects",
        "statement-subjects",
    ),
    "all attachments removed": (
        edited(lambda _, folder: gone(folder, TIMESTAMP, STATEMENT_LOGGED, CERTIFICATE)),
        "attachments",
        "attachments-differ",
    ),
}
"""Name: what is done by somebody without keys, and the check and code that must find it."""

BY_INSIDER: Mapping[str, tuple[Make, str, str]] = {
    "clock set back by five minutes": (
        stamping(lambda office: office.authority, timedelta(seconds=301)),
        "timestamp",
        "timestamp-clock",
    ),
    "clock set back by a day": (stamping(lambda office: office.authority, DAY), "timestamp", "timestamp-clock"),
    "clock set ahead": (stamping(lambda office: office.authority, -DAY), "timestamp", "timestamp-clock"),
    "wipe said to be later than the timestamp": (
        Forged(facts=lambda facts: dataclasses.replace(facts, wipe_ended=stamp(600 + 301))),
        "timestamp",
        "timestamp-clock",
    ),
    "timestamp by an authority that nobody trusts": (
        stamping(lambda _: TestAuthority()),
        "timestamp",
        "certificate-chain",
    ),
    "key revoked before it signed": (Forged(agent=lambda office: office.revoked), "agent", "certificate-revoked"),
    "key revoked before it signed, clock set back": (
        Forged(
            lambda office: (Stamps(office.authority, 2 * DAY), Logger(office.log)),
            agent=lambda office: office.revoked_later,
        ),
        "agent",
        "certificate-revoked",
    ),
    "key revoked, and no timestamp says when it signed": (
        Forged(lambda office: (Logger(office.log),), agent=lambda office: office.revoked_later),
        "agent",
        "certificate-revoked",
    ),
    "agent certified by a maker": (
        Forged(agent=lambda office: office.agent("agent", office.world.maker)),
        "agent",
        "certificate-chain",
    ),
    "agent certified by a root of the same name": (
        Forged(agent=lambda office: office.agent("agent", type(office.agents_root)(office.agents_root.name))),
        "agent",
        "certificate-chain",
    ),
    "terminal certified by the root of agents": (
        lambda office, folder: Forged(
            bend=Bend(signer_before=(device := Device(office.agents_root)), signer_after=device)
        )(office, folder),
        "eat-before",
        "certificate-chain",
    ),
    "page that says PASS of another terminal": (
        page(lambda payload: payload.replace(b"9999990200000001", b"9999990200000009")),
        "certificate",
        "certificate-pdf-differs",
    ),
    "page that says more than the statement": (
        page(lambda payload: payload.replace(b'"destination":"scrap"', b'"destination":"reuse"')),
        "certificate",
        "certificate-pdf-differs",
    ),
    "page signed by another agent": (page(signer="another agent"), "certificate", ""),
    "log under a key that is not trusted": (
        Forged(lambda office: (Stamps(office.authority), Logger(other_log(office))), log=other_log),
        "log-intent",
        "log-unknown-key",
    ),
    "statement in another log than its intent": (
        Forged(lambda office: (Stamps(office.authority), Logger(other_log(office)))),
        "log-statement",
        "log-other-key",
    ),
    "another intent proven": (Forged(edit=another_intent), "log-intent", "log-entry-differs"),
    "proof that the journal does not name": (
        Forged(edit=lambda office, folder: journal(folder, {"proof": "ab" * 32, "vkey": office.log.key.vkey.text})),
        "log-intent",
        "log-not-journaled",
    ),
    **{
        f"{code.removesuffix('-found')} in {where}": (Forged(bend=bend), "redaction", code)
        for where, (bend, _, code) in LEAKING.items()
    },
}
"""Name: what is made by somebody with an agent's key, and the check and code that must find it."""
