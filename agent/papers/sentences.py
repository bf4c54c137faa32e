"""The sentences of statements in Chinese: found by their code, their facts taken out of the English sentence.

A statement holds its sentences in English, each with a code. The English forms here are those of whoever words them
(`agent.evidence.wording`, `agent.evidence.issue`, `agent.workflow.findings`); a test holds them equal. A sentence that
is not here is shown in English alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_ATTESTED = (
    "The terminal attested before and after, with its own key that its maker certified, over nonces that were made for "
    "this case."
)
_PROVEN = (
    "As level 2; and after the wipe all flash that it empties was filled with random bytes of the agent's, the "
    "terminal answered digests of all of them under keys that were drawn afterwards, and was then emptied again."
)
_PROVEN_ZH = (
    "同等级 2；并且清空后，其清空的全部闪存以执行端的随机数据填满，终端以事后抽取的密钥应答了全部数据的摘要，"
    "随后再次清空。"
)

FORMS: tuple[tuple[str, str, str], ...] = (
    (
        "meaning",
        "The agent's observation only: the terminal proved nothing.",
        "仅为执行端的观察：终端没有证明任何事项。",
    ),
    ("meaning", "The terminal proved its serial number with a symmetric key.", "终端以对称密钥证明了自己的序列号。"),
    ("meaning", _ATTESTED, "终端在清空前后各作证明：以厂商认证的自有密钥，对专为本案产生的随机数签名。"),
    ("meaning", _PROVEN, _PROVEN_ZH),
    (
        "limit",
        "A defective or manipulated terminal can answer everything falsely.",
        "有缺陷或被操纵的终端可以全部作假。",
    ),
    ("limit", "Whoever holds the agent's key can state anything.", "持有执行端密钥者可以作任何声明。"),
    ("limit", "A defective or manipulated terminal can answer falsely.", "有缺陷或被操纵的终端可以作假。"),
    (
        "limit",
        "Whoever holds the symmetric key or the agent's key can state anything.",
        "持有对称密钥或执行端密钥者可以作任何声明。",
    ),
    (
        "limit",
        "The digest of blank memory can be computed in advance: a terminal whose own firmware lies can claim it.",
        "空白存储的摘要可以预先算出：自身固件作假的终端也能给出。",
    ),
    (
        "limit",
        "Memory that the terminal does not show (spare and worn-out blocks, other chips) was not looked at.",
        "终端没有列出的存储（备用块、坏块、其他芯片）未作检查。",
    ),
    (
        "limit",
        "What was copied out of the terminal earlier is not touched by a wipe.",
        "此前已从终端复制出去的数据不受清空影响。",
    ),
    (
        "limit",
        "What fits into memory that was not filled (working memory, key store, firmware) is not excluded.",
        "未填充的存储（内存、密钥区、固件）所能容纳的数据不在排除之列。",
    ),
    (
        "limit",
        "Memory that the terminal does not show (spare blocks, other chips) was neither looked at nor filled.",
        "终端没有列出的存储（备用块、其他芯片）既未检查也未填充。",
    ),
    (
        "limit",
        "A second computer that the terminal reached in time could have kept the bytes and answered for it.",
        "若终端能及时连通另一台计算机，后者可能保存数据并代为应答。",
    ),
    (
        "limit",
        "That the keys were drawn last is the agent's word; that it computed the answers itself is the terminal's.",
        "密钥在最后抽取，以执行端所述为准；应答由终端自行算出，以终端所述为准。",
    ),
    (
        "clock-unproven",
        "No timestamp authority vouches for the times; they are the agent's own clock.",
        "没有时间戳机构为时间作保，时间出自执行端自己的时钟。",
    ),
    (
        "agent-self-signed",
        "Nobody but the agent itself vouches for the key that signs this.",
        "除执行端自身外，无人为签名密钥作保。",
    ),
    (
        "platform-pending",
        "Back office pending: the deregistration at the platform is not shown.",
        "平台注销待办：未见平台注销的凭证。",
    ),
    (
        "not-wiped",
        "Nothing was wiped: this case exported the transactions and undid the bindings.",
        "没有清空任何存储：本案只导出交易并解除绑定。",
    ),
    (
        "region-not-addressable",
        "Whether erasing reaches all cells behind region {region} is not known.",
        "擦除是否触及区域 {region} 背后的全部单元，不得而知。",
    ),
    (
        "region-not-filled",
        "Region {region} ({size} bytes) was not filled: the proof of erasure leaves it out.",
        "区域 {region}（{size} 字节）没有填充：擦除证明不含该区域。",
    ),
    (
        "export-contents",
        "The export is encrypted; only its recipients can look into it.",
        "导出已加密，只有收件人能查看内容。",
    ),
    ("agent-key-self-signed", "The agent's key is certified by nobody but itself.", "执行端的密钥仅由其自身签名。"),
    (
        "backup-lost",
        "The copy of the export at {place} was lost during the case: {why}.",
        "位于 {place} 的导出副本在办案期间丢失（{why}）。",
    ),
    (
        "eat-maker",
        "The attestation names another maker than the one whose root its certificate leads to.",
        "终端证明所称的厂商，不是其证书所追溯到的厂商。",
    ),
    (
        "measurements-changed",
        "The software that the terminal measured is not the same after as before.",
        "终端度量的软件，处置前后不一致。",
    ),
    (
        "certificate-too-large",
        "There is no page for people: it would be larger than {limit} bytes.",
        "没有供人阅读的页面：它将超过 {limit} 字节。",
    ),
    ("binding-differs", "The binding {name} is not what the {source} says.", "绑定项 {name} 与 {source} 所载不一致。"),
    (
        "bindings-pending",
        "Applied for at the terminal, and waiting for the platform: {names}.",
        "已在终端上提交申请，等待平台办理：{names}。",
    ),
    ("check-failed", "The case ended at a check that failed: {error}.", "案件因一项检查未通过而结束：{error}。"),
    (
        "clock-set-back",
        "The agent's clock was set back by {seconds} s during the case; times after that are counted on.",
        "办案期间执行端的时钟被拨回 {seconds} 秒，其后的时间按流逝推算。",
    ),
    ("debug-enabled", "Debug access of the terminal was open.", "终端的调试接口曾处于开放状态。"),
    ("ended-early", "The case ended before its last step: {error}.", "案件在最后一步之前结束：{error}。"),
    (
        "earlier-case-open",
        "An earlier case of this terminal was cut off: {case}. What it exported is in {path}.",
        "该终端的前一案件中断：{case}。其导出在 {path}。",
    ),
    (
        "merchant-unconfirmed",
        "The terminal was bound to no merchant number to compare with.",
        "终端没有绑定商户号，无从核对。",
    ),
    (
        "ordered-merchant-unconfirmed",
        "The terminal was bound to no merchant number, so it is not shown to be the ordered merchant's.",
        "终端没有绑定商户号，无法证明属于工单上的商户。",
    ),
    (
        "erasure-answer-late",
        "Region {region} took {seconds} s to answer for what it was filled with: another may have answered for it.",
        "区域 {region} 用了 {seconds} 秒才应答，可能由他处代答。",
    ),
    (
        "erasure-disproven",
        "Region {region} did not store what it was filled with after the wipe, and is not proven to be empty.",
        "清空后区域 {region} 没有保存填入的数据，不能证明已清空。",
    ),
    ("erasure-not-proven", "There is no proof of erasure: {why}.", "没有擦除证明：{why}。"),
    (
        "export-waived",
        "The export was not verified ({why}); waived because: {reason}.",
        "导出未经核对（{why}）；豁免理由：{reason}。",
    ),
    ("film-incomplete", "The film of the terminal's menu has a gap: {why}.", "菜单的界面影片有缺口：{why}。"),
    (
        "level-not-reached",
        "The policy asks for evidence level {level}, which was not reached.",
        "规则要求证据等级 {level}，没有达到。",
    ),
    ("link-plain", "The line to the terminal was not encrypted.", "与终端之间的线路没有加密。"),
    (
        "link-downgraded",
        "The line was not encrypted although the profile of the terminal says that it can be.",
        "终端的档案写明可以加密，而线路没有加密。",
    ),
    (
        "maker-not-trusted",
        "No maker is trusted who could vouch for terminals of {maker}.",
        "没有可为 {maker} 终端作保的可信厂商。",
    ),
    (
        "platform-pending",
        "The platform's deregistration is pending: no reference number was given.",
        "平台注销待办：没有给出受理编号。",
    ),
    (
        "region-not-blank",
        "Region {region} is not blank after the wipe: {count} bytes, the first at offset {offset}.",
        "清空后区域 {region} 不是空白：{count} 字节，首个位于偏移 {offset}。",
    ),
    (
        "steps-by-hand",
        "{count} steps of {step} were done by hand: the technician's word, evidence level 0 for them.",
        "{step} 中有 {count} 步由技术员手工完成：仅为技术员陈述，证据等级 0。",
    ),
    (
        "timestamp-clock-off",
        "The agent's clock is {seconds} s away from the timestamp authority's: its times are wrong.",
        "执行端的时钟与时间戳机构相差 {seconds} 秒：其时间有误。",
    ),
    (
        "timestamp-missing",
        "The policy asks for a timestamp, and there is none: {why}.",
        "规则要求时间戳，但没有取得：{why}。",
    ),
    ("timestamp-unavailable", "There is no timestamp: {why}.", "没有时间戳：{why}。"),
    ("tamper-unknown", "The terminal cannot tell whether it was tampered with.", "终端无法判断自己是否被拆动。"),
    (
        "unsettled-accepted",
        "{count} transactions ({amount}) and {reversals} reversals were not settled; accepted by policy.",
        "有 {count} 笔交易（{amount}）和 {reversals} 笔冲正未结算，按规则接受。",
    ),
    ("wipe-not-done", "The terminal says of its wipe: {state}.", "终端所报的清空状态：{state}。"),
    (
        "agent-chain-differs",
        "agent.pem is not the certificate of the key that signs.",
        "agent.pem 不是签名密钥的证书。",
    ),
    (
        "agents-unknown",
        "No agent is trusted here, so nobody vouches for whoever signed.",
        "此处没有可信的执行端，无人为签名者作保。",
    ),
    (
        "attachments-differ",
        "The statement promises other files than there are: {file}.",
        "声明所列的附件与实有的不符：{file}。",
    ),
    (
        "bindings-changed",
        "The terminal attests other bindings after the wipe than before.",
        "清空前后终端证明的绑定不同。",
    ),
    (
        "bindings-not-attested",
        "The bindings in job.json are not those that the terminal attests.",
        "job.json 中的绑定与终端证明的不符。",
    ),
    (
        "boot-count",
        "The terminal's boot count went back from {before} to {after}.",
        "终端的启动次数从 {before} 倒退到 {after}。",
    ),
    ("case-differs", "Another case number stands in {where}.", "{where} 中是另一个案件号。"),
    (
        "certificate-chain",
        "The certificate of the {where} leads to nobody who is trusted here.",
        "{where} 的证书不能追溯到此处可信的任何人。",
    ),
    ("certificate-key", "The certificate of the {where} holds no P-256 key.", "{where} 的证书中没有 P-256 密钥。"),
    (
        "certificate-revoked",
        "The certificate of the {where} was revoked by whoever issued it.",
        "{where} 的证书已被签发者吊销。",
    ),
    (
        "certificate-time",
        "The certificate of the {where} was not valid at that time.",
        "{where} 的证书当时不在有效期内。",
    ),
    ("certificate-unreadable", "The certificate of the {where} cannot be read.", "无法读取 {where} 的证书。"),
    ("certificate-usage", "The key of the {where} may not sign.", "{where} 的密钥不得用于签名。"),
    (
        "document-field",
        "{document}: the field {field} is missing, unknown or of the wrong kind.",
        "{document}：字段 {field} 缺失、未知或类型不对。",
    ),
    ("dsse-key", "The envelope names another key than agent.pem.", "信封所写的密钥不是 agent.pem 的密钥。"),
    ("dsse-malformed", "The envelope is malformed: {why}.", "信封格式错误：{why}。"),
    ("dsse-signature", "The signature of the statement does not fit.", "声明的签名不符。"),
    ("eat-algorithm", "The attestation is not signed with ES256.", "终端证明不是用 ES256 签名的。"),
    (
        "eat-channel",
        "The attestation was not made at the other end of this link: somebody sits between.",
        "终端证明不是在这条连接的另一端作出的：中间有人。",
    ),
    (
        "eat-header",
        "The attestation has headers that are not allowed, or no certificate.",
        "终端证明含有不允许的头部，或没有证书。",
    ),
    ("eat-malformed", "The attestation is malformed: {why}.", "终端证明格式错误：{why}。"),
    (
        "eat-nonce",
        "The attestation answers another nonce: it is old or of another case.",
        "终端证明回应的是另一个随机数：旧的，或属于别的案件。",
    ),
    (
        "eat-other-terminal",
        "The attestation's certificate was issued for another serial number.",
        "终端证明的证书是签发给另一序列号的。",
    ),
    ("eat-phase", "The attestation is of the other phase.", "终端证明属于另一阶段。"),
    ("eat-signature", "The signature of the attestation does not fit.", "终端证明的签名不符。"),
    ("export-altered", "export.age is not the export that was verified.", "export.age 不是核对过的那份导出。"),
    (
        "export-missing",
        "export.age is not there, and its verification was not waived.",
        "没有 export.age，也未豁免核对。",
    ),
    ("export-not-age", "export.age is no age file.", "export.age 不是 age 文件。"),
    ("export-unverified", "The export was not verified, and no reason is given.", "导出未经核对，也没有写明理由。"),
    (
        "export-recipients",
        "export.age is encrypted to {found} recipients, which is not as stated.",
        "export.age 的收件人为 {found} 个，与声明不符。",
    ),
    ("file-absent", "{file} is not there.", "没有 {file}。"),
    ("file-kind", "{file} is no regular file.", "{file} 不是普通文件。"),
    ("file-too-large", "{file} is larger than {limit} bytes.", "{file} 超过 {limit} 字节。"),
    (
        "file-unknown",
        "The bundle holds a file that is no part of a bundle: {file}.",
        "证据包中有不属于它的文件：{file}。",
    ),
    ("file-unreadable", "{file} cannot be read.", "无法读取 {file}。"),
    (
        "identity-key-changed",
        "The identity key in slot {slot} is not the one from before.",
        "槽位 {slot} 的身份密钥与之前的不同。",
    ),
    ("intent-digest", "{file} is not the file that intent.json names.", "{file} 不是 intent.json 所列的文件。"),
    (
        "journal-chain",
        "The journal's chain is broken at line {line}: something was removed, moved or altered.",
        "日志链在第 {line} 行断开：有内容被删除、移动或篡改。",
    ),
    ("journal-cut", "The journal's last line is cut off.", "日志的最后一行不完整。"),
    ("journal-empty", "The journal is empty.", "日志是空的。"),
    (
        "journal-intent-late",
        "The journal shows a change of the terminal before the intent.",
        "日志显示终端在意向记录之前已被改动。",
    ),
    ("journal-intent-missing", "The journal does not show this intent.", "日志中没有这份意向记录。"),
    ("journal-no-wipe", "The journal shows no wipe.", "日志中没有清空。"),
    (
        "journal-not-intended",
        "The journal is not the one that intent.json continues.",
        "日志不是 intent.json 所接续的那份。",
    ),
    (
        "journal-sequence",
        "The journal's line {line} has the wrong number: entries are missing or moved.",
        "日志第 {line} 行的序号不对：有条目缺失或被移动。",
    ),
    ("journal-step-failed", "The journal says that the step {step} failed.", "日志记载步骤 {step} 失败。"),
    (
        "journal-wipe-not-intended",
        "The journal shows a wipe that intent.json does not announce.",
        "日志显示有清空，但意向记录没有写明。",
    ),
    (
        "journal-step-unknown",
        "The journal says that the step {step} broke off, and not how far it came.",
        "日志显示步骤 {step} 中断，进行到哪里不明。",
    ),
    ("journal-step-open", "The journal does not say how the step {step} ended.", "日志没有记载步骤 {step} 如何结束。"),
    ("journal-too-long", "The journal is too long.", "日志过长。"),
    ("json-broken", "{document} is no strict JSON ({why}).", "{document} 不是严格的 JSON（{why}）。"),
    ("json-not-canonical", "{document} is not in canonical form (RFC 8785).", "{document} 不是规范形式（RFC 8785）。"),
    ("json-too-large", "{document} is larger than {limit} bytes.", "{document} 超过 {limit} 字节。"),
    ("json-value", "A value cannot be written as JSON: {why}.", "有值无法写成 JSON：{why}。"),
    (
        "key-kept",
        "Key slot {slot} survives the wipe although it is not the identity's.",
        "密钥槽 {slot} 不是身份密钥，却在清空后保留。",
    ),
    ("key-not-erased", "Key slot {slot} still holds a key.", "密钥槽 {slot} 中仍有密钥。"),
    (
        "key-slots-changed",
        "The terminal attests other key slots after the wipe than before.",
        "清空前后终端证明的密钥槽不同。",
    ),
    (
        "level-too-high",
        "The statement claims evidence level {claimed}; the evidence shows {found}.",
        "声明的证据等级为 {claimed}，证据只显示 {found}。",
    ),
    (
        "level-unproven",
        "The claimed evidence level {claimed} cannot be checked here.",
        "声明的证据等级 {claimed} 在此处无法检查。",
    ),
    (
        "links-differ",
        "The statement names another link than the one that job.json begins with.",
        "声明所列的连接不是 job.json 开头的那条。",
    ),
    (
        "makers-unknown",
        "No maker is trusted here, so nobody vouches for the terminal's key.",
        "此处没有可信的厂商，无人为终端的密钥作保。",
    ),
    ("map-changed", "The terminal's memory map is not the one from before the wipe.", "终端的存储布局与清空前不同。"),
    (
        "map-not-attested",
        "The memory map in intent.json is not the one that the terminal attests.",
        "intent.json 中的存储布局与终端证明的不符。",
    ),
    (
        "method-key-copies",
        "Purge by erasing keys is claimed, but nothing shows that there are no copies of the keys.",
        "声称以清除密钥达到 Purge，但没有证明密钥没有副本。",
    ),
    (
        "method-not-addressable",
        "Purge is claimed, but erasing may not reach all cells behind region {region}.",
        "声称 Purge，但擦除不一定触及区域 {region} 背后的全部单元。",
    ),
    ("needs", "{what} is needed for this check.", "此项检查需要 {what}。"),
    (
        "proof-answer",
        "Region {region} did not store what it was filled with: its answer is that of other bytes.",
        "区域 {region} 的应答与填入的数据不符：终端没有保存这些数据。",
    ),
    (
        "proof-not-attested",
        "The terminal does not attest that it gave the answers of the proof of erasure.",
        "终端没有证明擦除证明中的应答是它给出的。",
    ),
    ("proof-not-journaled", "The journal does not show this proof of erasure.", "日志中没有这份擦除证明。"),
    (
        "proof-of-another",
        "The proof of erasure is of another case, or of another wipe.",
        "这份擦除证明属于另一案件或另一次清空。",
    ),
    (
        "proof-regions",
        "The proof of erasure is not about all of the flash that was to be wiped.",
        "擦除证明没有涵盖计划清空的全部闪存。",
    ),
    (
        "proof-slow",
        "Region {region} took {seconds} s to answer: another may have answered for it.",
        "区域 {region} 用了 {seconds} 秒才应答，可能由他处代答。",
    ),
    ("read-back-missing", "Region {region} was not read back.", "区域 {region} 没有回读。"),
    ("read-back-not-blank", "Region {region} was read back and is not blank.", "区域 {region} 回读后不为空。"),
    (
        "read-back-other-region",
        "The read-back names regions that were not to be wiped, or one twice.",
        "回读涉及未打算清空的区域，或有重复。",
    ),
    ("read-back-short", "Region {region} was not read back to its end.", "区域 {region} 没有回读到底。"),
    (
        "region-digest",
        "The attested digest of region {region} is not that of blank memory.",
        "终端证明的区域 {region} 摘要与空存储不符。",
    ),
    (
        "region-gone",
        "Region {region} is missing from the attestation after the wipe.",
        "清空后的终端证明中缺少区域 {region}。",
    ),
    (
        "region-kept",
        "Region {region} holds data of the merchant and is not wiped.",
        "区域 {region} 存有商户数据，却没有清空。",
    ),
    (
        "region-not-erased",
        "The terminal does not attest that region {region} is erased (result {result}).",
        "终端没有证明区域 {region} 已擦除（结果 {result}）。",
    ),
    ("region-not-planned", "Region {region} may be wiped but was left out.", "区域 {region} 可以清空，却被遗漏。"),
    ("region-too-large", "Region {region} is too large to be checked.", "区域 {region} 过大，无法检查。"),
    (
        "result-too-good",
        "The statement says {claimed}; the evidence shows {found}.",
        "声明为 {claimed}，证据显示 {found}。",
    ),
    (
        "result-unproven",
        "The claimed result {claimed} cannot be checked here.",
        "声明的结果 {claimed} 在此处无法检查。",
    ),
    (
        "statement-differs",
        "The statement's part {part} does not follow from the evidence.",
        "声明的 {part} 部分与证据不符。",
    ),
    ("statement-act", "The statement is of another act than intent.json announces.", "声明所述的事项与意向记录不符。"),
    (
        "statement-subjects",
        "The statement does not name exactly the files of the bundle: {file}.",
        "声明所列与证据包中的文件不完全一致：{file}。",
    ),
    ("statement-type", "The statement is of a kind that is not known here.", "此处不认识这种声明。"),
    ("binding-left", "The binding {binding} still holds.", "绑定 {binding} 仍然有效。"),
    ("terminal-differs", "Another terminal: {what} differs in {where}.", "是另一台终端：{where} 中的 {what} 不同。"),
    ("time-form", "{where} is no time in UTC as RFC 3339 writes it.", "{where} 不是 RFC 3339 格式的 UTC 时间。"),
    ("times-order", "The times are not in the order opened, intended, issued.", "时间顺序不是立案、意向、出具。"),
    ("unsettled-left", "{count} transactions are not settled after the wipe.", "清空后仍有 {count} 笔交易未结算。"),
    (
        "unsettled-lost",
        "{count} transactions were not settled when the terminal was wiped, and no reason is given.",
        "清空时有 {count} 笔交易未结算，且没有写明理由。",
    ),
    (
        "wipe-count",
        "The terminal's count of wipes went from {before} to {after} instead of up by one.",
        "终端的清空次数从 {before} 变为 {after}，而不是加一。",
    ),
    ("wipe-nonce", "The terminal's last wipe is not the one that was intended.", "终端最近一次清空不是计划的那一次。"),
    (
        "wipe-unfinished",
        "The terminal does not attest that the wipe is done (state {state}).",
        "终端没有证明清空已完成（状态 {state}）。",
    ),
)
"""Code, English form, Chinese form; facts stand in braces."""

MAX_SENTENCE = 800
"""Characters; a longer sentence is shown as it stands."""


@cache
def _patterns() -> Mapping[str, list[tuple[re.Pattern[str], str]]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for code, english, chinese in FORMS:
        pieces = re.split(r"\{(\w+)\}", english)
        pattern = "".join(f"(?P<{piece}>.+?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
        found.setdefault(code, []).append((re.compile(pattern, re.DOTALL), chinese))
    return found


def in_chinese(code: str, text: str) -> str:
    """Say a sentence of a statement in Chinese.

    Args:
        code: Its code.
        text: The sentence as it stands in the statement, in English.

    Returns:
        The Chinese sentence with the same facts, or an empty text where there is none.
    """
    if len(text) > MAX_SENTENCE:
        return ""
    for pattern, chinese in _patterns().get(code, ()):
        found = pattern.fullmatch(text)
        if found:
            return chinese.format_map(found.groupdict())
    return ""
