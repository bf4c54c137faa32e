"""中文：执行端的密钥、证书和操作员。Chinese: the agent's key, its certificate, and the operators of a home."""

from __future__ import annotations

from typing import Final

KEYRING_DO: Final = "请解锁桌面的密钥环，或改用 --store file --passphrase。"

SIGNING: Final = {
    "agent-certificate-time": (
        "执行端证书的有效期为 {begins} 至 {ends}，今天不在其中。",
        "请校准本机时钟；或将 posretire keys request 的请求重新送签，再安装签发的证书。",
    ),
    "agent-not-trusted": (
        "本机签名的证据不会被接受：其证书不通向此处信任的任何一方（{why}）。",
        "请把签发它的根证书放进主目录的 trust/agents/：posretire keys install CHAIN.pem --trust-root",
    ),
    "chain-ambiguous": ("有 {count} 张证书属于本机密钥。", "请只给出要使用的一张及其上级证书。"),
    "chain-broken": (
        "这些证书不构成证书链：签名不符、缺少一环，或其中一环不是签发机构。",
        "请向签发机构索取含根证书的完整证书链，再安装。",
    ),
    "chain-missing": ("无法读取 {path}：{why}。", "请给出签发机构发来的文件。"),
    "chain-no-root": ("所给证书中没有根证书。", "请加上它的文件：posretire keys install CHAIN.pem ROOT.pem"),
    "chain-other-key": (
        "没有一张证书属于本机密钥（{fingerprint}…）。",
        "请把本机的请求交给签发机构：posretire keys request",
    ),
    "chain-time": ("新证书的有效期为 {begins} 至 {ends}，今天不在其中。", "请检查本机时钟，或将请求重新送签。"),
    "chain-unreadable": ("{path} 中没有 PEM 格式的证书。", "请转换：openssl x509 -in FILE -out CHAIN.pem"),
    "chain-usage": (
        "{name} 的证书不可用于签署证据：须有 digitalSignature 和 nonRepudiation，且 CA:FALSE。",
        "请按请求中的密钥用途重新签发。",
    ),
    "key-passphrase-exposed": ("其他用户可以读取 {path}。", "请把权限设为 0600。"),
    "key-passphrase-missing": (
        "本机密钥（{where}）需要口令或 PIN，而此处无人可问。",
        "请用 --key-passphrase-file FILE 给出，或在主目录的 keys/agent.toml 中写明 passphrase_file。",
    ),
    "key-passphrase-unreadable": ("无法从 {path} 读取口令。", "它须是您自己的文件，第一行为口令。"),
    "key-passphrase-wrong": ("口令打不开本机密钥 {path}。", "请重试。只试过一次，未作任何更改。"),
    "key-settings-unreadable": (
        "本机密钥的设置不可用：{path}：{why}。",
        "请修正或恢复该文件；可用的存放方式见 posretire keys init --help。",
    ),
    "key-store-options": (
        "这些选项与所选的存放方式不相配。",
        "pkcs11 用 --module、--token 和 --key-label；file 用 --passphrase；keyring 都不用。",
    ),
    "keyring-key-missing": (
        "密钥环中已没有条目 {entry}：本机密钥不见了。",
        "请恢复密钥环；或移走主目录中的 keys 文件夹，再生成新密钥。",
    ),
    "keyring-missing": (
        "本机没有密钥环；没有桌面环境的机器通常如此。",
        "请用 --store file --passphrase，或 --store pkcs11。",
    ),
    "keyring-refused": ("密钥环拒绝：{why}。", KEYRING_DO),
    "new-secret-differs": ("两次输入不一致。", "请重试。"),
    "new-secret-missing": ("此处无人可设定口令或密码。", "请给出写有它的文件。"),
    "login-options": ("--none 不带密码。", "两者只用其一。"),
    "login-password-short": ("登录密码至少 {characters} 个字符。", "用几个只有您会放在一起的词，容易记住。"),
    "operator-exists": ("已有操作员 {operator}。", "如需更改：posretire operators change {operator}"),
    "operator-id": ("这不是操作员编号。", "请用 1 到 32 个 a-z 字母、数字、点、短横或下划线，如 zhang.wei。"),
    "operator-login-missing": (
        "操作员 {operator} 须用密码登录，而此处无人可问。",
        "请用 --login-password-file FILE 给出。",
    ),
    "operator-login-wrong": (
        "这不是操作员 {operator} 的密码：已连续输错 {wrong} 次。",
        "请重试。连续输错五次后须等待，且越等越久。",
    ),
    "operator-no-login": (
        "操作员 {operator} 没有登录密码。",
        "请去掉 --login-password-file；或设定一个：posretire operators set-login ID",
    ),
    "operator-text": ("操作员须有姓名，各项为一行，最多 {characters} 个字符。", "请缩短，或去掉换行。"),
    "operator-unknown": (
        "本机没有名为 {operator} 的操作员；现有：{known}。",
        "请给出 --operator ID；或添加：posretire operators add ID --name NAME",
    ),
    "operator-wait": (
        "操作员 {operator} 已连续输错 {wrong} 次密码，须等待 {seconds} 秒。",
        "请届时再试；主目录的所有者可以另设密码。",
    ),
    "operators-exposed": ("其他用户可以读取 {path}。", "请把权限设为 0600。"),
    "operators-unreadable": ("无法读取操作员：{path}。", "请恢复该文件，或删除后重新添加。"),
    "operators-unwritable": ("无法写入 {path}：{why}。", "请检查目录、权限和磁盘空间。"),
    "pkcs11-missing": ("使用令牌需要 python-pkcs11，尚未安装。", "请安装：pip install 'posretire[pkcs11]'"),
    "request-exists": ("文件 {path} 已存在。", "请另取名称，或先删除它。"),
    "token-ambiguous": ("有多个令牌名为 {token}。", "请取出其余令牌，或改换标签。"),
    "token-key-ambiguous": ("令牌 {token} 中有多把密钥名为 {key}。", "请另选 --key-label。"),
    "token-key-missing": (
        "令牌 {token} 中已没有本机密钥 {key}。",
        "请插入正确的令牌；或移走主目录中的 keys 文件夹，再生成新密钥。",
    ),
    "token-key-unusable": (
        "令牌 {token} 中的密钥 {key} 不是可读出公钥的 P-256 密钥。",
        "请另选 --key-label：没有该密钥时 posretire 会生成一把。",
    ),
    "token-last-try": (
        "令牌 {token} 只剩一次 PIN 机会；posretire 不会用掉最后一次。",
        "请先用厂商自己的程序输入正确的 PIN。",
    ),
    "token-locked": ("令牌 {token} 已锁定。", "请用厂商自己的程序解锁。"),
    "token-lost": ("令牌 {token} 不再签名：{why}。", "请重新插入，并用 posretire cases 查看案件。"),
    "token-missing": ("没有名为 {token} 的令牌。", "请插入令牌；其标签须与 keys/agent.toml 中的一致。"),
    "token-module": ("{path} 不是可加载的 PKCS#11 库。", "请给出令牌厂商的库。"),
    "token-pin-wrong": ("令牌 {token} 不接受此 PIN。", "只试过一次。请核对后再试：多次输错会锁定令牌。"),
    "token-refused": ("令牌 {token} 拒绝：{why}。", "请看厂商自己的程序能否使用它。"),
    "unattended-file": ("--unattended 需要写有口令的文件。", "请给出 --key-passphrase-file。"),
}

