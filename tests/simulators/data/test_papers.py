from protocols.pmp.records import JOURNAL_RECORD
from simulators.data.journal import transactions
from simulators.data.merchant import make_merchant
from simulators.data.papers import card_number, log_lines, receipt

MERCHANT = make_merchant(7, "9999990212345678")
RECORDS = [JOURNAL_RECORD.parse(packed) for packed in transactions(7, 200, 0)]


def test_a_receipt_is_gb18030_and_shows_bin_and_last_four_only():
    for record in RECORDS:
        text = receipt(record, MERCHANT).decode("gb18030")
        assert MERCHANT.merchant_number in text
        assert MERCHANT.merchant_name in text
        assert "测试凭证 无效" in text
        number = card_number(record)
        if number:
            assert number not in text
            assert f"{number[:6]}******{number[-4:]}" in text


def test_the_log_tells_more_than_it_should():
    lines = list(log_lines(RECORDS, MERCHANT))
    assert len(lines) == len(RECORDS) + 2
    for record, line in zip(RECORDS, lines[1:], strict=False):
        assert record.reference in line
        assert (card_number(record) or "pan=-").encode() in line
