"""A terminal's menu as data: screens, how each is recognised, what it offers, and where each key leads.

The menu engine is told what to reach and finds the way itself, by the words on the screen. So an item that moved to
another digit in a firmware update is still found. What the types cannot say is checked by `protocols.menu_check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from protocols.words import Key

Asked = Literal[
    "merchant_number",
    "password",
    "second_password",
    "code",
    "phone",
    "machine_number",
    "operator",
    "operator_password",
    "amount",
]
"""What a field asks for. ``amount`` is that of a test transaction, in the smallest unit of the currency."""

PASSWORDS: frozenset[Asked] = frozenset({"password", "second_password", "operator_password"})
"""What is typed only where the terminal hides it, and once (I6)."""

Ending = Literal[
    "done",
    "pending",
    "wrong-password",
    "locked",
    "wrong-merchant",
    "unsettled",
    "not-bound",
    "wrong-code",
    "code-expired",
    "rejected",
]
"""How a menu can end. ``pending``: sent, and waiting for the platform. ``rejected``: somebody said no."""

Interruption = Literal["low-battery", "paper-out", "network-lost", "advertisement", "logged-off", "tear-off"]
"""What may come between: it can stand over any screen, and the screen beneath comes back after it.

After ``logged-off`` the menu begins again. After the last confirmation nothing is begun again.
"""

GoalName = Literal["unbind", "bind", "test-transaction", "reversal"]
"""What a menu can be used for. ``reversal`` takes back the transaction of ``test-transaction``."""

CaseFact = Literal["tusn", "merchant_number", "amount"]
"""A fact of the case that a confirmation can show."""

MAX_CHORD = 4


@dataclass(frozen=True)
class Mark:
    """A row by which a screen is recognised.

    Args:
        pattern: What the whole row must be; see `protocols.pattern`.
        row: Which row, 0 at the top; left out: any row below that of the mark before.
    """

    pattern: str
    row: int | None = None


@dataclass(frozen=True)
class Item:
    """An item that is chosen by its words: by the digit before them, or by moving the highlight to them.

    Args:
        label: Its words.
        leads: Screen that it opens.
    """

    label: str
    leads: str


@dataclass(frozen=True)
class Entry:
    """An entry of a list, chosen as items are; only the one that names our terminal is ever chosen.

    Args:
        pattern: Its words; they name the terminal by ``{tusn}``, ``{tusn_last8}`` or ``{machine_number}``.
        leads: Screen that it opens.
    """

    pattern: str
    leads: str


@dataclass(frozen=True)
class KeyEdge:
    """Keys that lead from a screen to another.

    Args:
        press: 1 to 4 keys pressed together.
        leads: Screen that they open.
        back: Whether this only goes back and changes nothing, as CANCEL alone always does.
    """

    press: tuple[Key, ...]
    leads: str
    back: bool = False

    @property
    def goes_back(self) -> bool:
        """Whether this is a safe way out."""
        return self.back or self.press == (Key.CANCEL,)


@dataclass(frozen=True)
class Field:
    """A field to be typed. The screen shows ``{typed}`` (open) or ``{hidden}`` (masked) for what it holds.

    Args:
        asks: What is typed.
        masked: Whether the terminal hides it.
        leads: Screen that comes once it was right.
        submit: Key that ends it.
        erase: Key that deletes one character.
        letters: How letters are typed: not at all, or by taps (`protocols.multitap`).
        fixed: What is typed in every case, as operator ``00``; for ``operator`` and ``amount`` only.
    """

    asks: Asked
    masked: bool
    leads: str
    submit: Key = Key.CONFIRM
    erase: Key = Key.CLEAR
    letters: Literal["none", "multitap"] = "none"
    fixed: str = ""


@dataclass(frozen=True)
class MenuScreen:
    """One screen.

    Args:
        id: Its name in this menu.
        shows: How it is recognised: all of these rows.
        items: Items chosen by digit or highlight.
        entries: List entries chosen by digit or highlight.
        choose: How items and entries are chosen.
        select: Keys that open what is highlighted.
        next: Keys that show more of a list: the next page, or the highlight one further down.
        previous: Keys that go the other way.
        keys: Keys that lead elsewhere. Backing out is done only by an edge that goes back.
        field: What has to be typed.
        confirms: The goal that going on from here agrees to. Done only after ``must_show`` was checked.
        must_show: Facts of the case that the screen must show before that.
        commits: Whether going on from here (ending the field, confirming, signing) cannot be taken back.
        means: How it ends, where the menu ends here.
        interrupts: What comes between, where this stands over another screen instead of leading anywhere.
        answer: What is done about it.
        press: Keys that answer it, where ``answer`` is ``press``.
    """

    id: str
    shows: tuple[Mark, ...]
    items: tuple[Item, ...] = ()
    entries: tuple[Entry, ...] = ()
    choose: Literal["digit", "highlight"] = "digit"
    select: tuple[Key, ...] = (Key.CONFIRM,)
    next: tuple[Key, ...] = ()
    previous: tuple[Key, ...] = ()
    keys: tuple[KeyEdge, ...] = ()
    field: Field | None = None
    confirms: GoalName | None = None
    must_show: tuple[CaseFact, ...] = ()
    commits: bool = False
    means: Ending | None = None
    interrupts: Interruption | None = None
    answer: Literal["press", "wait", "stop"] | None = None
    press: tuple[Key, ...] = ()

    def ways(self) -> Iterator[str]:
        """Yield the screens that something here leads to."""
        yield from (item.leads for item in self.items)
        yield from (entry.leads for entry in self.entries)
        yield from (edge.leads for edge in self.keys)
        if self.field is not None:
            yield self.field.leads


_WORDS: Mapping[GoalName, tuple[str, ...]] = MappingProxyType(
    {"unbind": ("解绑",), "bind": ("绑定",), "test-transaction": ("消费",), "reversal": ("撤销",)}
)


@dataclass(frozen=True)
class Goal:
    """Something to be reached.

    Args:
        name: What.
        reach: The screen that says it is done, or that it waits for the platform.
        words: What the terminal calls it: a screen that confirms it shows one of these. Left out: 解绑 (unbind),
            绑定 (bind), 消费 (test-transaction), 撤销 (reversal).
    """

    name: GoalName
    reach: str
    words: tuple[str, ...] = ()

    @property
    def action_words(self) -> tuple[str, ...]:
        """What the terminal calls it."""
        return self.words or _WORDS[self.name]


@dataclass(frozen=True)
class Menu:
    """A whole menu.

    Args:
        columns: Half-width cells a row.
        rows: Rows.
        item: How the row of an item chosen by digit looks: ``{digit}`` and ``{name}``.
        patience_seconds: How long the terminal may take to change its screen.
        source: Where the menu comes from.
        screens: Its screens; the first is the one that an idle terminal shows.
        goals: What can be reached.
        keys: Who presses: the agent over the line, or a person (guided).
        highlight: How the highlighted row of a list looks, as ``>{name}``; empty where there is none.
    """

    columns: int
    rows: int
    item: str
    patience_seconds: int
    source: Literal["vendor document", "capture", "web instructions", "assumed"]
    screens: tuple[MenuScreen, ...]
    goals: tuple[Goal, ...]
    keys: Literal["remote", "guided"] = "remote"
    highlight: str = ""

    def goal(self, name: GoalName) -> Goal | None:
        """Return a goal by its name, or None where this menu cannot reach it."""
        return next((goal for goal in self.goals if goal.name == name), None)
