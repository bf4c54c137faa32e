"""The menu of a firmware that speaks English: the same screens, other words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from simulators.menus.popups import SCREENS
from simulators.menus.situation import WIDEST
from simulators.menus.tables import MenuTables, cells

WORDS: Mapping[str, str] = {
    "功能菜单": "Functions",
    "签到": "Sign on",
    "签退": "Sign off",
    "结算": "Settle",
    "交易查询": "Inquiry",
    "系统设置": "Settings",
    "打印": "Print",
    "通讯设置": "Network",
    "终端管理": "Terminals",
    "操作员管理": "Operators",
    "操作员": "Operator",
    "版本信息": "Version",
    "版本": "Version",
    "设备列表": "Device list",
    "设备": "Device",
    "本机": "this",
    "扫码": "scan",
    "键盘": "pad",
    "查看": "View",
    "确认解绑?": "Unbind now?",
    "解绑成功": "Unbound",
    "解绑": "Unbind",
    "绑定商户": "Bind merchant",
    "绑定成功": "Bound",
    "确认绑定?": "Bind now?",
    "绑定": "Bind",
    "请输入": "Enter ",
    "请再次输入": "Again ",
    "再次输入": "Again ",
    "商户号": "Merchant",
    "密码": "Password",
    "验证码": "Code",
    "剩余次数": "Tries left",
    "二次确认": "Confirm again",
    "确认": "OK",
    "取消": "Cancel",
    "清除": "Clear",
    "按": "Press ",
    "键": " key ",
    "继续": "to go on",
    "返回": "to go back",
    "关闭": "to close",
    "开通": "to join",
    "错误": " wrong",
    "不符": " mismatch",
    "已锁定": " locked",
    "请联系收单机构": "Call acquirer",
    "有未结算交易": "Batch open",
    "请先": "First ",
    "未绑定": "Not bound",
    "已绑定": "Is bound",
    "功能不可用": "Not available",
    "请在平台注销": "Deregister too",
    "欢迎使用": "Welcome",
    "未初始化": "Not set up",
    "请刷卡或按功能键": "Swipe or menu",
    "型号": "Model",
    "状态正常": "State good",
    "优惠活动": "Offer",
    "会员立减10元": "Members save 10",
    "电量不足": "Low battery",
    "请连接电源": "Connect power",
    "打印机缺纸": "No paper",
    "请装纸": "Insert paper",
    "网络已断开": "Network lost",
    "正在重新连接": "Connecting",
    "已签退": " signed off",
    "请重新登录": "Log in again",
    "请撕下凭条": "Tear off slip",
    "成功": " done",
    "失败": " failed",
    "消费": "Sale",
    "撤销": "Void",
    "金额": "Amount",
    "凭证号": "Trace",
    "(分)": "(fen)",
    "元": " CNY",
    "已过期": " expired",
    "已发送至": "sent to",
    "手机": "phone",
    "请重新操作": "Start again",
    "两次输入": "Entries ",
    "缺少密钥": "No keys",
    "装载密钥": "load keys",
    "金额超限": "Over limit",
    "仅限测试金额": "Tests only",
    "交易": "Sale",
    "流水已满": "Journal full",
    "无可撤销交易": "Nothing to void",
    "商户": "merchant",
    "机具号": "Device no.",
    "机具": "Device",
    "手机号": "Phone",
    "解绑申请": "Unbind request",
    "确认解绑申请?": "Send request?",
    "申请已提交": "Request sent",
    "等待平台审核": "Under review",
    "解绑审核中": "Under review",
    "请等待平台": "Please wait",
    "申请被拒绝": "Rejected",
    "我的设备": "My devices",
    "设备信息": "Information",
    "收款": "Collect",
    "交易记录": "History",
    "交易明细": "History",
    "设置": "Settings",
    "按菜单键进入": "Press menu",
    "重复按键输字母": "Letters: again",
    "应用列表": "Apps",
    "设备管理": "Devices",
    "商户服务": "Service",
    "关于本机": "About",
    "菜单": "Menu",
    "确定": "OK",
    "请商户签名": "Please sign",
    "电子签名": "Signature",
    "签名": "sign",
    "已签名": "signed",
    "输入": "Enter ",
}
"""Words that models share."""

_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def translate(row: str, words: Mapping[str, str], columns: int) -> str:
    """Return a row in English, cut where the display ends.

    Args:
        row: As the menu has it.
        words: What there are words for; the longest ones are taken first.
        columns: Half-width cells of a row.
    """
    for chinese in sorted((word for word in words if word in row), key=len, reverse=True):
        row = row.replace(chinese, words[chinese])
    while cells(row) > columns:
        row = row[:-1]
    return row.rstrip()


def english_words(tables: MenuTables) -> dict[str, str]:
    """Return the words for a model: its own, and those that all share."""
    return {**WORDS, **tables.english}


def untranslated(tables: MenuTables) -> list[str]:
    """Return what a model's menu still says in Chinese after an update to English; to be empty."""
    words = english_words(tables)
    found = set()
    for text in _texts(tables):
        found |= set(_CHINESE.findall(translate(text, words, 10 * tables.columns)))
    return sorted(found)


def _texts(tables: MenuTables) -> Iterable[str]:
    for popup in SCREENS.values():
        yield from popup.rows
    for screen in tables.screens.values():
        yield from (row.format_map({**WIDEST, "items": ""}) for row in screen.rows)
        if screen.listing is not None:
            yield from (item.label for item in screen.listing.items)
