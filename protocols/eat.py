"""Claims of a terminal's attestation: an EAT (RFC 9711) as one frozen dataclass and back to CBOR.

Only the claims set is here. Signing it (COSE_Sign1, RFC 9052) is the terminal's work, checking the signature the
verifier's. Standard claims use their registered numbers; ours are in the private range, below -65536.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any

import cbor2

from protocols.errors import RemoteProtocolError

NONCE = 10
UEID = 256
OEMID = 258
HWMODEL = 259
HWVERSION = 260
DBGSTAT = 263
BOOTCOUNT = 267
SWNAME = 270
SWVERSION = 271
MEASUREMENTS = 273

PHASE = -70001
WIPE_COUNT = -70002
WIPE_STATE = -70003
WIPE_NONCE = -70004
KEY_SLOTS = -70005
BINDINGS = -70006
REGIONS = -70007
UNSETTLED = -70008
TUSN = -70009
ANSWERS = -70010

MAX_TOKEN_BYTES = 16_384
UEID_TYPE_RAND = b"\x01"
ALPHANUMERIC = 3
"""Version scheme of RFC 9393, section 4.1: a string that is not to be read as a number."""
DEBUG_ENABLED = 0
MAX_DEBUG_STATUS = 4
"""RFC 9711, section 4.2.9: 0 enabled, 1 disabled, 2 since boot, 3 permanently, 4 fully and permanently."""
SWID_CBOR = 258
"""CoAP Content-Format of ``application/swid+cbor`` (RFC 9393, section 6.5)."""
SHA_256 = 1
"""Of the registry of named information hash algorithms, which CoSWID uses (RFC 9393, section 2.9.1)."""


@dataclass(frozen=True)
class ClaimedKeySlot:
    """One key slot as the terminal attests it: number, kind, state, whether it survives a wipe, check value."""

    slot: int
    kind: int
    state: int
    survives_wipe: bool
    check_value: bytes


@dataclass(frozen=True)
class ClaimedRegion:
    """One region as the terminal attests it.

    Args:
        region: Its number.
        start: Address of its first byte.
        size: Bytes.
        wipeable: False for what must survive.
        result: `protocols.words.RegionResult` of the last wipe.
        digest: SHA-256 of its whole content now; empty where the terminal may not tell (before the wipe).
    """

    region: int
    start: int
    size: int
    wipeable: bool
    result: int
    digest: bytes


@dataclass(frozen=True)
class ClaimedAnswer:
    """What a filled region answered when it was asked last: its number, the key and the digest, 32 bytes each."""

    region: int
    key: bytes
    digest: bytes


@dataclass(frozen=True)
class ClaimedMeasurement:
    """One piece of software that the terminal measured: a CoSWID evidence tag of one file (RFC 9393, section 2.9.4).

    Args:
        name: Name of the software.
        version: Its version.
        maker: Who made it and the tag.
        file: Name of what was measured.
        size: Its bytes.
        digest: SHA-256 of them.
    """

    name: str
    version: str
    maker: str
    file: str
    size: int
    digest: bytes


@dataclass(frozen=True)
class TerminalClaims:
    """What a terminal attests.

    Args:
        nonce: Ours, 32 bytes.
        binding: That of the private channel it is asked for on, 32 bytes, which then is the second nonce (RFC 9711,
            section 4.1: one or more); empty on a plain link.
        tusn: Hardware serial number, ASCII. The UEID claim is made from it and ``oemid``, see `ueid`.
        oemid: The maker's random identifier, 16 bytes (RFC 9711, section 4.2.3.1).
        hwmodel: The model's name as bytes.
        hwversion: Version of the board.
        swname: Name of the firmware.
        swversion: Version of the firmware.
        boot_count: How often the terminal started.
        debug_status: 0 enabled, 1 disabled, 2 disabled since boot, 3 disabled permanently, 4 fully and permanently.
        phase: 1 before, 2 after.
        wipe_count: How many wipes were finished.
        wipe_state: `protocols.words.WipeState` of the last wipe.
        wipe_nonce: Nonce of the last wipe, 32 bytes.
        key_slots: All key slots.
        bindings: Pairs of binding name and `protocols.words.BindingState`, without values.
        regions: All regions.
        unsettled: Transactions of the batch not settled.
        answers: What its regions answered when they were filled last; the claim is there only where there is any.
        measurements: The software that it measured when it started (RFC 9711, section 4.2.16); the claim is there only
            where there is any.
    """

    nonce: bytes
    tusn: str
    oemid: bytes
    hwmodel: bytes
    hwversion: str
    swname: str
    swversion: str
    boot_count: int
    debug_status: int
    phase: int
    wipe_count: int
    wipe_state: int
    wipe_nonce: bytes
    key_slots: tuple[ClaimedKeySlot, ...]
    bindings: tuple[tuple[str, int], ...]
    regions: tuple[ClaimedRegion, ...]
    unsettled: int
    binding: bytes = b""
    answers: tuple[ClaimedAnswer, ...] = ()
    measurements: tuple[ClaimedMeasurement, ...] = ()


def ueid(oemid: bytes, tusn: str) -> bytes:
    """Make the UEID of a terminal: type RAND, from identifiers through a hash (RFC 9711, section 4.2.1.1).

    Args:
        oemid: The maker's identifier.
        tusn: Hardware serial number.

    Returns:
        33 bytes: the type byte 0x01 and a SHA-256.
    """
    return UEID_TYPE_RAND + hashlib.sha256(oemid + tusn.encode()).digest()


def oemid_of(maker: str) -> bytes:
    """Make the 16-byte identifier of a maker: the start of the SHA-256 of its name, as its root has it."""
    return hashlib.sha256(maker.encode()).digest()[:16]


def tag_id(name: str, version: str, maker: str) -> bytes:
    """Make the 16-byte identifier of a piece of software's tag (RFC 9393, section 2.3: tag-id)."""
    return hashlib.sha256("\0".join((maker, name, version)).encode()).digest()[:16]


