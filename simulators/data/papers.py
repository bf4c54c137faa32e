"""What a terminal keeps besides its journal: receipts to print again, and a log that tells more than it should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocols.pmp.records import JournalRecord
from protocols.words import Scheme, TransactionKind
from simulators.data.merchant import Merchant

ENCODING = "gb18030"

_KIND_NAMES = {
    TransactionKind.SALE: "消费",
    TransactionKind.VOID: "撤销",
    TransactionKind.REFUND: "退货",
    TransactionKind.PREAUTHORISATION: "预授权",
    TransactionKind.COMPLETION: "预授权完成",
    TransactionKind.REVERSAL: "冲正",
    TransactionKind.RELOAD: "充值",
    TransactionKind.ISSUE: "发卡",
    TransactionKind.BALANCE: "余额查询",
}
_SCHEME_NAMES = {
    Scheme.UNIONPAY: "银联",
    Scheme.VISA: "VISA",
    Scheme.MASTERCARD: "MASTERCARD",
    Scheme.JCB: "JCB",
    Scheme.AMEX: "AMEX",
    Scheme.ALIPAY: "支付宝",
    Scheme.WECHAT_PAY: "微信支付",
    Scheme.PREPAID: "预付卡",
}


def receipt(record: JournalRecord, merchant: Merchant) -> bytes:
    """Set a receipt as the printer gets it, in GB 18030."""
    number = card_number(record)
    masked = f"{number[:6]}******{number[-4:]}" if number else "-"
    time = record.time.hex()
    lines = (
        "测试凭证 无效",
        f"商户名称:{merchant.merchant_name}",
        f"商户号:{merchant.merchant_number}",
        f"终端号:{merchant.terminal_number}  操作员:01",
        f"发卡机构:{_SCHEME_NAMES[record.scheme]}",
        f"卡号:{masked}",
        # As older receipts show it; no export may.
        *([f"有效期:{record.expiry.hex()[:2]}/{record.expiry.hex()[2:]}"] if number else []),
        f"交易类型:{_KIND_NAMES[record.kind]}",
        f"批次号:{record.batch:06d}  凭证号:{record.trace:06d}",
        f"参考号:{record.reference.decode('ascii')}",
        f"日期时间:{time[:4]}/{time[4:6]}/{time[6:8]} {time[8:10]}:{time[10:12]}:{time[12:14]}",
        f"金额:RMB {record.amount / 100:.2f}",
    )
    return "\n".join(lines).encode(ENCODING)


def log_lines(records: Sequence[JournalRecord], merchant: Merchant) -> Iterator[bytes]:
    """Yield lines of a debug log in which, as in the field, the full card number stands."""
    yield f"SIGNON merchant={merchant.merchant_number} terminal={merchant.terminal_number}".encode("ascii")
    for record in records:
        number = card_number(record) or "-"
        yield f"TXN trace={record.trace:06d} ref={record.reference.decode('ascii')} pan={number}".encode("ascii")
    yield f"商户 {merchant.merchant_name} 签到成功".encode(ENCODING)


def card_number(record: JournalRecord) -> str:
    """Return the full card number of a record, or nothing for a wallet."""
    return record.account.hex().rstrip("f")
