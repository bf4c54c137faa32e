"""The screens of the unionpay-generic as data: sign off, settle, and then the supervisor's menu."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import act
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

OPERATOR = "00"
OPERATOR_DIGITS = 2
MOST_PASSWORD_DIGITS = 12

KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.F1, Key.F2, Key.F3}
"""The keys that this model has."""

_BACK_TO_MAIN: Mapping[Key, Target] = {Key.CANCEL: "main"}

_CHECK_PASSWORD = acts.password("wrong", "locked", field="operator_password", parameter="operator.00.password")
_SIGN_OFF = act(acts.sign_off(), "signed_off")
_SUPERVISOR = act(
    acts.signed_off("signed_on"),
    acts.settled("unsettled"),
    acts.not_locked("locked"),
    "operator",
)

SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("银联 POS", "", "{greeting}", "商户号:", "{merchant}", "", "", "按F1进入菜单"), {Key.F1: "main"}
    ),
    "main": MenuScreen(
        ("交易管理", "{items}"),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("签到", act(acts.bound("not_bound"), acts.sign_on(), "signed_in")),
                Item("签退", act(acts.signed_on("not_signed_on"), _SIGN_OFF)),
                Item("结算", act(acts.settle("no_settlement"), "settled")),
                Item("交易查询", "unavailable"),
                Item("打印", "unavailable"),
                Item("主管", _SUPERVISOR),
            )
        ),
    ),
    "signed_on": MenuScreen(
        ("请先签退", "操作员 01 已签到", "", "{items}", "", "", "", "按取消键返回"),
        _BACK_TO_MAIN,
        listing=Listing((Item("签退", _SIGN_OFF),)),
    ),
    "signed_off": MenuScreen(("签退成功", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "operator": MenuScreen(
        ("主管登录", "", "操作员号:", "{entry}", "", "", "", "按确认键继续"),
        _BACK_TO_MAIN,
        Field(
            "operator",
            OPERATOR_DIGITS,
            act(acts.field_is("operator", OPERATOR, "no_operator"), "operator_password"),
            least=OPERATOR_DIGITS,
        ),
    ),
    "operator_password": MenuScreen(
        ("主管登录", "操作员 {typed_operator}", "密码:", "{entry}", "", "剩余 {left} 次", "", "按确认键继续"),
        _BACK_TO_MAIN,
        Field("operator_password", MOST_PASSWORD_DIGITS, act(_CHECK_PASSWORD, "supervisor"), masked=True),
    ),
    "supervisor": MenuScreen(
        ("主管菜单", "{items}"),
        _BACK_TO_MAIN,
        listing=Listing(
            (
                Item("增加操作员", "unavailable"),
                Item("删除操作员", "unavailable"),
                Item("修改密码", "unavailable"),
                Item("终端解绑", act(acts.bound("not_bound"), "confirm")),
                Item("重印结算单", "unavailable"),
            )
        ),
    ),
    "confirm": MenuScreen(
        ("终端解绑", "终端序列号", "{number}", "商户号", "{merchant}", "", "确定解绑请按确认", "返回请按取消"),
        {Key.CONFIRM: act(acts.unbind(), "done"), Key.CANCEL: "supervisor"},
    ),
    "done": MenuScreen(
        ("解绑完成", "终端序列号", "{number}", "", "请到平台注销", "", "", "按取消键返回"), {Key.CANCEL: "idle"}
    ),
    "wrong": MenuScreen(("主管密码错", "剩余 {left} 次", "", "按取消键返回"), _BACK_TO_MAIN),
    "locked": MenuScreen(("主管已锁定", "请联系收单机构", "", "按取消键返回"), {Key.CANCEL: "idle"}),
    "no_operator": MenuScreen(("非主管操作员", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "unsettled": MenuScreen(("批次未结算", "请先结算", "", "按取消键返回"), _BACK_TO_MAIN),
    "not_bound": MenuScreen(("本终端未绑定", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "signed_in": MenuScreen(("签到成功", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "not_signed_on": MenuScreen(("操作员未签到", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "settled": MenuScreen(("结算完成", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "no_settlement": MenuScreen(("结算失败", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "unavailable": MenuScreen(("功能未开通", "", "", "按取消键返回"), _BACK_TO_MAIN),
}
"""Every screen of the menu."""

ENGLISH: Mapping[str, str] = {
    "银联": "UnionPay",
    "欢迎使用": "Welcome",
    "未初始化": "Not set up",
    "商户号": "Merchant",
    "按F1进入菜单": "F1 for the menu",
    "交易管理": "Transactions",
    "签到成功": "Signed on",
    "签退成功": "Signed off",
    "签到": "Sign on",
    "签退": "Sign off",
    "请先签退": "Sign off first",
    "结算完成": "Settled",
    "结算失败": "Not settled",
    "结算": "Settle",
    "交易查询": "Inquiry",
    "打印": "Print",
    "主管登录": "Supervisor",
    "主管菜单": "Superv. menu",
    "主管密码错": "Wrong password",
    "主管已锁定": "Locked",
    "主管": "Supervisor",
    "操作员 01 已签到": "01 is signed on",
    "操作员号:": "Operator no.:",
    "操作员未签到": "Not signed on",
    "非主管操作员": "No supervisor",
    "增加操作员": "Add operator",
    "删除操作员": "Del. operator",
    "操作员": "Operator",
    "密码:": "Password:",
    "修改密码": "Password",
    "剩余": "Tries:",
    "次": "",
    "按确认键继续": "OK to go on",
    "按取消键返回": "CANCEL: back",
    "终端解绑": "Unbind",
    "重印结算单": "Reprint",
    "终端序列号": "Serial number",
    "确定解绑请按确认": "OK to unbind",
    "返回请按取消": "CANCEL: back",
    "解绑完成": "Unbound",
    "请到平台注销": "Deregister now",
    "请联系收单机构": "Ask acquirer",
    "批次未结算": "Open batch",
    "请先结算": "Settle first",
    "本终端未绑定": "Not bound",
    "未绑定": "none",
    "功能未开通": "Not available",
}
"""The words of this model in English."""

MENU = MenuTables(columns=16, rows=8, keyboard=KEYBOARD, idle="idle", screens=SCREENS, english=ENGLISH)
"""The whole menu."""
