"""中文：证据、密钥与信任的错误。Chinese: errors of evidence, of keys and of trust."""

from __future__ import annotations

from typing import Final

from agent.cli.texts.en_evidence import ABOUT_THE_WIPE, ABOUT_TRUST
from agent.cli.texts.zh_log import FOUND_LOG

REJECT: Final = "请不要接受这份证据，并询问制作者。"
NOT_EMPTY: Final = "未能证明终端已清空：请隔离该终端。"
TRUST: Final = "请用 --trust DIR 给出您自行取得的 makers/*.pem 和 agents/*.pem。"

FOUND: Final = {
    "agent-chain-differs": "agent.pem 不是签名密钥的证书。",
    "agents-unknown": "此处没有可信的执行端，无人为签名者作保。",
    "attachments-differ": "声明所列的附件与实有的不符：{file}。",
    "bindings-changed": "清空前后终端证明的绑定不同。",
    "bindings-not-attested": "job.json 中的绑定与终端证明的不符。",
    "boot-count": "终端的启动次数从 {before} 倒退到 {after}。",
    "case-differs": "{where} 中是另一个案件号。",
    "certificate-chain": "{where} 的证书不能追溯到此处可信的任何人。",
    "certificate-key": "{where} 的证书中没有 P-256 密钥。",
    "certificate-revoked": "{where} 的证书已被签发者吊销。",
    "certificate-time": "{where} 的证书当时不在有效期内。",
    "certificate-unreadable": "无法读取 {where} 的证书。",
    "certificate-usage": "{where} 的密钥不得用于签名。",
    "document-field": "{document}：字段 {field} 缺失、未知或类型不对。",
    "debug-enabled": "终端证明其调试口已开放：可绕过终端读写其存储。",
    "dsse-key": "信封所写的密钥不是 agent.pem 的密钥。",
    "dsse-malformed": "信封格式错误：{why}。",
    "dsse-signature": "声明的签名不符。",
    "eat-algorithm": "终端证明不是用 ES256 签名的。",
    "eat-channel": "终端证明不是在这条连接的另一端作出的：中间有人。",
    "eat-header": "终端证明含有不允许的头部，或没有证书。",
    "eat-malformed": "终端证明格式错误：{why}。",
    "eat-maker": "终端证明所称的厂商，不是其证书所追溯到的厂商。",
    "eat-nonce": "终端证明回应的是另一个随机数：旧的，或属于别的案件。",
    "eat-other-terminal": "终端证明的证书是签发给另一序列号的。",
    "eat-phase": "终端证明属于另一阶段。",
    "eat-signature": "终端证明的签名不符。",
    "export-altered": "export.age 不是核对过的那份导出。",
    "export-missing": "没有 export.age，也未豁免核对。",
    "export-not-age": "export.age 不是 age 文件。",
    "export-unverified": "导出未经核对，也没有写明理由。",
    "file-absent": "没有 {file}。",
    "file-kind": "{file} 不是普通文件。",
    "file-too-large": "{file} 超过 {limit} 字节。",
    "file-unknown": "证据包中有不属于它的文件：{file}。",
    "file-unreadable": "无法读取 {file}。",
    "identity-key-changed": "槽位 {slot} 的身份密钥与之前的不同。",
    "intent-digest": "{file} 不是 intent.json 所列的文件。",
    "journal-chain": "日志链在第 {line} 行断开：有内容被删除、移动或篡改。",
    "journal-cut": "日志的最后一行不完整。",
    "journal-empty": "日志是空的。",
    "journal-intent-late": "日志显示终端在意向记录之前已被改动。",
    "journal-intent-missing": "日志中没有这份意向记录。",
    "journal-no-wipe": "日志中没有清空。",
    "journal-not-intended": "日志不是 intent.json 所接续的那份。",
    "journal-sequence": "日志第 {line} 行的序号不对：有条目缺失或被移动。",
    "journal-step-failed": "日志记载步骤 {step} 失败。",
    "journal-wipe-not-intended": "日志显示有清空，但意向记录没有写明。",
    "journal-step-unknown": "日志显示步骤 {step} 中断，进行到哪里不明。",
    "journal-step-open": "日志没有记载步骤 {step} 如何结束。",
    "journal-too-long": "日志过长。",
    "json-broken": "{document} 不是严格的 JSON（{why}）。",
    "json-not-canonical": "{document} 不是规范形式（RFC 8785）。",
    "json-too-large": "{document} 超过 {limit} 字节。",
    "json-value": "有值无法写成 JSON：{why}。",
    "key-kept": "密钥槽 {slot} 不是身份密钥，却在清空后保留。",
    "key-not-erased": "密钥槽 {slot} 中仍有密钥。",
    "key-slots-changed": "清空前后终端证明的密钥槽不同。",
    "level-too-high": "声明的证据等级为 {claimed}，证据只显示 {found}。",
    "level-unproven": "声明的证据等级 {claimed} 在此处无法检查。",
    "links-differ": "声明所列的连接不是 job.json 开头的那条。",
    "makers-unknown": "此处没有可信的厂商，无人为终端的密钥作保。",
    "measurements-changed": "终端度量的软件，处置前后不一致。",
    "map-changed": "终端的存储布局与清空前不同。",
    "map-not-attested": "intent.json 中的存储布局与终端证明的不符。",
    "method-key-copies": "声称以清除密钥达到 Purge，但没有证明密钥没有副本。",
    "method-not-addressable": "声称 Purge，但擦除不一定触及区域 {region} 背后的全部单元。",
    "needs": "此项检查需要 {what}。",
    "proof-answer": "区域 {region} 的应答与填入的数据不符：终端没有保存这些数据。",
    "proof-not-attested": "终端没有证明擦除证明中的应答是它给出的。",
    "proof-not-journaled": "日志中没有这份擦除证明。",
    "proof-of-another": "这份擦除证明属于另一案件或另一次清空。",
    "proof-regions": "擦除证明没有涵盖计划清空的全部闪存。",
    "proof-slow": "区域 {region} 用了 {seconds} 秒才应答，可能由他处代答。",
    "read-back-missing": "区域 {region} 没有回读。",
    "read-back-not-blank": "区域 {region} 回读后不为空。",
    "read-back-other-region": "回读涉及未打算清空的区域，或有重复。",
    "read-back-short": "区域 {region} 没有回读到底。",
    "region-digest": "终端证明的区域 {region} 摘要与空存储不符。",
    "region-gone": "清空后的终端证明中缺少区域 {region}。",
    "region-kept": "区域 {region} 存有商户数据，却没有清空。",
    "region-not-erased": "终端没有证明区域 {region} 已擦除（结果 {result}）。",
    "region-not-planned": "区域 {region} 可以清空，却被遗漏。",
    "region-too-large": "区域 {region} 过大，无法检查。",
    "result-too-good": "声明为 {claimed}，证据显示 {found}。",
    "result-unproven": "声明的结果 {claimed} 在此处无法检查。",
    "statement-differs": "声明的 {part} 部分与证据不符。",
    "statement-act": "声明所述的事项与意向记录不符。",
    "statement-subjects": "声明所列与证据包中的文件不完全一致：{file}。",
    "statement-type": "此处不认识这种声明。",
    "binding-left": "绑定 {binding} 仍然有效。",
    "terminal-differs": "是另一台终端：{where} 中的 {what} 不同。",
    "time-form": "{where} 不是 RFC 3339 格式的 UTC 时间。",
    "times-order": "时间顺序不是立案、意向、签发。",
    "unsettled-left": "清空后仍有 {count} 笔交易未结算。",
    "unsettled-lost": "清空时有 {count} 笔交易未结算，且没有写明理由。",
    "wipe-count": "终端的清空次数从 {before} 变为 {after}，而不是加一。",
    "wipe-nonce": "终端最近一次清空不是计划的那一次。",
    "wipe-unfinished": "终端没有证明清空已完成（状态 {state}）。",
    **FOUND_LOG,
}
"""What a check found, as `agent.evidence.wording` says it in English."""


