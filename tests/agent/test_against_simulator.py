"""Driver and menu engine on the simulated terminal, joined in memory under a virtual clock, on good and bad lines."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.clearance import WipeTarget, clear_for_wipe
from agent.clock import Clock as AgentClock
from agent.connect import Connected, connect_over
from agent.drivers.base import PreparedWipe, WipePlan
from agent.erasure import Expansion, expected_answer, milliseconds_allowed
from agent.errors import AgentError, PreconditionNotMet, TerminalRefused
from agent.menu.answers import GivenAnswers
from agent.menu.case import MenuCase
from agent.menu.film import FilmStep
from agent.menu.runner import unbind
from agent.policy import Policy
from agent.profiles import find_profile
from agent.proofs import UnbindingProof
from agent.secret import Secret
from agent.wipe.plan import flash_regions
from agent.wipe.prove import ask, erase_again, fill
from agent.wipe.read_back import read_back
from protocols.pmp.link import LinkSettings
from protocols.terminal import WipeStatus
from protocols.words import BindingState, Technique, WipeState
from simulators.board import factory
from simulators.faults import LineFaults
from simulators.pmp.endpoint import PmpTerminal
from simulators.state import Blueprint
from tests.agent.virtual_time import Clock, MemoryLine
from tests.simulators.rig import Rig, leaks

NONCE = bytes(range(32))
SEED = b"seed" * 8


class Port:
    """The terminal's end of a line that garbles a share of its chunks, by a seed."""

    def __init__(self, rig: Rig, clock: Clock, garbled: float, baud: int | None) -> None:
        self._terminal: PmpTerminal = rig.terminal
        self._clock = clock
        self._garbled = garbled
        self._random = random.Random(17)
        self._port = rig.terminal.open_port(LinkSettings.for_line(baud), LineFaults(rig.faults, 1))
        self._waiting = b""

    def _through(self, data: bytes) -> bytes:
        if data and self._random.random() < self._garbled:
            place = self._random.randrange(len(data))
            return data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :]
        return data

    def feed(self, data: bytes) -> None:
        self._port.receive_bytes(self._through(data), self._clock())

    def take(self) -> bytes:
        self._terminal.handle_timeout(self._clock())
        self._port.handle_timeout(self._clock())
        self._waiting += self._through(self._port.bytes_to_send())
        out, self._waiting = self._waiting[:65_536], self._waiting[65_536:]
        return out


class Line(MemoryLine):
    """Lets at most a twentieth of a second pass at once, so that the terminal's own clock runs."""

    def read(self, max_bytes: int, timeout_seconds: float) -> bytes:
        return super().read(max_bytes, min(timeout_seconds, 0.05))


def joined(rig: Rig, *, garbled: float = 0.0, baud: int | None = None) -> Connected:
    clock = Clock()
    return connect_over(Line(clock, Port(rig, clock, garbled, baud), baud), clock=clock, session_number=lambda: 99)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "state", blueprint=Blueprint("haike-h60", 7, 300, 0))
    yield made
    made.close()


def unbind_it(rig: Rig, connected: Connected, *, password: str | None = None) -> list[FilmStep]:
    facts = factory.facts_of(rig.model, rig.blueprint)
    film: list[FilmStep] = []
    secret = Secret(password or facts.password)
    profile = find_profile(connected.driver.identity().model)
    answers = GivenAnswers({"password": secret})
    unbind(connected.driver, profile, MenuCase(facts.tusn, facts.merchant_number), answers, film.append)
    return film


def test_what_the_terminal_says_is_what_its_profile_expects(rig: Rig) -> None:
    driver = joined(rig).driver
    identity, profile = driver.identity(), find_profile("haike-h60")
    known = profile.identification
    assert (identity.model, identity.maker) == (known.model, known.maker)
    assert identity.firmware_version in known.firmware
    assert identity.tusn.startswith(known.tusn_prefix)
    assert identity.label_number == known.label_prefix + identity.tusn[-8:]
    assert {(each.name, each.holds, each.wipeable) for each in driver.memory_map()} == {
        (each.name, each.holds, each.wipeable) for each in profile.regions
    }
    assert {(each.slot, each.kind, each.survives_wipe) for each in driver.key_slots()} == {
        (each.slot, each.kind, each.survives_wipe) for each in profile.key_slots
    }
    assert {(each.name, each.kind) for each in driver.bindings()} == {
        (each.name, each.kind) for each in profile.bindings
    }


