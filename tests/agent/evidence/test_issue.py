"""The issuing function says PASS only for what it has checked itself."""

from __future__ import annotations

from agent.evidence.facts import Result
from agent.evidence.verify import verify_bundle


def test_i5_a_whole_case_passes(world, issued) -> None:
    folder, statement = issued()
    assert [(check.id, check.code) for check in statement.checks if check.code] == []
    assert (statement.result, statement.level, statement.findings) == (Result.PASS, 2, ())
    assert verify_bundle(folder, world.trust).accepted