def _action(code: str) -> str:
    if code in ABOUT_TRUST:
        return TRUST
    return NOT_EMPTY if code in ABOUT_THE_WIPE else REJECT


KEYS: Final = {
    "agent-name": ("此名称不能写入证书。", "请用 1 到 40 个可显示的字符。"),
    "agent-key-exists": ("签名密钥已存在：{path}。", "用 posretire keys show 查看。"),
    "agent-key-missing": ("本机没有签名密钥（{path}）。", "用 posretire keys init 生成。"),
    "agent-key-exposed": ("其他用户可以读取签名密钥 {path}。", "请把权限设为 0600，或生成新密钥。"),
    "agent-key-unreadable": ("无法读取签名密钥 {path}。", "请恢复它，或生成新的。"),
    "agent-certificate-mismatch": ("证书 {path} 属于另一把密钥。", "请恢复配套的密钥和证书。"),
    "binding-key-missing": ("缺少本案加密摘要的密钥：{path}。", "请恢复主目录。"),
    "keys-unwritable": ("无法把密钥写入 {path}：{why}。", "请检查目录、权限和磁盘空间。"),
    "trust-unreadable": ("无法读取 {path} 中的可信根。", "请检查 --trust 指定的目录。"),
    "bundle-exists": ("本案的文件夹已存在：{path}。", "请用 --out 另选目录。"),
    "bundle-file": ("证据包中没有名为 {file} 的文件。", "请报告：这是 posretire 的缺陷。"),
    "bundle-missing": ("本案的文件夹不见了：{path}。", "请查明被移到何处；台账中仍有日志。"),
    "bundle-unreadable": ("无法读取证据包 {path}：{why}。", "请指定含有 statement.dsse.json 的文件夹。"),
    "bundle-unwritable": ("无法把证据写入 {path}：{why}。", "请检查目录、权限和磁盘空间。"),
    "case-name": ("这不是案件号。", "用 posretire cases 列出案件。"),
    "statement-not-verified": (
        "刚签发的声明未通过核验（{check}：{why}）。",
        "请报告：这是 posretire 的缺陷。证据仍在其文件夹中。",
    ),
    "export-recipients-bare": ("export.age 的收件人为 {found} 个，与声明不符。", REJECT),
}

EVIDENCE: Final = {**{code: (sentence, _action(code)) for code, sentence in FOUND.items()}, **KEYS}
