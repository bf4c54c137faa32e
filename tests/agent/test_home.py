"""The home folder is its owner's alone, whoever makes it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.binding_key import create_binding_key
from agent.film.record import FilmRecorder
from agent.home import make_home, private_folder
from agent.ledger.store import LEDGER_NAME, Ledger
from tests.agent.film.made import HEAD, STEPS

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def film(home: Path) -> None:
    with FilmRecorder(home, HEAD) as recorder:
        recorder.take(STEPS[0])
    assert not recorder.fault


MAKERS: dict[str, Callable[[Path], object]] = {
    "key": lambda home: AgentKey.create(home, "bench", at=datetime(2026, 11, 22, tzinfo=UTC)),
    "binding key": lambda home: create_binding_key(home, "R1"),
    "ledger": lambda home: Ledger.open(home).close(),
    "film": film,
}


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@posix_only
@pytest.mark.parametrize("first", MAKERS)
def test_i4_whoever_is_first_makes_it_for_the_owner_alone(tmp_path: Path, first: str) -> None:
    home = tmp_path / "above" / "home"
    MAKERS[first](home)
    assert mode(home) == 0o700
    assert mode(home.parent) == 0o755, "what is above it is not ours"
    for name in ("keys", "keys/cases", "films"):
        assert not (home / name).exists() or mode(home / name) == 0o700


@posix_only
def test_i4_the_ledger_and_its_journals_are_the_owners_alone(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.open_case("R-1", "2026-11-21T00:00:00.000Z")
        assert {mode(path) for path in tmp_path.glob(LEDGER_NAME + "*")} == {0o600}


@posix_only
def test_a_home_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    make_home(tmp_path)
    assert mode(tmp_path) == 0o750


def test_folders_are_made_one_in_the_other_and_twice_is_once(tmp_path: Path) -> None:
    assert private_folder(tmp_path / "home", "a", "b") == tmp_path / "home" / "a" / "b"
    assert private_folder(tmp_path / "home", "a", "b").is_dir()
