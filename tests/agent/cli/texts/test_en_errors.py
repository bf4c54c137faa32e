"""Every error and every finding that the agent can end with says what happened and what to do."""

from __future__ import annotations

import re

import pytest

from agent.cli.texts import en_errors
from protocols.pmp.facts import Refusal
from tests.agent.cli.texts.codes import Raised, error_classes, errors_raised, findings_made
from tests.agent.cli.texts.test_en import placeholders

ERRORS = sorted(errors_raised(), key=lambda raised: raised.place)
FINDINGS = sorted(findings_made(), key=lambda raised: raised.place)


def label(raised: Raised) -> str:
    return f"{raised.place} {raised.pattern}"


@pytest.mark.parametrize("raised", ERRORS, ids=label)
def test_an_error_has_texts_and_brings_their_facts(raised: Raised) -> None:
    codes = [code for code in en_errors.ERRORS if re.fullmatch(raised.pattern, code)]
    assert codes, f"no text for {raised.pattern}"
    if raised.facts is not None and len(codes) == 1:
        what, do = en_errors.ERRORS[codes[0]]
        bare = en_errors.ERRORS.get(codes[0] + "-bare", (what, do))
        assert placeholders(what + do) <= raised.facts or placeholders("".join(bare)) <= raised.facts


@pytest.mark.parametrize("raised", FINDINGS, ids=label)
def test_a_finding_has_a_text_and_brings_its_facts(raised: Raised) -> None:
    codes = [key for key in en_errors.FINDINGS if re.fullmatch("finding." + raised.pattern, key)]
    assert codes, f"no text for {raised.pattern}"
    if raised.facts is not None and len(codes) == 1:
        assert placeholders(en_errors.FINDINGS[codes[0]]) <= raised.facts


def test_the_scan_sees_the_errors() -> None:
    assert {"UsageFault", "LinkFault", "EvidenceRejected"} <= error_classes()
    assert len(ERRORS) > 40
    assert len(FINDINGS) > 10


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_has_a_word(refusal: Refusal) -> None:
    assert f"refusal.{refusal.name}" in en_errors.REFUSALS


def test_both_sentences_are_one_line_each() -> None:
    for code, (what, do) in en_errors.ERRORS.items():
        assert len(what) > 10, code
        assert len(do) > 5, code
        assert "\n" not in what + do, code
