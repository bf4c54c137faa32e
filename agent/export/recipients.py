"""Who will be able to open the export: age X25519 recipients, given as text or in a file of them.

The format is that of ``age -r`` and ``age -R`` (age-encryption.org/v1, section "The X25519 recipient type"). Nothing
that is refused here is echoed, since it may be a private key that was given by mistake (I4); the error names its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pyrage import RecipientError, x25519

from agent.errors import UsageFault

MAX_RECIPIENTS = 64
MAX_FILE_BYTES = 65_536

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_X25519_CHARACTERS = 62
_SSH = ("ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-")


@dataclass(frozen=True)
class Recipient:
    """One age recipient.

    Args:
        text: Its public key, ``age1`` and 58 more characters, in lower case.
        key: The same for pyrage.
    """

    text: str
    key: x25519.Recipient = field(repr=False, compare=False)


def parse_recipients(given: Sequence[str]) -> tuple[Recipient, ...]:
    """Read recipients, each given as ``age1…`` or as the path of a file with one a line and ``#`` comments.

    Args:
        given: What was asked for; the order is kept, and who is named twice counts once.

    Raises:
        UsageFault: ``recipient-missing``, ``recipient-is-identity`` (a private key), ``recipient-ssh``,
            ``recipient-unsupported`` (another kind of age recipient), ``recipient-invalid``,
            ``recipients-file-unreadable``, ``recipients-file-empty`` or ``too-many-recipients``.
    """
    found: list[Recipient] = []
    for position, text in enumerate(given, 1):
        for place, key in _keys(text.strip(), f"recipient {position}"):
            recipient = _parse_key(key, place)
            if recipient in found:
                continue  # in a file and by itself, or in the work order too
            if len(found) == MAX_RECIPIENTS:
                raise UsageFault("too-many-recipients", limit=MAX_RECIPIENTS)
            found.append(recipient)
    if not found:
        raise UsageFault("recipient-missing")
    return tuple(found)


def _keys(text: str, place: str) -> Iterator[tuple[str, str]]:
    """Yield the keys that one argument stands for, each with its place for an error."""
    if not text or _looks_like_a_key(text) or not _is_file(text):
        yield place, text
        return
    path = Path(text)
    lines = [line.strip() for line in _read(path).splitlines()]
    keys = [(f"{path}:{number}", line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not keys:
        raise UsageFault("recipients-file-empty", path=str(path))
    yield from keys


def _looks_like_a_key(text: str) -> bool:
    return _is_private(text) or text.lower().startswith(("age1", *_SSH))


def _is_private(text: str) -> bool:
    lowered = text.lower()
    # The first anywhere, since it may be pasted with quotes or a variable's name before it.
    return "age-secret-key-1" in lowered or lowered.startswith(("age-plugin-", "-----begin"))


def _is_file(text: str) -> bool:
    # A pipe or a device could make us wait for ever, so only what exists and is neither counts as a file.
    try:
        return Path(text).is_file() or Path(text).is_dir()
    except (OSError, ValueError):
        return False


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise UsageFault("recipients-file-unreadable", path=str(path), why=f"more than {MAX_FILE_BYTES} bytes")
        return data.decode()
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
    except UnicodeError:
        why = "no text"
    raise UsageFault("recipients-file-unreadable", path=str(path), why=why)


def _parse_key(text: str, place: str) -> Recipient:
    lowered = text.lower()
    if _is_private(text):
        raise UsageFault("recipient-is-identity", place=place)
    if lowered.startswith(_SSH):
        raise UsageFault("recipient-ssh", place=place)
    if not lowered.startswith("age1"):
        raise UsageFault("recipient-invalid", place=place)
    if len(text) != _X25519_CHARACTERS and "1" in lowered[4:]:
        # A prefix of its own before the last 1 (age1yubikey1…, age1pq1…): made by a plugin, or of a newer kind.
        raise UsageFault("recipient-unsupported", place=place)
    try:
        key = x25519.Recipient.from_str(text)
    except (RecipientError, UnicodeError):  # what was typed may be no Unicode
        raise UsageFault("recipient-invalid", place=place) from None
    canonical = str(key)
    if not _is_good_point(canonical):
        raise UsageFault("recipient-invalid", place=place)
    return Recipient(canonical, key)


def _is_good_point(canonical: str) -> bool:
    """Tell whether a well-formed recipient is a point that keeps a secret.

    A point of low order makes the shared secret zero for everybody (RFC 7748, section 6.1); age refuses it, and pyrage
    1.4 panics on it.
    """
    bits = 0
    for character in canonical[len("age1") : -6]:  # the last six are the checksum
        bits = bits << 5 | _BECH32.index(character)
    point = (bits >> 4).to_bytes(32, "big")  # 52 characters carry 256 bits and 4 of padding
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return False
    return True
