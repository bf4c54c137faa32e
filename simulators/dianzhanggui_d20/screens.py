"""The screens of the dianzhanggui-d20 as data: an application for unbinding, which the platform has to agree to."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import act, unless
from simulators.menus.situation import SHORT_DIGITS, Situation
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

LABEL_PREFIX = "D20-"
MACHINE_NUMBER_CHARACTERS = len(LABEL_PREFIX) + SHORT_DIGITS
PHONE_DIGITS = 11
MACHINE_NUMBER = "machine_number"
PHONE = "phone"

KEYBOARD = frozenset(DIGITS) | {
    Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.MENU, Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT, Key.STAR, Key.HASH
}  # fmt: skip
"""The keys that this model has; RIGHT finishes a letter."""

_BACK_TO_MAIN: Mapping[Key, Target] = {Key.CANCEL: "main"}
_BACK_TO_DEVICE: Mapping[Key, Target] = {Key.CANCEL: "device"}


def _is_its_number(situation: Situation) -> bool:
    """Tell whether the machine number typed is that of the device chosen."""
    return situation.answers.get(MACHINE_NUMBER) == LABEL_PREFIX + situation.chosen.number[-SHORT_DIGITS:]


_CHECK_PHONE = act(acts.matches(PHONE, "contact.phone", "rejected"), "confirm")
_APPLY = act(
    acts.terminal_chosen("unavailable"),
    acts.bound("not_bound"),
    acts.not_pending("under_review"),
    acts.settled("unsettled"),
    "machine",
)

SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("店掌柜 D20", "", "{greeting}", "商户号:", "{merchant}", "", "按菜单键进入"), {Key.MENU: "main"}
    ),
    "main": MenuScreen(
        ("功能菜单", "{items}"),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("收款", "unavailable"),
                Item("交易记录", "unavailable"),
                Item("我的设备", "devices"),
                Item("设置", "unavailable"),
            )
        ),
    ),
    "devices": MenuScreen(("我的设备", "{items}"), _BACK_TO_MAIN, listing=Listing(devices="device", rows=6)),
    "device": MenuScreen(
        ("机具 {short}", "TUSN:", "{number}", "{items}"),
        {Key.CANCEL: "devices"},
        listing=Listing((Item("设备信息", "details"), Item("解绑申请", _APPLY))),
    ),
    "details": MenuScreen(("机具 {short}", "型号 D20", "版本 {version}", "状态正常"), _BACK_TO_DEVICE),
    "machine": MenuScreen(
        ("解绑申请", "请输入机具号:", "{entry}", "", "重复按键输字母", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field(
            MACHINE_NUMBER,
            MACHINE_NUMBER_CHARACTERS,
            act(unless(_is_its_number, "wrong_machine"), "phone"),
            least=MACHINE_NUMBER_CHARACTERS,
            letters=True,
        ),
    ),
    "wrong_machine": MenuScreen(("机具号不符", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "phone": MenuScreen(
        ("解绑申请", "请输入手机号:", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_DEVICE,
        Field(PHONE, PHONE_DIGITS, _CHECK_PHONE, least=PHONE_DIGITS),
    ),
    "rejected": MenuScreen(("申请被拒绝", "手机号不符", "", "按取消键返回"), _BACK_TO_DEVICE),
    "confirm": MenuScreen(
        ("确认解绑申请?", "TUSN:", "{number}", "商户号:", "{merchant}", "", "确认 / 取消"),
        {Key.CONFIRM: act(acts.submit(), "submitted"), Key.CANCEL: "device"},
    ),
    "submitted": MenuScreen(
        ("申请已提交", "TUSN:", "{number}", "等待平台审核", "", "按确认键返回"), {Key.CONFIRM: "idle"}
    ),
    "under_review": MenuScreen(("解绑审核中", "请等待平台", "", "按取消键返回"), _BACK_TO_DEVICE),
    "unsettled": MenuScreen(("有未结算交易", "请先结算", "", "按取消键返回"), _BACK_TO_DEVICE),
    "not_bound": MenuScreen(("设备未绑定", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "unavailable": MenuScreen(("功能不可用", "", "", "按取消键返回"), _BACK_TO_MAIN),
}
"""Every screen of the menu."""

MENU = MenuTables(
    columns=16, rows=8, keyboard=KEYBOARD, idle="idle", screens=SCREENS, english={"店掌柜": "Dianzhanggui"}
)
"""The whole menu."""
