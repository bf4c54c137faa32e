"""The parts of a predicate that follow from the evidence."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from agent.evidence import sections
from agent.evidence.bundle import DEVICE_POST, BundleFiles, read_bundle
from agent.evidence.material import Material
from agent.evidence.trust.store import TrustStore
from protocols.words import BindingState, KeyState
from tests.agent.evidence.attacks import bound
from tests.agent.evidence.made import MAKER, TUSN, Bend, World, blank, replaced
from tests.agent.evidence.made import REGIONS as MAP


@pytest.fixture
def laid_out(world: World, tmp_path: Path):
    facts = world.lay_out(tmp_path, Bend(after=bound("settlement_account", BindingState.PENDING)))
    return Material(read_bundle(tmp_path), world.trust), facts


def test_media_are_named_as_the_certificate_of_sanitization_does(laid_out) -> None:
    media = sections.media(*laid_out)
    assert (media["manufacturer"], media["serial_number"], media["property_number"]) == (MAKER, TUSN, "INV-7")
    assert media["media_source"] == "made-up shop"


def test_bindings_are_told_apart(laid_out) -> None:
    assert sections.bindings(laid_out[0]) == {
        "undone": ["printer", "merchant_number"],
        "pending": ["settlement_account"],
        "remaining": [],
        "not_attested": [],
    }


def test_key_slots_are_listed_erased_and_kept(laid_out) -> None:
    erased, kept = sections.key_slots(laid_out[0])
    assert (erased["kind"], erased["kept"]) == ("tmk", False)
    assert erased["before"] == {"state": "loaded", "check_value": "010203"}
    assert erased["after"] == {"state": "erased", "check_value": "000000"}
    assert (kept["kind"], kept["kept"], kept["before"]) == ("identity", True, kept["after"])


def test_regions_show_plan_and_outcome(laid_out) -> None:
    rows = sections.regions(laid_out[0])
    assert [(row["name"], row["wipe_planned"], row["result"]) for row in rows] == [
        ("journal", True, "erased"),
        ("parameters", True, "erased"),
        ("keys", True, "erased"),
        ("identity", False, "not_asked"),
    ]
    assert rows[0]["sha256"] == blank(MAP[0]).hex()


def test_verification_counts(laid_out) -> None:
    assert sections.verification(*laid_out) == {
        "wipe_state": "done",
        "regions_erased": 3,
        "regions_not_erased": 0,
        "regions_read_back_blank": 3,
        "regions_read_back_not_blank": 0,
    }


def test_the_backup_names_its_recipients(laid_out) -> None:
    backup = sections.backup(laid_out[0])
    assert backup is not None
    assert len(backup["recipients"]) == 1
    assert backup["verification_recipients"] == 1


def test_the_terminal_before_and_after(laid_out, world: World) -> None:
    terminal = sections.terminal(laid_out[0])
    assert terminal["device_key"] == world.device.fingerprint.hex()
    assert terminal["device_certificate_issuer"] == f"CN={world.maker.name},O={MAKER}"
    assert (terminal["before"]["wipe_count"], terminal["after"]["wipe_count"]) == (0, 1)


def test_what_the_terminal_measured_is_listed_where_it_did(laid_out, world: World, tmp_path: Path) -> None:
    row = {
        "name": "MUOS",
        "version": "1.0",
        "maker": MAKER,
        "file": "firmware.bin",
        "size": 65_536,
        "sha256": "66" * 32,
    }
    assert sections.terminal(laid_out[0])["measurements"] == {"before": [row], "after": [row]}
    world.lay_out(tmp_path / "none", Bend(before=replaced(measurements=()), after=replaced(measurements=())))
    assert "measurements" not in sections.terminal(Material(read_bundle(tmp_path / "none"), world.trust))


def test_the_property_number_is_the_owners_and_else_the_label(laid_out) -> None:
    material, facts = laid_out
    older = sections.media(material, dataclasses.replace(facts, property_number=""))
    assert older["property_number"] == "MU-00000001"
    assert "label_number" not in older
    owned = sections.media(material, facts)
    assert (owned["property_number"], owned["label_number"]) == ("INV-7", "MU-00000001")


def test_what_is_missing_is_null_or_empty(world: World, laid_out, tmp_path: Path) -> None:
    (tmp_path / DEVICE_POST).unlink()
    without_end = Material(read_bundle(tmp_path), world.trust)
    assert sections.terminal(without_end)["after"] is None
    assert [row["after"] for row in sections.key_slots(without_end)] == [None, None]
    assert sections.bindings(without_end)["not_attested"] == ["printer", "settlement_account", "merchant_number"]
    nothing = Material(BundleFiles({}), TrustStore())
    assert sections.regions(nothing) == sections.key_slots(nothing) == []
    assert sections.backup(nothing) is None
    assert sections.journal(nothing) == {"entries": 0, "head": "0" * 64}
    assert sections.media(nothing, laid_out[1])["serial_number"] is None


def test_a_number_without_a_name_stands_as_itself() -> None:
    assert (sections.word(KeyState, 1), sections.word(KeyState, 99)) == ("loaded", "99")
