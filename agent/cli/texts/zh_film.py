"""中文：案件的界面影片（屏幕回放与网页）及其错误。Chinese: films of cases, and what can be wrong with one."""

from __future__ import annotations

from typing import Final

FILM: Final = {
    "film-missing": (
        "没有界面影片：{path} 不存在。",
        "案件从按下第一个键起才有影片；案件列表见 posretire cases list。",
    ),
    "film-unreadable": ("无法读取影片 {path}：{why}。", "请检查该文件的权限。"),
    "film-broken": (
        "{path} 不是可信的影片：第 {line} 行：{why}。",
        "文件已被改动；案件日志中记有原文件的摘要。",
    ),
    "film-page-unwritable": ("无法写入网页 {path}：{why}。", "请指定可写文件夹中的文件。"),
}

FILM_TEXTS: Final = {
    "film.heading": "案件 {case} 的界面影片",
    "film.unchanged": "（与日志一致）",
    "film.changed": "（与日志不一致：影片已被改动）",
    "film.unknown": "（日志中尚未记录影片）",
    "film.cut": "影片不完整：最后一步没有写完。",
    "film.guided": "由人工按键",
    "film.masked": "密文输入",
    "film.what.press": "按键",
    "film.what.type": "输入",
    "film.what.wait": "等待",
    "film.what.done": "完成",
    "film.what.pending": "等待平台",
    "film.what.stop": "停止",
    "film.written": "网页已写入：{path}",
    "film.page.title": "案件 {case} 的界面影片",
    "film.page.lead": "操作菜单期间终端显示的每一屏，以及在该屏上按下的键。",
    "film.page.terminal": "终端",
    "film.page.firmware": "固件",
    "film.page.steps": "步数",
    "film.page.back": "上一步",
    "film.page.on": "下一步",
    "film.page.play": "播放或暂停",
    "film.page.foot": (
        "写入之前已作遮蔽：输入的内容、商户号、手机号及其他长号码均显示为 ×；密文输入框一律显示六个星号，"
        "与实际位数无关。仅保留终端的序列号。"
    ),
}
