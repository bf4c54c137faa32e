"""Writes the corpus: ``python -m tests.corpus.build DIR``.

``good/`` holds honest bundles, ``attacks/`` one folder an attack, ``trust/`` the roots to judge them by, and
``corpus.json`` what each is and what has to refuse it. Keys are drawn anew each time; the attacks are the same.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.agent.evidence.archives import by_zipfile
from tests.agent.evidence.made import World, contents
from tests.corpus.catalog import Attack, Corpus

GOOD_FOLDER, ATTACKS, TRUST, LIST = "good", "attacks", "trust", "corpus.json"


@dataclass(frozen=True)
class Built:
    """A corpus on the disk.

    Args:
        folder: Where it is.
        good: The honest bundles.
        attacks: The attacks, each with its bundle.
    """

    folder: Path
    good: tuple[Path, ...]
    attacks: tuple[tuple[Attack, Path], ...]

    @property
    def trust(self) -> Path:
        """The roots to judge the bundles by."""
        return self.folder / TRUST


def build(target: Path) -> Built:
    """Write the corpus into a folder that is not there yet.

    Args:
        target: The folder.
    """
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        world = World.make(Path(work) / "home")
        corpus = Corpus(world, Path(work) / "honest")
        good = [_good(corpus, name, target) for name in corpus.good]
        good.append(target / GOOD_FOLDER / "archive.zip")
        good[-1].write_bytes(by_zipfile(contents(corpus.honest()), "R/"))
        attacks = []
        for attack in corpus.attacks():
            folder = target / ATTACKS / attack.slug
            folder.mkdir(parents=True)
            attacks.append((attack, attack.make(folder)))
        shutil.copytree(world.home / "trust", target / TRUST)
    built = Built(target, tuple(good), tuple(attacks))
    listed = {
        "good": [path.relative_to(target).as_posix() for path in good],
        "attacks": [
            {
                "name": attack.name,
                "by": attack.by,
                "bundle": path.relative_to(target).as_posix(),
                "check": attack.check,
                "code": attack.code,
            }
            for attack, path in attacks
        ],
    }
    (target / LIST).write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return built


def _good(corpus: Corpus, name: str, target: Path) -> Path:
    return Path(shutil.copytree(corpus.honest(name), target / GOOD_FOLDER / name))


if __name__ == "__main__":
    made = build(Path(sys.argv[1]))
    print(f"{len(made.good)} honest bundles, {len(made.attacks)} attacks")
