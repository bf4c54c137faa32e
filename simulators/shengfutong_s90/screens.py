"""The screens of the shengfutong-s90 as data: lists with a highlight, soft keys in the last row, a signature."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import PASSWORD_FIELD, act
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

MERCHANT_NUMBER_DIGITS = 15
MOST_PASSWORD_DIGITS = 12
SOFT_KEYS = "F1 返回          F4 确定"
GO_ON = frozenset({Key.CONFIRM, Key.F4})
"""Keys that say 确定: the soft key, and OK below the glass."""

KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.STAR, Key.HASH} | {
    Key.F1, Key.F4
}  # fmt: skip
"""The keys that this model has, most of them drawn on its glass."""


def _back(screen: str) -> dict[Key, Target]:
    return {Key.F1: screen, Key.CANCEL: screen}


def _on(target: Target) -> dict[Key, Target]:
    return dict.fromkeys(GO_ON, target)


def _list(title: str, back: str, rows: int, *items: Item, above: tuple[str, ...] = ()) -> MenuScreen:
    """Make a list between its title and the soft keys."""
    listing = Listing(items, choose="highlight", rows=rows, picks=GO_ON)
    return MenuScreen((title, *above, "{items}", SOFT_KEYS), _back(back), listing=listing)


def _field(title: str, asked: str, last: str, back: str, field: Field, more: str = "") -> MenuScreen:
    """Make a screen with a field."""
    return MenuScreen((title, asked, "{entry}", more, "", "", "", "", "", last), _back(back), field)


def _says(title: str, back: str, *rows: str) -> MenuScreen:
    """Make a screen that only says something."""
    return MenuScreen((title, *rows, *[""] * (8 - len(rows)), "F1 返回"), _back(back))


_START = act(
    acts.terminal_chosen("unavailable"),
    acts.bound("not_bound"),
    acts.not_locked("locked"),
    acts.settled("unsettled"),
    "merchant",
)

SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("盛付通 S90", "", "{greeting}", "商户号:", "{merchant}", "", "", "", "", "F1 菜单          F4 收款"),
        {Key.F1: "main", Key.F4: "unavailable"},
    ),
    "main": _list(
        "应用列表",
        "idle",
        8,
        Item("收款", "unavailable"),
        Item("交易明细", "unavailable"),
        Item("商户服务", "unavailable"),
        Item("设备管理", "devices"),
        Item("系统设置", "unavailable"),
        Item("关于本机", "about"),
    ),
    "devices": MenuScreen(
        ("设备管理", "{items}", SOFT_KEYS),
        _back("main"),
        listing=Listing(devices="device", choose="highlight", rows=3, picks=GO_ON),
    ),
    "device": _list(
        "设备 {short}", "devices", 6, Item("查看", "about"), Item("解绑", _START), above=("TUSN:", "{number}")
    ),
    "about": _says("关于本机", "main", "型号 S90", "版本 {version}"),
    "merchant": _field(
        "解绑",
        "请输入商户号:",
        SOFT_KEYS,
        "device",
        Field("merchant_number", MERCHANT_NUMBER_DIGITS, "password", least=MERCHANT_NUMBER_DIGITS, submit_by=GO_ON),
    ),
    "password": _field(
        "解绑",
        "请输入密码:",
        SOFT_KEYS,
        "device",
        Field(
            PASSWORD_FIELD,
            MOST_PASSWORD_DIGITS,
            act(acts.same_merchant("mismatch"), acts.password("wrong", "locked"), "confirm"),
            masked=True,
            submit_by=GO_ON,
        ),
        "剩余次数:{left}",
    ),
    "confirm": MenuScreen(
        ("确认解绑?", "TUSN:", "{number}", "商户号:", "{merchant}", "", "", "", "", SOFT_KEYS),
        {**_on("signature"), **_back("device")},
    ),
    "signature": MenuScreen(
        ("电子签名", "请商户签名", "", "[                    ]", "", "按#键签名", "", "", "", "F1 返回"),
        {Key.HASH: act(acts.sign(), "signed"), **_back("device")},
    ),
    "signed": MenuScreen(
        ("电子签名", "确认解绑?", "", "[       已签名       ]", "", "", "", "", "", SOFT_KEYS),
        {**_on(act(acts.unbind(), "done")), **_back("device")},
    ),
    "done": MenuScreen(
        ("解绑成功", "TUSN:", "{number}", "请在平台注销", "", "", "", "", "", "F4 确定"), {**_on("idle")}
    ),
    "wrong": _says("密码错误", "device", "剩余次数:{left}"),
    "mismatch": _says("商户号不符", "device"),
    "locked": _says("密码已锁定", "idle", "请联系收单机构"),
    "unsettled": _says("有未结算交易", "device", "请先结算"),
    "not_bound": _says("设备未绑定", "device"),
    "unavailable": _says("功能不可用", "main"),
}
"""Every screen of the menu."""

MENU = MenuTables(
    columns=24, rows=10, keyboard=KEYBOARD, idle="idle", screens=SCREENS, english={"盛付通": "Shengfutong"}
)
"""The whole menu."""
