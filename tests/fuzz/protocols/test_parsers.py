"""20,000 pieces of garbage and 20,000 mutations for every parser of protocols (I10)."""

from __future__ import annotations

import pytest

from tests.protocols.inputs import Parser, garbage_run, mutation_run, parsers

COUNT = 20_000
PARSERS = list(parsers())


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_i10_garbage(parser: Parser) -> None:
    garbage_run(parser, COUNT)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_i10_mutations(parser: Parser) -> None:
    mutation_run(parser, COUNT)
