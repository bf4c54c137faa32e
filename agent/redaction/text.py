r"""The search itself, over bytes of text. ``verify.sh`` follows the same rules, which are these.

A *word character* is one of ``0-9 A-Z a-z``; every other byte parts words. Before anything else the full-width digits
U+FF10 to U+FF19 become ``0`` to ``9``.

1. **Card number, in one piece**: a longest run of word characters that is 13 to 19 digits and nothing else, is not
   preceded by a digit and a full stop (then it is a fraction), and is a card number by `agent.redaction.numbers`.
   Digits in a longer word (a digest, base64) are none.
2. **Card number, in groups**: ``dddd?dddd?dddd?d{1,4}``, ``dddd?dddd?dddd?dddd?d{1,3}`` or ``dddd?dddddd?ddddd``, where
   each ``?`` is the same one blank or hyphen. The words before and after it that are joined by that same single
   character must not be hexadecimal throughout (then it is a dump, or a longer number), and without the joints it is a
   card number.
3. **Track 1**: ``B`` after a ``%`` or at the start of a word, 13 to 19 digits, ``^``, 2 to 26 characters that are
   neither ``^`` nor the end of a line, ``^``, 4 digits.
4. **Track 2**: at the start of a word a card number, ``=``, at least 7 digits; or a whole word of a card number, ``D``,
   at least 7 digits, and an ``F`` or none.
5. **Field with a secret**: a JSON member whose name is one of `NAMES`, or ends in one behind ``_``, ``-`` or ``.``,
   with a number, or with a text that is not blank, not masked (``*``, ``x``, ``?``, ``-``) and not a word for nothing;
   or the same name and ``=`` with a value directly behind it.
6. **Private key**: a line ``-----BEGIN … PRIVATE KEY-----``.

Numbers that are known to be something else (the case's TUSN) are passed in, and are compared whole. What is found is
told as its first six and last four digits, never whole (PCI DSS 4.0.1, requirement 3.4.1), a field by its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from agent.redaction.numbers import SHORTEST, is_card_number
from agent.transaction import masked_account

CARD_NUMBER = "card-number"
TRACK_DATA = "track-data"
SECRET_FIELD = "secret-field"  # noqa: S105 - the name of a kind of finding
PRIVATE_KEY = "private-key"
KINDS = (CARD_NUMBER, TRACK_DATA, SECRET_FIELD, PRIVATE_KEY)

NAMES = frozenset(
    (
        *("password", "passwd", "passphrase", "passcode", "pwd", "pin", "pin_block", "pinblock"),
        *("cvv", "cvv2", "cvc", "cvc2", "cvn", "cvn2", "track1", "track2", "track_1", "track_2", "track_data"),
        *("magstripe", "secret", "private_key", "verification_code", "密码", "口令", "验证码"),
    )
)
"""Names of fields that hold what must not be kept, in lower case, with ``_`` for ``-``."""

NOTHING = frozenset(("none", "null", "true", "false", "redacted", "[redacted]", "hidden", "masked"))
_ENDINGS = tuple(f"_{name}" for name in sorted(NAMES))

_RUN = re.compile(rb"(?<![0-9A-Za-z])(?<![0-9]\.)[0-9]{13,19}(?![0-9A-Za-z])")
_GROUPS = re.compile(
    rb"(?<![0-9A-Za-z])(?:"
    rb"[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1(?:[0-9]{4}\1[0-9]{1,3}|[0-9]{1,4})"
    rb"|[0-9]{4}([ -])[0-9]{6}\2[0-9]{5}"
    rb")(?![0-9A-Za-z])"
)
_WORD_BEFORE = re.compile(rb"([0-9A-Za-z]+)[ -]\Z")
_WORD_AFTER = re.compile(rb"[ -]([0-9A-Za-z]+)")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]+")
_TRACK1 = re.compile(rb"(?:%|(?<![0-9A-Za-z]))[Bb]([0-9]{13,19})\^[^^\r\n]{2,26}\^[0-9]{4}")
_TRACK2 = re.compile(rb"(?<![0-9A-Za-z])([0-9]{13,19})(?:=[0-9]{7}|D[0-9]{7,}F?(?![0-9A-Za-z]))")
_MEMBER_NAME = re.compile(rb'"([^"\\\x00-\x1f]{2,60})"[ \t\r\n]*:')
_MEMBER = re.compile(rb'"([^"\\\x00-\x1f]{2,60})"[ \t\r\n]*:[ \t\r\n]*(?:"((?:[^"\\]|\\.)*)"|(-?[0-9]+))')
_ASSIGNED = re.compile(rb"=[^\s,;&\"'<>]+")
_NAME_AT_END = re.compile(rb"(?<![0-9A-Za-z_.-])[0-9A-Za-z_.-]{2,60}\Z")
_KEY = re.compile(rb"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
_WIDE = re.compile(rb"\xef\xbc([\x90-\x99])")
_CONTEXT = 64

# Where digits stand is looked up in a map of the text, which is many times faster than a pattern over all of it.
_SHAPE = bytes(0x39 if 0x30 <= byte <= 0x39 else byte if byte in b" -" else 0x2E for byte in range(256))
_LONG = b"9" * SHORTEST
_GROUPED = (b"9999 9999", b"9999-9999")


@dataclass(frozen=True)
class Leak:
    """Something that must not be there.

    Args:
        kind: One of `KINDS`.
        shown: What may be said of it: a number as its first six and last four digits, a field by its name.
        offset: Where it begins, in bytes of what was searched.
    """

    kind: str
    shown: str
    offset: int


def search(data: bytes, known: Collection[str] = ()) -> tuple[Leak, ...]:
    """Search text for card numbers, track data and secrets.

    Args:
        data: The text, in UTF-8 or another encoding that leaves ASCII alone.
        known: Numbers that are something else, each whole.

    Returns:
        What was found, in its order; a track once, not also as the number in it.
    """
    if b"\xef\xbc" in data:
        data = _WIDE.sub(lambda found: bytes([found[1][0] - 0x90 + 0x30]), data)
    shape = data.translate(_SHAPE)
    long, grouped = _LONG in shape, any(joined in shape for joined in _GROUPED)
    leaks = list(_tracks(data, known)) if long else []
    taken = {leak.offset for leak in leaks}
    leaks += [leak for leak in _numbers(data, known, long, grouped) if leak.offset not in taken]
    leaks += _fields(data)
    leaks += [Leak(PRIVATE_KEY, "PRIVATE KEY", found.start()) for found in _KEY.finditer(data)]
    return tuple(sorted(leaks, key=lambda leak: (leak.offset, leak.kind)))


def _tracks(data: bytes, known: Collection[str]) -> Iterator[Leak]:
    for found in _TRACK1.finditer(data) if b"^" in data else ():
        yield Leak(TRACK_DATA, masked_account(found[1].decode()), found.start(1))
    for found in _TRACK2.finditer(data):
        digits = found[1].decode()
        if is_card_number(digits) and digits not in known:
            yield Leak(TRACK_DATA, masked_account(digits), found.start(1))


def _numbers(data: bytes, known: Collection[str], long: bool, grouped: bool) -> Iterator[Leak]:
    whole = _RUN.finditer(data) if long else ()
    groups = (found for found in _GROUPS.finditer(data) if _alone(data, found)) if grouped else ()
    for found in (*whole, *groups):
        digits = found[0].translate(None, b" -").decode()
        if is_card_number(digits) and digits not in known:
            yield Leak(CARD_NUMBER, masked_account(digits), found.start())


def _alone(data: bytes, found: re.Match[bytes]) -> bool:
    """Tell whether groups of digits are a number by themselves, and no piece of a dump or of a longer number."""
    joint = found[1] or found[2]
    before = _WORD_BEFORE.search(data[max(0, found.start() - _CONTEXT) : found.start()])
    after = _WORD_AFTER.match(data, found.end(), found.end() + _CONTEXT)
    if before and before[0].endswith(joint) and _HEXADECIMAL.fullmatch(before[1]):
        return False
    return not (after and after[0].startswith(joint) and _HEXADECIMAL.fullmatch(after[1]))


def _fields(data: bytes) -> Iterator[Leak]:
    # Few names stand in a file, each many times: so each is looked at once, and most files are done with.
    named = any(map(_is_named, set(_MEMBER_NAME.findall(data))))
    for found in _MEMBER.finditer(data) if named else ():
        if _is_named(found[1]) and (found[2] is None or _says_something(found[2])):
            yield Leak(SECRET_FIELD, _shown(found[1]), found.start())
    for found in _ASSIGNED.finditer(data) if b"=" in data else ():
        name = _NAME_AT_END.search(data[max(0, found.start() - _CONTEXT) : found.start()])
        if name and _is_named(name[0]) and _says_something(found[0][1:]):
            yield Leak(SECRET_FIELD, _shown(name[0]), found.start() - len(name[0]))


def _is_named(name: bytes) -> bool:
    last = name.decode("utf-8", "replace").lower().replace("-", "_").rpartition(".")[2]
    return last in NAMES or last.endswith(_ENDINGS)


def _says_something(value: bytes) -> bool:
    text = value.decode("utf-8", "replace").strip().lower()
    return bool(text.strip("*x?-•…")) and text not in NOTHING


def _shown(name: bytes) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name.decode("utf-8", "replace"))
