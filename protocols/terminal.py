"""What a terminal tells of itself, whatever its family: identity, state, bindings, keys, memory, screen, wipe."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.words import (
    Addressable,
    BindingKind,
    BindingState,
    KeyKind,
    KeyState,
    PowerSource,
    RegionHolds,
    RegionResult,
    Scheme,
    TamperState,
    TransactionKind,
    WipeState,
)


@dataclass(frozen=True)
class Identity:
    """Who a terminal is.

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
    """The state a terminal is in.

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
class Screen:
    """What the display shows.

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
class WipeProgress:
    """How far a running wipe is.

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
    """Where the last wipe is, or how it ended.

    Args:
        state: Where the last wipe is.
        nonce: The nonce that the last wipe was prepared with, 32 bytes; zero where there was none.
        wipe_count: How many wipes were finished.
        keys_erased: True once the key slots are empty.
        regions: Outcome per region of the last wipe.
    """

    state: WipeState
    nonce: bytes
    wipe_count: int
    keys_erased: bool
    regions: tuple[RegionOutcome, ...]
