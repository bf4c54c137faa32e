"""Parameters and bindings in flash. Changing or unbinding one marks its record deleted; only a wipe takes it away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from protocols.errors import RemoteProtocolError
from protocols.pmp.records import PARAMETER, Parameter
from protocols.terminal import Binding, KindTotal
from protocols.words import BindingKind, BindingState
from simulators.hardware.record_log import LogRecord, RecordLog

ENCODING = "gb18030"
UNBIND_PASSWORD = "unbind.password"
MERCHANT_NUMBER = "merchant_number"
RESTORE_PASSWORD = "restore.password"
CONTACT_PHONE = "contact.phone"

ELEMENTS = {
    "settlement_account": BindingKind.ACCOUNT,
    "acquirer_code": BindingKind.MERCHANT,
    "merchant_number": BindingKind.MERCHANT,
    "merchant_credit_code": BindingKind.MERCHANT,
    "deployment_address": BindingKind.MERCHANT,
}
"""The five elements that a terminal is bound to, besides its peripherals."""

DATASET_ORDER = (
    "merchant_number",
    "terminal_number",
    "merchant_name",
    "acquirer_code",
    "acquirer_host",
    "merchant_credit_code",
    "settlement_account",
    "deployment_address",
    "currency",
    "batch_number",
    "operator.01.name",
    "operator.00.password",
    "operator.99.password",
    "unbind.password",
)
"""The parameters in the order in which the dataset lists them."""


class RecordKind(IntEnum):
    """What a record of the region is."""

    PARAMETER = 1
    BINDING = 2
    PENDING = 3


class Parameters:
    """The parameters region.

    Args:
        log: The records of the region.
        peripherals: Names of the devices that the model is paired with.
    """

    def __init__(self, log: RecordLog, peripherals: Sequence[str]) -> None:
        self._log = log
        # The firmware knows the names of what it can be bound to, so they are listed when unbound as well.
        self._kinds = dict.fromkeys(peripherals, BindingKind.DEVICE) | ELEMENTS

    def write(self, kind: RecordKind, name: str, value: str, *, deleted: bool = False) -> None:
        """Write a record.

        Args:
            kind: Parameter or binding.
            name: Its name.
            value: Its value.
            deleted: Mark it deleted at once: a value of the past.
        """
        self._log.append(kind, PARAMETER.build(Parameter(name, value.encode(ENCODING))), deleted=deleted)

    def value(self, name: str) -> str | None:
        """Return the present value of a parameter or binding, or None."""
        values = self._values()
        return values[name].decode(ENCODING, "replace") if name in values else None

    def bindings(self) -> tuple[Binding, ...]:
        """List all bindings of the model, with their values where they hold."""
        bound, pending = self._values(RecordKind.BINDING), self._values(RecordKind.PENDING)
        listed = []
        for name, kind in self._kinds.items():
            value = bound.get(name, pending.get(name, b"")).decode(ENCODING, "replace")
            state = BindingState.PENDING if name in pending else BindingState.UNBOUND
            listed.append(Binding(kind, BindingState.BOUND if name in bound else state, name, value))
        return tuple(listed)

    @property
    def pending(self) -> bool:
        """True while an unbinding waits for the platform."""
        return bool(self._values(RecordKind.PENDING))

    def unbind(self, *, pending: bool = False) -> None:
        """Mark every binding deleted. The values stay in the flash.

        The merchant number goes last: a terminal whose power goes in between is still bound, and its menu unbinds it.

        Args:
            pending: Those to account and merchant are written anew as pending: the platform has to agree.
        """
        records = [each for each in self._log.records() if each.kind in (RecordKind.BINDING, RecordKind.PENDING)]
        waiting = self._values(RecordKind.BINDING) if pending else {}
        for name, value in waiting.items():
            if name in ELEMENTS:
                self._log.append(RecordKind.PENDING, PARAMETER.build(Parameter(name, value)))
        for record in sorted(records, key=_is_merchant_number):
            self._log.delete(record)

    def rebind(self, values: Mapping[str, str]) -> None:
        """Put other values in the place of bindings that hold."""
        for record in list(self._log.records()):
            if record.kind == RecordKind.BINDING and (name := PARAMETER.parse(record.body).name) in values:
                self._log.delete(record)
                self.write(RecordKind.BINDING, name, values[name])

    def view(self) -> ParametersView:
        """Freeze a view of the dataset: parameters, and the bindings that are parameters too."""
        values = self._values()
        return ParametersView([Parameter(name, values[name]) for name in DATASET_ORDER if name in values])

    def _values(self, kind: RecordKind | None = None) -> dict[str, bytes]:
        """Return the present values by name, of one kind of record or of all."""
        values = {}
        for record in self._log.records():
            if kind is not None and record.kind != kind:
                continue
            try:
                parameter = PARAMETER.parse(record.body)
            except RemoteProtocolError:
                continue  # half erased by a wipe that was cut
            values[parameter.name] = parameter.value
        return values


class ParametersView:
    """The parameters at one moment.

    Args:
        parameters: In the order of the dataset.
    """

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._data = b"".join(_packed(parameters))
        self.records = len(parameters)
        self.size = len(self._data)

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the dataset, fewer where it ends."""
        return self._data[offset : offset + length]

    def digest(self) -> bytes:
        """Return the SHA-256 of the dataset."""
        return hashlib.sha256(self._data).digest()

    def totals(self) -> tuple[KindTotal, ...]:
        """Return nothing: parameters are no transactions."""
        return ()


def _is_merchant_number(record: LogRecord) -> bool:
    try:
        return PARAMETER.parse(record.body).name == MERCHANT_NUMBER
    except RemoteProtocolError:
        return False  # half erased by a wipe that was cut


def _packed(parameters: Iterable[Parameter]) -> Iterable[bytes]:
    return (PARAMETER.build(parameter) for parameter in parameters)
