"""The screens of the haike-h60 as data: what stands on them, and which key leads where."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import PASSWORD_FIELD, act
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

MERCHANT_NUMBER_DIGITS = 15
MOST_PASSWORD_DIGITS = 12

OPEN_MENU = frozenset({Key.F1, Key.F4})
"""The chord that opens the menu on the idle screen."""

KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.STAR, Key.HASH} | {
    Key.F1, Key.F2, Key.F3, Key.F4
}  # fmt: skip
"""The keys that this model has."""

_BACK_TO_DEVICE: Mapping[Key, Target] = {Key.CANCEL: "device"}
_CHECK_PASSWORD = acts.password("wrong", "locked")

_START = act(
    acts.terminal_chosen("unavailable"),
    acts.bound("not_bound"),
    acts.not_locked("locked"),
    acts.settled("unsettled"),
    "merchant",
)

SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("海科融通 H60", "", "{greeting}", "商户号:", "{merchant}", "", "请刷卡或按功能键"),
        chords={OPEN_MENU: "main"},
    ),
    "main": MenuScreen(
        ("功能菜单", "{items}"),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("签到", "unavailable"),
                Item("结算", "unavailable"),
                Item("交易查询", "unavailable"),
                Item("系统设置", "settings"),
                Item("打印", "unavailable"),
            )
        ),
    ),
    "settings": MenuScreen(
        ("系统设置", "{items}"),
        {Key.CANCEL: "main"},
        listing=Listing(
            (
                Item("通讯设置", "unavailable"),
                Item("终端管理", "devices"),
                Item("操作员管理", "unavailable"),
                Item("版本信息", "versions"),
            )
        ),
    ),
    "devices": MenuScreen(
        ("终端管理", "设备列表", "{items}"),
        {Key.CANCEL: "settings"},
        listing=Listing(devices="device", rows=6),
    ),
    "device": MenuScreen(
        ("设备 {short}", "TUSN:", "{number}", "{items}"),
        {Key.CANCEL: "devices"},
        listing=Listing((Item("查看", "details"), Item("解绑", _START))),
    ),
    "details": MenuScreen(("设备 {short}", "型号 H60", "版本 {version}", "状态正常"), _BACK_TO_DEVICE),
    "merchant": MenuScreen(
        ("解绑", "请输入商户号:", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field("merchant_number", MERCHANT_NUMBER_DIGITS, "password", least=MERCHANT_NUMBER_DIGITS),
    ),
    "password": MenuScreen(
        ("解绑", "请输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field(
            PASSWORD_FIELD,
            MOST_PASSWORD_DIGITS,
            act(acts.same_merchant("mismatch"), _CHECK_PASSWORD, "confirm"),
            masked=True,
        ),
    ),
    "confirm": MenuScreen(
        ("确认解绑?", "TUSN:", "{number}", "商户号:", "{merchant}", "", "确认 / 取消"),
        {Key.CONFIRM: "second", Key.CANCEL: "device"},
    ),
    "second": MenuScreen(
        ("二次确认", "请再次输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键解绑"),
        _BACK_TO_DEVICE,
        Field(PASSWORD_FIELD, MOST_PASSWORD_DIGITS, act(_CHECK_PASSWORD, acts.unbind(), "done"), masked=True),
    ),
    "wrong": MenuScreen(("密码错误", "剩余次数:{left}", "", "按取消键返回"), _BACK_TO_DEVICE),
    "mismatch": MenuScreen(("商户号不符", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "locked": MenuScreen(("密码已锁定", "请联系收单机构"), {Key.CANCEL: "idle"}),
    "unsettled": MenuScreen(("有未结算交易", "请先结算", "", "按取消键返回"), _BACK_TO_DEVICE),
    "not_bound": MenuScreen(("设备未绑定", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "unavailable": MenuScreen(("功能不可用", "", "", "按取消键返回"), {Key.CANCEL: "main"}),
    "versions": MenuScreen(("版本信息", "HKOS {version}", "", "按取消键返回"), {Key.CANCEL: "settings"}),
    "done": MenuScreen(("解绑成功", "TUSN:", "{number}", "请在平台注销", "", "按确认键返回"), {Key.CONFIRM: "idle"}),
}
"""Every screen of the menu."""

MENU = MenuTables(columns=16, rows=8, keyboard=KEYBOARD, idle="idle", screens=SCREENS, english={"海科融通": "Haike"})
"""The whole menu."""
