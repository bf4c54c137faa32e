"""中文：终端标签。Chinese: the label for a terminal."""

from __future__ import annotations

from typing import Final

LABEL: Final = {
    "label-no-file": ("没有指定标签文件。", "请给出 --png FILE、--zpl FILE，或两者。"),
}

LABEL_TEXTS: Final = {
    "label.written": "案件 {case} 的标签（{result}）：{path}",
    "label.not-verified": "标签照录已签名声明的内容，此处没有核验证据包。",
}
