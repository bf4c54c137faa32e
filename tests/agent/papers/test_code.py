import hashlib
import re

from agent.papers.code import code_matrix, code_text


def test_the_code_holds_case_result_and_digest():
    text = code_text("R20260504-TEST01", "PASS", b"envelope")
    assert text == f"posretire:1:R20260504-TEST01:PASS:{hashlib.sha256(b'envelope').hexdigest()}"
    assert re.fullmatch(r"posretire:1:[^:]{1,64}:(PASS|FAIL|UNKNOWN):[0-9a-f]{64}", text)


def test_it_is_a_whole_qr_code_and_no_micro_one():
    rows = code_matrix("posretire:1:x:PASS:" + "0" * 64)
    assert len(rows) == len(rows[0]) >= 21
    finder = rows[0][:7]
    assert finder == (1,) * 7
    assert rows[1][:7] == (1, 0, 0, 0, 0, 0, 1)
    assert rows[0][-7:] == finder


def test_the_longest_text_fits():
    assert len(code_matrix(code_text("A" * 200, "UNKNOWN", b""))) <= 57
