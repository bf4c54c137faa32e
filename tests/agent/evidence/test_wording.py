"""Sentences for what checks find."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from agent import evidence, workflow
from agent.errors import UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.wording import WORDING, sentence

REJECTIONS = ("EvidenceRejected", "NotCheckable", "AttachmentUnavailable", "NeededAttachmentUnavailable")
SOURCES = sorted(each for part in (evidence, workflow) for each in Path(part.__file__).parent.rglob("*.py"))


def raised() -> dict[str, set[str]]:
    """Return every code of rejected evidence with the facts that it is raised with."""
    found: dict[str, set[str]] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            if node.func.id in REJECTIONS and isinstance(first, ast.Constant):
                found.setdefault(str(first.value), set()).update(word.arg or "" for word in node.keywords)
    return found


def test_every_code_has_its_sentence_and_the_facts_for_it() -> None:
    codes = raised()
    assert set(codes) == set(WORDING)
    for code, form in WORDING.items():
        wanted = {field for _, field, _, _ in string.Formatter().parse(form) if field}
        assert wanted <= codes[code], code


def test_a_sentence_is_filled_in() -> None:
    assert sentence(EvidenceRejected("binding-left", binding="printer")) == "The binding printer still holds."
    assert sentence(EvidenceRejected("eat-malformed", why="{why}")) == "The attestation is malformed: {why}."
    assert sentence(UsageFault("another-code", path="x")) == "another-code path=x"


def test_i5_no_sentence_says_that_data_cannot_come_back() -> None:
    assert "unrecoverable" not in " ".join(WORDING.values()).lower()
