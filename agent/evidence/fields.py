"""Taking typed fields out of a JSON object, each once, until none is left over."""

from __future__ import annotations

import re
from collections.abc import Collection

from agent.evidence.canonical import Json
from agent.evidence.errors import EvidenceRejected
from agent.evidence.times import parse_time

MAX_TEXT = 2_000
MAX_ROWS = 10_000
MAX_NUMBER = (1 << 53) - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Fields:
    """Reads one JSON object strictly.

    Args:
        value: The object.
        document: Name of the document, for the error.
        path: Where in the document the object stands, for the error.
    """

    def __init__(self, value: Json, document: str, path: str = "") -> None:
        self._document = document
        self._path = path
        if not isinstance(value, dict):
            raise EvidenceRejected("document-field", document=document, field=path or "document")
        self._left = dict(value)

    def _refuse(self, name: str) -> EvidenceRejected:
        field = self._at(name)
        return EvidenceRejected("document-field", document=self._document, field=field)

    def _take(self, name: str) -> Json:
        if name not in self._left:
            raise self._refuse(name)
        return self._left.pop(name)

    def text(self, name: str, *, maximum: int = MAX_TEXT, required: bool = False) -> str:
        """Take a text of at most ``maximum`` characters, without control characters; ``required``: not empty."""
        value = self._take(name)
        if not isinstance(value, str) or len(value) > maximum or _CONTROL.search(value) or (required and not value):
            raise self._refuse(name)
        return value

    def text_or_none(self, name: str) -> str | None:
        """Take a text or null."""
        if name in self._left and self._left[name] is None:
            del self._left[name]
            return None
        return self.text(name)

    def word(self, name: str, words: Collection[str]) -> str:
        """Take a text that is one of ``words``."""
        value = self.text(name)
        if value not in words:
            raise self._refuse(name)
        return value

    def number(self, name: str, *, minimum: int = 0, maximum: int = MAX_NUMBER) -> int:
        """Take a whole number."""
        value = self._take(name)
        if type(value) is not int or not minimum <= value <= maximum:
            raise self._refuse(name)
        return value

    def flag(self, name: str) -> bool:
        """Take true or false."""
        value = self._take(name)
        if type(value) is not bool:
            raise self._refuse(name)
        return value

    def digest(self, name: str) -> str:
        """Take 32 bytes as lower-case hex."""
        value = self._take(name)
        if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
            raise self._refuse(name)
        return value

    def time(self, name: str, *, required: bool = True) -> str:
        """Take a time; where it is not required, an empty text stands for none."""
        value = self.text(name)
        if value or required:
            parse_time(value, f"{self._document}: {self._at(name)}")
        return value

    def fields(self, name: str) -> Fields:
        """Take an object."""
        return Fields(self._take(name), self._document, self._at(name))

    def fields_or_none(self, name: str) -> Fields | None:
        """Take an object or null."""
        if name in self._left and self._left[name] is None:
            del self._left[name]
            return None
        return self.fields(name)

    def rows(self, name: str, *, maximum: int = MAX_ROWS) -> list[Fields]:
        """Take a list of objects."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > maximum:
            raise self._refuse(name)
        where = self._at(name)
        return [Fields(row, self._document, f"{where}.{at}") for at, row in enumerate(value)]

    def texts(self, name: str, *, maximum: int = MAX_ROWS) -> tuple[str, ...]:
        """Take a list of texts."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > maximum:
            raise self._refuse(name)
        numbered = Fields({str(at): row for at, row in enumerate(value)}, self._document, self._at(name))
        return tuple(numbered.text(str(at), required=True) for at in range(len(value)))

    def numbers(self, name: str, *, maximum: int = MAX_ROWS) -> tuple[int, ...]:
        """Take a list of whole numbers from 0."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > maximum:
            raise self._refuse(name)
        numbered = Fields({str(at): row for at, row in enumerate(value)}, self._document, self._at(name))
        return tuple(numbered.number(str(at)) for at in range(len(value)))

    def named_texts(self, name: str, *, maximum: int = MAX_ROWS) -> dict[str, str]:
        """Take an object whose values are texts."""
        value = self._take(name)
        if not isinstance(value, dict) or len(value) > maximum:
            raise self._refuse(name)
        inner = Fields(value, self._document, self._at(name))
        return {key: inner.text(key) for key in value}

    def anything(self, name: str) -> dict[str, Json]:
        """Take an object without looking into it."""
        value = self._take(name)
        if not isinstance(value, dict):
            raise self._refuse(name)
        return value

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields that nobody has taken yet."""
        return tuple(self._left)

    def end(self) -> None:
        """Refuse fields that nobody has taken."""
        for name in sorted(self._left):
            raise self._refuse(name[:80])

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name
