import re
import shutil
import subprocess

import pytest

from agent.papers.summary import SummaryRow, render_summary


def row(number, result="PASS", problem=""):
    name = f"R20260504-{number:06d}"
    return SummaryRow(
        name, name, f"99999902{number:08d}", "型号甲 A", result, 3, "2026-05-04T09:10:00.000Z", "ab" * 32, problem
    )


def render(rows):
    return render_summary(rows, made="2026-05-05T10:00:00Z", source="bundles 五月", tool_version="0.1.0")


def text_of(pdf):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing (Debian: poppler-utils)")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def test_the_same_rows_give_the_same_bytes():
    assert render([row(1), row(2, "FAIL", "why")]) == render([row(1), row(2, "FAIL", "why")])


def test_every_row_stands_on_some_page_and_the_totals_are_right():
    rows = [row(number, ("PASS", "FAIL", "UNKNOWN")[number % 3]) for number in range(100)]
    shown = text_of(render(rows))
    assert set(re.findall(r"R20260504-\d{6}", shown)) == {each.case for each in rows}
    assert re.search(r"100\s+34\s+33\s+33", shown)
    assert "合计 Total" in shown


def test_a_bundle_that_could_not_be_read_shows_its_name_and_its_problem():
    lost = SummaryRow("strange 包", "", "", "", "FAIL", None, "", "", "no bundle at all 不是证据包")
    shown = text_of(render([lost]))
    assert "strange 包: no bundle at all 不是证据包" in shown


def test_a_result_that_is_none_counts_as_not_known():
    assert re.search(r"1\s+0\s+1\s+0", text_of(render([row(1, "GREAT")])))


def test_nothing_was_checked_is_a_page_too():
    assert "合计 Total" in text_of(render([]))


def test_a_long_problem_does_not_fill_pages():
    assert text_of(render([row(1, "FAIL", "很长 long " * 5_000)])).count("\f") == 1
