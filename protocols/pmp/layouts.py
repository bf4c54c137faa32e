"""construct layouts of pmp's message bodies; private to the family, one for each dataclass of `messages`."""

from __future__ import annotations

from typing import Any, Final

from construct import (
    Check,
    Flag,
    GreedyBytes,
    Int8ub,
    Int16ub,
    Int32ub,
    Int64ub,
    PascalString,
    Prefixed,
    PrefixedArray,
    Struct,
    len_,
    this,
)

from protocols import terminal as t
from protocols.pmp import messages as m
from protocols.pmp.packing import MAX_GROWTH
from protocols.wire import Layout, Octets

TEXT_ENCODING: Final = "gb18030"
MAX_BODY = 131_064
MAX_PIECE = 65_536
MAX_ECHO = 1024
MAX_CHORD = 4
MAX_FILL = 16_384


def _text() -> Any:
    return PascalString(Int8ub, TEXT_ENCODING)


def _list(item: Any) -> Any:
    return PrefixedArray(Int8ub, item)


_SCREEN = Struct(
    "serial" / Int32ub,
    "columns" / Int8ub,
    "rows" / Int8ub,
    "masked" / Flag,
    "lines" / _list(_text()),
)
_PIECE = Struct("offset" / Int64ub, "data" / Prefixed(Int32ub, GreedyBytes))