def _coswid(each: ClaimedMeasurement) -> bytes:
    """Write one measurement as an untagged CoSWID; the numbers of its fields are those of RFC 9393, section 2.11."""
    return cbor2.dumps(
        {
            0: tag_id(each.name, each.version, each.maker),  # tag-id
            1: each.name,  # software-name
            2: {31: each.maker, 33: [1, 2]},  # entity: name; roles tag-creator and software-creator
            3: {17: {24: each.file, 20: each.size, 7: [SHA_256, each.digest]}},  # evidence: file: name, size, hash
            12: 0,  # tag-version
            13: each.version,  # software-version
            14: ALPHANUMERIC,  # version-scheme
        },
        canonical=True,
    )


def encode_claims(claims: TerminalClaims) -> bytes:
    """Write claims as a deterministic CBOR map (RFC 8949, section 4.2)."""
    return cbor2.dumps(
        {
            NONCE: [claims.nonce, claims.binding] if claims.binding else claims.nonce,
            UEID: ueid(claims.oemid, claims.tusn),
            TUSN: claims.tusn,
            OEMID: claims.oemid,
            HWMODEL: claims.hwmodel,
            HWVERSION: [claims.hwversion, ALPHANUMERIC],
            SWNAME: claims.swname,
            SWVERSION: [claims.swversion, ALPHANUMERIC],
            BOOTCOUNT: claims.boot_count,
            DBGSTAT: claims.debug_status,
            PHASE: claims.phase,
            WIPE_COUNT: claims.wipe_count,
            WIPE_STATE: claims.wipe_state,
            WIPE_NONCE: claims.wipe_nonce,
            KEY_SLOTS: [[s.slot, s.kind, s.state, s.survives_wipe, s.check_value] for s in claims.key_slots],
            BINDINGS: [[name, state] for name, state in claims.bindings],
            REGIONS: [[r.region, r.start, r.size, r.wipeable, r.result, r.digest] for r in claims.regions],
            UNSETTLED: claims.unsettled,
            **({MEASUREMENTS: [[SWID_CBOR, _coswid(m)] for m in claims.measurements]} if claims.measurements else {}),
            **({ANSWERS: [[a.region, a.key, a.digest] for a in claims.answers]} if claims.answers else {}),
        },
        canonical=True,
    )


def decode_claims(data: bytes) -> TerminalClaims:
    """Read claims.

    Args:
        data: CBOR of the claims set, at most 16 KiB.

    Raises:
        RemoteProtocolError: It is no such map, a claim is missing, or one has the wrong type.
    """
    if len(data) > MAX_TOKEN_BYTES:
        raise RemoteProtocolError(f"claims of {len(data)} bytes, at most {MAX_TOKEN_BYTES}")
    decoded = load_cbor(data, "claims")
    if not isinstance(decoded, dict):
        raise RemoteProtocolError("claims are not a CBOR map")
    read = _ClaimReader(decoded)
    nonce, binding = read.nonces()
    claims = TerminalClaims(
        nonce=nonce,
        tusn=read.typed(TUSN, str),
        oemid=read.octets(OEMID, 16),
        hwmodel=read.octets(HWMODEL),
        hwversion=read.version(HWVERSION),
        swname=read.typed(SWNAME, str),
        swversion=read.version(SWVERSION),
        boot_count=read.number(BOOTCOUNT),
        debug_status=read.number(DBGSTAT),
        phase=read.number(PHASE),
        wipe_count=read.number(WIPE_COUNT),
        wipe_state=read.number(WIPE_STATE),
        wipe_nonce=read.octets(WIPE_NONCE, 32),
        key_slots=tuple(ClaimedKeySlot(*row) for row in read.rows(KEY_SLOTS, (int, int, int, bool, bytes))),
        bindings=tuple((row[0], row[1]) for row in read.rows(BINDINGS, (str, int))),
        regions=tuple(ClaimedRegion(*row) for row in read.rows(REGIONS, (int, int, int, bool, int, bytes))),
        unsettled=read.number(UNSETTLED),
        binding=binding,
        answers=read.answers(),
        measurements=read.measurements(),
    )
    if claims.debug_status > MAX_DEBUG_STATUS:
        raise RemoteProtocolError(f"claim {DBGSTAT} is out of range")
    if encode_claims(claims) != data:
        raise RemoteProtocolError("claims hold more than this version knows, or are not in canonical form")
    return claims


