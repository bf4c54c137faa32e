"""``job.json``: which terminal, what it was bound to, and a challenge, before anything is done to it.

The terminal's first attestation answers `nonce_pre` of these bytes, so all of them are covered by its signature.
Bindings stand in it as keyed hashes: whoever holds the key can check a value, nobody else can guess one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.evidence.canonical import canonical_json, parse_json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields
from agent.evidence.files import read_file
from agent.evidence.links import link_row, read_link
from agent.privacy import LinkFacts
from protocols.terminal import Binding, Identity
from protocols.words import BindingKind, BindingState

JOB = "job.json"
SCHEMA = "urn:posretire:job:v1"
CHALLENGE_BYTES = 32
MAX_BYTES = 262_144

BINDING_KINDS = {kind.name.lower(): kind for kind in BindingKind}
BINDING_STATES = {state.name.lower(): state for state in BindingState}


@dataclass(frozen=True)
class HashedBinding:
    """One binding without its value.

    Args:
        name: Which.
        kind: ``device``, ``account`` or ``merchant``.
        state: ``bound``, ``unbound`` or ``pending``.
        hmac: See `binding_hmac`.
    """

    name: str
    kind: str
    state: str
    hmac: str


@dataclass(frozen=True)
class Job:
    """What a case begins with.

    Args:
        case: Number of the case.
        tusn: Hardware serial number of the terminal.
        maker: As the terminal says.
        model: As the terminal says.
        hardware_version: As the terminal says.
        firmware_name: As the terminal says.
        firmware_version: As the terminal says.
        label_number: Device number of its label.
        device_key: SHA-256 of its identity key (SubjectPublicKeyInfo, DER), lower-case hex.
        opened: When the case was opened, RFC 3339.
        bindings: Its bindings as the agent read them.
        challenge: 32 random bytes, hex.
        work_order: Number of the work order, or empty.
        reason: Why it is retired.
        operator: Who opened the case.
        policy_digest: SHA-256 of the policy's canonical JSON, lower-case hex.
        link: How private the link was that the terminal was inspected over; None in what older versions wrote.
    """

    case: str
    tusn: str
    maker: str
    model: str
    hardware_version: str
    firmware_name: str
    firmware_version: str
    label_number: str
    device_key: str
    opened: str
    bindings: tuple[HashedBinding, ...]
    challenge: str
    work_order: str
    reason: str
    operator: str
    policy_digest: str
    link: LinkFacts | None = None


def binding_hmac(key: bytes, name: str, value: str) -> str:
    """Hash a binding's value under the case's key: HMAC-SHA-256 over name, a zero byte, value.

    Args:
        key: 32 bytes, kept by the owner.
        name: Name of the binding.
        value: What it is tied to.

    Returns:
        Lower-case hex.
    """
    return hmac.digest(key, name.encode() + b"\0" + value.encode(), "sha256").hex()


def hash_bindings(key: bytes, bindings: Sequence[Binding]) -> tuple[HashedBinding, ...]:
    """Hash all bindings of a terminal."""
    return tuple(
        HashedBinding(
            each.name, each.kind.name.lower(), each.state.name.lower(), binding_hmac(key, each.name, each.value)
        )
        for each in bindings
    )


def make_job(
    *,
    case: str,
    identity: Identity,
    bindings: Sequence[Binding],
    binding_key: bytes,
    opened: str,
    operator: str,
    reason: str = "",
    work_order: str = "",
    policy_digest: str,
    challenge: bytes | None = None,
    link: LinkFacts | None = None,
) -> Job:
    """Put together what a case begins with.

    Args:
        case: Number of the case.
        identity: Who the terminal says it is.
        bindings: Its bindings.
        binding_key: Key of the case's keyed hashes, 32 bytes.
        opened: When the case was opened, RFC 3339.
        operator: Who opened it.
        reason: Why the terminal is retired.
        work_order: Number of the work order, or empty.
        policy_digest: See `digest_of`.
        challenge: 32 random bytes; drawn here where not given.
        link: How private the link is.
    """
    return Job(
        case=case,
        tusn=identity.tusn,
        maker=identity.maker,
        model=identity.model,
        hardware_version=identity.hardware_version,
        firmware_name=identity.firmware_name,
        firmware_version=identity.firmware_version,
        label_number=identity.label_number,
        device_key=identity.key_fingerprint.hex(),
        opened=opened,
        bindings=hash_bindings(binding_key, bindings),
        challenge=(challenge or secrets.token_bytes(CHALLENGE_BYTES)).hex(),
        work_order=work_order,
        reason=reason,
        operator=operator,
        policy_digest=policy_digest,
        link=link,
    )


def build_job(job: Job) -> bytes:
    """Write ``job.json``.

    Raises:
        EvidenceRejected: A text is too long, holds control characters or is no Unicode.
    """
    rows = {"bindings": [vars(each) for each in job.bindings]}
    fields = {name: value for name, value in vars(job).items() if name != "link"}
    link = {} if job.link is None else {"link": link_row(job.link)}
    data = canonical_json({"schema": SCHEMA, **fields, **rows, **link})
    parse_job(data)
    return data


def parse_job(data: bytes) -> Job:
    """Read ``job.json``.

    Raises:
        EvidenceRejected: ``json-…``, ``document-field`` or ``time-form``.
    """
    read = Fields(parse_json(data, JOB, max_bytes=MAX_BYTES), JOB)
    read.word("schema", {SCHEMA})
    rows = read.rows("bindings", maximum=256)
    job = Job(
        case=read.text("case", required=True),
        tusn=read.text("tusn", required=True),
        maker=read.text("maker"),
        model=read.text("model"),
        hardware_version=read.text("hardware_version"),
        firmware_name=read.text("firmware_name"),
        firmware_version=read.text("firmware_version"),
        label_number=read.text("label_number"),
        device_key=read.digest("device_key"),
        opened=read.time("opened"),
        bindings=tuple(_binding(row) for row in rows),
        challenge=read.digest("challenge"),
        work_order=read.text("work_order"),
        reason=read.text("reason"),
        operator=read.text("operator"),
        policy_digest=read.digest("policy_digest"),
        link=read_link(read.fields("link")) if "link" in read.names() else None,
    )
    read.end()
    return job


def _binding(row: Fields) -> HashedBinding:
    binding = HashedBinding(
        name=row.text("name", required=True),
        kind=row.word("kind", BINDING_KINDS),
        state=row.word("state", BINDING_STATES),
        hmac=row.digest("hmac"),
    )
    row.end()
    return binding


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def nonce_pre(job: bytes) -> bytes:
    """Return the nonce of the first attestation: SHA-256 over "pre" and the bytes of ``job.json``."""
    return hashlib.sha256(b"pre" + job).digest()


def serial_number_in(folder: Path) -> tuple[str, ...]:
    """Return the serial number of the case whose folder this is; nothing where it is none's.

    Args:
        folder: Any folder.
    """
    try:
        return (parse_job(read_file(folder / JOB, max_bytes=MAX_BYTES).head).tusn,)
    except (OSError, EvidenceRejected):
        return ()
