"""The screens of the haike-h60 as data: what stands on them, and which key leads where.

A display has 8 rows of 16 half-width cells; a Chinese character takes two. What stands in braces is filled in from
the state of the menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from protocols.words import Key

COLUMNS = 16
ROWS = 8
MERCHANT_NUMBER_DIGITS = 15
MOST_PASSWORD_DIGITS = 12

OPEN_MENU = frozenset({Key.F1, Key.F4})
"""The chord that opens the menu on the idle screen."""

DIGITS = {Key(0x30 + digit): str(digit) for digit in range(10)}
KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.STAR, Key.HASH} | {
    Key.F1, Key.F2, Key.F3, Key.F4
}  # fmt: skip
"""The keys that this model has."""


class Name(Enum):
    """Names of the screens."""

    IDLE = "idle"
    MAIN = "main"
    SETTINGS = "settings"
    DEVICES = "devices"
    DEVICE = "device"
    DETAILS = "details"
    MERCHANT = "merchant"
    PASSWORD = "password"
    CONFIRM = "confirm"
    SECOND = "second"
    WRONG = "wrong"
    MISMATCH = "mismatch"
    LOCKED = "locked"
    UNSETTLED = "unsettled"
    NOT_BOUND = "not-bound"
    UNAVAILABLE = "unavailable"
    VERSIONS = "versions"
    DONE = "done"


class Act(Enum):
    """What a key does that is more than going to another screen."""

    PICK_DEVICE = "pick device"
    UNBIND = "unbind"
    TAKE_NUMBER = "take merchant number"
    CHECK_PASSWORD = "check password"
    CHECK_AGAIN = "check password again"


@dataclass(frozen=True)
class Field:
    """A field that digits are typed into.

    Args:
        limit: Most digits.
        masked: Show a star for each.
    """

    limit: int
    masked: bool


@dataclass(frozen=True)
class ScreenSpec:
    """One screen.

    Args:
        rows: What stands on it, top first.
        keys: Where a key leads, or what it does.
        entry: The field with the cursor, if any.
    """

    rows: tuple[str, ...]
    keys: Mapping[Key, Name | Act] = field(default_factory=dict)
    entry: Field | None = None


def _digits(*targets: Name | Act) -> dict[Key, Name | Act]:
    """Number the entries of a menu from 1."""
    return {Key(Key.DIGIT_0 + number): target for number, target in enumerate(targets, 1)}


_BACK_TO_DEVICE: Mapping[Key, Name | Act] = {Key.CANCEL: Name.DEVICE}

SCREENS: Mapping[Name, ScreenSpec] = {
    Name.IDLE: ScreenSpec(
        ("海科融通 H60", "", "{greeting}", "商户号:", "{merchant}", "", "请刷卡或按功能键"),
    ),
    Name.MAIN: ScreenSpec(
        ("功能菜单", "1.签到", "2.结算", "3.交易查询", "4.系统设置", "5.打印"),
        {
            **_digits(Name.UNAVAILABLE, Name.UNAVAILABLE, Name.UNAVAILABLE, Name.SETTINGS, Name.UNAVAILABLE),
            Key.CANCEL: Name.IDLE,
        },
    ),
    Name.SETTINGS: ScreenSpec(
        ("系统设置", "1.通讯设置", "2.终端管理", "3.操作员管理", "4.版本信息"),
        {
            **_digits(Name.UNAVAILABLE, Name.DEVICES, Name.UNAVAILABLE, Name.VERSIONS),
            Key.CANCEL: Name.MAIN,
        },
    ),
    Name.DEVICES: ScreenSpec(
        ("终端管理", "设备列表", "{device1}", "{device2}", "{device3}", "{device4}"),
        {**_digits(Act.PICK_DEVICE, Act.PICK_DEVICE, Act.PICK_DEVICE, Act.PICK_DEVICE), Key.CANCEL: Name.SETTINGS},
    ),
    Name.DEVICE: ScreenSpec(
        ("设备 {short}", "TUSN:", "{number}", "1.查看", "2.解绑"),
        {**_digits(Name.DETAILS, Act.UNBIND), Key.CANCEL: Name.DEVICES},
    ),
    Name.DETAILS: ScreenSpec(("设备 {short}", "型号 H60", "版本 {version}", "状态正常"), _BACK_TO_DEVICE),
    Name.MERCHANT: ScreenSpec(
        ("解绑", "请输入商户号:", "{entry}", "", "", "按确认键继续"),
        {Key.CONFIRM: Act.TAKE_NUMBER, Key.CANCEL: Name.DEVICE},
        Field(MERCHANT_NUMBER_DIGITS, masked=False),
    ),
    Name.PASSWORD: ScreenSpec(
        ("解绑", "请输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键继续"),
        {Key.CONFIRM: Act.CHECK_PASSWORD, Key.CANCEL: Name.DEVICE},
        Field(MOST_PASSWORD_DIGITS, masked=True),
    ),
    Name.CONFIRM: ScreenSpec(
        ("确认解绑?", "TUSN:", "{number}", "商户号:", "{merchant}", "", "确认 / 取消"),
        {Key.CONFIRM: Name.SECOND, Key.CANCEL: Name.DEVICE},
    ),
    Name.SECOND: ScreenSpec(
        ("二次确认", "请再次输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键解绑"),
        {Key.CONFIRM: Act.CHECK_AGAIN, Key.CANCEL: Name.DEVICE},
        Field(MOST_PASSWORD_DIGITS, masked=True),
    ),
    Name.WRONG: ScreenSpec(("密码错误", "剩余次数:{left}", "", "按取消键返回"), _BACK_TO_DEVICE),
    Name.MISMATCH: ScreenSpec(("商户号不符", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    Name.LOCKED: ScreenSpec(("密码已锁定", "请联系收单机构"), {Key.CANCEL: Name.IDLE}),
    Name.UNSETTLED: ScreenSpec(("有未结算交易", "请先结算", "", "按取消键返回"), _BACK_TO_DEVICE),
    Name.NOT_BOUND: ScreenSpec(("设备未绑定", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    Name.UNAVAILABLE: ScreenSpec(("功能不可用", "", "", "按取消键返回"), {Key.CANCEL: Name.MAIN}),
    Name.VERSIONS: ScreenSpec(("版本信息", "HKOS {version}", "", "按取消键返回"), {Key.CANCEL: Name.SETTINGS}),
    Name.DONE: ScreenSpec(
        ("解绑成功", "TUSN:", "{number}", "请在平台注销", "", "按确认键返回"), {Key.CONFIRM: Name.IDLE}
    ),
}
"""Every screen of the menu."""
