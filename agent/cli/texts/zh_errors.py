"""中文：错误（发生了什么、该怎么办）、终端的拒绝原因、发现。Chinese: errors, refusals and findings."""

from __future__ import annotations

from typing import Final

from agent.cli.texts.zh_batch import BATCH, BATCH_TEXTS
from agent.cli.texts.zh_doctor import DOCTOR_TEXTS
from agent.cli.texts.zh_evidence import EVIDENCE
from agent.cli.texts.zh_export import EXPORT
from agent.cli.texts.zh_film import FILM, FILM_TEXTS
from agent.cli.texts.zh_guiding import GUIDING, GUIDING_TEXTS
from agent.cli.texts.zh_keys import SIGNING, SIGNING_TEXTS
from agent.cli.texts.zh_label import LABEL, LABEL_TEXTS
from agent.cli.texts.zh_learn import LEARN, LEARN_TEXTS
from agent.cli.texts.zh_liars import LIARS
from agent.cli.texts.zh_line import LINE
from agent.cli.texts.zh_log import LOG
from agent.cli.texts.zh_menu import MENU
from agent.cli.texts.zh_resume import RESUME
from agent.cli.texts.zh_scan import SCAN, SCAN_TEXTS
from agent.cli.texts.zh_simulation import SIMULATION
from agent.cli.texts.zh_system import SYSTEM_TEXTS
from agent.cli.texts.zh_timestamp import TIMESTAMP, TIMESTAMP_TEXTS

GENERAL: Final = {
    "defect": (
        "posretire 自身的缺陷：{kind}，位置 {place}。",
        "请把这一行连同操作过程报告给我们；加 -v 可看到出错位置。继续之前请先查看终端。",
    ),
    "system-refused": ("系统拒绝了意料之外的操作：{why}（{path}）。", "请检查磁盘空间和权限；若均正常，请报告给我们。"),
    "interrupted": ("已中断。终端未做任何改动。", "准备好后重新运行即可。"),
    "interrupted-under-way": (
        "案件 {case} 在“{step}”步骤被中断：终端执行到哪里无人知晓。",
        "请让终端保持通电，先运行 posretire inspect，并查看 posretire cases show {case}。",
    ),
    "terminal-refused": ("终端拒绝了 {command}：{meaning}{detail}", "请查看终端屏幕。"),
    "link-lost": ("与终端的连接中断：{why}。", "请检查线缆、端口和电源后重试。"),
    "no-answer": ("终端在 {seconds} 秒内没有应答 {command}。", "请查看终端屏幕，检查线缆和波特率后重试。"),
    "dataset-cancelled": ("终端中途停止发送数据。", "请查看终端屏幕，然后重新执行该命令：将从头开始。"),
    "dataset-not-private": (
        "该终端只能用 YMODEM 或 XMODEM 发送数据，卡数据会以明文传输；本线路已加密，因此没有要求它发送。",
        '请改用自己的线缆并关闭加密（型号配置中 private = "no"），或升级终端固件。',
    ),
    "dataset-not-raw": (
        "该终端只能用 YMODEM 或 XMODEM 发送数据，而本线路会截取 XON 和 XOFF 字节。",
        "请将线路设为无流控或硬件流控（flow=none 或 flow=rtscts）后重试。",
    ),
    "line-garbled": ("线路上收到的不是已知终端的协议：{why}。", "请确认端口正确，波特率和线缆匹配。"),
    "state-unknown": (
        "{command} 已发出但应答丢失：终端是否执行无人知晓。",
        "请让终端保持通电，先运行 posretire inspect 再做其他事。",
    ),
    "usage-no-such-option": ("没有选项 {option}。", "请看帮助。"),
    "usage-option-value": ("选项 {option} 的写法不对。", "请看帮助。"),
    "usage-missing": ("缺少 {parameter}。", "请看帮助。"),
    "usage-choice": ("{parameter} 只能是：{choices}。", "请看帮助。"),
    "usage-bad-value": ("{parameter} 的值不合适。", "请看帮助。"),
    "usage-no-such-command": ("没有命令 {command}。", "请看帮助：posretire --help"),
    "usage-no-command": ("没有写命令。", "可用的命令见：posretire --help"),
    "usage-extra": ("有不属于任何选项的内容，共 {count} 处。", "请看帮助。"),
    "usage-other": ("无法理解命令行：{why}", "请看帮助。"),
    "other": ("以 {code} 结束（{facts}）。", "请按此代码查阅文档。"),
}

