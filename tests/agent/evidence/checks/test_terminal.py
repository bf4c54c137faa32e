"""Checks of what the terminal attests, each alone."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest

from agent.evidence.bundle import DEVICE_POST, DEVICE_PRE, read_bundle
from agent.evidence.checks.table import Check, Examined, Status, run_checks
from agent.evidence.checks.terminal import TERMINAL_CHECKS, blank_region_digest
from agent.evidence.material import Material
from protocols.words import Addressable, BindingState, KeyState
from tests.agent.evidence.attacks import bound, mapped, slot, wipe
from tests.agent.evidence.made import Bend, Device, World, replaced

NAMES = [name for name, _ in TERMINAL_CHECKS]


def checked(world: World, folder: Path, bend: Bend | None = None, drop: tuple[str, ...] = ()) -> dict[str, Check]:
    facts = world.lay_out(folder, bend)
    for name in drop:
        (folder / name).unlink()
    examined = Examined(Material(read_bundle(folder), world.trust), facts.issued, facts.read_back)
    return {check.id: check for check in run_checks(TERMINAL_CHECKS, examined)}


def codes(checks: dict[str, Check]) -> dict[str, str]:
    return {name: check.code for name, check in checks.items() if check.code}


@pytest.mark.parametrize(("size", "blank"), [(0, 255), (1, 0), (4096, 255), ((1 << 20) + 1, 255), (3 << 20, 0)])
def test_the_digest_of_a_blank_region(size: int, blank: int) -> None:
    assert blank_region_digest(size, blank) == hashlib.sha256(bytes([blank]) * size).digest()


def test_an_honest_terminal_holds(world: World, tmp_path: Path) -> None:
    assert codes(checked(world, tmp_path)) == {}


def test_without_the_second_attestation_nothing_is_said_of_the_end(world: World, tmp_path: Path) -> None:
    checks = checked(world, tmp_path, drop=(DEVICE_POST,))
    assert checks["eat-after"].code == "file-absent"
    assert {check.status for check in checks.values()} == {Status.OK, Status.NOT_CHECKABLE}
    assert [name for name in NAMES if checks[name].status is Status.OK] == ["eat-before", "method", "bindings-before"]


def test_without_the_first_attestation_nothing_is_said_of_the_difference(world: World, tmp_path: Path) -> None:
    checks = checked(world, tmp_path, drop=(DEVICE_PRE,))
    assert [name for name in NAMES if checks[name].status is Status.OK] == ["eat-after", "method"]


def test_i9_a_terminal_swapped_for_its_twin_is_found_by_its_key(world: World, tmp_path: Path) -> None:
    # Same maker, same serial number, genuine certificate, another key.
    checks = checked(world, tmp_path, Bend(signer_after=Device(world.maker)))
    assert codes(checks) == {"same-terminal": "terminal-differs"}
    assert checks["same-terminal"].facts == {"what": "key", "where": DEVICE_POST}


def test_i9_a_terminal_other_than_the_inspected_one_is_found_by_its_key(world: World, tmp_path: Path) -> None:
    twin = Device(world.maker)
    checks = checked(world, tmp_path, Bend(signer_before=twin, signer_after=twin))
    assert codes(checks) == {"same-terminal": "terminal-differs"}
    assert checks["same-terminal"].facts == {"what": "key", "where": DEVICE_PRE}


def test_i9_another_serial_number_is_found(world: World, tmp_path: Path) -> None:
    other = Device(world.maker, tusn="9999990200000002")
    checks = checked(world, tmp_path, Bend(after=replaced(tusn=other.tusn), signer_after=other))
    assert codes(checks) == {"same-terminal": "terminal-differs"}
    assert checks["same-terminal"].facts["what"] == "tusn"


def test_a_restart_in_between_is_allowed(world: World, tmp_path: Path) -> None:
    assert codes(checked(world, tmp_path, Bend(after=replaced(boot_count=9)))) == {}


def test_an_accepted_unsettled_batch_is_allowed(world: World, tmp_path: Path) -> None:
    bend = Bend(before=replaced(unsettled=3), intent=replaced(waivers={"unsettled-batch": "host closed"}))
    assert codes(checked(world, tmp_path, bend)) == {}


def test_a_binding_that_waits_for_the_platform_is_no_failure(world: World, tmp_path: Path) -> None:
    assert codes(checked(world, tmp_path, Bend(after=bound("settlement_account", BindingState.PENDING)))) == {}


def test_a_slot_that_was_empty_stays_empty(world: World, tmp_path: Path) -> None:
    empty = slot(1, state=KeyState.EMPTY, check_value=b"\0\0\0")
    assert codes(checked(world, tmp_path, Bend(before=empty, after=empty))) == {}


def test_purge_is_claimed_where_all_cells_are_reached(world: World, tmp_path: Path) -> None:
    assert codes(checked(world, tmp_path / "a", Bend(intent=wipe(method="purge")))) == {}
    clear = Bend(intent=wipe(memory_map=mapped(1, addressable=Addressable.UNKNOWN)))
    assert codes(checked(world, tmp_path / "b", clear)) == {}


def test_a_blank_value_other_than_the_stated_is_not_blank(world: World, tmp_path: Path) -> None:
    checks = checked(world, tmp_path, Bend(intent=wipe(memory_map=mapped(1, blank=0))))
    assert codes(checks) == {"regions": "region-digest"}


def test_a_region_listed_twice_is_refused(world: World, tmp_path: Path) -> None:
    def twice(claims):
        return dataclasses.replace(claims, regions=(*claims.regions, claims.regions[0]))

    def plan(intent):
        maps = (*intent.wipe.memory_map, intent.wipe.memory_map[0])
        return dataclasses.replace(intent, wipe=dataclasses.replace(intent.wipe, memory_map=maps))

    assert (
        codes(checked(world, tmp_path, Bend(before=twice, intent=plan, after=twice)))["memory-map"]
        == "map-not-attested"
    )
