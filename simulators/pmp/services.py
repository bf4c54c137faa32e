"""The handler of each command: what the protocol itself checks, and the call to the device."""

from __future__ import annotations

from typing import Any

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Refusal, SendProtocol
from protocols.pmp.layouts import MAX_PIECE
from protocols.pmp.packing import pack
from protocols.terminal import Identity, Screen, Status, WipeStatus
from protocols.ymodem.codes import Variant
from simulators.pmp.device import DatasetView, Device, Refused
from simulators.pmp.dispatch import Handler

MAX_HANDLES = 8
LAST_HANDLE = 0xFFFF

_VARIANTS = {
    SendProtocol.XMODEM_1K: Variant.XMODEM_1K,
    SendProtocol.YMODEM: Variant.YMODEM,
    SendProtocol.YMODEM_G: Variant.YMODEM_G,
}
_NAMES = {SendProtocol.XMODEM_1K: "xmodem-1k", SendProtocol.YMODEM: "ymodem", SendProtocol.YMODEM_G: "ymodem-g"}


class Services:
    """The commands as one session sees them; open datasets belong to the session.

    Args:
        device: The terminal.
        datasets: By which protocol datasets are sent: ``pmp``, or the name of one that DATASET_SEND knows.
    """

    def __init__(self, device: Device, datasets: str = "pmp") -> None:
        self._device = device
        self._datasets = datasets
        self._open: dict[int, DatasetView] = {}
        self._closed: list[int] = []
        self._last_handle = 0
        self.packing = False
        """True where the handshake agreed on PACKING."""
        self.raw = False
        """True where the line carries any byte as it is, and in the clear."""
        self.sending: tuple[Variant, DatasetView] | None = None
        """What DATASET_SEND was granted for, until somebody takes it."""
        self.restart_wanted = False
        """True once REBOOT was granted."""
        self.binding = b""
        """That of the private link of this session; empty on a plain one."""
        self.views_ended = False
        """True once something ended the views of every session: a wipe."""
        self.handlers: dict[int, Handler] = {
            c.IDENTIFY.id: self._identify,
            c.STATUS.id: self._status,
            c.BINDINGS.id: self._bindings,
            c.KEY_SLOTS.id: self._key_slots,
            c.MEMORY_MAP.id: self._memory_map,
            c.ECHO.id: self._echo,
            c.SCREEN_READ.id: self._screen_read,
            c.KEY_PRESS.id: self._key_press,
            c.DATASET_OPEN.id: self._dataset_open,
            c.DATASET_READ.id: self._dataset_read,
            c.DATASET_TOTALS.id: self._dataset_totals,
            c.DATASET_CLOSE.id: self._dataset_close,
            c.DATASET_PACKED.id: self._dataset_packed,
            c.DATASET_SEND.id: self._dataset_send,
            c.WIPE_PREPARE.id: self._wipe_prepare,
            c.WIPE_START.id: self._wipe_start,
            c.WIPE_STATUS.id: self._wipe_status,
            c.MEMORY_READ.id: self._memory_read,
            c.MEMORY_DIGEST.id: self._memory_digest,
            c.FILL_REGIONS.id: self._fill_regions,
            c.MEMORY_FILL.id: self._memory_fill,
            c.FILL_ERASE.id: self._fill_erase,
            c.ATTEST.id: self._attest,
            c.REBOOT.id: self._reboot,
        }

    def reset(self) -> None:
        """Forget what belonged to a session that is over."""
        self.end_views()
        self.binding = b""
        self.restart_wanted = False
        self.sending = None

    def take_closed(self) -> list[int]:
        """Return the handles that were closed since the last call."""
        closed, self._closed = self._closed, []
        return closed

    def end_views(self) -> None:
        """Close every dataset."""
        self._open.clear()
        self.views_ended = False

    def _identify(self, _request: Any, _now: float) -> Identity:
        return self._device.identity()

    def _status(self, _request: Any, _now: float) -> Status:
        return self._device.status()

    def _bindings(self, _request: Any, _now: float) -> m.Bindings:
        return m.Bindings(self._device.bindings())

    def _key_slots(self, _request: Any, _now: float) -> m.KeySlots:
        return m.KeySlots(self._device.key_slots())

    def _memory_map(self, _request: Any, _now: float) -> m.MemoryMap:
        return m.MemoryMap(self._device.memory_map())

    def _echo(self, request: m.Echo, _now: float) -> m.Echo:
        return request

    def _screen_read(self, _request: Any, _now: float) -> Screen:
        return self._device.screen()

    def _key_press(self, request: m.KeyPress, now: float) -> m.Empty:
        if len(set(request.keys)) != len(request.keys):
            raise Refused(Refusal.BAD_REQUEST, "keys")
        if request.screen_serial != self._device.screen().serial:
            raise Refused(Refusal.STALE_SCREEN)
        self._device.press(request.keys, now)
        return m.Empty()

    def _dataset_open(self, request: m.DatasetName, _now: float) -> m.DatasetOpened:
        if len(self._open) >= MAX_HANDLES:
            raise Refused(Refusal.BUSY, "too many handles")
        view = self._device.open_dataset(request.dataset)
        while True:
            self._last_handle = self._last_handle % LAST_HANDLE + 1
            if self._last_handle not in self._open:
                break
        self._open[self._last_handle] = view
        return m.DatasetOpened(self._last_handle, view.records, view.size)

    def _dataset_read(self, request: m.DatasetRead, _now: float) -> m.DataPiece:
        if self._datasets != "pmp":
            raise Refused(Refusal.UNKNOWN_COMMAND)
        view = self._view(request.handle)
        if not 1 <= request.length <= MAX_PIECE:
            raise Refused(Refusal.BAD_REQUEST, "length")
        if request.offset > view.size:
            raise Refused(Refusal.OUT_OF_RANGE)
        return m.DataPiece(request.offset, view.read(request.offset, request.length))

    def _dataset_packed(self, request: m.DatasetRead, now: float) -> m.PackedPiece:
        if not self.packing:
            raise Refused(Refusal.UNKNOWN_COMMAND)
        piece = self._dataset_read(request, now)
        return m.PackedPiece(piece.offset, len(piece.data), pack(piece.data))

    def _dataset_send(self, request: m.DatasetSend, _now: float) -> m.Empty:
        if self._datasets == "pmp":
            raise Refused(Refusal.UNKNOWN_COMMAND)
        if _NAMES[request.protocol] != self._datasets:
            raise Refused(Refusal.BAD_REQUEST, "protocol")
        view = self._view(request.handle)
        if not self.raw:
            raise Refused(Refusal.WRONG_STATE, "line")
        self.sending = (_VARIANTS[request.protocol], view)
        return m.Empty()

    def _dataset_totals(self, request: m.DatasetHandle, _now: float) -> m.DatasetTotals:
        view = self._view(request.handle)
        return m.DatasetTotals(view.records, view.digest(), view.totals())

    def _dataset_close(self, request: m.DatasetHandle, _now: float) -> m.Empty:
        if self._open.pop(request.handle, None) is None:
            raise Refused(Refusal.NO_SUCH_DATASET)
        self._closed.append(request.handle)
        return m.Empty()

    def _wipe_prepare(self, request: m.WipePrepare, _now: float) -> m.WipePrepared:
        return self._device.prepare_wipe(request)

    def _wipe_start(self, request: m.WipeStart, now: float) -> m.Empty:
        self._device.start_wipe(request.token, now)
        self.views_ended = True
        return m.Empty()

    def _wipe_status(self, _request: Any, _now: float) -> WipeStatus:
        return self._device.wipe_status()

    def _memory_read(self, request: m.MemoryRead, _now: float) -> m.DataPiece:
        if not 1 <= request.length <= MAX_PIECE:
            raise Refused(Refusal.BAD_REQUEST, "length")
        return m.DataPiece(request.offset, self._device.read_memory(request.region, request.offset, request.length))

    def _memory_digest(self, request: m.MemoryDigest, _now: float) -> m.Digest:
        digest = self._device.memory_digest(request.region, request.offset, request.length, request.key)
        return m.Digest(digest)

    def _fill_regions(self, _request: Any, _now: float) -> m.FillRegions:
        return self._device.fill_regions()

    def _memory_fill(self, request: m.MemoryFill, _now: float) -> m.Empty:
        self._device.fill_memory(request)
        return m.Empty()

    def _fill_erase(self, request: m.FillErase, now: float) -> m.Empty:
        self._device.erase_fill(request, now)
        return m.Empty()

    def _attest(self, request: m.Attest, _now: float) -> m.Attestation:
        return m.Attestation(self._device.attest(request.phase, request.nonce, self.binding))

    def _reboot(self, _request: Any, _now: float) -> m.Empty:
        self._device.refuse_while_wiping()
        self.restart_wanted = True
        return m.Empty()

    def _view(self, handle: int) -> DatasetView:
        self._device.refuse_while_wiping()
        view = self._open.get(handle)
        if view is None:
            raise Refused(Refusal.NO_SUCH_DATASET)
        return view
