"""Remarks of a line have their texts in both languages."""

from __future__ import annotations

import pytest

from agent.cli.progress import line_text
from agent.cli.texts import texts_of
from agent.transport.remark import LineRemark, nobody

REMARKS = [
    LineRemark("speed-tried", {"baud": 9600}),
    LineRemark("speed-found", {"baud": 9600}),
    LineRemark("unplugged", {"port": "COM3", "seconds": 30}),
    LineRemark("replugged", {"port": "COM3"}),
]


@pytest.mark.parametrize("remark", REMARKS, ids=lambda remark: remark.code)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_remark_is_said(remark: LineRemark, language: str) -> None:
    text = line_text(texts_of(language), remark.as_json())
    assert all(str(fact) in text for fact in remark.facts.values())
    nobody(remark)
