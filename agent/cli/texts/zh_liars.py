"""Chinese: terminals that contradict themselves, break the protocol or never come to an end."""

from __future__ import annotations

from typing import Final

LIARS: Final = {
    "export-of-another": (
        "读出的数据与终端自述不符（{what}）：可能是另一台终端的导出。",
        "未解绑也未清空。请隔离该终端；若其间有人使用过，请重新运行一次。",
    ),
    "memory-map-changed": (
        "存储布局与检查时不一致：区域 {region} 不同。",
        "终端未清空。请将其隔离：没有列出的区域不会被清空。",
    ),
    "region-shrunk": (
        "按存储布局，区域 {region} 只有 {size} 字节，而至少应有 {least} 字节。",
        "请隔离该终端，或更正档案：没有列出的部分无法清空。",
    ),
    "terminal-breaks-protocol": (
        "终端不遵守协议：{why}。",
        "请隔离该终端并报告其固件；单凭线路不良不会如此。",
    ),
    "terminal-too-slow": (
        "终端在线，但在 {seconds} 秒内没有应答 {command}。",
        "请重启终端后再运行；若仍无效，请将其隔离。",
    ),
    "wipe-endless": (
        "清空一直有进展却不结束：{seconds} 秒已超过此类存储器所需。",
        "请让终端保持通电并运行 posretire inspect；若仍在清空，请将其隔离。",
    ),
}
"""Errors by code, part of `agent.cli.texts.zh_errors.ERRORS`."""
