"""A terminal's menu made for these tests, without any code of the simulators, and a driver that talks to it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import UnbindOutcome, unbind
from agent.secret import Secret
from protocols.errors import DeviceRefused, LinkLost, StateUnknown
from protocols.profile import Profile, profile_from_table
from protocols.terminal import Binding, Screen, Status
from protocols.words import BindingKind, BindingState, Key, PowerSource, TamperState
from tests.lint.repo import NOTES

TUSN = "9999990212345678"
MERCHANT = "999100058120001"  # made up: no acquirer has the number 999
PASSWORD = "135790"  # made up
BACK = {"main": "idle", "settings": "main", "devices": "settings", "device": "devices", "printer": "devices"}


def haike_profile() -> Profile:
    """The profile under test."""
    return profile_from_table(tomllib.loads((NOTES / "haike-h60" / "profile.toml").read_text(encoding="utf-8")))


class FakeTerminal:
    """The menu of a haike-h60 as its note describes it, with knobs to turn.

    Methods are those of a driver that the menu engine uses.
    """

    def __init__(self) -> None:
        self.at = "idle"
        self.typed = ""
        self.number = ""
        self.serial = 1
        self.attempts = 3
        self.bound = True
        self.unsettled = False
        self.merchant = MERCHANT
        self.shown_tusn = TUSN
        self.shown_merchant: str | None = None
        self.main_items = ["签到", "结算", "交易查询", "系统设置", "打印"]
        self.settings_items = ["通讯设置", "终端管理", "操作员管理", "版本信息"]
        self.device_items = ["查看", "解绑"]
        self.devices = ["88888888 蓝牙打印", f"{TUSN[-8:]} 本机"]
        self.status_attempts: int | None = None
        self.overlay: tuple[str, ...] | None = None
        self.keys: list[tuple[Key, ...]] = []
        self.passwords: list[str] = []
        self.before_press: Callable[[tuple[Key, ...]], None] = lambda keys: None
        self.after_press: Callable[[tuple[Key, ...]], None] = lambda keys: None
        self.while_waiting: Callable[[], None] = lambda: None
        self.deaf = False
        self.unmasked = False
        self.cut = False
        self.binding_reads = 0

    # ------------------------------------------------------------------ driver
    def status(self) -> Status:
        left = self.attempts if self.status_attempts is None else self.status_attempts
        return Status(TamperState.INTACT, PowerSource.MAINS, 100, True, False, 0, 0, 0, left, left == 0, ())

    def screen(self) -> Screen:
        if self.cut:
            raise LinkLost("cut by the test")
        masked = self.at in ("password", "second") and self.overlay is None and not self.unmasked
        return Screen(self.serial, 16, 8, masked, self.overlay or self._lines())

    def press(self, keys: tuple[Key, ...], on: Screen) -> None:
        self.before_press(keys)
        if on.serial != self.serial:
            raise DeviceRefused("KEY_PRESS", 5, "STALE_SCREEN")
        self.keys.append(keys)
        if not self.deaf:
            self.serial += 1
            self._take(keys)
        self.after_press(keys)

    def next_screen(self, after: Screen, timeout: float) -> Screen | None:
        self.while_waiting()
        return self.screen() if self.serial > after.serial else None

    def bindings(self) -> tuple[Binding, ...]:
        if self.cut:
            raise LinkLost("cut by the test")
        self.binding_reads += 1
        state = BindingState.BOUND if self.bound else BindingState.UNBOUND
        return (
            Binding(BindingKind.MERCHANT, state, "merchant_number", MERCHANT if self.bound else ""),
            Binding(BindingKind.DEVICE, state, "printer", "1" if self.bound else ""),
        )

    # ------------------------------------------------------------------ menu
    def _lines(self) -> tuple[str, ...]:
        last = self.shown_tusn[-8:]
        merchant = self.merchant if self.shown_merchant is None else self.shown_merchant

        def items(words: list[str]) -> tuple[str, ...]:
            return tuple(f"{digit}.{each}" for digit, each in enumerate(words, 1))

        stars = "*" * len(self.typed) + "_"
        left = f"剩余次数:{self.attempts}"
        return {
            "idle": ("海科融通 H60", "", "欢迎使用", "商户号:", merchant, "", "请刷卡或按功能键"),
            "main": ("功能菜单", *items(self.main_items)),
            "settings": ("系统设置", *items(self.settings_items)),
            "devices": ("终端管理", "设备列表", *items(self.devices)),
            "device": (f"设备 {last}", "TUSN:", self.shown_tusn, *items(self.device_items)),
            "printer": ("设备 88888888", "TUSN:", "9999990288888888", "1.查看", "2.解绑"),
            "merchant": ("解绑", "请输入商户号:", f"{self.typed}_", "", "", "按确认键继续"),
            "password": ("解绑", "请输入密码:", stars, left, "", "按确认键继续"),
            "confirm": ("确认解绑?", "TUSN:", self.shown_tusn, "商户号:", merchant, "", "确认 / 取消"),
            "second": ("二次确认", "请再次输入密码:", stars, left, "", "按确认键解绑"),
            "wrong": ("密码错误", left, "", "按取消键返回"),
            "mismatch": ("商户号不符", "", "", "按取消键返回"),
            "locked": ("密码已锁定", "请联系收单机构"),
            "unsettled": ("有未结算交易", "请先结算", "", "按取消键返回"),
            "not_bound": ("设备未绑定", "", "", "按取消键返回"),
            "done": ("解绑成功", "TUSN:", self.shown_tusn, "请在平台注销", "", "按确认键返回"),
        }[self.at]

    def go(self, at: str) -> None:
        """Show a screen."""
        self.at, self.typed = at, ""

    def pop_up(self, *lines: str) -> None:
        """Show something over the screen."""
        self.overlay = lines
        self.serial += 1

    def pop_down(self) -> None:
        """Show the screen again."""
        self.overlay = None
        self.serial += 1

    def _take(self, keys: tuple[Key, ...]) -> None:
        if self.at == "idle":
            if set(keys) == {Key.F1, Key.F4}:
                self.go("main")
        elif keys == (Key.CANCEL,):
            self.go(BACK.get(self.at, "device"))
        elif self.at in ("merchant", "password", "second"):
            self._take_in_field(keys[0])
        elif keys == (Key.CONFIRM,):
            self.go({"confirm": "second", "done": "idle"}.get(self.at, self.at))
        elif Key.DIGIT_1 <= keys[0] <= Key.DIGIT_9:
            self._choose(keys[0] - Key.DIGIT_1)

    def _choose(self, place: int) -> None:
        words = {
            "main": self.main_items,
            "settings": self.settings_items,
            "devices": self.devices,
            "device": self.device_items,
        }
        offered = words.get(self.at, [])
        chosen = offered[place] if place < len(offered) else ""
        if chosen == "解绑":
            self.go("locked" if not self.attempts else "unsettled" if self.unsettled else "merchant")
            if not self.bound:
                self.go("not_bound")
        elif self.at == "devices" and chosen:
            self.go("device" if "本机" in chosen else "printer")
        else:
            self.go({"系统设置": "settings", "终端管理": "devices"}.get(chosen, self.at))

    def _take_in_field(self, key: Key) -> None:
        if key is Key.CLEAR:
            self.typed = self.typed[:-1]
        elif Key.DIGIT_0 <= key <= Key.DIGIT_9:
            self.typed += str(key - Key.DIGIT_0)
        elif key is Key.CONFIRM and self.at == "merchant":
            if len(self.typed) == 15:
                self.number = self.typed
                self.go("password")
        elif key is Key.CONFIRM and self.typed:
            self.take_password(self.typed)

    def take_password(self, password: str) -> None:
        """Do what a password that was confirmed does."""
        self.passwords.append(password)
        if self.number != self.merchant:
            self.go("mismatch")
        elif password != PASSWORD:
            self.attempts -= 1
            self.go("wrong" if self.attempts else "locked")
        elif self.at == "password":
            self.attempts = 3
            self.go("confirm")
        else:
            self.bound = False
            self.go("done")


def once(act: Callable[[], None]) -> Callable[[], None]:
    """Do something the first time only."""
    done: list[bool] = []

    def first() -> None:
        if not done:
            done.append(True)
            act()

    return first


def lose_answer_once(terminal: FakeTerminal, at: str, *, pressed: bool, then: Callable[[], None] | None = None) -> None:
    """Lose the answer to the first CONFIRM on a screen, after it took effect or before it did."""
    here: list[str] = [""]

    def lose() -> None:
        if then is not None:
            then()
        raise StateUnknown("KEY_PRESS", LinkLost("lost by the test"))

    lose_once = once(lose)

    def before_press(keys: tuple[Key, ...]) -> None:
        here[0] = terminal.at
        if not pressed and here[0] == at and keys == (Key.CONFIRM,):
            lose_once()

    def after_press(keys: tuple[Key, ...]) -> None:
        if pressed and here[0] == at and keys == (Key.CONFIRM,):
            lose_once()

    terminal.before_press, terminal.after_press = before_press, after_press


class Run:
    """One unbinding of a fake terminal."""

    def __init__(self, terminal: FakeTerminal, *, merchant: str = MERCHANT, password: str = PASSWORD) -> None:
        self.terminal = terminal
        self.film: list[FilmStep] = []
        self._merchant = merchant
        self._password = password

    def __call__(self, profile: Profile | None = None) -> UnbindOutcome:
        return unbind(
            self.terminal,  # type: ignore[arg-type]
            profile or haike_profile(),
            MenuCase(TUSN, self._merchant),
            GivenAnswers({"password": Secret(self._password)}),
            self.film.append,
        )

    @property
    def screens(self) -> list[str]:
        """Names of the screens, each once in a row."""
        names = [step.screen for step in self.film]
        return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