SIGNING_TEXTS: Final = {
    "command.operators-add": (
        "添加操作员。\n\n"
        "主目录中有操作员后，retire、unbind 和 resume 的 --operator 须为其编号；姓名、职务、地点和联系方式写入声明，"
        "符合 NIST SP 800-88 的要求。加 --login 则须用密码证明是本人。"
    ),
    "command.operators-change": "更改操作员的资料；未给出的保持不变。",
    "command.operators-list": "列出操作员。",
    "command.operators-remove": "移除操作员；其已签署的不变。",
    "command.operators-set-login": "为操作员另设登录密码，或取消登录。",
    "option.login-password-file": "从此文件读取操作员的登录密码。",
    "option.new-login-password-file": "从此文件的第一行读取新密码。",
    "option.operator-login": "用密码登录，密码询问两次。",
    "option.operator-login-none": "不再登录。",
    "option.operator-name": "姓名。",
    "option.operator-title": "职务，如技术员。",
    "option.operator-place": "工作地点。",
    "option.operator-contact": "联系方式：电话或电子邮件。",
    "ask.login": "{name}（{operator}）的登录密码：",
    "ask.new-login": "新的登录密码：",
    "ask.new-login-again": "再输入一次：",
    "operators.none": "{home} 中没有操作员：--operator 可为任意姓名。",
    "operators.id": "编号",
    "operators.name": "姓名",
    "operators.title": "职务",
    "operators.place": "地点",
    "operators.contact": "联系方式",
    "operators.login": "登录",
    "operators.with-password": "密码",
    "operators.only-said": "无",
    "operators.missing": "NIST SP 800-88 的证书还须列明：{names}。见 posretire operators change。",
    "operators.removed": "{operator} 不再是本机的操作员。",
    "command.keys-init": (
        "生成本机的签名密钥和自签名证书。\n\n"
        "加 --request 会写出证书请求，由贵公司的签发机构签发；签发的证书链用 keys install 安装。\n\n"
        "存放方式：file（0600 文件；加 --passphrase 或 --key-passphrase-file 则加密）、keyring（桌面密钥环）和 "
        "pkcs11（令牌：--module、--token；PIN 由人输入，或写在 --key-passphrase-file 中）。"
    ),
    "command.keys-install": (
        "安装签发机构为本机密钥签发的证书链。\n\n"
        "可给出多个文件，证书顺序不限。根证书不进入证书链；它应放在核验人可信目录的 agents/ 下，"
        "加 --trust-root 则也放进本机的。"
    ),
    "command.keys-request": "重新写出证书请求 (PKCS#10)。",
    "option.key-label": "pkcs11：令牌中密钥的标签；默认 posretire。已有的会直接使用。",
    "option.key-passphrase-file": "从此文件读取本机密钥的口令，或其令牌的 PIN。",
    "option.module": "pkcs11：令牌厂商的库。",
    "option.passphrase": "file：用口令加密密钥，口令询问两次。",
    "option.request": "把证书请求 (PKCS#10) 写入此文件。",
    "option.request-out": "证书请求的文件；默认为主目录中的 keys/agent.csr。",
    "option.store": "密钥的存放方式；默认 file。",
    "option.token": "pkcs11：令牌的标签。",
    "option.trust-root": "在本机信任所给证书中的根证书。",
    "option.unattended": "今后都从该文件读取口令或 PIN，用于无人值守的工位。",
    "ask.key-passphrase": "本机密钥 {where} 的口令：",
    "ask.key-pin": "令牌 {where} 的 PIN：",
    "ask.new-key-passphrase": "为本机密钥设定口令：",
    "ask.new-key-passphrase-again": "再输入一次：",
    "keys.chain": "随附证书",
    "keys.store": "存放于",
    "keys.store.file": "文件",
    "keys.store.keyring": "密钥环",
    "keys.store.pkcs11": "令牌",
    "keys.request": "证书请求",
    "keys.earlier": "先前的证书",
    "keys.requested": "请将 {request} 交签发机构签发；然后：posretire keys install CHAIN.pem",
    "keys.left-out": "不属于证书链，已略去：{name}",
    "keys.trust-root": "下一案之前请把根证书放进 {folder}（--trust-root 可代劳）：目前没有受信任的一方通向它。",
    "keys.installed": "核验您的证据的人只需要根证书，放在其可信目录的 agents/ 下。",
}