POLICY: Final = {
    "policy-reason-missing": ("规则文件的 {field} 没有写明理由。", "豁免必须连同理由写入证据。"),
    "policy-retention": (
        "规则给出了导出数据的保存期限，但缺少 {field}。",
        "请同时给出 export_retention_days 和 export_retention_basis，或都不给。",
    ),
    "policy-value": ("规则文件的字段 {field} 不存在或取值不对。", "请改正规则文件。"),
    "policy-unreadable": ("无法读取规则文件 {path}：{why}。", "应为 TOML 文件。"),
    "work-order-value": ("工单的字段 {field} 不存在或取值不对。", "请改正工单文件。"),
    "work-order-unreadable": ("无法读取工单 {path}：{why}。", "应为 TOML 文件。"),
    "export-not-verified": ("导出尚未核对，不得解绑或清空。", "请重新导出。"),
    "unbinding-not-proven": ("未能证明终端已解绑，因此不清空。", "请先解绑。"),
    "platform-approval-missing": (
        "规则要求清空之前取得平台批准，目前没有。",
        "请先在平台注销终端，并把编号写入工单的 platform_reference。",
    ),
    "unsettled-batch": (
        "有 {count} 笔交易（{amount}）未结算，{reversals} 笔冲正待发。未做任何改动。",
        "请先在终端上结算，或在规则文件中写明理由后接受。",
    ),
    "unsettled-batch-bare": ("终端有未结算的交易。未做任何改动。", "请先在终端上结算，然后重试。"),
    "merchant-number-not-ordered": ("工单 {order} 上是另一个商户号。", "请核对工单和商户号；没有做任何改动。"),
    "tusn-not-listed": ("终端 {tusn} 不在工单 {order} 上。已记录；未做任何改动。", "请把它放在一边，问清来历。"),
    "tampered": ("终端报告曾被拆动。未做任何改动。", "请隔离处理。"),
    "battery-low": ("电池电量 {percent} %，规则要求 {needed} %。未做任何改动。", "请接上充电器后重试。"),
    "region-missing": (
        "存储布局缺少该型号应有的区域 {region}，或描述不同。",
        "固件可能与档案不符；没有列出的区域无法清空。",
    ),
    "maker-not-trusted": (
        "此处不信任厂商 {maker} 的任何根证书，终端无法证明自己是真品。",
        "请用 --trust DIR 给出 makers/*.pem，或在规则中降低 minimum_evidence_level。",
    ),
    "terminal-not-genuine": (
        "终端无法证明自己是真品（{why}）。未做任何改动。",
        "请把它放在一边；检查 --trust 中是否有其厂商的根证书。",
    ),
    "still-bound": ("终端称已解绑，但仍有绑定：{names}。", "请查看终端和收单机构平台。"),
    "half-unbound": (
        "终端称未绑定，但仍有绑定：{names}。解绑中途被打断。",
        "请在终端上或向收单机构解除这些绑定，再运行 posretire resume。",
    ),
    "not-confirmed": ("未确认。未做任何改动。", "确定之后重新运行即可。"),
    "erasure-not-provable": (
        "规则要求擦除证明，而此终端的区域 {region} 无法填充。没有做任何改动。",
        "请改用 minimum_evidence_level = 2 的规则。",
    ),
    "fill-not-erased": (
        "终端中仍留有为擦除证明填入的随机数据。",
        "请保持通电、接上充电器，再用 posretire resume 继续本案。",
    ),
    "nothing-to-wipe": ("终端没有列出可清空的区域。", "请查看该型号的档案和说明。"),
    "region-not-wipeable": (
        "区域 {region} 标为可清空，但既不是闪存也不是密钥区。",
        "本版本无法清空；请索取该型号的档案。",
    ),
    "wipe-of-another": ("终端所报的清空不属于本案。", "可能已有他人清空，请先查看终端。"),
    "wipe-stalled": ("清空已有 {seconds} 秒没有进展。", "请让终端保持通电，先运行 posretire inspect。"),
    "terminal-swapped": ("应答的是另一台终端：{tusn}，而不是 {expected}。", "请接回本案的终端，并把另一台放在一边。"),
    "home-unwritable": ("无法写入主目录 {path}：{why}。", "请检查该目录，或用 --home 另行指定。"),
    "ledger-unusable": ("台账 {path} 无法使用：{why}。", "请检查磁盘空间和权限。"),
}

