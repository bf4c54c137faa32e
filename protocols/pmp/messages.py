"""Bodies of pmp's requests, responses and events as frozen dataclasses.

Numbers are big-endian, text is GB 18030 after a one-byte length, lists come after a count. Byte by byte the bodies
stand in the note pmp.md, section Messages; the layouts are in `protocols.pmp.layouts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocols.pmp.facts import (
    Addressable,
    BindingKind,
    BindingState,
    Dataset,
    Key,
    KeyKind,
    KeyState,
    Phase,
    PowerSource,
    RegionHolds,
    RegionResult,
    Scheme,
    TamperState,
    Technique,
    TransactionKind,
    WipeState,
)


@dataclass(frozen=True)
class Empty:
    """A body of no bytes."""


@dataclass(frozen=True)
class RefusalDetail:
    """Body of a refusal: what the terminal says besides the code, possibly nothing."""

    text: str


@dataclass(frozen=True)
class Identity:
    """Answer to IDENTIFY.

    Args:
        tusn: Hardware serial number.
        maker: The maker's identifier.
        model: The model's name as the catalog of profiles knows it.
        hardware_version: Version of the board.
        firmware_name: Name of the firmware.
        firmware_version: Version of the firmware.
        label_number: The device number on the label (POS设备号).
        boot_count: How often the terminal started.
        wipe_count: How many wipes it finished.
        key_fingerprint: SHA-256 of its identity key (SubjectPublicKeyInfo, DER), 32 bytes.
    """

    tusn: str
    maker: str
    model: str
    hardware_version: str
    firmware_name: str
    firmware_version: str
    label_number: str
    boot_count: int
    wipe_count: int
    key_fingerprint: bytes


@dataclass(frozen=True)
class Peripheral:
    """One attached device and whether it is ready."""

    name: str
    ready: bool


@dataclass(frozen=True)
class Status:
    """Answer to STATUS.

    Args:
        tamper: What the sensors say.
        power: Where the power comes from.
        battery_percent: 0 to 100.
        paper: Whether there is paper.
        debug_enabled: Whether debug access is open.
        unsettled_count: Transactions of the batch that are not settled.
        unsettled_amount: Their sum in the smallest unit of the currency.
        reversals_pending: Reversals still to be sent to the acquirer.
        password_attempts_left: Tries left for the unbinding password.
        locked: True where the password is locked out.
        peripherals: Attached devices.
    """

    tamper: TamperState
    power: PowerSource
    battery_percent: int
    paper: bool
    debug_enabled: bool
    unsettled_count: int
    unsettled_amount: int
    reversals_pending: int
    password_attempts_left: int
    locked: bool
    peripherals: tuple[Peripheral, ...]


@dataclass(frozen=True)
class Binding:
    """One tie of the terminal.

    Args:
        kind: Device, account or merchant.
        state: Whether it holds.
        name: Which of its kind: ``printer``, ``settlement_account``, ``merchant_number`` and so on.
        value: What it is tied to; empty once unbound. Sensitive: shown masked, recorded as keyed hash.
    """

    kind: BindingKind
    state: BindingState
    name: str
    value: str


@dataclass(frozen=True)
class Bindings:
    """Answer to BINDINGS."""

    bindings: tuple[Binding, ...]


@dataclass(frozen=True)
class KeySlot:
    """One key slot.

    Args:
        slot: Its number.
        kind: What it is for.
        state: Whether it holds a key.
        survives_wipe: True for the identity key, which must outlive the wipe.
        escrowed: True where a copy of the key is known to exist elsewhere.
        check_value: Key check value, 3 bytes; zero where the slot is empty.
    """

    slot: int
    kind: KeyKind
    state: KeyState
    survives_wipe: bool
    escrowed: bool
    check_value: bytes


@dataclass(frozen=True)
class KeySlots:
    """Answer to KEY_SLOTS."""

    slots: tuple[KeySlot, ...]


@dataclass(frozen=True)
class Region:
    """One region of memory.

    Args:
        region: Its number.
        name: Its name in the profile.
        holds: What it is for.
        start: Address of its first byte.
        size: Bytes.
        block_size: Bytes of an erase block; 0 where it is not flash.
        wipeable: False for what must survive.
        addressable: Whether erasing reaches all cells behind it.
        blank: Value of every byte after a wipe.
    """

    region: int
    name: str
    holds: RegionHolds
    start: int
    size: int
    block_size: int
    wipeable: bool
    addressable: Addressable
    blank: int


@dataclass(frozen=True)
class MemoryMap:
    """Answer to MEMORY_MAP."""

    regions: tuple[Region, ...]


@dataclass(frozen=True)
class Screen:
    """What the display shows: answer to SCREEN_READ and body of the event SCREEN_CHANGED.

    Args:
        serial: Counts every change of the display since the start.
        columns: Half-width cells a row.
        rows: Rows.
        masked: True while a masked field has the cursor, so that no key may be recorded.
        lines: The rows, top first, without trailing blanks.
    """

    serial: int
    columns: int
    rows: int
    masked: bool
    lines: tuple[str, ...]


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
    """Request DATASET_READ.

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
class KindTotal:
    """Count and sum of one kind of transaction on one scheme.

    Args:
        kind: Kind of transaction.
        scheme: Scheme.
        count: How many.
        amount: Their sum in the smallest unit of the currency.
    """

    kind: TransactionKind
    scheme: Scheme
    count: int
    amount: int


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
class WipeProgress:
    """Event WIPE_PROGRESS.

    Args:
        region: The region at work; 0 for the key slots.
        blocks_done: Erase blocks done of the whole wipe.
        blocks_total: Erase blocks of the whole wipe.
    """

    region: int
    blocks_done: int
    blocks_total: int


@dataclass(frozen=True)
class RegionOutcome:
    """What became of one region."""

    region: int
    result: RegionResult
    blocks_done: int
    blocks_total: int


@dataclass(frozen=True)
class WipeStatus:
    """Answer to WIPE_STATUS.

    Args:
        state: Where the last wipe is.
        nonce: The nonce of the last WIPE_PREPARE, 32 bytes; zero where there was none.
        wipe_count: How many wipes were finished.
        keys_erased: True once the key slots are empty.
        regions: Outcome per region of the last wipe.
    """

    state: WipeState
    nonce: bytes
    wipe_count: int
    keys_erased: bool
    regions: tuple[RegionOutcome, ...]


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
    """Request MEMORY_DIGEST: HMAC-SHA-256 under a key of ours over part of a region.

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
