"""中文：搜寻卡号与秘密数据。Chinese: the search for card data and secrets."""

from __future__ import annotations

from typing import Final

SCAN: Final = {
    "scan-absent": ("没有文件或文件夹 {path}。", "请指定要搜寻的文件或文件夹。"),
    "text-with-card-number": (
        "{what} 中含有卡号或秘密数据（{shown}），会被写入证据。",
        "请去掉后重试：未做任何更改。",
    ),
}

SCAN_TEXTS: Final = {
    "scan.found": "{kind} {shown}，位于 {path}",
    "scan.skipped": "未查看（{why}）：{path}",
    "scan.bad": "共搜寻 {files} 个文件，发现 {found} 处。",
    "scan.clean": "共搜寻 {files} 个文件，未发现卡号、磁道数据或秘密数据。",
    "scan.limits": "卡号按长度、发卡机构和校验位识别；加密或打包的内容未查看。",
    "scan.kind.card-number": "卡号",
    "scan.kind.track-data": "磁道数据",
    "scan.kind.secret-field": "字段",
    "scan.kind.private-key": "密钥",
    "scan.why.encrypted": "已加密",
    "scan.why.large": "过大",
    "scan.why.unreadable": "无法读取",
}
