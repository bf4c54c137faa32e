"""中文：除错误与发现之外的全部文字；错误与发现在 `zh_errors`。Chinese: everything but errors and findings."""

from __future__ import annotations

from typing import Final

from agent.cli.texts import zh_errors

COMMANDS: Final = {
    "command.posretire": (
        "让 POS 终端退役，并给出证明。\n\n"
        "posretire 先加密导出终端里的交易，通过终端自身的菜单解绑，再清空并检查存储，"
        "最后留下一套审计人员可自行核验的证据。\n\n"
        "TARGET 可以是 tcp://HOST:PORT、serial:端口[?baud=N]、端口名（/dev/ttyUSB0、COM3）或 pyserial 的 URL。"
    ),
    "command.ports": "列出本机的串口。",
    "command.inspect": "查看 TARGET 处终端的自述信息；不做任何改动。",
    "command.retire": (
        "让 TARGET 处的终端退役：导出、解绑、清空、核验，并留下证据。\n\n"
        "密码由提示输入，或从文件、标准输入读取；没有密码选项，因为同一台机器上的其他用户能看到命令行。"
    ),
    "command.export": "加密导出 TARGET 处终端的交易；不做任何改动。",
    "command.cases": "列出本机的案件，或查看其中一件。",
    "command.cases-list": "列出案件，最新的在前。",
    "command.cases-show": "查看一个案件及其日志。",
    "command.verify": ("核验 BUNDLE 中的证据。\n\n只有证据被接受且结果为 PASS 时退出码才是 0，否则为 6。"),
    "command.profiles": "列出、查看、检查终端型号档案。",
    "command.profiles-list": "列出型号档案。",
    "command.profiles-show": "查看一个型号的档案。",
    "command.profiles-check": "检查型号档案：指定的，或全部。",
    "command.keys": "生成并查看本机的签名密钥；为导出数据的所有者生成密钥。",
    "command.keys-init": "生成本机的签名密钥。",
    "command.keys-show": "查看本机的证书和指纹。",
    "command.keys-recipient": (
        "为导出数据的所有者生成一对 age 密钥。\n\n"
        "私钥写入 FILE，请保存到别处；公开的收件人显示出来，供 --recipient 使用。"
    ),
    "command.simulate": "运行一台模拟终端，数据均为虚构。",
    "command.demo": "当场让一台模拟终端退役，并核验证据。",
}

OPTIONS: Final = {
    "option.help": "显示本页。",
    "option.version": "显示版本。",
    "option.json": "标准输出只写 JSON。",
    "option.lang": "页面和提示的语言。",
    "option.verbose": "显示更多；程序自身出错时说明出错位置。",
    "option.home": "存放密钥、台账和设置的目录（或 POSRETIRE_HOME）。",
    "option.ports-dir": "同时列出此目录下的字符设备；可重复。",
    "option.merchant": "要解绑的商户号，15 位；未给出时取自工单，或提示输入。",
    "option.password-file": "从此文件的第一行读取解绑密码。",
    "option.password-stdin": "从标准输入的第一行读取解绑密码。",
    "option.recipient": "导出数据的 age 收件人（age1…）；可重复，与工单中的合并。",
    "option.out": "存放证据包的目录；默认 bundles。",
    "option.out-file": "加密导出的文件。",
    "option.policy": "本案规则（TOML）。",
    "option.work-order": "事先下达的工单（TOML）。",
    "option.reason": "退役原因。",
    "option.operator": "操作人；默认为本机当前用户。",
    "option.trust": "含 makers/、agents/、tsa/ 的目录；可重复。始终包括主目录下的 trust/。",
    "option.profiles-dir": "另有型号档案的目录；可重复。",
    "option.yes": "改动之前不再询问。",
    "option.name": "证书中本机的名称，最多 40 个字符。",
    "option.recipient-out": "存放私钥的文件；不得已存在。",
    "option.keep": "把演示产生的全部内容留在此目录；目录须不存在或为空。",
    "option.transactions": "终端日志中的交易笔数。",
}

HELP: Final = {
    "help.usage": "用法：",
    "help.options": "选项",
    "help.commands": "命令",
    "help.arguments": "参数",
    "help.colon": "：",
    "help.options-metavar": "[选项]",
    "help.command-metavar": "命令 [参数]...",
    "help.see": "帮助：{command} --help",
    "help.epilog": (
        "退出码：0 完成，2 用法错误，3 没有终端或连接中断，4 终端拒绝，5 条件不满足且未做改动，6 核验失败，7 状态不明，"
        "70 posretire 自身的缺陷。"
    ),
    "yes": "是",
    "no": "否",
}