EMPTY = Layout(m.Empty, Struct(), maximum=0)
ECHO = Layout(m.Echo, Struct("data" / Prefixed(Int16ub, GreedyBytes)), maximum=2 + MAX_ECHO)
REFUSAL = Layout(m.RefusalDetail, Struct("text" / _text()), maximum=256)
IDENTITY = Layout(
    t.Identity,
    Struct(
        "tusn" / _text(),
        "maker" / _text(),
        "model" / _text(),
        "hardware_version" / _text(),
        "firmware_name" / _text(),
        "firmware_version" / _text(),
        "label_number" / _text(),
        "boot_count" / Int32ub,
        "wipe_count" / Int32ub,
        "key_fingerprint" / Octets(32),
    ),
    maximum=4096,
)
STATUS = Layout(
    t.Status,
    Struct(
        "tamper" / Int8ub,
        "power" / Int8ub,
        "battery_percent" / Int8ub,
        Check(this.battery_percent <= 100),
        "paper" / Flag,
        "debug_enabled" / Flag,
        "unsettled_count" / Int32ub,
        "unsettled_amount" / Int64ub,
        "reversals_pending" / Int16ub,
        "password_attempts_left" / Int8ub,
        "locked" / Flag,
        "peripherals" / _list(Struct("name" / _text(), "ready" / Flag)),
    ),
    maximum=MAX_BODY,
)
BINDINGS = Layout(
    m.Bindings,
    Struct("bindings" / _list(Struct("kind" / Int8ub, "state" / Int8ub, "name" / _text(), "value" / _text()))),
    maximum=MAX_BODY,
)
KEY_SLOTS = Layout(
    m.KeySlots,
    Struct(
        "slots"
        / _list(
            Struct(
                "slot" / Int8ub,
                "kind" / Int8ub,
                "state" / Int8ub,
                "survives_wipe" / Flag,
                "escrowed" / Flag,
                "check_value" / Octets(3),
            )
        )
    ),
    maximum=MAX_BODY,
)
MEMORY_MAP = Layout(
    m.MemoryMap,
    Struct(
        "regions"
        / _list(
            Struct(
                "region" / Int8ub,
                "name" / _text(),
                "holds" / Int8ub,
                "start" / Int32ub,
                "size" / Int32ub,
                "block_size" / Int32ub,
                "wipeable" / Flag,
                "addressable" / Int8ub,
                "blank" / Int8ub,
            )
        )
    ),
    maximum=MAX_BODY,
)
SCREEN = Layout(t.Screen, _SCREEN, maximum=MAX_BODY)
KEY_PRESS = Layout(
    m.KeyPress,
    Struct("screen_serial" / Int32ub, "keys" / _list(Int8ub), Check(len_(this.keys) > 0)),
    maximum=5 + MAX_CHORD,
)
DATASET_NAME = Layout(m.DatasetName, Struct("dataset" / Int8ub), maximum=1)
DATASET_OPENED = Layout(m.DatasetOpened, Struct("handle" / Int16ub, "records" / Int32ub, "size" / Int64ub), maximum=14)
DATASET_HANDLE = Layout(m.DatasetHandle, Struct("handle" / Int16ub), maximum=2)
DATASET_READ = Layout(m.DatasetRead, Struct("handle" / Int16ub, "offset" / Int64ub, "length" / Int32ub), maximum=14)
DATA_PIECE = Layout(m.DataPiece, _PIECE, maximum=12 + MAX_PIECE)
PACKED_PIECE = Layout(
    m.PackedPiece,
    Struct(
        "offset" / Int64ub,
        "length" / Int32ub,
        Check(this.length <= MAX_PIECE),
        "data" / Prefixed(Int32ub, GreedyBytes),
    ),
    maximum=16 + MAX_PIECE + MAX_GROWTH,
)
DATASET_SEND = Layout(m.DatasetSend, Struct("handle" / Int16ub, "protocol" / Int8ub), maximum=3)
DATASET_TOTALS = Layout(
    m.DatasetTotals,
    Struct(
        "records" / Int32ub,
        "digest" / Octets(32),
        "totals" / _list(Struct("kind" / Int8ub, "scheme" / Int8ub, "count" / Int32ub, "amount" / Int64ub)),
    ),
    maximum=4096,
)
WIPE_PREPARE = Layout(
    m.WipePrepare,
    Struct(
        "nonce" / Octets(32),
        "technique" / Int8ub,
        "erase_keys" / Flag,
        "regions" / _list(Struct("region" / Int8ub)),
    ),
    maximum=512,
)
WIPE_PREPARED = Layout(
    m.WipePrepared,
    Struct("token" / Octets(16), "boot_count" / Int32ub, "blocks" / Int32ub, "estimated_seconds" / Int32ub),
    maximum=28,
)
WIPE_START = Layout(m.WipeStart, Struct("token" / Octets(16)), maximum=16)
WIPE_PROGRESS = Layout(
    t.WipeProgress,
    Struct("region" / Int8ub, "blocks_done" / Int32ub, "blocks_total" / Int32ub),
    maximum=9,
)
WIPE_STATUS = Layout(
    t.WipeStatus,
    Struct(
        "state" / Int8ub,
        "nonce" / Octets(32),
        "wipe_count" / Int32ub,
        "keys_erased" / Flag,
        "regions"
        / _list(Struct("region" / Int8ub, "result" / Int8ub, "blocks_done" / Int32ub, "blocks_total" / Int32ub)),
    ),
    maximum=4096,
)
MEMORY_READ = Layout(m.MemoryRead, Struct("region" / Int8ub, "offset" / Int32ub, "length" / Int32ub), maximum=9)
MEMORY_DIGEST = Layout(
    m.MemoryDigest,
    Struct("region" / Int8ub, "offset" / Int32ub, "length" / Int32ub, "key" / Octets(32)),
    maximum=41,
)
DIGEST = Layout(m.Digest, Struct("digest" / Octets(32)), maximum=32)
FILL_REGIONS = Layout(
    m.FillRegions,
    Struct(
        "piece" / Int16ub,
        Check(this.piece > 0),
        Check(this.piece <= MAX_FILL),
        "regions" / _list(Struct("region" / Int8ub)),
    ),
    maximum=3 + 255,
)
MEMORY_FILL = Layout(
    m.MemoryFill,
    Struct(
        "nonce" / Octets(32),
        "region" / Int8ub,
        "offset" / Int32ub,
        "data" / Prefixed(Int16ub, GreedyBytes),
        Check(len_(this.data) > 0),
    ),
    maximum=39 + MAX_FILL,
)
FILL_ERASE = Layout(m.FillErase, Struct("nonce" / Octets(32)), maximum=32)
ATTEST = Layout(m.Attest, Struct("phase" / Int8ub, "nonce" / Octets(32)), maximum=33)
ATTESTATION = Layout(m.Attestation, Struct("token" / Prefixed(Int16ub, GreedyBytes)), maximum=2 + 16_384)
