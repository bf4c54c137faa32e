"""Finds in the agent's source which errors and findings it can end with, and which facts each carries."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lint.repo import ROOT, modules

ROOT_CLASS = "AgentError"


@dataclass(frozen=True)
class Raised:
    """One call that makes an error or a finding.

    Args:
        place: File and line.
        pattern: Regular expression of its code.
        facts: Names of its facts, or None where they are not written out.
    """

    place: str
    pattern: str
    facts: frozenset[str] | None


def error_classes() -> set[str]:
    """Return the names of all error classes of the agent."""
    known, grown = {ROOT_CLASS}, True
    while grown:
        grown = False
        for _, tree in _trees():
            for node in ast.walk(tree):
                if not isinstance(node, ast.ClassDef) or node.name in known:
                    continue
                if any(isinstance(base, ast.Name) and base.id in known for base in node.bases):
                    known.add(node.name)
                    grown = True
    return known


def errors_raised() -> Iterator[Raised]:
    """Yield every call that makes an error of the agent."""
    names = error_classes()
    for place, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield from _raised(place, node)


def findings_made() -> Iterator[Raised]:
    """Yield every call that makes a finding, of the workflow or of the inspection."""
    for place, tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "find"
                and ast.unparse(node.func.value) == "case"
            ):
                yield from _raised(place, node)
            if isinstance(node.func, ast.Name) and node.func.id == "_found":
                yield from _raised(place, node)


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in modules():
        if path.parts[0] == "agent":
            yield path.as_posix(), ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _raised(place: str, call: ast.Call) -> Iterator[Raised]:
    facts = None if any(each.arg is None for each in call.keywords) else frozenset(str(k.arg) for k in call.keywords)
    for pattern in _patterns(call.args[0] if call.args else None):
        yield Raised(f"{place}:{call.lineno}", pattern, facts)


def _patterns(code: ast.expr | None) -> Iterator[str]:
    """Yield what a code may be: a constant, either side of a condition, or a text with holes."""
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        yield re.escape(code.value)
    elif isinstance(code, ast.IfExp):
        yield from _patterns(code.body)
        yield from _patterns(code.orelse)
    elif isinstance(code, ast.JoinedStr):
        parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z-]+" for p in code.values]
        yield "".join(parts)
    elif code is not None:
        yield "[a-z-]+"
