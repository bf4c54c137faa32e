import re

from agent.evidence.issue import _standing_gaps
from agent.evidence.levels import LIMITS, MEANING
from agent.evidence.wording import WORDING
from agent.papers.sentences import FORMS, MAX_SENTENCE, in_chinese
from agent.workflow.findings import KINDS

GAPS = {"clock-unproven", "agent-self-signed", "platform-pending", "not-wiped", "region-not-addressable"}
GAPS |= {"region-not-filled", "export-contents"}


def facts_of(form):
    return set(re.findall(r"\{(\w+)\}", form))


def test_the_chinese_form_has_the_facts_of_the_english_one():
    for code, english, chinese in FORMS:
        assert facts_of(chinese) == facts_of(english), code
        assert re.search("[\u4e00-\u9fff]", chinese), code


def test_the_english_forms_are_those_that_statements_are_worded_in():
    import inspect

    source = inspect.getsource(_standing_gaps)
    for code, english, _chinese in FORMS:
        known = {WORDING.get(code), KINDS[code].sentence if code in KINDS else None}
        if code == "meaning":
            known = set(MEANING.values())
        elif code == "limit":
            known = {limit for limits in LIMITS.values() for limit in limits}
        elif code in GAPS and english not in known:
            first = re.split(r"\{|\}", english)[0]
            assert first in source, f"{code} is worded otherwise now: say it anew in agent/papers/sentences.py"
            continue
        assert english in known, f"{code} is worded otherwise now: say it anew in agent/papers/sentences.py"


def test_every_meaning_and_limit_of_a_level_is_there():
    for level, meaning in MEANING.items():
        assert in_chinese("meaning", meaning), level
        assert all(in_chinese("limit", limit) for limit in LIMITS[level]), level


def test_facts_are_taken_over():
    said = in_chinese("region-not-blank", "Region 3 is not blank after the wipe: 42 bytes, the first at offset 12.")
    assert said == "清空后区域 3 不是空白：42 字节，首个位于偏移 12。"


def test_a_brace_in_a_fact_is_no_fact():
    said = in_chinese("export-waived", "The export was not verified ({0}); waived because: {reason!r}.")
    assert said == "导出未经核对（{0}）；豁免理由：{reason!r}。"


def test_what_is_not_known_has_no_chinese():
    assert in_chinese("never-heard-of", "Something.") == ""
    assert in_chinese("region-not-blank", "Another wording.") == ""
    assert (
        in_chinese("export-waived", "The export was not verified (" + "a" * MAX_SENTENCE + "); waived because: b.")
        == ""
    )