PROGRESS: Final = {
    "progress.open": "案件 {case}",
    "unit.blocks": "块",
    "unit.transactions": "笔交易",
    "step.connect": "连接",
    "step.open": "立案",
    "step.inspect": "检查终端",
    "step.settle": "检查批次",
    "step.confirm": "确认",
    "step.export": "导出交易",
    "step.verify-export": "核对导出",
    "step.intent": "固定意向记录",
    "step.unbind": "通过终端菜单解绑",
    "step.revoke": "平台注销",
    "step.wipe": "清除密钥和存储",
    "step.validate": "回读存储",
    "step.attest": "终端出具证明",
    "step.bundle": "签发证据",
    "step.close": "结案",
    "step.verify": "核验证据",
}

INSPECTION: Final = {
    "inspect.identity": "终端",
    "inspect.label": "机身编号",
    "inspect.model": "型号",
    "inspect.profile-known": "有型号档案",
    "inspect.profile-unknown": "没有型号档案",
    "inspect.hardware": "硬件",
    "inspect.firmware": "固件",
    "inspect.history": "经历",
    "inspect.counts": "启动 {boots} 次，清空 {wipes} 次",
    "inspect.key": "设备密钥 (SHA-256)",
    "inspect.link": "连接",
    "inspect.plain": "明文",
    "inspect.state": "状态",
    "inspect.tamper": "防拆传感器",
    "inspect.power": "电源",
    "inspect.battery": "电池 {percent} %",
    "inspect.batch": "批次",
    "inspect.settled": "已结算，无待处理",
    "inspect.unsettled": "未结算 {count} 笔，共 {amount}；待发冲正 {reversals} 笔",
    "inspect.attempts": "剩余密码次数",
    "inspect.locked": "无：已锁定",
    "inspect.peripherals": "外设",
    "inspect.ready": "就绪",
    "inspect.not-ready": "未就绪",
    "inspect.bindings": "绑定",
    "inspect.kind": "类别",
    "inspect.binding": "绑定项",
    "inspect.bound": "状态",
    "inspect.value": "值（已遮盖）",
    "inspect.keys": "密钥槽",
    "inspect.slot": "槽位",
    "inspect.use": "用途",
    "inspect.loaded": "状态",
    "inspect.survives": "清空后保留",
    "inspect.check": "校验值",
    "inspect.memory": "存储",
    "inspect.region": "区域",
    "inspect.holds": "内容",
    "inspect.start": "起始",
    "inspect.size": "大小",
    "inspect.wipeable": "可清空",
    "inspect.addressable": "可寻址",
    "inspect.findings": "需要注意",
    "tamper.intact": "完好",
    "tamper.tampered": "已被拆动",
    "tamper.unknown": "不明",
    "power.battery": "电池",
    "power.mains": "外接电源",
    "kind.device": "设备",
    "kind.account": "账户",
    "kind.merchant": "商户",
    "binding-state.unbound": "未绑定",
    "binding-state.bound": "已绑定",
    "binding-state.pending": "待处理",
    "binding.printer": "打印机",
    "binding.scanner": "扫码器",
    "binding.pin_pad": "密码键盘",
    "binding.settlement_account": "结算账户",
    "binding.acquirer_code": "收单机构代码",
    "binding.merchant_number": "商户号",
    "binding.merchant_credit_code": "商户统一社会信用代码",
    "binding.deployment_address": "布放地址",
    "key-state.empty": "空",
    "key-state.loaded": "已装载",
    "key-state.erased": "已清除",
    "holds.journal": "交易",
    "holds.parameters": "参数",
    "holds.receipts": "签购单",
    "holds.logs": "日志",
    "holds.keys": "密钥",
    "holds.identity": "设备身份",
    "holds.system": "系统",
    "addressable.no": "否",
    "addressable.yes": "是",
    "addressable.unknown": "不明",
}

PAGES: Final = {
    "ports.device": "端口",
    "ports.location": "USB 路径",
    "ports.description": "说明",
    "ports.next": "下一步：posretire inspect {port}",
    "ports.none": (
        "没有找到串口。请接好转接器并装好驱动，或使用 tcp://HOST:PORT。"
        "伪终端不会列出，请直接写名称，或用 --dir 指定其目录。"
    ),
    "cases.none": "{home} 中没有案件。",
    "cases.heading": "案件 {case}",
    "cases.case": "案件",
    "cases.opened": "立案时间",
    "cases.terminal": "终端",
    "cases.state": "状态",
    "cases.result": "结果",
    "cases.folder": "证据",
    "cases.journal": "日志",
    "cases.time": "时间",
    "cases.event": "事件",
    "cases.step": "步骤",
    "cases.facts": "内容",
    "case-state.open": "进行中",
    "case-state.closed": "已结案",
    "case-state.stopped": "已中止，未做改动",
}

TEXTS: Final = {**COMMANDS, **OPTIONS, **HELP, **PROGRESS, **INSPECTION, **PAGES, **zh_errors.TEXTS}
