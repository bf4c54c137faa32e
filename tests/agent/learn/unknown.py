"""A small terminal that no profile knows, for the tests of the learner."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocols.terminal import Binding, Identity, KeySlot, Region, Screen
from protocols.words import Addressable, BindingKind, BindingState, Key, KeyKind, KeyState, RegionHolds

TUSN = "9999990312345678"
MERCHANT = "999100058120001"
PASSWORD = "4711"
KEY = {f"DIGIT_{digit}": str(digit) for digit in range(10)}

IDENTITY = Identity(TUSN, "NEW-TEST", "new-t1", "T1-A", "TOS", "1.0", "T1-12345678", 1, 0, bytes(32))
REGIONS = (
    Region(1, "journal", RegionHolds.JOURNAL, 0, 4096, 4096, True, Addressable.YES, 255),
    Region(5, "keys", RegionHolds.KEYS, 1 << 29, 64, 0, True, Addressable.YES, 0),
    Region(7, "system", RegionHolds.SYSTEM, 4096, 4096, 4096, False, Addressable.YES, 255),
)
SLOTS = (KeySlot(1, KeyKind.TMK, KeyState.LOADED, False, False, bytes(3)),)

SCREENS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "idle": (("新终端", MERCHANT, "12:30"), {"MENU": "main"}),
    "main": (("菜单", "1.查询", "2.本机", "3.结算"), {"1": "query", "2": "list", "3": "settled", "CANCEL": "idle"}),
    "query": (("查询", "无记录"), {"CANCEL": "main"}),
    "settled": (("结算完成",), {"CANCEL": "main"}),
    "list": (("终端列表", "1.12345678 本机", "2.87654321 打印"), {"1": "own", "2": "query", "CANCEL": "main"}),
    "own": ((TUSN, "1.解绑", "2.查看"), {"1": "password", "2": "query", "CANCEL": "list"}),
    "password": (("请输入密码:", "{typed}_", "剩余次数:3"), {"CANCEL": "own", "CONFIRM": "confirm"}),
    "confirm": (("确认解绑?", TUSN, MERCHANT), {"CONFIRM": "done", "CANCEL": "own"}),
    "done": (("解绑成功", TUSN), {"CONFIRM": "idle"}),
}


@dataclass
class Unknown:
    """The terminal, as a driver."""

    family: str = "pmp"
    shown: str = "idle"
    typed: str = ""
    serial: int = 1
    pressed: list[tuple[str, str]] = field(default_factory=list)
    unbound: bool = False
    clock: int = 30

    def identity(self) -> Identity:
        return IDENTITY

    def bindings(self) -> tuple[Binding, ...]:
        state = BindingState.UNBOUND if self.unbound else BindingState.BOUND
        return (Binding(BindingKind.MERCHANT, state, "merchant_number", "" if self.unbound else MERCHANT),)

    def key_slots(self) -> tuple[KeySlot, ...]:
        return SLOTS

    def memory_map(self) -> tuple[Region, ...]:
        return REGIONS

    def screen(self) -> Screen:
        rows = [row.replace("{typed}", "*" * len(self.typed)) for row in SCREENS[self.shown][0]]
        rows = [row.replace("12:30", f"12:{self.clock}") for row in rows]
        return Screen(self.serial, 16, 4, self.shown == "password", tuple(rows + [""] * (4 - len(rows))))

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        assert on.serial == self.serial
        name = "+".join(KEY.get(key.name, key.name) for key in keys)
        self.pressed.append((self.shown, name))
        self.serial += 1
        self.clock = 30 + self.serial % 30
        if self.shown == "password" and name.isdigit():
            self.typed += name
            return
        if self.shown == "password" and name == "CONFIRM" and self.typed != PASSWORD:
            return
        target = SCREENS[self.shown][1].get(name)
        if target is not None:
            self.shown, self.typed = target, ""
            self.unbound = self.unbound or target == "done"

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        return self.screen() if after.serial != self.serial else None
