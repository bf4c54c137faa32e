"""The one door between construct and the rest: strict parsing into frozen dataclasses.

A construct layout never leaves the ``wire`` module of its family. What crosses is a frozen dataclass, and the only
errors are `RemoteProtocolError` for the peer's bytes and `LocalProtocolError` for values of ours that do not fit.
"""

from __future__ import annotations

import dataclasses
import io
import struct
import types
import typing
from collections.abc import Callable
from enum import Enum, IntEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

import construct

from protocols.errors import EXCERPT_BYTES, LocalProtocolError, RemoteProtocolError
from protocols.flat import Flat

ValueT = TypeVar("ValueT")

_Decoder = Callable[[io.BytesIO], Any]
_Encoder = Callable[[Any], bytes]

_PARSE_FAULTS = (construct.ConstructError, UnicodeError, struct.error, ValueError, OverflowError)
_BUILD_FAULTS = (*_PARSE_FAULTS, TypeError, KeyError, AttributeError)


class Octets(construct.Bytes):  # type: ignore[misc]
    """Exactly so many bytes. construct's own ``Bytes``, once compiled, takes and writes any number of them.

    Args:
        length: How many.
    """

    def _emitparse(self, code: Any) -> str:
        code.append(
            "def read_exactly(io, length):\n"
            "    data = io.read(length)\n"
            "    if len(data) != length: raise StreamError\n"
            "    return data\n"
        )
        return f"read_exactly(io, {self.length})"

    def _emitbuild(self, code: Any) -> str:
        code.append(
            "def write_exactly(io, data, length):\n"
            "    if len(data) != length: raise StreamError\n"
            "    io.write(data)\n"
            "    return data\n"
        )
        return f"write_exactly(io, obj, {self.length})"


class Layout(Generic[ValueT]):
    """A construct layout bound to the dataclass it describes.

    Fields of the construct and of the dataclass have the same names and order. Enum members travel as their values,
    tuples as arrays, nested dataclasses as nested structs. Bytes of fixed length are `Octets`.

    Args:
        value_type: A frozen dataclass.
        layout: The construct that describes its bytes. Compiled here.
        maximum: Most bytes a valid value can have; longer input is refused unread.
    """

    def __init__(self, value_type: type[ValueT], layout: Any, *, maximum: int) -> None:
        self.value_type = value_type
        self.name = value_type.__name__
        self.maximum = maximum
        codec = _flat_codec(value_type, layout)
        self._decode, self._encode = codec or _construct_codec(value_type, layout)

    def parse(self, data: bytes) -> ValueT:
        """Read one value that takes all of ``data``.

        Args:
            data: The bytes of exactly one value.

        Returns:
            The value.

        Raises:
            RemoteProtocolError: The bytes do not parse, are too many, or do not build back to themselves.
        """
        if len(data) > self.maximum:
            raise RemoteProtocolError(f"{self.name}: {len(data)} bytes, at most {self.maximum} allowed")
        stream = io.BytesIO(data)
        try:
            value: ValueT = self._decode(stream)
            rebuilt = self._encode(value)
        except _PARSE_FAULTS as fault:
            raise self._refuse(data, stream.tell(), _describe(fault)) from None
        if rebuilt != data:
            offset = next(
                (i for i, (a, b) in enumerate(zip(rebuilt, data, strict=False)) if a != b), min(len(rebuilt), len(data))
            )
            raise self._refuse(data, offset, "bytes left over or reserved bytes set")
        return value

    def build(self, value: ValueT) -> bytes:
        """Write one value.

        Args:
            value: The value; its fields must fit the layout.

        Returns:
            Its bytes.

        Raises:
            LocalProtocolError: A field does not fit.
        """
        try:
            built: bytes = self._encode(value)
        except _BUILD_FAULTS as fault:
            # The value may hold a secret: only the kind of fault is told (I4).
            raise LocalProtocolError(f"{self.name}: cannot be built: {_describe(fault)}") from None
        if len(built) > self.maximum:
            raise LocalProtocolError(f"{self.name}: {len(built)} bytes, at most {self.maximum} allowed")
        return built

    def _refuse(self, data: bytes, offset: int, why: str) -> RemoteProtocolError:
        start = max(0, offset - EXCERPT_BYTES // 2)
        return RemoteProtocolError(f"{self.name}: {why}", offset=offset, excerpt=data[start : start + EXCERPT_BYTES])


def _describe(fault: BaseException) -> str:
    """Name a fault without quoting any data in it."""
    if isinstance(fault, UnicodeError):
        return "text is not in its character set"
    if isinstance(fault, construct.StreamError | struct.error):
        return "cut short, or a number does not fit its field"
    return {
        construct.ConstError: "a fixed byte is wrong",
        construct.CheckError: "a rule between fields is broken",
        ValueError: "a number has no meaning here",
    }.get(type(fault), type(fault).__name__)


def _construct_codec(value_type: type, layout: Any) -> tuple[_Decoder, _Encoder]:
    compiled = layout.compile()  # parses three to six times faster
    from_wire = _reader(value_type)

    def encode(value: Any) -> bytes:
        built: bytes = compiled.build(_to_wire(value))
        return built

    return lambda stream: from_wire(compiled.parse_stream(stream)), encode


def _flat_codec(value_type: type, layout: Any) -> tuple[_Decoder, _Encoder] | None:
    """Make the codec of a flat layout of fixed size, or return None where the layout is another."""
    hints = typing.get_type_hints(value_type)
    members = [hints[field.name] for field in dataclasses.fields(value_type)]
    try:
        flat = Flat(layout)
    except LocalProtocolError:
        return None
    if len(members) < 2 or not all(isinstance(each, type) and issubclass(each, int | bytes) for each in members):
        return None
    if flat.names != tuple(field.name for field in dataclasses.fields(value_type)):
        raise LocalProtocolError(f"{value_type.__name__}: layout and dataclass name different fields")
    convert = [(place, each) for place, each in enumerate(members) if issubclass(each, IntEnum)]
    fields = attrgetter(*flat.names)

    def decode(stream: io.BytesIO) -> Any:
        values = flat.unpack(stream.read())
        if convert:
            items = list(values)
            for place, member in convert:
                items[place] = member(items[place])
            return value_type(*items)
        return value_type(*values)

    def encode(value: Any) -> bytes:
        return flat.pack(fields(value))

    return decode, encode


def _to_wire(value: Any) -> Any:
    """Turn a dataclass into the dicts and lists that construct builds from."""
    if dataclasses.is_dataclass(value):
        return {field.name: _to_wire(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_to_wire(item) for item in value]
    return value


def _reader(hint: Any) -> Any:
    """Make the function that turns what construct parsed into a value of type ``hint``."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        readers = [(field.name, _reader(hints[field.name])) for field in dataclasses.fields(hint)]
        return lambda container: hint(**{name: read(container[name]) for name, read in readers})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if typing.get_origin(hint) is tuple:
        item = _reader(typing.get_args(hint)[0])
        return lambda items: tuple(item(each) for each in items)
    if hint in (int, str, bytes, bool) or isinstance(hint, types.UnionType):
        return _identity if hint is not bytes else bytes
    raise LocalProtocolError(f"a layout cannot carry {hint!r}")


def _identity(value: Any) -> Any:
    return value
