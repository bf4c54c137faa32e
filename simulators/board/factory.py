"""Making a terminal from its seed: the device as it left its maker, and what a merchant's use has put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.serialization import Encoding

from protocols.pmp.records import JOURNAL_RECORD, ReceiptRecord
from protocols.terminal import Region
from protocols.words import KeyKind
from simulators.board.journal import Journal
from simulators.board.layout import RegionNumber, flash_blocks, journal_geometry, memory_map
from simulators.board.memory import FLASH_FILE, KEYS_FILE
from simulators.board.model import BoardModel
from simulators.board.parameters import CONTACT_PHONE, RESTORE_PASSWORD, UNBIND_PASSWORD, Parameters, RecordKind
from simulators.board.receipts import Receipts
from simulators.data.journal import transactions
from simulators.data.merchant import OPERATOR_NAME, Merchant, make_merchant
from simulators.data.papers import log_lines, receipt
from simulators.facts import Facts
from simulators.hardware.flash import Flash
from simulators.hardware.identity import make_identity, maker_root, save_identity
from simulators.hardware.keystore import KeyStore
from simulators.hardware.record_log import RecordLog
from simulators.state import Blueprint

IDENTITY_FILE = "identity.pem"
KEY_SLOTS = {1: KeyKind.TMK, 2: KeyKind.TPK, 3: KeyKind.TAK, 4: KeyKind.TDK, 5: KeyKind.DUKPT}
KEY_BYTES = 16
KEPT_RECEIPTS = 200
DELETED_RECEIPTS = 20
LOGGED = 200
FORMER = 1 << 64
OTHER = 1 << 65


def tusn_of(model: BoardModel, seed: int, *, swapped: bool = False) -> str:
    """Return the serial number of a seed's terminal, 16 digits.

    Args:
        model: The model.
        seed: The seed.
        swapped: The number of the other terminal that the fault ``swap-identity`` puts in its place.
    """
    label = f"{model.name} serial {'of another ' if swapped else ''}{seed}"
    number = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big") % 10**8
    return f"{model.tusn_prefix}{number:08d}"


def identity_label(model: BoardModel, seed: int, *, swapped: bool = False) -> str:
    """Return what the device key of a seed is derived from."""
    return f"{model.name} {'of another ' if swapped else ''}{seed}"


def peripheral_numbers(model: BoardModel, seed: int) -> dict[str, str]:
    """Return the serial numbers of the peripherals, 16 digits each."""
    random = Random(f"peripherals:{seed}")
    return {name: f"{model.peripheral_prefix}{random.randrange(10**8):08d}" for name in model.peripherals}


def seeded_keys(model: BoardModel, seed: int) -> dict[int, tuple[KeyKind, bytes]]:
    """Return the test keys of a seed by slot."""
    return {
        slot: (kind, hashlib.sha256(f"{model.name} TEST key {seed} {slot}".encode()).digest()[:KEY_BYTES])
        for slot, kind in KEY_SLOTS.items()
    }


def seeded_merchant(model: BoardModel, seed: int) -> Merchant:
    """Return the merchant that a seed's terminal is bound to."""
    return make_merchant(seed, tusn_of(model, seed))


def former_merchant(model: BoardModel, seed: int) -> Merchant:
    """Return the merchant before: unbound long ago, and still in the flash."""
    return make_merchant(seed + FORMER, tusn_of(model, seed))


def other_merchant(model: BoardModel, seed: int) -> Merchant:
    """Return another shop's merchant, to whom the terminal is bound that has the fault ``other-merchant``."""
    return make_merchant(seed + OTHER, tusn_of(model, seed))


def look_alikes(tusn: str) -> tuple[str, str]:
    """Return serial numbers that are easily taken for another one: two digits swapped, and the last one off by one."""
    swapped = next((at for at in range(len(tusn) - 2, 7, -1) if tusn[at] != tusn[at + 1]), None)
    off = tusn[:-1] + str((int(tusn[-1]) + 1) % 10)
    if swapped is None:
        return off, tusn[:-1] + str((int(tusn[-1]) + 2) % 10)
    return tusn[:swapped] + tusn[swapped + 1] + tusn[swapped] + tusn[swapped + 2 :], off


