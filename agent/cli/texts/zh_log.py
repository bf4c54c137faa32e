"""中文：案件日志（案件存证）。Chinese: the log of cases."""

from __future__ import annotations

from typing import Final

FOUND_LOG: Final = {
    "log-checkpoint": "存证检查点的格式不符合规定。",
    "log-entry-differs": "存证中第 {index} 条是另外的内容。",
    "log-entry-long": "{bytes} 字节的条目对存证而言过长。",
    "log-forked": "{new} 条的存证并非由原先 {old} 条的存证延续而来：历史被改动。",
    "log-index": "{size} 条的存证中没有第 {index} 条。",
    "log-not-journaled": "日志未载明这份存证证明。",
    "log-order": "声明是存证中第 {index} 条，而意图在前 {before} 条之内登记，次序不符。",
    "log-other-key": "检查点不是由存证 {name} 签署，或另有其他签名。",
    "log-proof-form": "存证证明的格式不符合规定。",
    "log-proof-length": "存证证明的哈希数目不对：{hashes}。",
    "log-root": "存证的数据块算不出对 {size} 条所签的根。",
    "log-signature": "存证检查点的签名不符。",
    "log-tile": "存证的文件缺失或被截断：{file}。",
    "log-unknown-key": "存证 {name} 不在此处信任之列。",
    "log-vkey": "这不是存证的公钥。",
    "statement-not-logged": "声明未能登记到案件存证（{why}）。",
}
"""Sentences for what checks find, by code."""

LOG: Final = {
    "log-busy": ("另一个 posretire 一直占用案件存证：{path}。", "请等它结束，或结束它，然后重试。"),
    "log-damaged": (
        "案件存证已损坏，或被恢复成旧的状态：{path}（{why}）。",
        (
            "请从最新备份恢复 log 和 keys 文件夹；若无备份，把 log、keys/log.key 和 keys/log.checkpoint "
            "一起移走并保存，随后会开始新的存证。"
        ),
    ),
    "log-key-exposed": ("其他用户可以读取存证的密钥 {path}。", "请把权限设为 0600。"),
    "log-key-missing": (
        "案件存证还在，而它的密钥不见了：{path}。",
        "请恢复密钥；若无备份，把 log 文件夹和 keys/log.checkpoint 移走并保存，随后会开始新的存证。",
    ),
    "log-key-unreadable": ("无法读取存证的密钥 {path}。", "请恢复它。"),
    "log-unwritable": ("无法写入案件存证 {path}：{why}。", "请检查目录、权限和磁盘空间；写入之前不会改动终端。"),
}
"""Errors: what happened, what to do."""