COMMAND_LINE: Final = {
    "merchant-number-missing": ("没有给出要解绑的商户号。", "请用 --merchant 或工单给出；没有控制台时无法询问。"),
    "merchant-number-form": ("商户号应为 15 位数字。", "请对照商户资料核对。"),
    "merchant-number-implausible": (
        "新商户号不合理：请检查其中的 {part} 部分。",
        "请与收单机构的通知核对；没有做任何改动。",
    ),
    "rebind-unproven": ("绑定之后，终端没有显示新的商户号。", "使用之前请先查看终端菜单。"),
    "test-transaction-missing": (
        "日志里没有测试交易及其撤销（新增 {count} 条记录）。",
        "请查看终端的交易记录；若测试交易仍在，请手工撤销。",
    ),
    "option-text": ("{option} 的文字不合适。", "只能是一行，最多 500 个字符。"),
    "option-path": ("{option} 的目录名不是有效的文字。", "请换用名称为有效 UTF-8 的目录。"),
    "guided-alone": ("引导模式需要有人在控制台前。", "请在终端窗口中运行，不要加 --json。"),
    "evidence-not-issued": (
        "终端已有改动，但案件 {case} 的证据未能完成：{why}。",
        "请原样保留 {path}，腾出磁盘空间，并请人查看终端。",
    ),
    "room-missing": (
        "{path} 只剩 {free} 字节，证据需要 {needed} 字节。没有做任何改动。",
        "请腾出空间，或用 --out、--home 换个位置。",
    ),
    "wipe-not-started": ("启动清空的应答丢失，终端表示尚未开始。", "请查看终端，然后重新退役。"),
    "region-oversized": (
        "区域 {region} 过大，任何核验都无法检查。没有做任何改动。",
        "请询问厂商：存储分布不可能如此。",
    ),
    "rebind-unconfirmed": ("新商户号只给出了一次。", "请在提示处再输入一次，或写入工单的 new_merchant_number。"),
    "merchant-number-differs": ("两次输入的商户号不一致；解绑错商户代价很大。", "请重新输入。"),
    "password-missing": (
        "没有给出解绑密码。",
        "请用 --password-file 或 --password-stdin；没有控制台时无法询问。",
    ),
    "password-twice": ("--password-file 与 --password-stdin 不能同时使用。", "请只用其中一个。"),
    "password-unreadable": ("无法从 {path} 读取密码：{why}。", "密码应单独写在第一行。"),
    "recipient-missing": (
        "没有收件人，导出的数据将无人能打开。",
        "请用 --recipient age1… 给出；posretire keys recipient --out FILE 可生成密钥对。",
    ),
    "confirmation-needed": (
        "此处无人可以确认；未做任何改动。",
        "请先看 posretire inspect，再加上 --yes；或在控制台上不带 --json 运行。",
    ),
    "no-such-case": ("本机没有案件 {case}。", "用 posretire cases 列出。"),
    "file-unwritable": ("无法写入 {path}：{why}。", "请检查目录、权限和磁盘空间。"),
    "demo-folder": ("{path} 不是空目录。", "请为 --keep 指定新的或空的目录。"),
    "demo-terminal": (
        "模拟终端没有启动：{why}。",
        "请单独试运行 posretire simulate haike-h60 --listen 127.0.0.1:0 --state DIR。",
    ),
}

ERRORS: Final = {
    **GENERAL,
    **COMMAND_LINE,
    **POLICY,
    **LINE,
    **LIARS,
    **BATCH,
    **MENU,
    **EXPORT,
    **EVIDENCE,
    **SIMULATION,
    **SIGNING,
    **FILM,
    **LEARN,
    **GUIDING,
    **RESUME,
    **LOG,
    **LABEL,
    **SCAN,
    **TIMESTAMP,
}

REFUSALS: Final = {
    "refusal.UNKNOWN_COMMAND": "它不认识此命令。",
    "refusal.BAD_REQUEST": "它不理解此请求。",
    "refusal.BUSY": "它正忙。",
    "refusal.WRONG_STATE": "当前状态下不行。",
    "refusal.STALE_SCREEN": "屏幕内容已经变化。",
    "refusal.NO_SUCH_DATASET": "它没有这种数据。",
    "refusal.OUT_OF_RANGE": "超出范围。",
    "refusal.TAMPERED": "它已被拆动。",
    "refusal.LOW_BATTERY": "电量不足。",
    "refusal.NO_SUCH_REGION": "没有这个区域。",
    "refusal.NOT_PREPARED": "清空尚未准备。",
    "refusal.UNSETTLED": "批次未结算。",
    "refusal.STILL_BOUND": "仍与商户绑定。",
    "refusal.NOT_ERASED": "该区域没有清空。",
    "refusal.NO_SUCH_KEY": "没有这个键。",
}

