"""Every public module, class, function and method says what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lint.repo import ROOT, modules

Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Yield line and name of each public thing without a docstring."""
    if ast.get_docstring(tree) is None:
        yield "1: the module"
    yield from _undocumented_in(tree, "")


def _undocumented_in(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in parent.body:
        if not isinstance(node, Documented) or node.name.startswith("_") or _repeats_a_signature(node):
            continue
        name = prefix + node.name
        if ast.get_docstring(node) is None:
            yield f"{node.lineno}: {name}"
        if isinstance(node, ast.ClassDef):
            yield from _undocumented_in(node, name + ".")


def _repeats_a_signature(node: Documented) -> bool:
    """Tell an overload, a property's setter or an override from a definition of its own."""
    names = {ast.unparse(decorator).rsplit(".", 1)[-1] for decorator in node.decorator_list}
    return bool(names & {"overload", "setter", "deleter", "override"})


@pytest.mark.parametrize("module", modules(), ids=str)
def test_public_names_have_docstrings(module: Path) -> None:
    missing = list(undocumented(ast.parse((ROOT / module).read_text(encoding="utf-8"))))
    assert not missing, f"no docstring in {module} at " + ", ".join(missing)


def test_the_check_finds_what_is_missing() -> None:
    source = '"""Doc."""\nclass A:\n    """Doc."""\n    def b(self): ...\n    def _c(self): ...\ndef d(): ...\n'
    assert list(undocumented(ast.parse(source))) == ["4: A.b", "6: d"]
    assert list(undocumented(ast.parse("x = 1"))) == ["1: the module"]
