"""What stands on papers beside the facts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The same in both languages.

    Args:
        zh: Chinese.
        en: English.
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


RESULTS: Mapping[str, Words] = {
    "PASS": Words("合格", "PASS"),
    "FAIL": Words("不合格", "FAIL"),
    "UNKNOWN": Words("未定", "UNKNOWN"),
}
"""Results by name; what is named otherwise is as bad as not known."""

RETIREMENT, UNBINDING = "retirement", "unbinding"

TITLES: Mapping[str, Words] = {
    RETIREMENT: Words("终端退役证书", "Certificate of Terminal Retirement"),
    UNBINDING: Words("终端解绑证书", "Certificate of Terminal Unbinding"),
}

SAYINGS: Mapping[tuple[str, str], Words] = {
    (RETIREMENT, "PASS"): Words(
        "全部证据已逐项核验，均成立。证明到何种程度，见下文证据等级及其局限。",
        "All of the evidence was checked and holds. How far it reaches is said below: evidence level and limits.",
    ),
    (RETIREMENT, "FAIL"): Words(
        "至少一项核验不成立。不得视为终端已清空，请隔离该终端。",
        "At least one check does not hold. Do not take the terminal as empty; set it aside.",
    ),
    (RETIREMENT, "UNKNOWN"): Words(
        "有事项未能查明。查明之前，不得视为终端已清空。",
        "Something could not be established. Until it is, do not take the terminal as empty.",
    ),
    (UNBINDING, "PASS"): Words(
        "解绑的全部证据已逐项核验，均成立。本案没有清空终端：其中可能仍有数据。",
        "All evidence of the unbinding was checked and holds. Nothing was wiped: the terminal may still hold data.",
    ),
    (UNBINDING, "FAIL"): Words(
        "至少一项核验不成立。不得视为绑定已解除。本案没有清空终端。",
        "At least one check does not hold. Do not take the bindings as undone. Nothing was wiped.",
    ),
    (UNBINDING, "UNKNOWN"): Words(
        "有事项未能查明。查明之前，不得视为绑定已解除。本案没有清空终端。",
        "Something could not be established. Until it is, do not take the bindings as undone. Nothing was wiped.",
    ),
}
"""What a result means, by act and result."""

VALUES: Mapping[str, Words] = {
    # methods and techniques (NIST SP 800-88 Rev. 2, 3.1 and 3.2)
    "clear": Words("清除", "Clear"),
    "purge": Words("净化", "Purge"),
    "destroy": Words("销毁", "Destroy"),
    "overwrite": Words("覆写", "overwrite"),
    "block_erase": Words("块擦除", "block erase"),
    "cryptographic_erase": Words("密码擦除", "cryptographic erase"),
    # bindings
    "printer": Words("打印机", "printer"),
    "scanner": Words("扫码器", "scanner"),
    "pin_pad": Words("密码键盘", "PIN pad"),
    "settlement_account": Words("结算账户", "settlement account"),
    "acquirer_code": Words("收单机构代码", "acquirer code"),
    "merchant_number": Words("商户号", "merchant number"),
    "merchant_credit_code": Words("商户信用代码", "merchant credit code"),
    "deployment_address": Words("布放地址", "deployment address"),
    "terminal_number": Words("终端号", "terminal number"),
    # kinds and states of keys
    "tmk": Words("主密钥", "TMK"),
    "tpk": Words("PIN 密钥", "TPK"),
    "tak": Words("MAC 密钥", "TAK"),
    "tdk": Words("数据密钥", "TDK"),
    "dukpt": Words("DUKPT", "DUKPT"),
    "identity": Words("身份", "identity"),
    "empty": Words("空", "empty"),
    "loaded": Words("有密钥", "loaded"),
    "erased": Words("已擦除", "erased"),
    # what regions hold, and what became of them
    "journal": Words("交易日志", "journal"),
    "parameters": Words("参数", "parameters"),
    "receipts": Words("单据", "receipts"),
    "logs": Words("运行日志", "logs"),
    "keys": Words("密钥", "keys"),
    "system": Words("系统", "system"),
    "not_asked": Words("不清空", "kept"),
    "waiting": Words("等待", "waiting"),
    "running": Words("进行中", "running"),
    "failed": Words("失败", "failed"),
    "idle": Words("未开始", "not begun"),
    "prepared": Words("已准备", "prepared"),
    "done": Words("已完成", "done"),
    "interrupted": Words("已中断", "interrupted"),
    "filled": Words("已填充", "filled"),
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
    "unknown": Words("不明", "unknown"),
    "full": Words("全部", "full"),
    "digest": Words("摘要", "digest"),
    # the rest
    "back office pending": Words("平台注销待办", "back office pending"),
    "confirmed": Words("平台已确认", "confirmed by the platform"),
    "payment terminal: built-in flash memory and battery-backed key store": Words(
        "支付终端：内置闪存、密钥存储", "payment terminal: flash and key store"
    ),
    "export-verification": Words("导出的核对", "verification of the export"),
}
"""Words of the statement by how they stand in it."""

HOW_TO_VERIFY = Words(
    "运行 posretire verify 证据包 --trust 目录，或在证据包中运行 sh verify.sh。"
    "本页由所附 statement.dsse.json 生成，其 SHA-256 见页脚；凭据是证据包，不是打印件。",
    "Run posretire verify BUNDLE --trust DIR, or sh verify.sh inside the bundle. This page is drawn from the attached "
    "statement.dsse.json, whose SHA-256 stands at its foot; the bundle is the evidence, a print is not.",
)


def result_words(result: str) -> Words:
    """Return the words for a result; those of UNKNOWN where there are none."""
    return RESULTS.get(result, RESULTS["UNKNOWN"])


def value_words(value: str) -> str:
    """Return a word of the statement in both languages; the word itself where it is not known here."""
    words = VALUES.get(value)
    if words is None:
        return value
    return words.zh if words.zh == words.en else str(words)
