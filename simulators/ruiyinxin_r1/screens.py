"""The screens of the ruiyinxin-r1 as data: four rows, a list of two, and keys for fingers only."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import PASSWORD_FIELD, act
from simulators.menus.situation import SHORT_DIGITS, Situation
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

MOST_PASSWORD_DIGITS = 12
PAGE_ROWS = 2

KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.STAR, Key.HASH}
"""The keys that this model has."""

_BACK_TO_DEVICE: Mapping[Key, Target] = {Key.CANCEL: "device"}


def _is_ours(situation: Situation) -> bool:
    """Tell whether the number typed is the one on the label."""
    return situation.answers.get("machine_number") == situation.own.number[-SHORT_DIGITS:]


SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(("瑞银信 R1", "{greeting}", "{merchant}", "按#键设置"), {Key.HASH: "main"}),
    "main": MenuScreen(
        ("设置", "{items}", "上/下键翻页"),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("蓝牙配对", "unavailable"),
                Item("提示音", "unavailable"),
                Item("设备管理", "device"),
                Item("固件升级", "unavailable"),
            ),
            rows=PAGE_ROWS,
        ),
    ),
    "device": MenuScreen(
        ("设备管理", "{items}", "取消键返回"),
        {Key.CANCEL: "main"},
        listing=Listing(
            (
                Item("关于本机", "about"),
                Item(
                    "解绑设备",
                    act(acts.bound("not_bound"), acts.not_locked("locked"), acts.settled("unsettled"), "machine"),
                ),
            )
        ),
    ),
    "machine": MenuScreen(
        ("机身号(8位):", "{entry}", "", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field("machine_number", SHORT_DIGITS, act(acts.unless(_is_ours, "wrong_machine"), "password"), SHORT_DIGITS),
    ),
    "password": MenuScreen(
        ("解绑密码:", "{entry}", "剩余{left}次", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field(PASSWORD_FIELD, MOST_PASSWORD_DIGITS, act(acts.password("wrong", "locked"), "confirm"), masked=True),
    ),
    "confirm": MenuScreen(
        ("解绑此机?", "{number}", "{merchant}", "确认 / 取消"),
        {Key.CONFIRM: act(acts.unbind(), "done"), Key.CANCEL: "device"},
    ),
    "done": MenuScreen(("已解绑", "{number}", "请到平台注销", "取消键返回"), {Key.CANCEL: "idle"}),
    "wrong_machine": MenuScreen(("机身号不符", "", "", "取消键返回"), _BACK_TO_DEVICE),
    "wrong": MenuScreen(("密码错", "剩余{left}次", "", "取消键返回"), _BACK_TO_DEVICE),
    "locked": MenuScreen(("设备已锁", "请联系收单机构", "", "取消键返回"), {Key.CANCEL: "idle"}),
    "unsettled": MenuScreen(("有未结算交易", "请先结算", "", "取消键返回"), _BACK_TO_DEVICE),
    "not_bound": MenuScreen(("设备未绑定", "", "", "取消键返回"), _BACK_TO_DEVICE),
    "about": MenuScreen(("关于本机", "R1 RYOS {version}", "{number}", "取消键返回"), _BACK_TO_DEVICE),
    "unavailable": MenuScreen(("请用手机操作", "", "", "取消键返回"), {Key.CANCEL: "main"}),
}
"""Every screen of the menu."""

ENGLISH: Mapping[str, str] = {
    "瑞银信": "Ruiyinxin",
    "欢迎使用": "Welcome",
    "未初始化": "Not set up",
    "按#键设置": "# for settings",
    "设置": "Settings",
    "上/下键翻页": "UP/DOWN: page",
    "蓝牙配对": "Bluetooth",
    "提示音": "Sounds",
    "设备管理": "Device",
    "固件升级": "Update",
    "关于本机": "About",
    "解绑设备": "Unbind",
    "机身号(8位):": "Label (8 d.):",
    "机身号不符": "Wrong label no.",
    "解绑密码:": "Unbind PIN:",
    "密码错": "Wrong PIN",
    "剩余": "Left: ",
    "次": "",
    "按确认键继续": "OK to go on",
    "取消键返回": "CANCEL: back",
    "解绑此机?": "Unbind this?",
    "确认 / 取消": "OK / CANCEL",
    "已解绑": "Unbound",
    "请到平台注销": "Deregister now",
    "设备已锁": "Locked",
    "请联系收单机构": "Ask acquirer",
    "有未结算交易": "Open batch",
    "请先结算": "Settle first",
    "设备未绑定": "Not bound",
    "未绑定": "none",
    "请用手机操作": "Use the phone",
}
"""The words of this model in English."""

MENU = MenuTables(
    columns=16,
    rows=4,
    keyboard=KEYBOARD,
    idle="idle",
    screens=SCREENS,
    english=ENGLISH,
    item="{digit} {name}",
)
"""The whole menu."""
