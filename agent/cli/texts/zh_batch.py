"""中文：批量核验。Chinese: verifying many bundles at once."""

from __future__ import annotations

from typing import Final

BATCH: Final = {
    "batch-unreadable": ("无法读取目录 {path}：{why}。", "请指定存放证据包的目录。"),
    "batch-empty": ("{path} 中没有证据包。", "请指定证据包的上一级目录。"),
    "batch-unwritable": ("无法写入 {path}：{why}。", "请检查目录、权限和磁盘空间。"),
    "verify-what": ("没有指定证据包或批次，或同时指定了多项。", "请给出 BUNDLE、--batch DIR 或 --script 之一。"),
    "verify-batch-only": ("{option} 只用于批量核验。", "请同时给出 --batch DIR。"),
}

BATCH_TEXTS: Final = {
    "batch.heading": "核验 {folder} 中的 {count} 个证据包",
    "batch.result-only": "其声明如此",
    "batch.duplicate": "{bundle}——与 {earlier} 是同一案件：{case}",
    "batch.result": "结果",
    "batch.count": "证据包",
    "batch.PASS": "被接受（PASS）",
    "batch.FAIL": "被拒绝或不合格（FAIL）",
    "batch.UNKNOWN": "此处无法判断或结果不明（UNKNOWN）",
    "batch.unfinished": "其中：案件没有结束",
    "batch.crashed": "其中：使核验进程中止",
    "batch.duplicates": "与另一个是同一案件",
    "batch.unbindings": "被接受者之中：解除绑定，未清除任何存储",
    "batch.all": "合计",
    "batch.others": "该目录另有 {count} 个文件不是证据包，没有查看。",
    "batch.all-accepted": "全部证据包均被接受。",
    "batch.some-not": "{all} 个证据包中有 {count} 个未被接受。",
    "batch.some-twice": "各证据包单独均被接受，但有 {count} 个与另一个是同一案件。",
    "batch.interrupted": "已中断：{all} 个中核验了 {count} 个。",
    "batch.written": "已写入：{path}",
}
