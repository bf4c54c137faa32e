"""The screens of the haike-h60 as data: what stands on them, and which key leads where."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.words import Key
from simulators.menus import acts
from simulators.menus.acts import CODE_FIELD, NEW_MERCHANT_FIELD, PASSWORD_FIELD, act
from simulators.menus.tables import DIGITS, Field, Item, Listing, MenuScreen, MenuTables, Target

MERCHANT_NUMBER_DIGITS = 15
MOST_PASSWORD_DIGITS = 12
MOST_CODE_DIGITS = 8
MOST_AMOUNT_DIGITS = 7
TEST_AMOUNT = "1"
NEW_MERCHANT_AGAIN = "new_merchant_again"

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

_SECOND = act(acts.option("second", "code", act(acts.send_code(), "code")), "second")
_CHECK_TO_BIND = act(acts.password("wrong", "locked"), "bind_confirm")
_BIND = act(acts.choose_own(), acts.not_bound("is_bound"), acts.not_locked("locked"), "bind_number")
_ABLE = (acts.choose_own(), acts.bound("no_merchant"), acts.has_keys("no_keys"))
_BACK_TO_MAIN: Mapping[Key, Target] = {Key.CANCEL: "main"}
_BACK_TO_SETTINGS: Mapping[Key, Target] = {Key.CANCEL: "settings"}
_CONFIRMED_TO_MAIN: Mapping[Key, Target] = {Key.CONFIRM: "main"}

UNBINDING: Mapping[str, MenuScreen] = {
    "idle": MenuScreen(
        ("海科融通 H60", "", "{greeting}", "商户号:", "{merchant}", "", "请刷卡或按功能键"),
        chords={OPEN_MENU: "main"},
    ),
    "main": MenuScreen(
        ("功能菜单", "{items}"),
        {Key.CANCEL: "idle"},
        listing=Listing(
            (
                Item("签到", act(*_ABLE, acts.sign_on(), "signed_on")),
                Item("结算", act(*_ABLE, acts.settle("settle_failed"), "settled")),
                Item("交易查询", "unavailable"),
                Item("系统设置", "settings"),
                Item("打印", "unavailable"),
                Item("消费", act(*_ABLE, acts.signed_on("sign_on_first"), "amount")),
                Item("撤销", act(*_ABLE, acts.has_sold("no_sale"), "void_confirm")),
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
                Item("绑定商户", _BIND),
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
        {Key.CONFIRM: _SECOND, Key.CANCEL: "device"},
    ),
    "second": MenuScreen(
        ("二次确认", "请再次输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键解绑"),
        _BACK_TO_DEVICE,
        Field(PASSWORD_FIELD, MOST_PASSWORD_DIGITS, act(_CHECK_PASSWORD, acts.unbind(), "done"), masked=True),
    ),
    "code": MenuScreen(
        ("二次确认", "请输入验证码:", "{entry}", "剩余次数:{left}", "已发送至手机", "按确认键解绑"),
        _BACK_TO_DEVICE,
        Field(
            CODE_FIELD,
            MOST_CODE_DIGITS,
            act(acts.code("wrong_code", "code_expired", "locked"), acts.unbind(), "done"),
            masked=True,
        ),
    ),
    "wrong_code": MenuScreen(("验证码错误", "剩余次数:{left}", "", "按取消键返回"), _BACK_TO_DEVICE),
    "code_expired": MenuScreen(("验证码已过期", "请重新操作", "", "按取消键返回"), _BACK_TO_DEVICE),
    "wrong": MenuScreen(
        ("密码错误", "剩余次数:{left}", "", "按取消键返回"), {Key.CANCEL: act(acts.not_bound("device"), "settings")}
    ),
    "mismatch": MenuScreen(("商户号不符", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "locked": MenuScreen(("密码已锁定", "请联系收单机构"), {Key.CANCEL: "idle"}),
    "unsettled": MenuScreen(("有未结算交易", "请先结算", "", "按取消键返回"), _BACK_TO_DEVICE),
    "not_bound": MenuScreen(("设备未绑定", "", "", "按取消键返回"), _BACK_TO_DEVICE),
    "unavailable": MenuScreen(("功能不可用", "", "", "按取消键返回"), {Key.CANCEL: "main"}),
    "versions": MenuScreen(("版本信息", "HKOS {version}", "", "按取消键返回"), {Key.CANCEL: "settings"}),
    "done": MenuScreen(("解绑成功", "TUSN:", "{number}", "请在平台注销", "", "按确认键返回"), {Key.CONFIRM: "idle"}),
}
"""The way to unbinding."""

BINDING: Mapping[str, MenuScreen] = {
    "is_bound": MenuScreen(("已绑定", "请先解绑", "", "按取消键返回"), _BACK_TO_SETTINGS),
    "bind_number": MenuScreen(
        ("绑定商户", "请输入商户号:", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_SETTINGS,
        Field(NEW_MERCHANT_FIELD, MERCHANT_NUMBER_DIGITS, "bind_again", least=MERCHANT_NUMBER_DIGITS),
    ),
    "bind_again": MenuScreen(
        ("绑定商户", "再次输入商户号:", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_SETTINGS,
        Field(
            NEW_MERCHANT_AGAIN,
            MERCHANT_NUMBER_DIGITS,
            act(acts.same_fields(NEW_MERCHANT_FIELD, NEW_MERCHANT_AGAIN, "bind_differs"), "bind_password"),
            least=MERCHANT_NUMBER_DIGITS,
        ),
    ),
    "bind_differs": MenuScreen(("两次输入不符", "", "", "按取消键返回"), _BACK_TO_SETTINGS),
    "bind_password": MenuScreen(
        ("绑定商户", "请输入密码:", "{entry}", "剩余次数:{left}", "", "按确认键继续"),
        _BACK_TO_SETTINGS,
        Field(
            PASSWORD_FIELD,
            MOST_PASSWORD_DIGITS,
            _CHECK_TO_BIND,
            masked=True,
        ),
    ),
    "bind_confirm": MenuScreen(
        ("确认绑定?", "TUSN:", "{number}", "商户号:", "{typed_new_merchant}", "", "确认 / 取消"),
        {Key.CONFIRM: act(acts.bind(), "bind_done"), Key.CANCEL: "settings"},
        keeps=(NEW_MERCHANT_FIELD,),
    ),
    "bind_done": MenuScreen(
        ("绑定成功", "TUSN:", "{number}", "商户号:", "{merchant}", "按确认键返回"), {Key.CONFIRM: "idle"}
    ),
}
"""Binding a terminal that is bound to nobody; a wiped one takes the password that all leave their maker with."""

TRADING: Mapping[str, MenuScreen] = {
    "no_merchant": MenuScreen(("未绑定商户", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "no_keys": MenuScreen(("缺少密钥", "请先装载密钥", "", "按取消键返回"), _BACK_TO_MAIN),
    "sign_on_first": MenuScreen(("请先签到", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "signed_on": MenuScreen(("签到成功", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "settled": MenuScreen(("结算成功", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "settle_failed": MenuScreen(("结算失败", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "amount": MenuScreen(
        ("消费", "请输入金额(分):", "{entry}", "", "", "按确认键继续"),
        _BACK_TO_MAIN,
        Field("amount", MOST_AMOUNT_DIGITS, act(acts.field_is("amount", TEST_AMOUNT, "only_tests"), "sale_confirm")),
    ),
    "only_tests": MenuScreen(("金额超限", "仅限测试金额", "", "按取消键返回"), _BACK_TO_MAIN),
    "sale_confirm": MenuScreen(
        ("确认消费?", "金额:0.01", "商户号:", "{merchant}", "", "", "确认 / 取消"),
        {Key.CONFIRM: act(acts.sell("journal_full"), "sold"), Key.CANCEL: "main"},
    ),
    "sold": MenuScreen(("消费成功", "金额:0.01", "凭证号:{trace}", "", "", "按确认键返回"), _CONFIRMED_TO_MAIN),
    "journal_full": MenuScreen(("交易失败", "流水已满", "", "按取消键返回"), _BACK_TO_MAIN),
    "no_sale": MenuScreen(("无可撤销交易", "", "", "按取消键返回"), _BACK_TO_MAIN),
    "void_confirm": MenuScreen(
        ("确认撤销?", "金额:0.01", "凭证号:{trace}", "商户号:", "{merchant}", "", "确认 / 取消"),
        {Key.CONFIRM: act(acts.void("no_sale"), "voided"), Key.CANCEL: "main"},
    ),
    "voided": MenuScreen(("撤销成功", "金额:0.01", "凭证号:{trace}", "", "", "按确认键返回"), _CONFIRMED_TO_MAIN),
}
"""Signing on, settling, and the test transaction with its void."""

SCREENS: Mapping[str, MenuScreen] = {**UNBINDING, **BINDING, **TRADING}
"""Every screen of the menu."""

ENGLISH: Mapping[str, str] = {"海科融通": "Haike", "未绑定商户": "No merchant"}

MENU = MenuTables(
    columns=16, rows=8, keyboard=KEYBOARD, idle="idle", screens={**UNBINDING, **BINDING, **TRADING}, english=ENGLISH
)
"""The whole menu."""
