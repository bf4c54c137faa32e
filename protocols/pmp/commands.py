"""The commands of pmp as data, and the eight bytes that stand before every body (note pmp.md, section Messages)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from construct import Const, Int8ub, Int16ub, Struct

from protocols.command import CommandSpec, Effect
from protocols.errors import RemoteProtocolError
from protocols.pmp import layouts
from protocols.pmp.facts import MessageKind, Refusal
from protocols.wire import Layout

HEADER_BYTES = 8


class EventId(IntEnum):
    """Events that the terminal sends by itself."""

    SCREEN_CHANGED = 0x0202
    WIPE_PROGRESS = 0x0403


def _refusals(*codes: Refusal) -> frozenset[int]:
    return frozenset(codes)


IDENTIFY = CommandSpec(0x0101, "IDENTIFY", Effect.READ, layouts.EMPTY, layouts.IDENTITY, _refusals(), 5.0)
STATUS = CommandSpec(0x0102, "STATUS", Effect.READ, layouts.EMPTY, layouts.STATUS, _refusals(), 5.0)
BINDINGS = CommandSpec(0x0103, "BINDINGS", Effect.READ, layouts.EMPTY, layouts.BINDINGS, _refusals(), 5.0)
KEY_SLOTS = CommandSpec(0x0104, "KEY_SLOTS", Effect.READ, layouts.EMPTY, layouts.KEY_SLOTS, _refusals(), 5.0)
MEMORY_MAP = CommandSpec(0x0105, "MEMORY_MAP", Effect.READ, layouts.EMPTY, layouts.MEMORY_MAP, _refusals(), 5.0)
ECHO = CommandSpec(0x0106, "ECHO", Effect.READ, layouts.ECHO, layouts.ECHO, _refusals(), 10.0)
SCREEN_READ = CommandSpec(
    0x0201,
    "SCREEN_READ",
    Effect.READ,
    layouts.EMPTY,
    layouts.SCREEN,
    _refusals(Refusal.WRONG_STATE),
    5.0,
)
KEY_PRESS = CommandSpec(
    0x0203,
    "KEY_PRESS",
    Effect.WRITE,
    layouts.KEY_PRESS,
    layouts.EMPTY,
    _refusals(Refusal.STALE_SCREEN, Refusal.WRONG_STATE, Refusal.NO_SUCH_KEY, Refusal.TAMPERED),
    10.0,
)
DATASET_OPEN = CommandSpec(
    0x0301,
    "DATASET_OPEN",
    Effect.READ,
    layouts.DATASET_NAME,
    layouts.DATASET_OPENED,
    _refusals(Refusal.NO_SUCH_DATASET, Refusal.WRONG_STATE, Refusal.TAMPERED),
    10.0,
)
DATASET_READ = CommandSpec(
    0x0302,
    "DATASET_READ",
    Effect.READ,
    layouts.DATASET_READ,
    layouts.DATA_PIECE,
    _refusals(Refusal.NO_SUCH_DATASET, Refusal.OUT_OF_RANGE, Refusal.WRONG_STATE),
    20.0,
    bulk=True,
)
DATASET_TOTALS = CommandSpec(
    0x0303,
    "DATASET_TOTALS",
    Effect.READ,
    layouts.DATASET_HANDLE,
    layouts.DATASET_TOTALS,
    _refusals(Refusal.NO_SUCH_DATASET, Refusal.WRONG_STATE),
    60.0,
)
DATASET_CLOSE = CommandSpec(
    0x0304,
    "DATASET_CLOSE",
    Effect.READ,
    layouts.DATASET_HANDLE,
    layouts.EMPTY,
    _refusals(Refusal.NO_SUCH_DATASET),
    5.0,
)
DATASET_PACKED = CommandSpec(
    0x0305,
    "DATASET_PACKED",
    Effect.READ,
    layouts.DATASET_READ,
    layouts.PACKED_PIECE,
    _refusals(Refusal.NO_SUCH_DATASET, Refusal.OUT_OF_RANGE, Refusal.WRONG_STATE),
    20.0,
    bulk=True,
)
DATASET_SEND = CommandSpec(
    0x0306,
    "DATASET_SEND",
    Effect.READ,
    layouts.DATASET_SEND,
    layouts.EMPTY,
    _refusals(Refusal.NO_SUCH_DATASET, Refusal.WRONG_STATE),
    10.0,
)
WIPE_PREPARE = CommandSpec(
    0x0401,
    "WIPE_PREPARE",
    Effect.WRITE,
    layouts.WIPE_PREPARE,
    layouts.WIPE_PREPARED,
    _refusals(
        Refusal.WRONG_STATE,
        Refusal.TAMPERED,
        Refusal.LOW_BATTERY,
        Refusal.NO_SUCH_REGION,
        Refusal.UNSETTLED,
        Refusal.STILL_BOUND,
    ),
    10.0,
)
WIPE_START = CommandSpec(
    0x0402,
    "WIPE_START",
    Effect.DESTRUCTIVE,
    layouts.WIPE_START,
    layouts.EMPTY,
    _refusals(Refusal.NOT_PREPARED, Refusal.WRONG_STATE, Refusal.LOW_BATTERY, Refusal.TAMPERED),
    10.0,
)
WIPE_STATUS = CommandSpec(0x0404, "WIPE_STATUS", Effect.READ, layouts.EMPTY, layouts.WIPE_STATUS, _refusals(), 10.0)
MEMORY_READ = CommandSpec(
    0x0501,
    "MEMORY_READ",
    Effect.READ,
    layouts.MEMORY_READ,
    layouts.DATA_PIECE,
    _refusals(Refusal.NO_SUCH_REGION, Refusal.OUT_OF_RANGE, Refusal.NOT_ERASED, Refusal.WRONG_STATE),
    20.0,
    bulk=True,
)
MEMORY_DIGEST = CommandSpec(
    0x0502,
    "MEMORY_DIGEST",
    Effect.READ,
    layouts.MEMORY_DIGEST,
    layouts.DIGEST,
    _refusals(Refusal.NO_SUCH_REGION, Refusal.OUT_OF_RANGE, Refusal.NOT_ERASED, Refusal.WRONG_STATE),
    60.0,
)
FILL_REGIONS = CommandSpec(0x0503, "FILL_REGIONS", Effect.READ, layouts.EMPTY, layouts.FILL_REGIONS, _refusals(), 5.0)
# WRITE, and not DESTRUCTIVE: the terminal takes it for what its own wipe has emptied and for nothing else.
MEMORY_FILL = CommandSpec(
    0x0504,
    "MEMORY_FILL",
    Effect.WRITE,
    layouts.MEMORY_FILL,
    layouts.EMPTY,
    _refusals(
        Refusal.WRONG_STATE,
        Refusal.OUT_OF_RANGE,
        Refusal.TAMPERED,
        Refusal.LOW_BATTERY,
        Refusal.NO_SUCH_REGION,
        Refusal.NOT_PREPARED,
        Refusal.NOT_ERASED,
    ),
    60.0,
    bulk_request=True,
)
# WRITE as well: it takes away what MEMORY_FILL has brought, and can reach nothing else.
FILL_ERASE = CommandSpec(
    0x0505,
    "FILL_ERASE",
    Effect.WRITE,
    layouts.FILL_ERASE,
    layouts.EMPTY,
    _refusals(Refusal.WRONG_STATE, Refusal.TAMPERED, Refusal.LOW_BATTERY, Refusal.NOT_PREPARED),
    10.0,
)
ATTEST = CommandSpec(
    0x0601, "ATTEST", Effect.READ, layouts.ATTEST, layouts.ATTESTATION, _refusals(Refusal.WRONG_STATE), 20.0
)
REBOOT = CommandSpec(0x0602, "REBOOT", Effect.WRITE, layouts.EMPTY, layouts.EMPTY, _refusals(Refusal.WRONG_STATE), 10.0)

COMMANDS: dict[int, CommandSpec[Any, Any]] = {
    spec.id: spec
    for spec in (
        IDENTIFY,
        STATUS,
        BINDINGS,
        KEY_SLOTS,
        MEMORY_MAP,
        ECHO,
        SCREEN_READ,
        KEY_PRESS,
        DATASET_OPEN,
        DATASET_READ,
        DATASET_TOTALS,
        DATASET_CLOSE,
        DATASET_PACKED,
        DATASET_SEND,
        WIPE_PREPARE,
        WIPE_START,
        WIPE_STATUS,
        MEMORY_READ,
        MEMORY_DIGEST,
        FILL_REGIONS,
        MEMORY_FILL,
        FILL_ERASE,
        ATTEST,
        REBOOT,
    )
}
"""Every command by its number."""

EVENTS: dict[int, Layout[Any]] = {
    EventId.SCREEN_CHANGED: layouts.SCREEN,
    EventId.WIPE_PROGRESS: layouts.WIPE_PROGRESS,
}
"""Every event by its number."""


@dataclass(frozen=True)
class Header:
    """What stands before every body.

    Args:
        kind: Request, response or event.
        command: Number of the command or event.
        tag: Number of the request, 1 to 65,535, repeated in its response; 0 in events.
        status: 0, or in a response the refusal's code.
    """

    kind: MessageKind
    command: int
    tag: int
    status: int


_HEADER = Layout(
    Header,
    Struct("kind" / Int8ub, "reserved" / Const(0, Int8ub), "command" / Int16ub, "tag" / Int16ub, "status" / Int16ub),
    maximum=HEADER_BYTES,
)


def build_message(header: Header, body: bytes = b"") -> bytes:
    """Join a header and a body that its layout built."""
    return _HEADER.build(header) + body


def split_message(data: bytes) -> tuple[Header, bytes]:
    """Split a message into its header and its body, which its layout has yet to parse.

    Raises:
        RemoteProtocolError: The header is cut short, holds an unknown kind, or a tag or status that its kind never has.
    """
    if len(data) < HEADER_BYTES:
        raise RemoteProtocolError("message shorter than its header", offset=len(data), excerpt=data)
    header = _HEADER.parse(data[:HEADER_BYTES])
    if (header.tag == 0) is not (header.kind is MessageKind.EVENT):
        raise RemoteProtocolError("only events have tag 0", offset=4, excerpt=data[:HEADER_BYTES])
    if header.status and header.kind is not MessageKind.RESPONSE:
        raise RemoteProtocolError("only responses have a status", offset=6, excerpt=data[:HEADER_BYTES])
    return header, data[HEADER_BYTES:]
