"""The published JSON Schema of statements (draft 2020-12), for whoever reads them with tools that are not ours.

A verifier here does not need it: it builds the predicate again and compares (`agent.evidence.statement`). The tests
hold that description and this schema equal.
"""

from __future__ import annotations

from importlib.resources import files

FILE = "statement-v1.schema.json"


def statement_schema() -> str:
    """Return the schema of statements of version 1, as text in UTF-8."""
    return (files("agent.evidence.schemas") / FILE).read_text(encoding="utf-8")
