"""Opening whatever came as an export ends in a documented error or in its content, and leaves nothing half-written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyrage

from agent.errors import AgentError
from agent.export.opening import open_for_owner
from tests.agent.export.bent import archive_of
from tests.agent.export.fake_driver import Owner
from tests.agent.export.made import agreeing, whole

ROUNDS = 2000


def test_i10_mutated_exports(tmp_path: Path) -> None:
    random = Random("opening")
    owner = Owner(tmp_path)
    path = tmp_path / "export.age"
    members = agreeing(whole(path, owner, records=30, receipts=4))
    archive = archive_of(members)
    sealed = path.read_bytes()
    opened = refused = 0
    kept = {owner.file, path}
    for number in range(ROUNDS):
        if number % 4 == 0:
            path.write_bytes(_mutated(random, sealed))
        else:
            path.write_bytes(pyrage.encrypt(_mutated(random, archive), [owner.identity.to_public()]))
        table, folder = tmp_path / "t.csv", tmp_path / "un"
        try:
            open_for_owner(path, [owner.identity], csv=table, out=folder)
        except AgentError:
            refused += 1
            assert set(tmp_path.iterdir()) == kept, number
        else:
            opened += 1
            table.unlink()
            for each in sorted(folder.rglob("*"), reverse=True):
                each.rmdir() if each.is_dir() else each.unlink()
            folder.rmdir()
    print(f"\n{ROUNDS} mutated exports: {refused} refused, {opened} opened")
    assert refused > ROUNDS * 3 // 4


def _mutated(random: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randrange(len(spoilt))
        how = random.randrange(5)
        if how == 0:
            spoilt[at] ^= 1 << random.randrange(8)
        elif how == 1:
            del spoilt[at : at + random.choice((1, 512, 700))]
        elif how == 2:
            spoilt[at:at] = random.randbytes(random.choice((1, 12, 512)))
        elif how == 3:
            # In the archive: a header in another place, or twice.
            block = at // 512 * 512
            spoilt[block:block] = spoilt[:512]
        else:
            spoilt[at : at + 12] = random.choice((b"\xff" * 12, b"77777777777\0", b"0" * 12, b"../../../etc"))
        if not spoilt:
            break
    return bytes(spoilt) if spoilt != data else bytes(data) + b"\0"