@pytest.mark.parametrize(("garbled", "baud"), [(0.0, None), (0.0, 9600), (0.1, None), (0.1, 115_200)])
def test_journal_parameters_and_unbinding(rig: Rig, garbled: float, baud: int | None) -> None:
    with joined(rig, garbled=garbled, baud=baud) as connected:
        driver = connected.driver
        journal = driver.open_journal()
        assert len(list(journal.transactions())) == journal.records == 300, "seed 17"
        assert journal.digest == journal.terminal_totals().digest
        reading = driver.read_parameters()
        assert reading.digest == reading.totals.digest
        assert not [name for name in reading.values if "password" in name]
        receipts = driver.open_receipts()
        assert receipts is not None
        assert {each.dropped for each in receipts.receipts()} <= {0, 1}, "the expiry date and nothing else"
        assert receipts.digest == receipts.terminal_totals().digest
        film = unbind_it(rig, connected)
        assert film[-1].what == "done"
        assert {each.state for each in driver.bindings()} == {BindingState.UNBOUND}


def test_i4_the_film_and_the_record_hold_no_secret(rig: Rig) -> None:
    facts = factory.facts_of(rig.model, rig.blueprint)
    film = unbind_it(rig, joined(rig))
    for text in (repr(film), repr(rig.recorded)):
        assert facts.password not in text
        assert facts.merchant_number not in text


def test_i6_a_wrong_password_costs_one_attempt(rig: Rig) -> None:
    connected = joined(rig)
    with pytest.raises(TerminalRefused) as caught:
        unbind_it(rig, connected, password="000000")
    assert caught.value.facts == {"attempts_left": 2}
    assert connected.driver.status().password_attempts_left == 2


def test_i6_two_wrong_passwords_do_not_become_three(rig: Rig) -> None:
    connected = joined(rig)
    codes = []
    for _ in range(4):
        with pytest.raises(AgentError) as caught:
            unbind_it(rig, connected, password="000000")
        codes.append(caught.value.code)
    assert codes == ["wrong-password"] * 2 + ["password-attempts-too-few"] * 2
    assert connected.driver.status().password_attempts_left == 1


def test_an_unsettled_batch(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "state", blueprint=Blueprint("haike-h60", 7, 40, 3))
    with pytest.raises(PreconditionNotMet) as caught:
        unbind_it(rig, joined(rig))
    assert caught.value.code == "unsettled-batch"
    rig.close()


def wipe_it(rig: Rig, connected: Connected) -> tuple[PreparedWipe, WipeStatus]:
    driver = connected.driver
    unbind_it(rig, connected)
    identity = driver.identity()
    prepared = driver.prepare_wipe(WipePlan(NONCE, Technique.BLOCK_ERASE, True, (1, 2, 3, 4)))
    target = WipeTarget(identity.tusn, identity.boot_count, NONCE)
    proof = UnbindingProof((), (), identity.tusn)
    leave = clear_for_wipe(Policy(waive_export_reason="test"), target, export=None, unbinding=proof, platform=None)
    driver.start_wipe(prepared, leave, target)
    while (progress := driver.next_wipe_progress(5.0)) is not None and progress.blocks_done < progress.blocks_total:
        assert progress.blocks_total == prepared.blocks
    return prepared, driver.wipe_status()


def test_i2_a_wipe_from_clearance_to_blank_memory(rig: Rig) -> None:
    connected = joined(rig)
    driver = connected.driver
    _, status = wipe_it(rig, connected)
    assert (status.state, status.nonce, status.keys_erased) == (WipeState.DONE, NONCE, True)
    region = next(each for each in driver.memory_map() if each.name == "parameters")
    assert driver.read_memory(region.region, 0, region.size) == b"\xff" * region.size


@pytest.mark.parametrize(("garbled", "baud"), [(0.0, None), (0.0, 9600), (0.05, 115_200)])
@pytest.mark.parametrize("fault", ["", "too-little-memory"])
def test_a_proof_of_erasure_on_good_and_bad_lines(tmp_path: Path, fault: str, garbled: float, baud: int | None) -> None:
    rig = Rig(tmp_path, *filter(None, [fault]))
    with joined(rig, garbled=garbled, baud=baud) as connected:
        wipe_it(rig, connected)
        driver = connected.driver
        regions = flash_regions(driver.memory_map())
        assert {each.region for each in regions} == set(driver.fillable_regions())
        filled: list[int] = []
        fill(driver, regions, NONCE, SEED, filled.append)
        assert sum(filled) == sum(each.size for each in regions)
        image = (tmp_path / "flash.img").read_bytes()
        for region in regions:
            sent = Expansion(SEED, region.region).take(region.size)
            kept = image[region.start : region.start + region.size]
            assert (kept == sent) is not (fault != "" and region.name == "journal")
        steady = AgentClock(steady=connected.driver._session.now)
        answers = ask(driver, regions, steady, bytes)
        right = [each.answer == expected_answer(SEED, each.region, each.size, each.key) for each in answers]
        assert right == [not fault, True, True, True]
        assert all(each.milliseconds < milliseconds_allowed(each.size) for each in answers)
        assert erase_again(driver, NONCE, steady, lambda _news: None, 600.0).state is WipeState.DONE
        assert [read_back(driver, each, "digest", os.urandom, lambda _count: None).blank for each in regions] == [
            True
        ] * 4
        assert bool(leaks(tmp_path, rig.blueprint)) is (fault != "")
    rig.close()
