"""The screens of the lakala-l300 as data: menus over two pages, an operator, and a restore behind a password."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import act
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

OPERATOR = "99"
OPERATOR_DIGITS = 2
MOST_PASSWORD_DIGITS = 12
PAGE_ROWS = 4
TURN = "上/下键翻页"
"""What the last row says of a menu that is longer than the display."""

KEYBOARD = frozenset(DIGITS) | {Key.CONFIRM, Key.CANCEL, Key.CLEAR, Key.UP, Key.DOWN, Key.MENU, Key.STAR, Key.HASH}
"""The keys that this model has."""

_BACK_TO_MANAGE: Mapping[Key, Target] = {Key.CANCEL: "manage"}
_BACK_TO_SYSTEM: Mapping[Key, Target] = {Key.CANCEL: "system"}

_CHECK_OPERATOR = acts.password("wrong", "locked", field="operator_password", parameter="operator.99.password")
_CHECK_RESTORE = acts.password("wrong", "locked", field="second_password", parameter="restore.password")

SCREENS: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("拉卡拉 L300", "{greeting}", "商户 {merchant}", "", "", "刷卡 或 按菜单键"), {Key.MENU: "main"}
    ),
    "main": MenuScreen(
        ("功能菜单", "{items}", TURN),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("消费", "unavailable"),
                Item("撤销", "unavailable"),
                Item("退货", "unavailable"),
                Item("预授权", "unavailable"),
                Item("余额查询", "unavailable"),
                Item("结算", "unavailable"),
                Item("打印", "unavailable"),
                Item("其他", "other"),
            ),
            rows=PAGE_ROWS,
        ),
    ),
    "other": MenuScreen(
        ("其他", "{items}", TURN),
        {Key.CANCEL: "main"},
        listing=Listing(
            (
                Item("签到", "unavailable"),
                Item("签退", "unavailable"),
                Item("参数下载", "unavailable"),
                Item("版本信息", "versions"),
                Item("电子现金", "unavailable"),
                Item("管理", "manage"),
            ),
            rows=PAGE_ROWS,
        ),
    ),
    "manage": MenuScreen(
        ("管理", "{items}"),
        {Key.CANCEL: "other"},
        listing=Listing(
            (
                Item("操作员管理", "unavailable"),
                Item("主管操作", "unavailable"),
                Item("系统管理", act(acts.not_locked("locked"), "operator")),
            )
        ),
    ),
    "operator": MenuScreen(
        ("系统管理 登录", "请输入操作员号:", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_MANAGE,
        Field(
            "operator",
            OPERATOR_DIGITS,
            act(acts.field_is("operator", OPERATOR, "no_operator"), "operator_password"),
            least=OPERATOR_DIGITS,
        ),
    ),
    "operator_password": MenuScreen(
        ("系统管理 登录", "操作员 {typed_operator} 密码:", "{entry}", "剩余次数:{left}", "", "按确认键继续"),
        _BACK_TO_MANAGE,
        Field("operator_password", MOST_PASSWORD_DIGITS, act(_CHECK_OPERATOR, "system"), masked=True),
    ),
    # 清除交易数据 asks nothing before it deletes: whoever takes it for its neighbour has lost the journal.
    "system": MenuScreen(
        ("系统管理菜单", "{items}", TURN),
        _BACK_TO_MANAGE,
        listing=Listing(
            (
                Item("商户参数", "unavailable"),
                Item("通讯参数", "unavailable"),
                Item("密钥管理", "unavailable"),
                Item("打印参数", "unavailable"),
                Item("清除交易数据", act(acts.clear_journal(), "cleared")),
                Item("恢复出厂", act(acts.bound("not_bound"), acts.settled("unsettled"), "second")),
                Item("锁定终端", "unavailable"),
            ),
            rows=PAGE_ROWS,
        ),
    ),
    "second": MenuScreen(
        ("恢复出厂", "请输入第二密码:", "{entry}", "剩余次数:{left}", "", "按确认键继续"),
        _BACK_TO_SYSTEM,
        Field("second_password", MOST_PASSWORD_DIGITS, act(_CHECK_RESTORE, "confirm"), masked=True),
    ),
    "confirm": MenuScreen(
        ("确认恢复出厂?", "SN {number}", "商户 {merchant}", "绑定数据将被清除", "", "确认 / 取消"),
        {Key.CONFIRM: act(acts.unbind(), "done"), Key.CANCEL: "system"},
    ),
    "done": MenuScreen(
        ("恢复出厂完成", "SN {number}", "绑定数据已清除", "请在平台注销", "", "按取消键返回"), {Key.CANCEL: "idle"}
    ),
    "wrong": MenuScreen(("密码不正确", "剩余次数:{left}", "", "", "", "按取消键返回"), _BACK_TO_MANAGE),
    "locked": MenuScreen(("终端已锁定", "请联系收单机构", "", "", "", "按取消键返回"), {Key.CANCEL: "idle"}),
    "no_operator": MenuScreen(("操作员不存在", "", "", "", "", "按取消键返回"), _BACK_TO_MANAGE),
    "unsettled": MenuScreen(("存在未结算交易", "请先结算", "", "", "", "按取消键返回"), _BACK_TO_SYSTEM),
    "not_bound": MenuScreen(("终端未绑定商户", "", "", "", "", "按取消键返回"), _BACK_TO_SYSTEM),
    "cleared": MenuScreen(("交易数据已清除", "", "", "", "", "按取消键返回"), _BACK_TO_SYSTEM),
    "versions": MenuScreen(("版本信息", "LKOS {version}", "", "", "", "按取消键返回"), {Key.CANCEL: "other"}),
    "unavailable": MenuScreen(("本机不支持此功能", "", "", "", "", "按取消键返回"), {Key.CANCEL: "main"}),
}
"""Every screen of the menu."""

ENGLISH: Mapping[str, str] = {
    "拉卡拉": "Lakala",
    "欢迎使用": "Welcome",
    "未初始化": "Not set up",
    "商户 ": "MID ",
    "刷卡 或 按菜单键": "Swipe or MENU",
    TURN: "UP/DOWN: page",
    "功能菜单": "Functions",
    "余额查询": "Balance",
    "预授权": "Pre-auth",
    "消费": "Sale",
    "撤销": "Void",
    "退货": "Refund",
    "结算": "Settle",
    "打印参数": "Printer",
    "打印": "Print",
    "其他": "Other",
    "签到": "Sign on",
    "签退": "Sign off",
    "参数下载": "Download",
    "版本信息": "Version",
    "电子现金": "E-cash",
    "操作员管理": "Operators",
    "主管操作": "Supervisor",
    "系统管理菜单": "System menu",
    "系统管理 登录": "System login",
    "系统管理": "System",
    "管理": "Manage",
    "请输入操作员号:": "Operator no.:",
    "操作员不存在": "No such operator",
    "操作员": "Operator",
    "请输入第二密码:": "Second password:",
    "密码不正确": "Wrong password",
    "密码:": "PW:",
    "剩余次数:": "Tries left:",
    "按确认键继续": "OK to go on",
    "按取消键返回": "CANCEL to go back",
    "商户参数": "Merchant",
    "通讯参数": "Network",
    "密钥管理": "Keys",
    "清除交易数据": "Clear journal",
    "确认恢复出厂?": "Factory restore?",
    "恢复出厂完成": "Restored",
    "恢复出厂": "Factory restore",
    "锁定终端": "Lock terminal",
    "绑定数据将被清除": "Clears the binding",
    "绑定数据已清除": "Binding cleared",
    "请在平台注销": "Now deregister",
    "确认 / 取消": "OK / CANCEL",
    "终端已锁定": "Terminal locked",
    "请联系收单机构": "Ask the acquirer",
    "存在未结算交易": "Open batch",
    "请先结算": "Settle first",
    "终端未绑定商户": "Not bound",
    "未绑定": "none",
    "交易数据已清除": "Journal cleared",
    "本机不支持此功能": "Not supported",
}
"""The words of this model in English."""

MENU = MenuTables(columns=20, rows=6, keyboard=KEYBOARD, idle="idle", screens=SCREENS, english=ENGLISH)
"""The whole menu."""
