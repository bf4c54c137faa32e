"""Bodies of pmp's requests, responses and events as frozen dataclasses.

Numbers are big-endian, text is GB 18030 after a one-byte length, lists come after a count. Byte by byte the bodies
stand in the note pmp.md, section Messages; the layouts are in `protocols.pmp.layouts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocols.pmp.facts import Dataset, Phase, SendProtocol
from protocols.terminal import Binding, KeySlot, KindTotal, Region
from protocols.words import Key, Technique


@dataclass(frozen=True)
class Empty:
    """A body of no bytes."""


@dataclass(frozen=True)
class Echo:
    """Request and answer of ECHO: 0 to 1,024 bytes, the same in both."""

    data: bytes


@dataclass(frozen=True)
class RefusalDetail:
    """Body of a refusal: what the terminal says besides the code, possibly nothing."""

    text: str


@dataclass(frozen=True)
class Bindings:
    """Answer to BINDINGS."""

    bindings: tuple[Binding, ...]


@dataclass(frozen=True)
class KeySlots:
    """Answer to KEY_SLOTS."""

    slots: tuple[KeySlot, ...]


@dataclass(frozen=True)
class MemoryMap:
    """Answer to MEMORY_MAP."""

    regions: tuple[Region, ...]


@dataclass(frozen=True)
class KeyPress:
    """Request KEY_PRESS: press keys together, on the screen that the agent saw.

    Args:
        screen_serial: Serial of that screen; the terminal refuses with STALE_SCREEN if it shows another by now.
        keys: 1 to 4 keys pressed as a chord.
    """

    screen_serial: int
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class DatasetName:
    """Request DATASET_OPEN."""

    dataset: Dataset


@dataclass(frozen=True)
class DatasetOpened:
    """Answer to DATASET_OPEN: a frozen view of the dataset.

    Args:
        handle: Number for the other commands.
        records: How many records it has.
        size: Bytes.
    """

    handle: int
    records: int
    size: int


@dataclass(frozen=True)
class DatasetHandle:
    """Request DATASET_TOTALS and DATASET_CLOSE."""

    handle: int


@dataclass(frozen=True)
class DatasetRead:
    """Request DATASET_READ and DATASET_PACKED.

    Args:
        handle: From DATASET_OPEN.
        offset: First byte wanted.
        length: Bytes wanted, 1 to 65,536; fewer come only at the end.
    """

    handle: int
    offset: int
    length: int


@dataclass(frozen=True)
class DataPiece:
    """Answer to DATASET_READ and MEMORY_READ: where the bytes begin, and the bytes."""

    offset: int
    data: bytes


@dataclass(frozen=True)
class PackedPiece:
    """Answer to DATASET_PACKED.

    Args:
        offset: Where the bytes begin in the dataset.
        length: How many they are unpacked, 0 to 65,536.
        data: They themselves, packed; see `protocols.pmp.packing`.
    """

    offset: int
    length: int
    data: bytes


@dataclass(frozen=True)
class DatasetSend:
    """Request DATASET_SEND: send the whole dataset by another protocol.

    Args:
        handle: From DATASET_OPEN.
        protocol: By which.
    """

    handle: int
    protocol: SendProtocol


@dataclass(frozen=True)
class DatasetTotals:
    """Answer to DATASET_TOTALS.

    Args:
        records: How many records the whole dataset has.
        digest: SHA-256 of its bytes, 32 bytes.
        totals: Per kind and scheme; empty for datasets that are not transactions.
    """

    records: int
    digest: bytes
    totals: tuple[KindTotal, ...]


@dataclass(frozen=True)
class RegionNumber:
    """One region in a list."""

    region: int


@dataclass(frozen=True)
class WipePrepare:
    """Request WIPE_PREPARE.

    Args:
        nonce: 32 bytes, bound to the case.
        technique: How.
        erase_keys: Erase all key slots that do not survive a wipe, before any region.
        regions: Which regions, in this order.
    """

    nonce: bytes
    technique: Technique
    erase_keys: bool
    regions: tuple[RegionNumber, ...]


@dataclass(frozen=True)
class WipePrepared:
    """Answer to WIPE_PREPARE.

    Args:
        token: 16 bytes that WIPE_START must show; good for one start and until the next restart.
        boot_count: The terminal's boot count, which the token is bound to.
        blocks: Erase blocks to do.
        estimated_seconds: How long it will take.
    """

    token: bytes
    boot_count: int
    blocks: int
    estimated_seconds: int


@dataclass(frozen=True)
class WipeStart:
    """Request WIPE_START."""

    token: bytes


@dataclass(frozen=True)
class MemoryRead:
    """Request MEMORY_READ, answered for erased regions only.

    Args:
        region: Which region.
        offset: First byte wanted, from the region's start.
        length: Bytes wanted, 1 to 65,536.
    """

    region: int
    offset: int
    length: int


@dataclass(frozen=True)
class MemoryDigest:
    """Request MEMORY_DIGEST: HMAC-SHA-256 under a key of ours over part of an erased region.

    Args:
        region: Which region.
        offset: First byte, from the region's start.
        length: Bytes.
        key: 32 bytes.
    """

    region: int
    offset: int
    length: int
    key: bytes


@dataclass(frozen=True)
class Digest:
    """Answer to MEMORY_DIGEST, 32 bytes."""

    digest: bytes


@dataclass(frozen=True)
class FillRegions:
    """Answer to FILL_REGIONS.

    Args:
        piece: Most bytes of one MEMORY_FILL, 1 to 16,384.
        regions: Which regions can be filled.
    """

    piece: int
    regions: tuple[RegionNumber, ...]


@dataclass(frozen=True)
class MemoryFill:
    """Request MEMORY_FILL: the next bytes of a region that the last wipe erased.

    Args:
        nonce: That of the wipe, 32 bytes.
        region: Which region.
        offset: How many bytes of it are filled already.
        data: 1 to 16,384 bytes.
    """

    nonce: bytes
    region: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class FillErase:
    """Request FILL_ERASE: erase again whatever MEMORY_FILL has filled.

    Args:
        nonce: That of the wipe, 32 bytes.
    """

    nonce: bytes


@dataclass(frozen=True)
class Attest:
    """Request ATTEST.

    Args:
        phase: Before or after.
        nonce: 32 bytes.
    """

    phase: Phase
    nonce: bytes


@dataclass(frozen=True)
class Attestation:
    """Answer to ATTEST: an EAT as COSE_Sign1 with the certificate chain in its header, at most 16 KiB."""

    token: bytes
