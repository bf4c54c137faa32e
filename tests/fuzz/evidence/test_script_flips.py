"""A sample of flipped bytes for ``verify.sh``: it accepts none either, and no flip ends it otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from tests.agent.evidence.script_runs import needs_tools, run_script
from tests.fuzz.evidence.conftest import Sound
from tests.fuzz.evidence.flips import ALL, SEED, flips

PARTS = 4
TRIED = 2_000 if ALL else 80

pytestmark = needs_tools


@pytest.mark.parametrize("part", range(PARTS))
def test_i10_the_script_accepts_no_flipped_byte(sound: Sound, tmp_path: Path, part: int) -> None:
    pick = Random(SEED)
    every = list(flips(sound.contents, most=200))
    bundle = Path(shutil.copytree(sound.folder, tmp_path / "bundle"))
    tried = pick.sample(every, min(TRIED, len(every)))[part::PARTS]
    for flip in tried:
        (bundle / flip.file).write_bytes(flip.of(sound.contents[flip.file]))
        run = run_script(bundle, sound.trust_folder)
        assert (run.code, run.result) in ((6, "FAIL"), (6, "UNKNOWN")), f"{flip} seed {SEED}"
        assert run.err == "", f"{flip} seed {SEED}"
        (bundle / flip.file).write_bytes(sound.contents[flip.file])
    print(f"{len(tried)} flips before verify.sh, 0 accepted")
    assert len(tried) >= TRIED // PARTS // 2
