"""Bundles with everything that can be made of a statement: a place in the log of cases, and what else there is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agent.evidence.attachments import AttachmentMaker
from agent.evidence.bundle import INTENT_LOGGED
from agent.evidence.caselog.entries import intent_entry
from agent.evidence.caselog.log import CaseLog
from agent.evidence.caselog.proof import write_proof
from agent.evidence.facts import StatementFacts
from agent.evidence.intent import INTENT, parse_intent
from agent.evidence.issue import IssuedStatement, issue_statement
from agent.evidence.job import digest_of
from agent.evidence.journal import JOURNAL, read_journal
from tests.agent.evidence.made import Bend, World, chain
from tests.agent.evidence.test_checks_log import Logger

OLDER_ENTRIES = 5


@dataclass
class Office:
    """Who makes what is made of a statement.

    Args:
        world: Whose cases they are; its trust folder gets the keys of these as well.
    """

    world: World

    @cached_property
    def log(self) -> CaseLog:
        """The log of cases, with some older ones."""
        log = CaseLog(self.world.home / "log-of-cases")
        log.extend([b'{"other":%d}' % at for at in range(OLDER_ENTRIES)])
        folder = self.world.home / "trust" / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log.vkey").write_text(log.key.vkey.text + "\n", encoding="ascii")
        return log

    def makers(self) -> tuple[AttachmentMaker, ...]:
        """Return who makes the attachments, in their order."""
        return (Logger(self.log),)

    def lay_out(self, folder: Path, bend: Bend | None = None, *, log: CaseLog | None = None) -> StatementFacts:
        """Write everything but the statement, with the intent in the log.

        Args:
            folder: The bundle.
            bend: What is bent in it.
            log: Another log than this office's.
        """
        log = log or self.log
        bend = bend or Bend()
        facts = self.world.lay_out(folder, bend)
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

    def issue(self, folder: Path, bend: Bend | None = None) -> IssuedStatement:
        """Make an honest bundle with all of it."""
        facts = self.lay_out(folder, bend)
        return issue_statement(folder, facts, self.world.agent, self.world.trust, self.makers())
