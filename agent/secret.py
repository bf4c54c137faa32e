"""A secret that does not show itself (I4): the merchant password, a verification code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar


class Secret:
    """Holds a secret's text so that no print, log or traceback can show it.

    Args:
        text: The secret. The caller drops its own copy.
    """

    __slots__ = ("_octets",)

    def __init__(self, text: str) -> None:
        self._octets = bytearray(text.encode())

    def reveal(self) -> str:
        """Return the text, for the one place that must type it."""
        return self._octets.decode()

    def forget(self) -> None:
        """Overwrite the secret. Copies that Python made of the text on its way are out of reach."""
        for at in range(len(self._octets)):
            self._octets[at] = 0
        self._octets.clear()

    def __bool__(self) -> bool:
        return bool(self._octets)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


HeldT = TypeVar("HeldT", bound=Secret | Mapping[Any, Secret])


@contextmanager
def forgotten_on_error() -> Iterator[Callable[[HeldT], HeldT]]:
    """Forget the secrets that were gathered so far where gathering the rest fails or is interrupted.

    Yields:
        What takes a secret, or several by name, and returns them.
    """
    held: list[Secret] = []

    def hold(given: HeldT) -> HeldT:
        held.extend([given] if isinstance(given, Secret) else given.values())
        return given

    try:
        yield hold
    except BaseException:
        for each in held:
            each.forget()
        raise


@contextmanager
def forgotten_at_end() -> Iterator[list[Secret]]:
    """Forget secrets however a block ends.

    Yields:
        Where they are put.
    """
    held: list[Secret] = []
    try:
        yield held
    finally:
        for each in held:
            each.forget()
