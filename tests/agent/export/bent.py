"""Exports that are not what they should be: the archive inside is changed, or encrypted for others."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import tarfile

import pyrage
from pyrage import x25519

from agent.export.archive import Member, tar_stream
from agent.export.writer import WrittenExport
from tests.agent.export.fake_driver import DETAILS


def contents(written: WrittenExport) -> dict[str, bytes]:
    """Open an export with its verification key and return its members."""
    plain = pyrage.decrypt(written.path.read_bytes(), [written.key.identity])
    found = {}
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        for name in archive.getnames():
            member = archive.extractfile(name)
            assert member is not None
            found[name] = member.read()
    return found


def archive_of(members: dict[str, bytes]) -> bytes:
    """Pack members in the order given."""
    packed = [
        Member(name, len(data), hashlib.sha256(data).hexdigest(), lambda data=data: (data,))  # type: ignore[misc]
        for name, data in members.items()
    ]
    return b"".join(tar_stream(packed, DETAILS.time))


def encrypted(written: WrittenExport, archive: bytes, *others: x25519.Recipient) -> bytes:
    """Encrypt an archive to the verification key and to others."""
    return bytes(pyrage.encrypt(archive, [written.key.identity.to_public(), *others]))


def put(written: WrittenExport, data: bytes, **changes: object) -> WrittenExport:
    """Put other bytes in an export's place, and let whoever wrote it believe that these are its own."""
    written.path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return dataclasses.replace(written, sha256=digest, size=len(data), **changes)  # type: ignore[arg-type]


def repacked(
    written: WrittenExport, members: dict[str, bytes], owner: x25519.Identity, **changes: object
) -> WrittenExport:
    """Put other members in an export's place, for the same recipients."""
    return put(written, encrypted(written, archive_of(members), owner.to_public()), **changes)
