"""中文：导出的错误。Chinese: errors of the export."""

from __future__ import annotations

from typing import Final

EXPORT: Final = {
    "recipient-is-identity": (
        "{place} 是私钥，不是收件人；未使用，也不显示。",
        "请给出公钥（age1…）。若私钥可能被他人看到，请更换。",
    ),
    "recipient-ssh": ("{place} 是 SSH 公钥；导出只能用 age 公钥加密。", "请给出 age 收件人（age1…）。"),
    "recipient-unsupported": (
        "{place} 是不支持的 age 收件人类型（插件或新类型）。",
        "请给出 X25519 收件人：age1 加 58 个字符，即 age-keygen 打印的形式。",
    ),
    "recipient-invalid": (
        "{place} 既不是 age 收件人，也不是收件人文件。",
        "请检查是否输错：收件人以 age1 开头，文件必须存在。",
    ),
    "recipients-file-unreadable": ("收件人文件 {path} 无法读取：{why}。", "请检查路径和权限。"),
    "recipients-file-empty": ("文件 {path} 中没有收件人。", "请每行写一个 age 收件人。"),
    "too-many-recipients": ("收件人超过 {limit} 个。", "最多给出 {limit} 个。"),
    "destination-exists": (
        "{path} 已存在，不会覆盖：它可能是某份交易流水的唯一副本。",
        "请另选文件名，或先移走该文件。",
    ),
    "identity-file-exists": ("{path} 已存在，不会覆盖：它可能是某个私钥的唯一副本。", "请另选文件名。"),
    "disk-full": ("磁盘空间不足，无法写入 {path}。终端未做任何改动。", "请腾出空间或换一个磁盘后重试。"),
    "destination-unwritable": ("无法写入 {path}：{why}。终端未做任何改动。", "请选择已存在且可写的文件夹。"),
    "spool-damaged": ("{path} 所在磁盘读回的数据与写入的不一致。终端未做任何改动。", "该磁盘不可信，请换一个磁盘。"),
    "export-unreadable": ("导出文件无法读回：{why}。", "请检查磁盘并重新导出。"),
    "export-digest": (
        "磁盘上的导出文件与写入的不一致（SHA-256 为 {found}，应为 {written}）。",
        "请检查磁盘及是否有其他程序写入，然后重新导出。",
    ),
    "export-recipients": (
        "导出文件的收件人为 {found} 个，应为 {expected} 个（含核对用的临时收件人）。",
        "请报告此缺陷，不要使用该文件。",
    ),
    "export-content": ("导出文件中的 {member} 与从终端读出的不一致。", "请报告此缺陷，不要使用该文件。"),
    "export-records": ("终端称有 {terminal} 笔交易，导出为 {export} 笔。", "请重新导出；若仍不一致，请隔离该终端。"),
    "export-totals": (
        "{kind}、{scheme} 的汇总不一致：终端为 {terminal}，导出合计为 {export}（笔数 / 最小货币单位金额）。",
        "请重新导出；若仍不一致，请隔离该终端。",
    ),
    "export-journal-digest": (
        "读出的交易流水摘要与终端自报的不一致（{read}，应为 {terminal}）。",
        "请重新导出；若仍不一致，请检查线路和终端。",
    ),
    "export-parameters-digest": (
        "读出的参数摘要与终端自报的不一致（{read}，应为 {terminal}）。",
        "请重新导出；若仍不一致，请检查线路和终端。",
    ),
    "export-receipts": ("终端称有 {terminal} 张签购单，导出为 {export} 张。", "请重新导出；若仍不一致，请隔离该终端。"),
    "export-receipts-digest": (
        "读出的签购单摘要与终端自报的不一致（{read}，应为 {terminal}）。",
        "请重新导出；若仍不一致，请检查线路和终端。",
    ),
    "backup-unwritable": (
        "无法把副本写入 {path}：{why}。终端未做任何改动。",
        "请检查目录是否存在、可写并有空间；或去掉 --backup。",
    ),
    "backup-differs": ("副本 {path} 读回后与写入的不一致。", "该磁盘不可信；请为 --backup 另选目录。"),
    "backup-same-place": (
        "{path} 就是证据包所在目录，或已经给过。",
        "请为 --backup 另选目录，最好在另一个磁盘上。",
    ),
    "too-many-backups": ("副本目录多于 {limit} 个。", "最多给 {limit} 个。"),
    "opened-missing": ("无法读取 {path}：{why}。", "请给出 export.age，或包含它的证据包目录。"),
    "opened-no-age": ("{path} 不是 age 文件。", "请给出 export.age，或包含它的证据包目录。"),
    "opened-no-key": (
        "这些私钥都打不开 {path}。",
        "请使用与其收件人之一对应的私钥；声明和清单中列有收件人。",
    ),
    "opened-broken": ("{path} 不完整或已被改动。未保留任何内容。", "请换用另一份：证据包中的，或 --backup 的副本。"),
    "opened-altered": (
        "这不是导出文件，或已被改动：{member} 不符合要求。未保留任何内容。",
        "请换用另一份，并询问提供此文件的人。",
    ),
    "opened-other": (
        "证据包中的声明所列的是另一个导出（SHA-256 为 {expected}，此文件为 {found}）。",
        "不要依赖此证据包；请用 posretire verify 核验。",
    ),
    "opened-statement": (
        "无法理解声明 {path}（{why}）。",
        "请用 posretire verify 核验；仍要打开导出，请直接给出 export.age 文件。",
    ),
    "identity-unreadable": ("无法读取私钥文件 {path}：{why}。", "请检查路径和权限。"),
    "identity-empty": ("私钥文件 {path} 中没有密钥。", "请给出 age-keygen 生成的文件。"),
    "identity-invalid": ("私钥文件 {path} 中有一行不是 age 密钥，不予显示。", "请给出 age-keygen 生成的文件。"),
    "identity-is-recipient": ("{path} 中是公钥（age1…），打不开任何文件。", "请给出与之对应的私钥文件。"),
    "identity-unsupported": (
        "不支持 {path} 这类密钥（SSH、插件）。",
        "请用 age 本身打开：age -d -i KEY export.age | tar x",
    ),
    "identity-sealed": ("私钥文件 {path} 有口令保护，而没有人可以输入。", "请在终端窗口中运行，不要加 --json。"),
    "identity-passphrase": ("口令打不开私钥文件 {path}。", "请重试。"),
    "schema-unknown": ("没有这个 Schema。", "请从以下选择：{names}。"),
}
