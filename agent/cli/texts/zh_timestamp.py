"""中文：时间戳。Chinese: timestamps."""

from __future__ import annotations

from typing import Final

FOUND_TIMESTAMP: Final = {
    "authorities-unknown": "此处没有可信的时间戳机构，无人为时间作保。",
    "timestamp-answer": "时间戳机构的应答不是时间戳（{why}）。",
    "timestamp-certificate": "时间戳没有写明签署它的证书。",
    "timestamp-clock": "声明中的时间 {time} 与时间戳相差 {seconds} 秒。",
    "timestamp-clock-off": "执行端的时钟与时间戳机构相差 {seconds} 秒：其时间有误。",
    "timestamp-form": "时间戳不是保存时的格式：其中有内容被改动。",
    "timestamp-imprint": "时间戳不是这份声明的。",
    "timestamp-malformed": "时间戳格式有误：{why}。",
    "timestamp-missing": "规则要求时间戳，但没有取得：{why}。",
    "timestamp-nonce": "时间戳机构应答的是另一个请求。",
    "timestamp-refused": "时间戳机构拒绝：{why}。",
    "timestamp-signature": "时间戳的签名不符。",
    "timestamp-unavailable": "没有时间戳：{why}。",
    "timestamp-usage": "时间戳机构的密钥并非专用于时间戳。",
}
"""Sentences for what checks find, by code."""

TIMESTAMP: Final = {
    "clock-wrong": (
        "本机时钟与时间戳机构相差 {seconds} 秒。未作任何更改。",
        "请校准时钟后重试。",
    ),
    "timestamp-authority-missing": (
        "规则要求时间戳，但没有指定时间戳机构。未作任何更改。",
        "请用 --timestamp-authority URL 或规则文件中的 timestamp_authority 指定。",
    ),
    "timestamp-authority-silent": (
        "时间戳机构 {url} 没有应答（{why}），而规则要求时间戳。未作任何更改。",
        "请检查网络和地址后重试。",
    ),
    "timestamp-authority-wrong": (
        "时间戳机构 {url} 给不出有效的时间戳。{why} 未作任何更改。",
        "请检查 --timestamp-authority 或规则文件中的地址。",
    ),
    "timestamp-root-missing": (
        "时间戳机构 {url} 的根证书在此处不受信任。未作任何更改。",
        "请把它的根证书放入 --trust 目录的 tsa/*.pem。",
    ),
    "timestamp-silent": ("时间戳机构没有应答：{why}。", "请检查网络后重试。"),
    "timestamp-url": (
        "这不是时间戳机构的地址。",
        "请写成 https://主机/路径 或 http://主机/路径，不含用户名和密码。",
    ),
}

TIMESTAMP_TEXTS: Final = {
    f"finding.{code}": FOUND_TIMESTAMP[code]
    for code in ("timestamp-clock-off", "timestamp-missing", "timestamp-unavailable")
}
