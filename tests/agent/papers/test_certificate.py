import hashlib
import json
import random
import re
import shutil
import subprocess

import pytest

from agent.papers.certificate import draw_certificate
from agent.papers.words import RESULTS, SAYINGS
from tests.agent.papers.statements import ENVELOPE, predicate

SHOWN = re.compile(r"\s+")


def text_of(drawn):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing (Debian: poppler-utils)")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn.pdf, capture_output=True, check=True)
    return SHOWN.sub(" ", done.stdout.decode())


def pages_of(drawn):
    return drawn.pdf.count(b"/Type /Page\n")


def test_the_same_statement_gives_the_same_bytes_and_another_does_not():
    drawn = draw_certificate(predicate(), ENVELOPE)
    assert drawn.pdf == draw_certificate(predicate(), ENVELOPE).pdf
    assert drawn.pdf != draw_certificate(predicate(case="R20260504-TEST02"), ENVELOPE).pdf
    assert drawn.pdf != draw_certificate(predicate(), ENVELOPE + b" ").pdf


def test_what_is_drawn_is_what_this_renderer_has_always_drawn():
    # Where this fails without anybody having changed the drawing, the PDF writer draws otherwise than before; where the
    # drawing was changed on purpose, RENDERER in agent/papers/sheet.py is one higher. Then write the new digest here.
    drawn = draw_certificate(predicate(), ENVELOPE, producer="posretire papers 1; reportlab 5.1.0")
    assert hashlib.sha256(drawn.pdf).hexdigest() == "d7060e009651dc9aafc61b5fe6e5a282a2aecbc2f26841f56cf134386dfa828f"


@pytest.mark.parametrize("act", ["retirement", "unbinding"])
@pytest.mark.parametrize("result", list(RESULTS))
def test_the_result_and_what_it_means_stand_there_in_both_languages(result, act):
    shown = text_of(draw_certificate(predicate(result=result), ENVELOPE, act))
    assert RESULTS[result].zh in shown
    assert RESULTS[result].en in shown
    assert SAYINGS[act, result].zh[:12] in shown
    assert SAYINGS[act, result].en[:40] in shown


def test_every_field_of_the_certificate_of_sanitization_is_shown():
    shown = text_of(draw_certificate(predicate(), ENVELOPE))
    for value in (
        # NIST SP 800-88 Rev. 2, Appendix C
        *(
            "MADE-UP-TEST",
            "made-up 甲",
            "9999990200000001",
            "MU-00000001",
            "支付终端",
            "payment terminal",
            "文三路老字号面馆",
        ),
        *(
            "机密 → 公开",
            "清除 Clear",
            "块擦除 block erase",
            "posretire 0.1.0",
            "erased 2 / 2",
            "read back blank 2 / 2",
        ),
        *(
            "接受 accepted",
            "scrap 报废",
            "喆堃 Tester",
            "technician",
            "bench 1",
            "2026-05-04 09:10:00",
            "tester@example.invalid",
        ),
        *("age1madeup", "0123456789abcdef" * 4),
        # and ours
        *(
            "打印机 printer",
            "商户号 merchant number",
            "结算账户 settlement account",
            "平台注销待办 back office pending",
        ),
        *("主密钥 TMK", "保留 kept", "交易日志 journal", "77,824", "门店关闭", "WO-1", "letter 17"),
        *(
            "证据等级 2 及其局限",
            "此前已从终端复制出去的数据不受清空影响。",
            "What was copied out of the terminal earlier",
        ),
        *(
            "业主同意",
            "执行端的密钥仅由其自身签名。",
            "平台注销待办：未见平台注销的凭证。",
            "posretire verify",
            "verify.sh",
        ),
        *("vault-2", "2031-05-04 · 会计档案 accounting", "(t-7)", "已登录"),
        hashlib.sha256(ENVELOPE).hexdigest(),
    ):
        assert value in shown, value


def test_an_unbinding_says_that_nothing_was_wiped():
    shown = text_of(draw_certificate(predicate(regions=[]), ENVELOPE, "unbinding"))
    assert "终端解绑证书" in shown
    assert "没有清空 nothing was wiped" in shown


def test_i5_no_page_says_unrecoverable():
    words = " ".join(f"{each.zh} {each.en}" for each in SAYINGS.values())
    for shown in (words, text_of(draw_certificate(predicate(), ENVELOPE))):
        assert not re.search("recover|恢复", shown)


def test_i5_what_is_no_result_is_drawn_as_unknown():
    shown = text_of(draw_certificate(predicate(result="PERFECT"), ENVELOPE))
    assert "UNKNOWN" in shown
    assert "PASS" not in shown


def test_a_case_of_the_usual_size_fits_onto_one_sheet_and_a_long_one_flows_on():
    assert pages_of(draw_certificate(predicate(), ENVELOPE)) == 1
    row = {"code": "new", "effect": "unknown", "text": "Something that nobody has put into Chinese."}
    long = draw_certificate(predicate(findings=[row] * 200), ENVELOPE)
    assert pages_of(long) > 1
    assert text_of(long).count(row["text"]) == 200


def test_a_character_that_the_font_lacks_is_shown_as_its_code_point():
    assert "[U+1F600]" in text_of(draw_certificate(predicate(person={"name": "张😀"}), ENVELOPE))


def test_the_statement_is_attached_uncompressed():
    assert b"\nstream\n" + ENVELOPE + b"\nendstream\n" in draw_certificate(predicate(), ENVELOPE).pdf


def test_an_empty_predicate_is_a_page_of_dashes():
    assert "UNKNOWN" in text_of(draw_certificate({}, ENVELOPE))


def test_i10_whatever_stands_in_a_predicate_it_is_drawn():
    draw = random.Random(7)
    wrong = [
        None,
        True,
        -1,
        10**5000,
        1.5,
        "",
        "文" * 3_000,
        [],
        [[]],
        [None, {"text": 3}],
        {},
        {"a": {}},
        "\x00\ud7ff",
    ]

    def bend(value):
        if draw.random() < 0.15:
            return draw.choice(wrong)
        if isinstance(value, dict):
            return {name: bend(each) for name, each in value.items()}
        return [bend(each) for each in value] if isinstance(value, list) else value

    for _ in range(30):
        bent = bend(predicate())
        if not isinstance(bent, dict):
            continue
        assert draw_certificate(bent, ENVELOPE).pdf.startswith(b"%PDF-"), json.dumps(bent, default=str)[:2_000]