def load_cbor(data: bytes, what: str) -> Any:
    """Read exactly one CBOR item.

    Args:
        data: The item, at most 16 KiB, and nothing behind it.
        what: What it is, for the error.

    Raises:
        RemoteProtocolError: It is no CBOR, or something follows it.
    """
    if len(data) > MAX_TOKEN_BYTES:
        raise RemoteProtocolError(f"{what}: {len(data)} bytes, at most {MAX_TOKEN_BYTES}")
    stream = io.BytesIO(data)
    try:
        decoded = cbor2.load(stream)
    except Exception as fault:  # noqa: BLE001 - cbor2 raises many kinds, some of them not its own
        raise RemoteProtocolError(f"{what}: no CBOR ({type(fault).__name__})") from None
    if stream.tell() != len(data):
        raise RemoteProtocolError(f"{what}: something follows the CBOR item")
    return decoded


class _ClaimReader:
    """Takes typed claims out of a decoded map."""

    def __init__(self, decoded: dict[Any, Any]) -> None:
        self._decoded = decoded

    def typed(self, claim: int, wanted: type) -> Any:
        value = self._decoded.get(claim)
        if type(value) is not wanted:
            raise RemoteProtocolError(f"claim {claim} is missing or of the wrong type")
        return value

    def octets(self, claim: int, length: int | None = None) -> bytes:
        value: bytes = self.typed(claim, bytes)
        if length is not None and len(value) != length:
            raise RemoteProtocolError(f"claim {claim} is not of {length} bytes")
        return value

    def nonces(self) -> tuple[bytes, bytes]:
        """Take the nonce, and the channel binding where there are two; one alone never stands in an array."""
        given = self._decoded.get(NONCE)
        both: list[Any] = given if type(given) is list else [given, b""]
        if [type(each) for each in both] != [bytes, bytes] or len(both[0]) != 32 or len(both[1]) not in (0, 32):
            raise RemoteProtocolError("the nonce is neither 32 bytes nor two times that")
        return both[0], both[1]

    def answers(self) -> tuple[ClaimedAnswer, ...]:
        """Take the answers of filled regions, where there are any."""
        rows = self.rows(ANSWERS, (int, bytes, bytes)) if ANSWERS in self._decoded else []
        if any(len(cell) != 32 for _, *cells in rows for cell in cells):
            raise RemoteProtocolError(f"claim {ANSWERS} has a key or a digest that is not of 32 bytes")
        return tuple(ClaimedAnswer(*row) for row in rows)

    def measurements(self) -> tuple[ClaimedMeasurement, ...]:
        """Take what was measured, where there is any; whether a tag holds more is seen when it is written again."""
        rows = self.rows(MEASUREMENTS, (int, bytes)) if MEASUREMENTS in self._decoded else []
        return tuple(_measurement(body) for _, body in rows)

    def number(self, claim: int) -> int:
        value: int = self.typed(claim, int)
        if not 0 <= value < 1 << 63:
            raise RemoteProtocolError(f"claim {claim} is out of range")
        return value

    def version(self, claim: int) -> str:
        value = self.typed(claim, list)
        if len(value) != 2 or type(value[0]) is not str or value[1] != ALPHANUMERIC:
            raise RemoteProtocolError(f"claim {claim} is not a version")
        version: str = value[0]
        return version

    def rows(self, claim: int, types: tuple[type, ...]) -> list[list[Any]]:
        rows = self.typed(claim, list)
        for row in rows:
            if type(row) is not list or tuple(type(cell) for cell in row) != types:
                raise RemoteProtocolError(f"claim {claim} has a row of the wrong shape")
            if any(type(cell) is int and not 0 <= cell < 1 << 63 for cell in row):
                raise RemoteProtocolError(f"claim {claim} has a number out of range")
        return list(rows)


def _measurement(body: bytes) -> ClaimedMeasurement:
    """Read one CoSWID as `_coswid` writes it."""
    tag = _ClaimReader(_map(load_cbor(body, "measurement")))
    entity = _ClaimReader(_map(tag.typed(2, dict)))
    file = _ClaimReader(_map(_ClaimReader(_map(tag.typed(3, dict))).typed(17, dict)))
    hashed = file.typed(7, list)
    if len(hashed) != 2 or type(hashed[1]) is not bytes or len(hashed[1]) != 32:
        raise RemoteProtocolError("a measurement is no SHA-256")
    return ClaimedMeasurement(
        name=tag.typed(1, str),
        version=tag.typed(13, str),
        maker=entity.typed(31, str),
        file=file.typed(24, str),
        size=file.number(20),
        digest=hashed[1],
    )


def _map(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise RemoteProtocolError("a measurement is no CBOR map")
    return value
