"""Looking into a terminal's flash as anybody could: searching an image for what must be gone, and showing a piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ROW_BYTES = 16
DEFAULT_ROWS = 5
BLANK = 0xFF


@dataclass(frozen=True)
class Search:
    """What a search of an image found.

    Args:
        found: How often each group of texts was found, in any of its forms.
        not_blank: How many bytes are not 0xFF.
        size: Bytes of the image.
    """

    found: Mapping[str, int]
    not_blank: int
    size: int

    @property
    def anything(self) -> bool:
        """True where at least one of the texts was found."""
        return any(self.found.values())


def forms(text: str) -> Iterator[bytes]:
    """Yield the forms in which a terminal may keep a text: GB 18030, UTF-8, and BCD at either nibble.

    Args:
        text: A number or any other text.
    """
    yield from dict.fromkeys([text.encode("gb18030"), text.encode("utf-8")])
    if text.isascii() and text.isdigit() and len(text) > 4:
        even = text[: len(text) // 2 * 2]
        yield bytes.fromhex(even)
        shifted = text[1:]
        yield bytes.fromhex(shifted[: len(shifted) // 2 * 2])


def search(image: bytes, groups: Mapping[str, Iterable[str]]) -> Search:
    """Count how often texts stand in an image.

    Args:
        image: The memory.
        groups: Texts by the name of their group.
    """
    found = {
        name: sum(image.count(form) for text in set(texts) for form in forms(text)) for name, texts in groups.items()
    }
    return Search(found, len(image) - image.count(BLANK), len(image))


def first_place(image: bytes, texts: Iterable[str]) -> int:
    """Return the start of the row where the first of some texts stands, or 0.

    Args:
        image: The memory.
        texts: What is looked for.
    """
    places = [at for text in texts for form in forms(text) if (at := image.find(form)) >= 0]
    return min(places, default=0) // ROW_BYTES * ROW_BYTES


def hex_rows(image: bytes, offset: int, rows: int = DEFAULT_ROWS) -> list[str]:
    """Show a piece of memory as ``xxd`` does, 16 bytes a row.

    Args:
        image: The memory.
        offset: Where to begin.
        rows: How many rows.
    """
    shown = []
    for start in range(offset, min(offset + rows * ROW_BYTES, len(image)), ROW_BYTES):
        row = image[start : start + ROW_BYTES]
        pairs = " ".join(row[at : at + 2].hex() for at in range(0, len(row), 2))
        text = "".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in row)
        shown.append(f"{start:08x}: {pairs:<39}  {text}")
    return shown
