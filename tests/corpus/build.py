"""Writes the corpus: ``python -m tests.corpus.build DIR``.

``good/`` holds honest bundles, ``attacks/`` one folder an attack, ``trust/`` the roots to judge them by, and
``corpus.json`` what each is and what has to refuse it. Keys are drawn anew each time; the attacks are the same.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.agent.evidence.archives import by_zipfile
from tests.agent.evidence.made import World, contents
from tests.corpus.catalog import Corpus
from tests.corpus.good import GOOD

GOOD_FOLDER, ATTACKS, TRUST, LIST = "good", "attacks", "trust", "corpus.json"


def build(target: Path) -> dict[str, int]:
    """Write the corpus into a folder that is not there yet.

    Args:
        target: The folder.

    Returns:
        How many honest bundles and how many attacks there are.
    """
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        world = World.make(Path(work) / "home")
        corpus = Corpus(world, Path(work) / "honest")
        shutil.copytree(world.home / "trust", target / TRUST)
        good = [_good(corpus, name, target) for name in GOOD]
        (target / GOOD_FOLDER / "archive.zip").write_bytes(by_zipfile(contents(corpus.honest()), "R/"))
        attacks = []
        for attack in corpus.attacks():
            folder = target / ATTACKS / attack.slug
            folder.mkdir(parents=True)
            bundle = attack.make(folder)
            attacks.append(
                {
                    "name": attack.name,
                    "by": attack.by,
                    "bundle": bundle.relative_to(target).as_posix(),
                    "check": attack.check,
                    "code": attack.code,
                }
            )
    listed = {"good": [*good, f"{GOOD_FOLDER}/archive.zip"], "attacks": attacks}
    (target / LIST).write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {name: len(each) for name, each in listed.items()}


def _good(corpus: Corpus, name: str, target: Path) -> str:
    folder = target / GOOD_FOLDER / name
    shutil.copytree(corpus.honest(name), folder)
    return folder.relative_to(target).as_posix()


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]))))
