"""Letters on a keyboard of digits: each tap of a key shows the next character that the key carries (ITU-T E.161).

Both sides use this: a simulated terminal to take taps, the menu engine to find the next one. No time is involved. A
character is finished by any other key; before another character of the same key comes `SETTLE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from protocols.words import Key

TAPS: Mapping[Key, str] = MappingProxyType(
    {
        Key.DIGIT_0: "0",
        Key.DIGIT_1: "1-",
        Key.DIGIT_2: "2ABC",
        Key.DIGIT_3: "3DEF",
        Key.DIGIT_4: "4GHI",
        Key.DIGIT_5: "5JKL",
        Key.DIGIT_6: "6MNO",
        Key.DIGIT_7: "7PQRS",
        Key.DIGIT_8: "8TUV",
        Key.DIGIT_9: "9WXYZ",
    }
)
"""What each key carries, in the order of its taps; after the last comes the first again."""

SETTLE = Key.RIGHT
"""Finishes a character, so that the same key can begin another."""

CHARACTERS = frozenset("".join(TAPS.values()))
"""Everything that can be typed."""


def key_of(character: str) -> Key:
    """Return the key that carries a character.

    Raises:
        KeyError: No key does.
    """
    for key, carried in TAPS.items():
        if character in carried:
            return key
    raise KeyError(character)


def tap(text: str, open_key: Key | None, key: Key) -> tuple[str, Key | None]:
    """Take one key in a field of letters.

    Args:
        text: What the field shows.
        open_key: Key of the last character while that is not finished, or None.
        key: The key pressed: a digit or `SETTLE`; any other changes nothing but finishes the character.

    Returns:
        What the field shows then, and the key of its last character while that is not finished.
    """
    if key not in TAPS:
        return text, None
    carried = TAPS[key]
    if key is open_key and text and text[-1] in carried:
        return text[:-1] + carried[(carried.index(text[-1]) + 1) % len(carried)], key
    return text + carried[0], key


def next_tap(shown: str, wanted: str, open_key: Key | None) -> Key | None:
    """Find the next key towards a text.

    Args:
        shown: What the field shows.
        wanted: What it should show at the end, of `CHARACTERS`.
        open_key: Key of the last character while that is not finished, or None.

    Returns:
        The key; None where the last character has to be deleted first.
    """
    if wanted.startswith(shown):
        following = key_of(wanted[len(shown)])
        return SETTLE if following is open_key else following
    last = len(shown) - 1
    on_the_way = len(shown) <= len(wanted) and wanted.startswith(shown[:last]) and open_key is not None
    if on_the_way and open_key is key_of(wanted[last]) and shown[last] in TAPS[open_key]:
        return open_key
    return None
