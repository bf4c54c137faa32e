"""中文：案件日志（案件存证）。Chinese: the log of cases."""

from __future__ import annotations

from typing import Final

FOUND_LOG: Final = {
    "log-bundle-missing": "存证中有 {count} 份声明在此找不到证据包。",
    "log-bundle-unknown": "有 {count} 个证据包不在存证中，例如 {bundle}。",
    "log-checkpoint": "存证检查点的格式不符合规定。",
    "log-entry-differs": "存证中第 {index} 条是另外的内容。",
    "log-entry-long": "{bytes} 字节的条目对存证而言过长。",
    "log-forked": "{new} 条的存证并非由原先 {old} 条的存证延续而来：历史被改动。",
    "log-index": "{size} 条的存证中没有第 {index} 条。",
    "log-not-journaled": "日志未载明这份存证证明。",
    "log-order": "声明是存证中第 {index} 条，而意图在前 {before} 条之内登记，次序不符。",
    "log-open-cases": "有 {count} 条意图没有结局：无人说明这些案件后来如何。",
    "log-other-key": "检查点不是由存证 {name} 签署，或另有其他签名。",
    "log-proof-form": "存证证明的格式不符合规定。",
    "log-proof-length": "存证证明的哈希数目不对：{hashes}。",
    "log-root": "存证的数据块算不出对 {size} 条所签的根。",
    "log-shrunk": "存证现有 {new} 条，而先前有 {old} 条：末尾被截去。",
    "log-signature": "存证检查点的签名不符。",
    "log-statement-alone": "有 {count} 份声明所属案件的意图先前未登记。",
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
    "log-file": ("无法读写 {path}，或它不是所需的文件。", "请检查路径；检查点以 log audit --keep FILE 保存。"),
    "log-key-given": (
        "--key 给出的不是存证的公钥。",
        "请给出 posretire log show 所示的 vkey（NAME+ID+KEY）；文件请放入 --trust DIR 的 logs/。",
    ),
    "log-missing": ("{path} 中没有案件存证。", "第一次退役时会开始记录；其他存证用 --log DIR 指定。"),
    "log-no-entry": ("存证中没有 {subject} 的条目。", "用 posretire log show 查看条目。"),
    "log-prove-what": ("请指明要证明什么。", "给出案件号或证据包，或用 --from 给出先前的检查点，二者择一。"),
    "log-key-exposed": ("其他用户可以读取存证的密钥 {path}。", "请把权限设为 0600。"),
    "log-key-missing": (
        "案件存证还在，而它的密钥不见了：{path}。",
        "请恢复密钥；若无备份，把 log 文件夹和 keys/log.checkpoint 移走并保存，随后会开始新的存证。",
    ),
    "log-key-unreadable": ("无法读取存证的密钥 {path}。", "请恢复它。"),
    "log-unwritable": ("无法写入案件存证 {path}：{why}。", "请检查目录、权限和磁盘空间；写入之前不会改动终端。"),
}
"""Errors: what happened, what to do."""

LOG_TEXTS: Final = {
    "command.log": (
        "查看、证明和审计案件存证。\n\n"
        "每个案件在改动终端之前登记一次，结束时再登记一次，因此没有案件能够消失。存证是只增不改的默克尔树，"
        "采用 C2SP 的格式（tlog-tiles、tlog-checkpoint、tlog-proof）。"
    ),
    "command.log-show": "显示最新的条目，以及没有结局的案件。",
    "command.log-prove": (
        "证明某案件或证据包已在存证中，或证明存证只增不改。\n\n"
        "给出 CASE 时证明其最后一份声明，没有声明时证明其意图；给出证据包时证明其声明。"
        "用 --from 时证明存证以旧检查点所含的全部条目开头。"
    ),
    "command.log-audit": (
        "审计存证：签名、整棵树、历史、结局和证据包。\n\n"
        "用 --keep 保存检查点，下次来访时用 --since 给出：两次之间的历史便无法改动。任何一项不符时以 6 结束。"
    ),
    "option.log": "存证所在的目录，用于副本；默认为主目录自己的存证。",
    "option.log-last": "列出多少条最新的条目。",
    "option.log-trust": "信任其中 logs/*.vkey 的目录，可重复；主目录的 trust/ 也会使用。",
    "option.log-key": "存证的公钥（vkey），代替主目录所信任的。",
    "option.log-from": "先前检查点的文件。",
    "option.log-out": "写入证明的文件，代替标准输出。",
    "option.log-since": "上次来访时保存的检查点文件。",
    "option.log-bundles": "用来对照的证据包目录：每个都须在存证中，且一个不缺。",
    "option.log-keep": "把检查点存入此文件，供下次来访使用；仅在整棵树完好时写入。",
    "check.log-checkpoint": "检查点由存证的密钥签署",
    "check.log-since": "先前的检查点由其密钥签署",
    "check.log-tree": "每一条都在树中，且树只增不改",
    "check.log-ends": "存证中每个案件都有结局",
    "check.log-bundles": "每个证据包都在存证中",
    "check.log-statements": "存证中每份声明都有证据包",
    "step.log": "读取存证",
    "unit.entries": "条",
    "log.heading": "案件存证 {path}",
    "log.origin": "存证",
    "log.key": "公钥",
    "log.key-unknown": "此处未知；未核对签名",
    "log.size": "条目",
    "log.root": "根",
    "log.kinds": "种类",
    "log.results": "结果",
    "log.open-cases": "没有结局的案件",
    "log.kind.intent": "意图",
    "log.kind.statement": "声明",
    "log.kind.ended": "未改动而结束",
    "log.newest": "最新的 {count} 条",
    "log.open": "没有结局的案件：{count}",
    "log.open-note": "意图已登记，而无人说明后来如何：案件正在进行、已中断（见 posretire cases），或被人隐瞒。",
    "log.head-time": "时间",
    "log.head-case": "案件",
    "log.head-kind": "条目",
    "log.head-end": "结果或原因",
    "log.audit": "审计",
    "log.list-open": "没有结局的案件：{count}",
    "log.list-without-intent": "之前没有意图的声明：{count}",
    "log.list-replaced": "被同一案件后来的声明取代的声明：{count}",
    "log.list-clock-back": "时钟早于先前条目的条目：{count}",
    "log.list-missing-bundles": "在此没有证据包的声明：{count}",
    "log.list-other-bundles": "不在此存证中的证据包：{count}",
    "log.why-unknown": "本应在其中，却不在",
    "log.why-other-log": "属于另一份可信的存证，请一并审计",
    "log.why-no-log": "制作于此存证开始之前",
    "log.why-unreadable": "不是可读的证据包",
    "log.good": "存证完好。",
    "log.bad": "存证有问题：见上。",
    "log.kept": "检查点已存入 {path}：下次来访时用 --since 给出。",
    "log.keep-it": "请保存 {path} 供下次来访（可用 --keep FILE），届时用 --since 给出。",
    "log.written": "证明已写入 {path}。",
}
"""页面与帮助。"""
