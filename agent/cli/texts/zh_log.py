"""中文：案件日志（案件存证）。Chinese: the log of cases."""

from __future__ import annotations

from typing import Final

FOUND_LOG: Final = {
    "log-checkpoint": "存证检查点的格式不符合规定。",
    "log-entry-differs": "存证中第 {index} 条是另外的内容。",
    "log-forked": "{new} 条的存证并非由原先 {old} 条的存证延续而来：历史被改动。",
    "log-index": "{size} 条的存证中没有第 {index} 条。",
    "log-other-key": "检查点不是由存证 {name} 签署，或另有其他签名。",
    "log-proof-form": "存证证明的格式不符合规定。",
    "log-proof-length": "存证证明的哈希数目不对：{hashes}。",
    "log-signature": "存证检查点的签名不符。",
    "log-vkey": "这不是存证的公钥。",
}
"""Sentences for what checks find, by code."""
