"""Bundles with everything that can be in one: timestamp, place in the log, page."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from agent.evidence.attachments import AttachmentMaker
from agent.evidence.bundle import INTENT_LOGGED, TIMESTAMP, VERIFY_SCRIPT, read_bundle
from agent.evidence.caselog.entries import intent_entry
from agent.evidence.caselog.log import CaseLog
from agent.evidence.caselog.proof import write_proof
from agent.evidence.dsse import STATEMENT, open_envelope, sign_envelope
from agent.evidence.facts import Result, StatementFacts, Verdict
from agent.evidence.intent import INTENT, parse_intent
from agent.evidence.issue import IssuedStatement, issue_statement
from agent.evidence.job import digest_of
from agent.evidence.journal import JOURNAL, read_journal
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.material import Material
from agent.evidence.page.maker import CertificateMaker
from agent.evidence.statement import build_statement, read_statement
from agent.evidence.times import parse_time
from tests.agent.evidence.authority import TestAuthority
from tests.agent.evidence.checks.test_log import Logger
from tests.agent.evidence.made import CASE, OPENED, Bend, Maker, World, chain, make_certificate, new_key, pem
from tests.agent.evidence.script_runs import SCRIPT

REVOKED = OPENED
REVOKED_LATER = OPENED + timedelta(hours=2)
"""When two of the agents were revoked; statements are issued ten minutes after the opening."""

OLDER_ENTRIES = 5


@dataclass
class Stamps:
    """Has statements timestamped at whatever time an attack wants.

    Args:
        authority: Who does it.
        away: How far its clock is from the statement's.
    """

    authority: TestAuthority
    away: timedelta = timedelta()
    name: str = TIMESTAMP

    def make(self, envelope: bytes) -> bytes:
        """Timestamp a statement."""
        issued = parse_time(read_statement(open_envelope(envelope).payload).facts.issued)
        return self.authority.stamp(envelope, issued + self.away)


class Office:
    """Everybody besides a world's own people: a root of agents, a timestamp authority, a log of cases.

    Args:
        world: Whose cases they are; its trust folder gets the roots and keys of these as well.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.authority = TestAuthority()
        self.agents_root = Maker("TEST agents root")
        self.certified = self.agent("certified")
        self.revoked = self.agent("revoked before it signed")
        self.revoked_later = self.agent("revoked after it signed")
        self.log = CaseLog(world.home / "log-of-cases")
        self.log.extend([b'{"other":%d}' % at for at in range(OLDER_ENTRIES)])
        trust = world.home / "trust"
        for part, name, data in (
            ("agents", "root.pem", pem(self.agents_root.root)),
            ("agents", "revoked.crl", self._revocations()),
            ("tsa", "root.pem", self.authority.root_pem),
            ("logs", "log.vkey", (self.log.key.vkey.text + "\n").encode()),
        ):
            (trust / part).mkdir(exist_ok=True)
            (trust / part / name).write_bytes(data)

    def agent(self, name: str, root: Maker | None = None) -> AgentKey:
        """Make a key of an agent that a root certifies."""
        root, key = root or self.agents_root, new_key()
        return AgentKey(key, pem(make_certificate(name, key, root.name, root.key)))

    def _revocations(self) -> bytes:
        at = {self.revoked: REVOKED, self.revoked_later: REVOKED_LATER}
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.agents_root.root.subject)
        builder = builder.last_update(REVOKED_LATER).next_update(REVOKED_LATER + timedelta(days=30))
        for agent, since in at.items():
            number = x509.load_pem_x509_certificate(agent.chain_pem).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(since)
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.agents_root.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def of(self, agent: AgentKey) -> World:
        """Return the world as if that agent worked in it."""
        return dataclasses.replace(self.world, agent=agent)

    def makers(self, agent: AgentKey | None = None) -> tuple[AttachmentMaker, ...]:
        """Return who makes the attachments, in their order.

        Args:
            agent: Another agent than the world's, who signs the page.
        """
        agent = agent or self.world.agent
        return (Stamps(self.authority), Logger(self.log), CertificateMaker(agent.sign, agent.chain_pem))

    def lay_out(
        self, folder: Path, bend: Bend | None = None, *, log: CaseLog | None = None, agent: AgentKey | None = None
    ) -> StatementFacts:
        """Write everything but the statement, with the intent in the log.

        Args:
            folder: The bundle.
            bend: What is bent in it.
            log: Another log than this office's.
            agent: Another agent than the world's.
        """
        log = log or self.log
        bend = bend or Bend()
        facts = self.of(agent or self.world.agent).lay_out(folder, bend)
        shutil.copyfile(SCRIPT, folder / VERIFY_SCRIPT)
        data = (folder / INTENT).read_bytes()
        intent = parse_intent(data)
        (proof,) = log.append([intent_entry(intent.case, digest_of(data), intent.time).data()])
        written = write_proof(proof)
        (folder / INTENT_LOGGED).write_bytes(written)
        vkey = log.key.vkey.text
        rows = [(each.event, each.step, dict(each.facts)) for each in read_journal((folder / JOURNAL).read_bytes())]
        for event, step, said in rows:
            if (event, step) == ("DONE", "intent"):
                said["log"] = {"proof": digest_of(written), "vkey": vkey}
        (folder / JOURNAL).write_bytes(b"".join(entry.line() + b"\n" for entry in chain(rows, bend.case)))
        return dataclasses.replace(facts, log_key=vkey)

    def issue(self, folder: Path, bend: Bend | None = None, agent: AgentKey | None = None) -> IssuedStatement:
        """Make an honest bundle with all of it, at a time when nobody was revoked yet."""
        agent = agent or self.world.agent
        facts = self.lay_out(folder, bend, agent=agent)
        trust = dataclasses.replace(self.world.trust, agent_revocations=())
        return issue_statement(folder, facts, agent, trust, self.makers(agent))

    def sound(self, case: str = CASE) -> Path:
        """Return an honest bundle with all of it, which is made when first asked for."""
        folder = self.world.home / "sound" / case
        if not folder.exists():
            self.issue(folder, Bend(case=case))
        return folder

    def claim_pass(
        self, folder: Path, facts: StatementFacts, makers: Sequence[AttachmentMaker], agent: AgentKey | None = None
    ) -> None:
        """Sign PASS over whatever lies there, and have made of it what an agent can have made.

        Args:
            folder: The bundle.
            facts: What the workflow would say.
            makers: Make the attachments.
            agent: Another agent than the world's.
        """
        agent = agent or self.world.agent
        facts = dataclasses.replace(facts, attachments=tuple(maker.name for maker in makers))
        material = Material(read_bundle(folder), self.world.trust)
        envelope = sign_envelope(build_statement(material, facts, Verdict(Result.PASS, 2, (), ())), agent)
        (folder / STATEMENT).write_bytes(envelope)
        for maker in makers:
            (folder / maker.name).write_bytes(maker.make(envelope))
