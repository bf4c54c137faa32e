"""Exports made by hand for the tests of their opening: an archive of given members, encrypted to an owner."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pyrage
import rfc8785

from agent.export.archive import MANIFEST, MEMBERS, TRANSACTIONS
from agent.export.receipts import listed
from tests.agent.export.bent import archive_of, contents
from tests.agent.export.fake_driver import Owner, fake_terminal, write

RECEIPT = "终端号:T0000042\n卡号:4111111111111111\n"


def whole(destination, owner, records=40, receipts=3, **options) -> dict[str, bytes]:
    """Return the members of a good export."""
    driver = fake_terminal(records, receipts=[RECEIPT] * receipts, **options)
    return contents(write(driver, destination, owner))


def put(path, members: dict[str, bytes], *owners: Owner) -> None:
    """Write members as an export to some owners."""
    seal(path, archive_of(members), *owners)


def seal(path, archive: bytes, *owners: Owner) -> None:
    """Encrypt an archive to some owners."""
    path.write_bytes(pyrage.encrypt(archive, [owner.identity.to_public() for owner in owners]))


def agreeing(members: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    """Return members with a manifest that says of each what it is, and whatever else is asked for."""
    manifest = json.loads(members[MANIFEST])
    rows = []
    for name in MEMBERS[1:]:
        row = {"name": name, "size": len(members[name]), "sha256": hashlib.sha256(members[name]).hexdigest()}
        if name == TRANSACTIONS:
            row["records"] = members[name].count(b"\n")
        rows.append(row)
    receipts = [name for name in members if name.startswith("receipts/")]
    listing = b"".join(listed(name, hashlib.sha256(members[name]).hexdigest()) for name in receipts)
    size = sum(len(members[name]) for name in receipts)
    digest = hashlib.sha256(listing).hexdigest()
    rows.append({"name": "receipts/", "size": size, "sha256": digest, "records": len(receipts)})
    return {**members, MANIFEST: rfc8785.dumps({**manifest, "members": rows, **changes})}
