"""One bundle with everything in it for all that is tried on bundles here."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.evidence.bundle import EXPORT, BundleFiles, read_bundle
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.papers import certificate as drawing
from tests.agent.evidence.made import World, contents
from tests.corpus.full import Office


@dataclass(frozen=True)
class Sound:
    """A sound bundle.

    Args:
        folder: Where it is.
        files: It, in memory.
        contents: Its files' bytes by name.
        trust: Whom to trust to verify it.
        trust_folder: The folder of that.
    """

    folder: Path
    files: BundleFiles
    contents: dict[str, bytes]
    trust: TrustStore
    trust_folder: Path


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    home = tmp_path_factory.mktemp("sound")
    world = World.make(home / "home")
    issued = Office(world).issue(home / "bundle")
    assert issued.result is Result.PASS, issued.findings
    files = read_bundle(home / "bundle")
    assert files.entry(EXPORT).size == len(files.entry(EXPORT).head)
    return Sound(home / "bundle", files, dict(contents(home / "bundle")), world.trust, world.home / "trust")


@pytest.fixture
def drawn_once(monkeypatch):
    """Draw a page that was drawn before only once: thousands of bundles here have the same statement."""
    kept = {}
    draw = drawing.draw_certificate

    def once(predicate, envelope, act, producer):
        key = (envelope, act, producer)
        if key not in kept:
            if len(kept) > 4:
                kept.clear()
            kept[key] = draw(predicate, envelope, act, producer)
        return kept[key]

    monkeypatch.setattr(drawing, "draw_certificate", once)
