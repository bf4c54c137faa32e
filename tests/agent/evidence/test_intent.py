"""intent.json."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from agent.evidence.errors import EvidenceRejected
from agent.evidence.intent import INTENT, Intent, build_intent, nonce_post, parse_intent, wipe_nonce
from tests.agent.evidence.made import Bend, World


@pytest.fixture
def intent(world: World, tmp_path: Path) -> Intent:
    world.lay_out(tmp_path)
    return parse_intent((tmp_path / INTENT).read_bytes())


def test_what_is_built_reads_as_the_same(intent: Intent) -> None:
    assert parse_intent(build_intent(intent)) == intent
    assert intent.export is not None
    assert intent.wipe is not None
    assert intent.wipe.regions == (1, 2)


def test_without_an_export_there_is_a_waiver(world: World, tmp_path: Path) -> None:
    world.lay_out(tmp_path, Bend(export=False))
    intent = parse_intent((tmp_path / INTENT).read_bytes())
    assert (intent.export, intent.verification_recipients) == (None, 0)
    assert set(intent.waivers) == {"export-verification"}


def test_the_nonces_cover_every_byte_and_differ(intent: Intent) -> None:
    data = build_intent(intent)
    assert nonce_post(data) == hashlib.sha256(b"post" + data).digest()
    assert wipe_nonce(data) == hashlib.sha256(b"wipe" + data).digest()


def test_i4_the_intent_names_no_value_of_a_binding(intent: Intent) -> None:
    assert b"999100053110001" not in build_intent(intent)


def edits():
    yield lambda d: d.update(schema="other")
    yield lambda d: d.update(extra=1)
    yield lambda d: d.update(case="")
    yield lambda d: d.update(time="now")
    yield lambda d: d["digests"].update({"job.json": "x"})
    yield lambda d: d["export"].update(size=-1)
    yield lambda d: d["export"].update(extra=1)
    yield lambda d: d["export"]["totals"][0].update(kind="gift")
    yield lambda d: d["export"]["totals"][0].update(amount=1 << 60)
    yield lambda d: d["export"].update(recipients=[""])
    yield lambda d: d["export"].update(verification_recipients=17)
    yield lambda d: d.update(waivers={"x": 1})
    yield lambda d: d.update(unbind="printer")
    yield lambda d: d["wipe"].update(method="destroy")
    yield lambda d: d["wipe"].update(technique="hope")
    yield lambda d: d["wipe"].update(erase_keys=1)
    yield lambda d: d["wipe"].update(regions=["1"])
    yield lambda d: d["wipe"]["memory_map"][0].update(blank=256)
    yield lambda d: d["wipe"]["memory_map"][0].update(size=-1)
    yield lambda d: d["wipe"]["memory_map"][0].update(holds="secrets")
    yield lambda d: d["wipe"]["memory_map"][0].pop("wipeable")
    yield lambda d: d["journal"].update(entries=-1)
    yield lambda d: d["journal"].update(extra=1)
    yield lambda d: d.pop("journal")


@pytest.mark.parametrize("edit", list(edits()))
def test_i10_other_fields_are_refused(intent: Intent, edit) -> None:
    document = json.loads(build_intent(intent))
    edit(document)
    data = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(EvidenceRejected):
        parse_intent(data)


def test_nothing_is_built_that_could_not_be_read(intent: Intent) -> None:
    with pytest.raises(EvidenceRejected):
        build_intent(dataclasses.replace(intent, waivers={"x": "a\nb"}))
