"""A terminal that behaves by a menu made at random, with whatever can go wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from protocols.errors import DeviceRefused, LinkLost, StateUnknown
from protocols.menu import MenuScreen
from protocols.multitap import tap
from protocols.terminal import Binding, Screen, Status
from protocols.words import BindingKind, BindingState, Key, PowerSource, TamperState
from tests.agent.menu.random_menus import World

TUSN = "9999990212345678"
OTHER_TUSN = "9999990212345687"
MERCHANT = "999100058120001"  # made up: no acquirer has the number 999
OTHER_MERCHANT = "999100058129999"
LABEL = "D20-12345678"
RIGHT = {
    "merchant_number": MERCHANT,
    "password": "135790",
    "second_password": "864200",
    "code": "246813",
    "phone": "13800000000",
    "operator": "00",
    "operator_password": "975310",
}
STEP_BUDGET = 6000
NOISE = "?#×*0 "


@dataclass(frozen=True)
class Ailments:
    """What is wrong with a terminal; 0 is never.

    Args:
        keys_lost: Every so many keys one is not taken.
        events_lost: Every so many changes of the display one is not announced.
        noise: Share of readings with a garbled character.
        popups: Share of keys after which something comes between.
        stale: Share of keys just before which something comes between.
        jumps: Share of keys that lead to some screen instead of the right one.
        answers_lost: Share of keys whose answer is lost.
        wrong_password: Whether the password of the case is not the terminal's.
        foreign: Whether the confirmation is for another terminal or shop.
        start: Screen that somebody left it on.
    """

    keys_lost: int = 0
    events_lost: int = 0
    noise: float = 0.0
    popups: float = 0.0
    stale: float = 0.0
    jumps: float = 0.0
    answers_lost: float = 0.0
    wrong_password: bool = False
    foreign: str = ""
    start: str = "idle"


class RandomTerminal:
    """The terminal, as a driver; it notes whatever must never happen."""

    def __init__(self, world: World, ailments: Ailments, source: Random) -> None:
        self.world, self.ailments, self.source = world, ailments, source
        self.screens = {screen.id: screen for screen in world.menu.screens}
        self.at, self.came_from = ailments.start, ""
        self.typed, self.lit, self.page = "", 0, 0
        self.open_key: Key | None = None
        self.serial = 1
        self.popup = ""
        self.bound, self.commits, self.wrong = True, 0, 0
        self.violations: list[str] = []
        self.passwords: list[tuple[str, bool]] = []
        self.calls = self.presses = self.changes = 0
        self.tusn = OTHER_TUSN if ailments.foreign == "tusn" else TUSN
        self.merchant = OTHER_MERCHANT if ailments.foreign == "merchant" else MERCHANT

    # ------------------------------------------------------------------ driver
    def status(self) -> Status:
        return Status(TamperState.INTACT, PowerSource.MAINS, 100, True, False, 0, 0, 0, 3 - self.wrong, False, ())

    def bindings(self) -> tuple[Binding, ...]:
        state = BindingState.BOUND if self.bound else BindingState.UNBOUND
        return (Binding(BindingKind.MERCHANT, state, "merchant_number", MERCHANT if self.bound else ""),)

    def screen(self) -> Screen:
        self._count()
        lines = list(self._rows())
        if self.source.random() < self.ailments.noise:
            row = self.source.randrange(len(lines))
            at = self.source.randrange(len(lines[row]) or 1)
            lines[row] = lines[row][:at] + self.source.choice(NOISE) + lines[row][at + 1 :]
        field = self.screens[self.at].field if self.at in self.screens else None
        masked = not self.popup and field is not None and field.masked
        return Screen(self.serial, 20, 8, masked, tuple(lines))

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        self._count()
        if self.popup == "network-lost" and self.source.random() < 0.4:
            self._close_popup()
        if self.serial <= after.serial:
            return None
        self.changes += 1
        if self.ailments.events_lost and self.changes % self.ailments.events_lost == 0:
            return None
        return self.screen()

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        self._count()
        self.presses += 1
        if self.source.random() < self.ailments.stale:
            self._pop_up()
        if on.serial != self.serial:
            raise DeviceRefused("KEY_PRESS", 5, "STALE_SCREEN")
        lost = self.source.random() < self.ailments.answers_lost
        if lost and self.source.random() < 0.5:
            raise StateUnknown("KEY_PRESS", LinkLost("lost by the test"))
        if not self.ailments.keys_lost or self.presses % self.ailments.keys_lost:
            self.serial += 1
            self._take(keys)
            if self.source.random() < self.ailments.popups:
                self._pop_up()
        if lost:
            raise StateUnknown("KEY_PRESS", LinkLost("lost by the test"))

    def _count(self) -> None:
        self.calls += 1
        assert self.calls < STEP_BUDGET, "it walks for ever"

    # ------------------------------------------------------------------ what comes between
    def _pop_up(self) -> None:
        if not self.popup:
            self.popup = self.source.choice([each.id for each in self.world.menu.screens if each.interrupts])
            self.serial += 1

    def _close_popup(self) -> None:
        if self.popup == "logged-off":
            self._go("idle")
        self.popup = ""
        self.serial += 1

    # ------------------------------------------------------------------ display
    def _rows(self) -> tuple[str, ...]:
        if self.popup:
            return (f"提示{self.popup}",)
        if self.at == "?trap":
            return ("确认清除?", TUSN, MERCHANT, "确认 / 取消")
        if self.at == "?other":
            return ("确认解绑?", OTHER_TUSN, MERCHANT)
        if self.at == "?":
            return ("正在升级", "确认 / 取消")
        screen = self.screens[self.at]
        filled = {"tusn": self.tusn, "merchant_number": self.merchant, "attempts_left": str(3 - self.wrong)}
        filled |= {"typed": self.typed, "hidden": "*" * len(self.typed)}
        rows = [""] * 8
        place = 0
        for mark in screen.shows:
            place = mark.row if mark.row is not None else place + 1
            rows[place] = mark.pattern.format_map(filled)
        for offset, row in enumerate(self._list_rows(screen), place + 1):
            rows[offset] = row
        return tuple(rows)

    def _entries(self) -> list[tuple[str, str]]:
        screen = self.screens[self.at]
        ours = [(item.label, item.leads) for item in screen.items]
        ours += [(f"{TUSN} 本机", entry.leads) for entry in screen.entries]
        decoys = self.world.decoys.get(self.at, [])
        middle = len(decoys) // 2
        return [*decoys[:middle], *ours, *decoys[middle:]]

    def _list_rows(self, screen: MenuScreen) -> list[str]:
        if not screen.items and not screen.entries:
            return []
        entries, size = self._entries(), self.world.page
        if screen.choose == "digit":
            shown = entries[self.page * size : (self.page + 1) * size]
            return [f"{digit}.{words}" for digit, (words, _) in enumerate(shown, 1)]
        first = min(self.lit, max(0, len(entries) - size))
        rows = [f"{'>' if at == self.lit else ' '}{words}" for at, (words, _) in enumerate(entries)]
        return rows[first : first + size]

    # ------------------------------------------------------------------ keys
    def _go(self, target: str) -> None:
        if target != "wrong" and self.source.random() < self.ailments.jumps:
            target = self.source.choice([*self.world.order, "decoy", "trap", "?", "?trap", "?other"])
        self.came_from, self.at = self.at, target
        self.typed, self.lit, self.page, self.open_key = "", 0, 0, None

    def _take(self, keys: tuple[Key, ...]) -> None:
        if self.popup:
            if keys == self.screens[self.popup].press:
                self._close_popup()
            return
        if self.at in ("trap", "?trap", "?other", "?") and keys != (Key.CANCEL,):
            self.violations.append(f"{keys} on {self.at}")
        if self.at.startswith("?"):
            self._go(self.world.order[1] if keys == (Key.CANCEL,) else "idle")
            return
        screen = self.screens[self.at]
        edge = next((edge for edge in screen.keys if edge.press == keys), None)
        if edge is not None:
            self._follow(screen, edge.leads, back=edge.goes_back)
        elif screen.field is not None:
            self._take_in_field(screen, keys[0])
        elif screen.items or screen.entries:
            self._take_in_list(screen, keys[0])

    def _follow(self, screen: MenuScreen, leads: str, *, back: bool) -> None:
        if back:
            self._go(leads)
            return
        before = self.world.order[self.world.order.index(self.at) - 1] if self.at in self.world.order else ""
        if screen.confirms == "unbind" or screen.commits:
            if self.came_from != before:
                self.violations.append(f"{self.at} was confirmed though it came from {self.came_from}")
            if self.ailments.foreign and screen.confirms:
                self.violations.append("confirmed for another terminal or shop")
        self._leave(screen, leads)

    def _leave(self, screen: MenuScreen, leads: str) -> None:
        if screen.commits and screen.confirms != "bind":
            self.commits += 1
            self.bound = False
        self._go(leads)

    def _take_in_list(self, screen: MenuScreen, key: Key) -> None:
        entries, size = self._entries(), self.world.page
        if screen.choose == "digit":
            if key is Key.DOWN:
                self.page = (self.page + 1) % -(-len(entries) // size)
            elif Key.DIGIT_1 <= key <= Key.DIGIT_9:
                shown = entries[self.page * size : (self.page + 1) * size]
                place = key - Key.DIGIT_1
                if place < len(shown):
                    self._go(shown[place][1])
        elif key is Key.DOWN:
            self.lit = min(self.lit + 1, len(entries) - 1)
        elif key is Key.UP:
            self.lit = max(self.lit - 1, 0)
        elif key is Key.CONFIRM:
            self._go(entries[self.lit][1])

    def _take_in_field(self, screen: MenuScreen, key: Key) -> None:
        field = screen.field
        assert field is not None
        if key is field.erase:
            self.typed, self.open_key = self.typed[:-1], None
        elif key is field.submit:
            self._check(screen)
        elif field.letters == "multitap":
            self.typed, self.open_key = tap(self.typed, self.open_key, key)
        elif Key.DIGIT_0 <= key <= Key.DIGIT_9:
            self.typed += str(key - Key.DIGIT_0)

    def _check(self, screen: MenuScreen) -> None:
        field = screen.field
        assert field is not None
        if not self.typed:
            return
        right = {**RIGHT, "machine_number": LABEL if field.letters == "multitap" else "2012345678"}[field.asks]
        secret = field.asks in ("password", "operator_password", "second_password", "code")
        good = self.typed == right and not (self.ailments.wrong_password and secret)
        if secret:
            if any(not before for _, before in self.passwords):
                self.violations.append("a second attempt after a wrong one")
            self.passwords.append((field.asks, good))
        elif not good:
            self.violations.append(f"{field.asks} was typed wrong")
        if good:
            self._leave(screen, field.leads)
        else:
            self.wrong += 1
            self._go("wrong")
