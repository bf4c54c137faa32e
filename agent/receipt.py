"""A receipt as it may leave the terminal: the lines on a whitelist, card numbers masked (I4).

Receipts are free text, and older firmware prints the full card number, the expiry date or what a chip said. So a line
is kept only where its label is known here and its value has the form that goes with it; all others are dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agent.transaction import masked_account

MAX_TEXT = 80
MOST_DIGITS = 8
"""Free text may hold so many digits in all: a card number has 13 at the least (ISO/IEC 7812-1)."""

TITLES: Final = frozenset(
    {"测试凭证 无效", "签购单", "POS签购单", "POS 签购单", "银联POS签购单", "商户存根", "持卡人存根", "重打印", "重印"}
)
"""Lines without a label that are kept."""

TERMINAL_LABEL: Final = "终端号"

_ITEM = re.compile(r" {2,}|\t+")
_LABELLED = re.compile(r"([^:\s]{1,16}) *: *(.+)")
_SHORTENED_CARD = re.compile(r"([0-9]{6})[0-9]*[*Xx]+[0-9]*([0-9]{4})")
_CARD = re.compile(r"[0-9]{13,19}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt without anything that must not be kept.

    Args:
        number: Number of its transaction, as in the journal.
        trace: System trace number of that.
        text: Its lines, each with a newline.
        terminal_number: Terminal number that it shows, or empty.
        dropped: How many of its items were left out.
    """

    number: int
    trace: int
    text: str
    terminal_number: str
    dropped: int


def _form(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda value: value if compiled.fullmatch(value) else None


def _words(value: str) -> str | None:
    digits = sum(each.isnumeric() for each in value)
    return value if len(value) <= MAX_TEXT and digits <= MOST_DIGITS and value.isprintable() else None


def _card(value: str) -> str | None:
    """Return a card number masked, however it was printed; what is none is dropped."""
    bare = value.replace(" ", "").replace("-", "")
    if value == "-" or re.fullmatch(r"\*{3,12}[0-9]{4}", bare):
        return bare or value
    if _CARD.fullmatch(bare):
        return masked_account(bare)
    shortened = _SHORTENED_CARD.fullmatch(bare)
    if shortened is None:
        return None
    return f"{shortened[1]}******{shortened[2]}"


_NUMBER = _form(r"[0-9A-Za-z]{1,12}")
_DATE = r"[0-9]{4}[/-][0-9]{2}[/-][0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"

LABELS: Final = {
    "商户名称": _words,
    "商户号": _form(r"[0-9A-Za-z]{1,15}"),
    "商户编号": _form(r"[0-9A-Za-z]{1,15}"),
    TERMINAL_LABEL: _form(r"[0-9A-Za-z]{1,8}"),
    "终端编号": _form(r"[0-9A-Za-z]{1,8}"),
    "操作员": _form(r"[0-9A-Za-z]{1,8}"),
    "操作员号": _form(r"[0-9A-Za-z]{1,8}"),
    "发卡机构": _words,
    "发卡行": _words,
    "收单机构": _words,
    "收单行": _words,
    "卡号": _card,
    "交易类型": _words,
    "批次号": _form(r"[0-9]{1,10}"),
    "凭证号": _form(r"[0-9]{1,10}"),
    "流水号": _form(r"[0-9]{1,10}"),
    "原凭证号": _form(r"[0-9]{1,10}"),
    "参考号": _NUMBER,
    "原参考号": _NUMBER,
    "授权码": _form(r"[0-9A-Za-z]{1,6}"),
    "日期时间": _form(f"{_DATE} {_CLOCK}"),
    "日期": _form(_DATE),
    "时间": _form(_CLOCK),
    "金额": _form(r"(RMB|CNY|¥|￥)? ?-?[0-9]{1,12}\.[0-9]{2}"),
    "交易金额": _form(r"(RMB|CNY|¥|￥)? ?-?[0-9]{1,12}\.[0-9]{2}"),
}
"""What is kept, by label; each returns the value as it is kept, or None where it is not what it must be."""


def kept_of_receipt(number: int, trace: int, text: str) -> Receipt:
    """Keep of a receipt what may leave the terminal.

    Args:
        number: Number of its transaction.
        trace: System trace number of that.
        text: All of it as the terminal prints it.

    Returns:
        The receipt; lines of which nothing is kept are gone.
    """
    lines = []
    dropped = 0
    terminal = ""
    for line in text.splitlines():
        items = []
        # Two of them often share a line; a title may hold a single blank.
        for item in filter(None, _ITEM.split(line.strip().replace("：", ":"))):
            label, value = _kept(item)
            if value is None:
                dropped += 1
                continue
            items.append(f"{label}:{value}" if label else value)
            terminal = value if label == TERMINAL_LABEL else terminal
        if items:
            lines.append("  ".join(items) + "\n")
    return Receipt(number, trace, "".join(lines), terminal, dropped)


def _kept(item: str) -> tuple[str, str | None]:
    if item in TITLES:
        return "", item
    labelled = _LABELLED.fullmatch(item)
    if labelled is None or labelled[1] not in LABELS:
        return "", None
    return labelled[1], LABELS[labelled[1]](labelled[2])
