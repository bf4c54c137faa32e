import ast
from pathlib import Path
from string import Formatter

import pytest

import agent.workflow
from agent.evidence.facts import Effect
from agent.workflow.events import Finding
from agent.workflow.findings import KINDS, for_statement


def found_codes():
    """Every code that the workflow's source gives to ``case.find``, with the names of its facts."""
    found = {}
    for path in Path(agent.workflow.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "find":
                code = node.args[0]
                codes = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
                for each in codes:
                    found[each.value] = {keyword.arg for keyword in node.keywords}
    return found


FOUND = found_codes()


def test_every_finding_has_its_sentence_and_none_is_left_over():
    assert set(FOUND) == set(KINDS)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_sentence_is_filled_in_by_the_findings_own_facts(code):
    wanted = {name for _, name, _, _ in Formatter().parse(KINDS[code].sentence) if name}
    assert None in FOUND[code] or wanted <= FOUND[code]


def test_i5_data_left_behind_makes_a_statement_fail():
    left = for_statement(Finding("region-not-blank", {"region": "journal", "count": 7, "offset": 4096}))
    assert left.effect is Effect.FAIL
    assert left.text == "Region journal is not blank after the wipe: 7 bytes, the first at offset 4096."
