"""Flat layouts of fixed size at the speed of struct.

A construct that is nothing but numbers, flags, bytes and constants one after the other says everything that one
``struct.Struct`` needs. `Flat` takes it over from there, so the layout stays written in one place, as a construct.
"""

from __future__ import annotations

import struct
from operator import itemgetter
from typing import Any

import construct

from protocols.errors import LocalProtocolError


class Flat:
    """A flat construct of fixed size, read and written in one call.

    Args:
        layout: A ``construct.Struct`` of big-endian numbers, ``Flag``, ``Bytes`` of a fixed length and ``Const``.

    Raises:
        LocalProtocolError: The construct holds something else.
    """

    def __init__(self, layout: Any) -> None:
        formats: list[str] = []
        names: list[str] = []
        fields: list[int] = []
        constants: list[tuple[int, Any]] = []
        for place, renamed in enumerate(layout.subcons):
            part = getattr(renamed, "subcon", renamed)
            if isinstance(part, construct.Const):
                constants.append((place, part.value))
                part = part.subcon
            else:
                fields.append(place)
                names.append(renamed.name)
            formats.append(_format_of(part))
        self.names = tuple(names)
        """Names of the fields that are not constant, in order."""
        self._struct = struct.Struct(">" + "".join(formats))
        self.size = self._struct.size
        """Bytes."""
        self._constants = tuple(constants)
        self._values = tuple(value for _, value in constants)
        self._take = _picker(fields)
        order = fields + [place for place, _ in constants]
        self._arrange = _picker([order.index(place) for place in range(len(order))])
        self._octets = tuple(
            (at, int(formats[place][:-1])) for at, place in enumerate(fields) if formats[place].endswith("s")
        )

    def unpack(self, data: bytes) -> tuple[Any, ...]:
        """Read the fields that are not constant, in order.

        A flag of any value but 0 reads as True; who must be strict builds the fields again and compares.

        Raises:
            struct.error: The data have another size.
            construct.ConstError: A constant is wrong.
        """
        everything = self._struct.unpack(data)
        for place, value in self._constants:
            if everything[place] != value:
                raise construct.ConstError
        fields: tuple[Any, ...] = self._take(everything)
        return fields

    def pack(self, values: tuple[Any, ...]) -> bytes:
        """Write the fields that are not constant, in order.

        Raises:
            struct.error: A value does not fit its field.
        """
        for place, length in self._octets:
            if len(values[place]) != length:  # struct would pad or cut in silence
                raise struct.error
        return self._struct.pack(*self._arrange(values + self._values))


def _format_of(part: Any) -> str:
    if isinstance(part, construct.FormatField) and part.fmtstr[0] == ">":
        return str(part.fmtstr[1:])
    if isinstance(part, construct.Bytes) and isinstance(part.length, int):
        return f"{part.length}s"
    if part is construct.Flag:
        return "?"
    raise LocalProtocolError(f"{type(part).__name__} is not of fixed size and flat")


def _picker(places: list[int]) -> Any:
    """Return a function that takes these items out of a tuple, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda items: tuple(items[place] for place in places)
