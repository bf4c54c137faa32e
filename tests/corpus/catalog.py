"""The attacks on bundles, each with the threat that it stands for and the check that has to refuse it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from agent.evidence.issue import issue_statement
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from tests.agent.evidence.archives import hostile
from tests.agent.evidence.attacks import INSIDER, OUTSIDER
from tests.agent.evidence.made import CASE, Bend, World, contents
from tests.corpus.attached import BY_ANYBODY, BY_INSIDER, Make
from tests.corpus.full import Office
from tests.corpus.good import GOOD
from tests.corpus.more import MORE_INSIDER, MORE_OUTSIDER

ANYBODY = "anybody"
INSIDE = "agent's key"
ARCHIVE = "archive"
"""Who is at work: somebody without any key, somebody with the agent's, or whoever packs a bundle."""


GOOD_OF_OFFICE: Mapping[str, Callable[[Office], AgentKey]] = {
    "timestamped-and-logged": lambda office: office.world.agent,
    "certified-agent": lambda office: office.certified,
    "key-revoked-after-the-timestamp": lambda office: office.revoked_later,
}
"""Honest bundles that need more people, and whose key signs them."""


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        name: What is done.
        by: By whom.
        make: Lays the bundle out in a folder that is there and empty, and returns where it is.
        check: The check that must refuse it.
        code: With which code; empty where the note alone says so.
    """

    name: str
    by: str
    make: Callable[[Path], Path]
    check: str
    code: str = ""

    @property
    def slug(self) -> str:
        """Its name as that of a folder."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.by} {self.name}".lower()).strip("-")


@dataclass
class Corpus:
    """Makes honest bundles and attacks on them.

    Args:
        world: Whose keys are used.
        work: A folder for what is made on the way.
    """

    world: World
    work: Path
    _honest: dict[str, Path] = field(default_factory=dict)

    @cached_property
    def office(self) -> Office:
        """Everybody besides the world's own people; their roots and keys are in its trust folder from now on."""
        return Office(self.world)

    @property
    def trust(self) -> TrustStore:
        """Whom to trust."""
        _ = self.office
        return self.world.trust

    @property
    def good(self) -> tuple[str, ...]:
        """Names of the honest bundles."""
        return (*GOOD, *GOOD_OF_OFFICE)

    def honest(self, name: str = "retirement") -> Path:
        """Return one of the honest bundles, which is made when first asked for."""
        if name not in self._honest:
            folder = self.work / name
            self._honest[name] = folder
            if name in GOOD_OF_OFFICE:
                self.office.issue(folder, agent=GOOD_OF_OFFICE[name](self.office))
            else:
                facts = self.world.lay_out(folder, GOOD[name])
                issue_statement(folder, facts, self.world.agent, self.trust)
        return self._honest[name]

    def attacks(self) -> Iterator[Attack]:
        """Yield every attack."""
        for name, (bend, check, code) in {**INSIDER, **MORE_INSIDER}.items():
            yield Attack(name, INSIDE, partial(self._inside, bend), check, code)
        for name, (edit, check) in {**OUTSIDER, **MORE_OUTSIDER}.items():
            yield Attack(name, ANYBODY, partial(self._outside, edit), check)
        for name, (make, check, code) in BY_INSIDER.items():
            yield Attack(name, INSIDE, partial(self._office, make), check, code)
        for name, (make, check, code) in BY_ANYBODY.items():
            yield Attack(name, ANYBODY, partial(self._office, make), check, code)
        files = dict(contents(self.honest()))
        first = {each: files.pop(each) for each in ("job.json", "export.age")}
        for name, (data, code) in hostile({**first, **files}).items():
            yield Attack(name, ARCHIVE, partial(self._archive, data), "files", code)

    def _inside(self, bend: Bend, at: Path) -> Path:
        facts = self.world.lay_out(at / CASE, bend)
        self.world.claim_pass(at / CASE, facts)
        return at / CASE

    def _outside(self, edit: Callable[[Path, World], Any], at: Path) -> Path:
        shutil.copytree(self.honest(), at / CASE)
        edit(at / CASE, self.world)
        return at / CASE

    def _office(self, make: Make, at: Path) -> Path:
        make(self.office, at / CASE)
        return at / CASE

    def _archive(self, data: bytes, at: Path) -> Path:
        (at / f"{CASE}.zip").write_bytes(data)
        return at / f"{CASE}.zip"