FINDINGS: Final = {
    "finding.film-incomplete": "菜单的界面影片有缺口：{why}。",
    "finding.other": "{code}（{facts}）",
    "finding.link-plain": "连接为明文：线路上的内容没有加密。请使用短线缆，并保持在视线之内。",
    "finding.link-downgraded": "档案写明终端的连接是加密的，而现在是明文：线路上可能有人。",
    "finding.profile-unknown": "没有型号 {model} 的档案：可以检查，不能退役。",
    "finding.not-genuine": "终端无法证明自己是真品（{why}）。",
    "finding.tamper": "防拆传感器：{state}。此类终端应隔离处理。",
    "finding.debug-enabled": "调试接口处于开放状态。",
    "finding.backup-incomplete": "证据包未能完整复制到 {path}（{why}）。声明已签署；请手动把证据包复制过去。",
    "finding.backup-lost": "位于 {place} 的导出副本在办案期间丢失（{why}）。",
    "finding.clock-set-back": "办案期间本机时钟被拨回 {seconds} 秒。",
    "finding.tamper-unknown": "终端无法判断自己是否被拆动。",
    "finding.agent-key-self-signed": "执行端的密钥仅由其自身签名。",
    "finding.ended-early": "案件在最后一步之前结束（{error}）。",
    "finding.export-waived": "导出未经核对（{why}）；豁免理由：{reason}。",
    "finding.maker-not-trusted": "此处没有可为 {maker} 终端作保的可信厂商。",
    "finding.binding-differs": "绑定项 {name} 与 {source} 所载不一致。",
    "finding.steps-by-hand": "{step} 中有 {count} 步由技术员手工完成：仅为技术员陈述，证据等级 0。",
    "finding.bindings-pending": "已提交申请，等待平台审核：{names}。",
    "finding.earlier-case-open": (
        "该终端先前的案件 {case} 中断未完成（posretire resume {case} 可继续），请保留其文件夹：{path}"
    ),
    "finding.merchant-unconfirmed": "终端没有绑定商户号，无从核对。",
    "finding.ordered-merchant-unconfirmed": "终端没有绑定商户号，无法证明属于工单上的商户。",
    "finding.wipe-not-done": "终端所报的清空状态：{state}。",
    "finding.check-failed": "证据的一项检查未通过：{error}。",
    "finding.battery-low": "电池电量 {percent} %：清空之前请接上充电器。",
    "finding.batch-unsettled": "有 {count} 笔交易（{amount}）未结算：请先结算。",
    "finding.reversals-pending": "还有 {count} 笔冲正要发往收单机构。",
    "finding.password-locked": "解绑密码已锁定：须由收单机构解锁。",
    "finding.attempts-low": "密码只剩 {left} 次机会。",
    "finding.label-differs": "机身编号 {label} 与 TUSN {tusn} 不符。",
    "finding.key-escrowed": "槽位 {slot} 的密钥在别处另有副本。",
    "finding.key-survives": "槽位 {slot} 的密钥在清空后保留。",
    "finding.region-not-addressable": "擦除区域 {region} 不一定触及全部单元（可寻址：{addressable}）。",
    "finding.unsettled-accepted": "规则接受 {count} 笔未结算交易（{amount}）。",
    "finding.erasure-answer-late": "区域 {region} 用了 {seconds} 秒才应答，可能由他处代答。",
    "finding.erasure-disproven": "区域 {region} 没有保存填入的数据，不能证明已清空。",
    "finding.erasure-not-proven": "没有擦除证明：{why}。",
    "finding.level-not-reached": "未达到规则要求的证据等级 {level}。",
    "finding.region-not-blank": "区域 {region} 没有清空：{count} 字节，首个位于 {offset}。",
    "finding.platform-pending": "平台注销尚未完成：另一半须由收单机构办理。",
    "finding.password-file-exposed": "本机其他用户可以读取密码文件。",
}

TEXTS: Final = {
    **{f"error.{code}.what": what for code, (what, _) in ERRORS.items()},
    **{f"error.{code}.do": do for code, (_, do) in ERRORS.items()},
    "error.mark": "错误：",
    **REFUSALS,
    **FINDINGS,
    **FILM_TEXTS,
    **LABEL_TEXTS,
    **SCAN_TEXTS,
    **LEARN_TEXTS,
    **GUIDING_TEXTS,
    **DOCTOR_TEXTS,
    **BATCH_TEXTS,
    **SIGNING_TEXTS,
    **TIMESTAMP_TEXTS,
    **SYSTEM_TEXTS,
}
