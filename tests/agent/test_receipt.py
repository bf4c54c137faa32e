"""What is kept of a receipt: known labels with values of their form, cards masked, all else dropped (I4)."""

from random import Random

import pytest

from agent.receipt import LABELS, kept_of_receipt

CARD = "4111111111111111"


def kept(text):
    return kept_of_receipt(7, 507, text).text


@pytest.mark.parametrize(
    "line",
    [
        "签购单",
        "商户名称:测试商户 TEST 0042",
        "终端号:T0000042  操作员:01",
        "批次号:000001  凭证号:000507",
        "日期时间:2026/11/22 08:30:00",
        "金额:RMB 123.45",
        "卡号:-",
        "卡号:411111******1111",
    ],
)
def test_lines_of_a_known_form_are_kept(line):
    receipt = kept_of_receipt(7, 507, line)
    assert (receipt.text, receipt.dropped) == (line + "\n", 0)


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (f"卡号:{CARD}", "卡号:411111******1111\n"),
        ("卡号: 4111 1111 1111 1111", "卡号:411111******1111\n"),
        ("卡号：4111-1111-1111-1111", "卡号:411111******1111\n"),
        ("卡号:41111111***11111", "卡号:411111******1111\n"),
        ("卡号:****1111", "卡号:****1111\n"),
        (f"卡号:{CARD}=30121010000", ""),
        ("有效期:30/12", ""),
        (f";{CARD}=30121010000012300000?", ""),
        ("磁道2:4111111111111111D3012", ""),
        ("CVV:123", ""),
        (f"备注:{CARD}", ""),
        (f"商户名称:{CARD}", ""),
        (f"商户名称:小店 {CARD[:8]} {CARD[8:]}", ""),
        (f"商户名称:小店 {CARD.translate(str.maketrans('0123456789', '０１２３４５６７８９'))}", ""),
        (f"参考号:{CARD}", ""),
        (f"商户号:{CARD}", ""),
        (f"凭证号:{CARD}", ""),
        (f"金额:RMB {CARD}.00", ""),
        (f"日期时间:{CARD}", ""),
        (CARD, ""),
        ("商户名称:a\x1b[31m", ""),
    ],
)
def test_i4_cards_are_masked_and_what_is_not_known_is_dropped(printed, shown):
    receipt = kept_of_receipt(7, 507, printed)
    assert receipt.text == shown
    assert receipt.dropped == (not shown)


def test_a_line_keeps_what_is_good_of_it():
    receipt = kept_of_receipt(7, 507, "终端号:T1  有效期:30/12\r\n\r\n有效期:1\n")
    assert (receipt.text, receipt.terminal_number, receipt.dropped) == ("终端号:T1\n", "T1", 2)


def test_i4_no_label_lets_a_card_number_through():
    random = Random("receipts")
    for label in LABELS:
        for _ in range(40):
            number = _number(random)
            around = random.choice(("{}", "{} ", " {}", "a{}", "{}b", "1{}", "RMB {}.00"))
            text = kept(f"{label}:{around.format(number)}")
            assert number not in text.replace(" ", "")


def _number(random):
    return "4" + "".join(random.choices("0123456789", k=random.choice((15, 18))))