def facts_of(model: BoardModel, blueprint: Blueprint) -> Facts:
    """Return what whoever starts the terminal has to know of it."""
    tusn = tusn_of(model, blueprint.seed)
    merchant = seeded_merchant(model, blueprint.seed)
    return Facts(
        tusn=tusn,
        merchant_number=merchant.merchant_number,
        terminal_number=merchant.terminal_number,
        password=merchant.unbinding_password,
        maker_root=maker_root(model.maker)[1].public_bytes(Encoding.PEM),
        maker=model.maker,
        answers={
            "code": merchant.verification_code,
            "phone": merchant.phone,
            "machine_number": model.label_number(tusn),
            "operator": model.operator,
            "operator_password": operator_password(model, merchant),
            "second_password": merchant.restore_password,
        },
    )


def operator_password(model: BoardModel, merchant: Merchant) -> str:
    """Return the password of the operator whom the model's menu asks for."""
    return merchant.system_password if model.operator == "99" else merchant.supervisor_password


def seeded_journal(blueprint: Blueprint) -> Iterator[bytes]:
    """Yield all records that the journal begins with, the deleted ones first."""
    deleted = journal_geometry(blueprint.transactions).deleted
    return transactions(blueprint.seed, deleted + blueprint.transactions, blueprint.unsettled)


def build(model: BoardModel, folder: Path, blueprint: Blueprint) -> None:
    """Make a terminal in a folder, in the place of one that was not finished.

    Args:
        model: The model.
        folder: The state folder.
        blueprint: What to make it from.
    """
    tusn = tusn_of(model, blueprint.seed)
    merchant = seeded_merchant(model, blueprint.seed)
    save_identity(make_identity(model.maker, tusn, identity_label(model, blueprint.seed)), folder / IDENTITY_FILE)
    KeyStore.create(folder / KEYS_FILE, seeded_keys(model, blueprint.seed))
    regions = {region.region: region for region in memory_map(blueprint.transactions)}
    flash = Flash.create(folder / FLASH_FILE, flash_blocks(tuple(regions.values())))
    batch = _fill_journal(flash, regions, blueprint, merchant)
    parameters = Parameters(region_log(flash, regions[RegionNumber.PARAMETERS]), model.peripherals)
    _fill_parameters(model, parameters, blueprint, merchant, batch)
    flash.close()


def region_log(flash: Flash, region: Region) -> RecordLog:
    """Return the log of records in a region."""
    return RecordLog(flash, region.start, region.size)


def _fill_journal(flash: Flash, regions: dict[int, Region], blueprint: Blueprint, merchant: Merchant) -> int:
    """Fill journal, receipts and logs, and return the number of the batch that is under way."""
    geometry = journal_geometry(blueprint.transactions)
    records = list(seeded_journal(blueprint))
    Journal(flash, regions[RegionNumber.JOURNAL].start, geometry).fill(records, deleted=geometry.deleted)
    last = [JOURNAL_RECORD.parse(record) for record in records[-max(KEPT_RECEIPTS + DELETED_RECEIPTS, LOGGED) :]]
    receipts = Receipts(region_log(flash, regions[RegionNumber.RECEIPTS]))
    for place, record in enumerate(last):
        kept = ReceiptRecord(record.number, record.trace, receipt(record, merchant))
        receipts.append(kept, deleted=place < DELETED_RECEIPTS)
    lines = region_log(flash, regions[RegionNumber.LOGS])
    for line in log_lines(last[-LOGGED:], merchant):
        lines.append(1, line)
    return last[-1].batch


def _fill_parameters(
    model: BoardModel, parameters: Parameters, blueprint: Blueprint, merchant: Merchant, batch: int
) -> None:
    former = former_merchant(model, blueprint.seed)
    for _, name, value in former.bindings:
        parameters.write(RecordKind.BINDING, name, value, deleted=True)
    parameters.write(RecordKind.PARAMETER, UNBIND_PASSWORD, former.unbinding_password, deleted=True)
    numbers = peripheral_numbers(model, blueprint.seed)
    paired = {name: f"BT-{number[-8:]}" for name, number in numbers.items()}
    for name, value in (*paired.items(), *((name, value) for _, name, value in merchant.bindings)):
        parameters.write(RecordKind.BINDING, name, value)
    for name, value in {
        "terminal_number": merchant.terminal_number,
        "merchant_name": merchant.merchant_name,
        "acquirer_host": merchant.acquirer_host,
        "currency": "156",
        "batch_number": f"{batch:06d}",
        "operator.01.name": OPERATOR_NAME,
        "operator.00.password": merchant.supervisor_password,
        "operator.99.password": merchant.system_password,
        UNBIND_PASSWORD: merchant.unbinding_password,
        RESTORE_PASSWORD: merchant.restore_password,
        CONTACT_PHONE: merchant.phone,
    }.items():
        parameters.write(RecordKind.PARAMETER, name, value)
