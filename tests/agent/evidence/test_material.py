"""Parts of the evidence, each with its own fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.evidence.bundle import DEVICE_POST, read_bundle
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.intent import INTENT
from agent.evidence.job import JOB
from agent.evidence.material import Material, Part
from tests.agent.evidence.made import TUSN, World


def test_a_part_is_read_once() -> None:
    calls: list[int] = []

    def read() -> int:
        calls.append(1)
        return 42

    part = Part("part", read)
    assert calls == []
    assert (part.report(), part.need(), part.or_none(), calls) == (42, 42, 42, [1])


def test_a_broken_part_reports_its_fault_and_leaves_others_waiting() -> None:
    def read() -> int:
        raise EvidenceRejected("json-broken", document="x", why="y")

    part = Part("x", read)
    with pytest.raises(EvidenceRejected) as raised:
        part.report()
    assert raised.value.code == "json-broken"
    with pytest.raises(NotCheckable) as waiting:
        part.need()
    assert (waiting.value.code, waiting.value.facts) == ("needs", {"what": "x"})
    assert part.or_none() is None


def test_reads_all_of_a_case(world: World, tmp_path: Path) -> None:
    world.lay_out(tmp_path)
    material = Material(read_bundle(tmp_path), world.trust)
    assert material.job.report().tusn == material.intent.report().tusn == TUSN
    assert material.proven_before.report().claims == material.said_before.report().claims
    assert material.proven_after.report().maker == world.maker.name
    assert material.agent.report()[0] == world.agent.certificate
    assert material.journal.report()


def test_what_the_terminal_said_is_read_even_where_nobody_vouches_for_it(world: World, tmp_path: Path) -> None:
    world.lay_out(tmp_path)
    (tmp_path / JOB).unlink()
    (tmp_path / INTENT).write_bytes(b"rubbish")
    material = Material(read_bundle(tmp_path), world.trust)
    assert material.said_before.or_none()
    assert material.said_after.or_none()
    assert material.proven_before.or_none() is None
    with pytest.raises(NotCheckable):
        material.proven_after.report()
    (tmp_path / DEVICE_POST).unlink()
    with pytest.raises(NotCheckable) as raised:
        Material(read_bundle(tmp_path), world.trust).said_after.report()
    assert raised.value.code == "file-absent"
