"""A terminal and an agent's link joined in memory under a clock that the test turns, and a search for what is left."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from protocols.command import CommandSpec
from protocols.pmp import commands as c
from protocols.pmp import layouts
from protocols.pmp import messages as m
from protocols.pmp.facts import MessageKind, Refusal
from protocols.pmp.link import Link, LinkEvent, LinkOpened, LinkSettings, LinkState, MessageReceived, Role
from protocols.pmp.records import JOURNAL_RECORD
from protocols.terminal import Screen, WipeProgress, WipeStatus
from protocols.words import Key, Technique, WipeState
from simulators.board import factory
from simulators.board.lying import start_board
from simulators.board.model import BoardModel
from simulators.data.papers import card_number
from simulators.faults import LineFaults, parse_faults
from simulators.pmp.endpoint import Port
from simulators.pmp.lying import start_terminal
from simulators.state import Blueprint

SEED = 7
TRANSACTIONS = 40
NONCE = bytes(range(32))
FLASH_REGIONS = (1, 2, 3, 4)
STEP = 0.005
PATIENCE = 60.0


class PowerCut(Exception):
    """The simulated terminal lost its power."""


class Peer:
    """An agent's link on one port of a terminal.

    Args:
        rig: The terminal and the clock.
        port: The terminal's end.
        session: Number of the session.
        settings: What the agent is ready to do; the usual of TCP where None.
    """

    def __init__(self, rig: Rig, port: Port, session: int = 1, settings: LinkSettings | None = None) -> None:
        self.rig = rig
        self.port = port
        self.link = Link(Role.AGENT, settings or LinkSettings.for_line(None), session=session)
        self.link_events: list[LinkEvent] = []
        self.answers: list[tuple[c.Header, bytes]] = []
        self.events: list[Any] = []
        self._tag = 0

    def open(self) -> LinkOpened:
        """Shake hands."""
        self.link.start(self.rig.now)
        self.rig.turn_until(lambda: bool(self.link_events))
        opened = self.link_events.pop(0)
        assert isinstance(opened, LinkOpened)
        return opened

    def move(self) -> None:
        """Carry bytes both ways once."""
        if out := self.link.bytes_to_send():
            self.port.receive_bytes(out, self.rig.now)
        if back := self.port.bytes_to_send():
            self.link.receive_bytes(back, self.rig.now)
        self.link.handle_timeout(self.rig.now)
        self.port.handle_timeout(self.rig.now)
        while (event := self.link.next_event()) is not None:
            if not isinstance(event, MessageReceived):
                self.link_events.append(event)
                continue
            header, body = c.split_message(event.data)
            if header.kind is MessageKind.EVENT:
                self.events.append(c.EVENTS[header.command].parse(body))
            else:
                self.answers.append((header, body))

    def send(self, message: bytes) -> None:
        """Send bytes as a message."""
        self.link.send_message(message, self.rig.now)

    def exchange(self, command: int, body: bytes) -> tuple[c.Header, bytes]:
        """Send a request's bytes and return its answer."""
        self._tag += 1
        self.send(c.build_message(c.Header(MessageKind.REQUEST, command, self._tag, 0), body))
        self.rig.turn_until(lambda: bool(self.answers))
        header, answer = self.answers.pop(0)
        assert header.command == command
        assert header.tag == self._tag
        return header, answer

    def ask(self, spec: CommandSpec[Any, Any], *request: Any) -> Any:
        """Send a request that is granted, and return its answer."""
        header, body = self.exchange(spec.id, spec.request.build(*(request or (m.Empty(),))))
        assert header.status == 0, Refusal(header.status)
        return spec.response.parse(body)

    def refusal(self, spec: CommandSpec[Any, Any], *request: Any) -> Refusal:
        """Send a request that is refused, and return why."""
        header, body = self.exchange(spec.id, spec.request.build(*(request or (m.Empty(),))))
        layouts.REFUSAL.parse(body)
        refusal = Refusal(header.status)
        assert refusal in spec.refusals or refusal in (Refusal.BAD_REQUEST, Refusal.BUSY), refusal
        return refusal

    # ------------------------------------------------------------------ what tests do often
    @property
    def screen(self) -> Screen:
        """What the display shows."""
        return self.ask(c.SCREEN_READ)

    def press(self, *keys: Key) -> Screen:
        """Press keys together and return the screen that the terminal reports."""
        self.events.clear()
        assert self.ask(c.KEY_PRESS, m.KeyPress(self.screen.serial, keys)) == m.Empty()
        self.rig.turn_until(lambda: bool(self.events))
        screen = self.events.pop(0)
        assert isinstance(screen, Screen)
        return screen

    def type(self, text: str) -> Screen:
        """Press one digit after the other."""
        for digit in text:
            screen = self.press(Key(ord(digit)))
        return screen

    def go_to_unbinding(self) -> Screen:
        """Walk from the idle screen to where unbinding begins."""
        self.press(Key.F1, Key.F4)
        return self.type("4212")

    def unbind(self) -> Screen:
        """Unbind the terminal by its menu."""
        merchant = factory.seeded_merchant(self.rig.model, self.rig.blueprint.seed)
        self.go_to_unbinding()
        self.type(merchant.merchant_number)
        self.press(Key.CONFIRM)
        self.type(merchant.unbinding_password)
        self.press(Key.CONFIRM)
        self.press(Key.CONFIRM)
        self.type(merchant.unbinding_password)
        return self.press(Key.CONFIRM)

    def start_wipe(self, regions: tuple[int, ...] = FLASH_REGIONS, nonce: bytes = NONCE) -> m.WipePrepared:
        """Prepare and start a wipe."""
        prepared = self.ask(c.WIPE_PREPARE, wipe_request(regions, nonce))
        assert self.ask(c.WIPE_START, m.WipeStart(prepared.token)) == m.Empty()
        return prepared

    def wipe(self) -> WipeStatus:
        """Wipe everything and wait for the end."""
        self.start_wipe()
        self.rig.turn_until(lambda: any(isinstance(e, WipeProgress) and ended(e) for e in self.events))
        status = self.ask(c.WIPE_STATUS)
        assert status.state is WipeState.DONE
        return status

    def read_dataset(self, opened: m.DatasetOpened, piece: int = 65_536) -> bytes:
        """Read a whole dataset."""
        pieces = [
            self.ask(c.DATASET_READ, m.DatasetRead(opened.handle, at, piece)) for at in range(0, opened.size, piece)
        ]
        assert [each.offset for each in pieces] == list(range(0, opened.size, piece))
        return b"".join(each.data for each in pieces)


class Rig:
    """A simulated terminal in a folder, without any line.

    Args:
        folder: Its state folder; a terminal that is there already is started again.
        faults: As ``--fault`` takes them.
        blueprint: What to make it from.
        block_seconds: Time to erase a block.
        options: What the model is set up with.
    """

    def __init__(
        self,
        folder: Path,
        *faults: str,
        blueprint: Blueprint | None = None,
        block_seconds: float = 0.002,
        options: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.blueprint = blueprint or Blueprint("haike-h60", SEED, TRANSACTIONS, 0)
        self.model = model_of(self.blueprint)
        if not (folder / "flash.img").exists():
            folder.mkdir(parents=True, exist_ok=True)
            factory.build(self.model, folder, self.blueprint)
        self.now = 1000.0
        self.recorded: list[tuple[str, dict[str, Any]]] = []
        self.faults = parse_faults(faults)
        self.device = start_board(
            self.model, folder, self.blueprint, self.faults, block_seconds, self._record, _cut, options or {}
        )
        self.device.boot()
        self.terminal = start_terminal(self.device, self._record, self.faults)
        self.peers: list[Peer] = []

    def connect(self, settings: LinkSettings | None = None) -> Peer:
        """Join an agent to a port of its own; hands are shaken."""
        peer = self.join(settings)
        peer.open()
        return peer

    def join(self, settings: LinkSettings | None = None) -> Peer:
        """Join an agent, ready to do so much, to a port of its own."""
        port = self.terminal.open_port(LinkSettings.for_line(None), LineFaults(self.faults, self.blueprint.seed))
        self.peers.append(Peer(self, port, session=len(self.peers) + 1, settings=settings))
        return self.peers[-1]

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self._step()

    def turn_until(self, done: Callable[[], bool]) -> None:
        """Let time pass until something happened."""
        end = self.now + PATIENCE
        while not done():
            assert self.now < end, "it never happened"
            self._step()

    def close(self) -> None:
        """Switch the terminal off."""
        self.device.close()

    def commands(self, name: str) -> int:
        """Count the commands of a name that the terminal recorded as granted."""
        wanted = {"command": name, "answer": "OK"}
        return sum(event == "command" and facts == wanted for event, facts in self.recorded)

    def _step(self) -> None:
        self.now += STEP
        self.terminal.handle_timeout(self.now)
        for peer in self.peers:
            if peer.link.state is not LinkState.IDLE:
                peer.move()

    def _record(self, event: str, **facts: Any) -> None:
        self.recorded.append((event, facts))


def model_of(blueprint: Blueprint) -> BoardModel:
    """Load the tables of a blueprint's model."""
    module = importlib.import_module(f"simulators.{blueprint.model.replace('-', '_')}.tables")
    model = module.MODEL
    assert isinstance(model, BoardModel)
    return model


def _cut() -> None:
    raise PowerCut


def wipe_request(regions: tuple[int, ...] = FLASH_REGIONS, nonce: bytes = NONCE) -> m.WipePrepare:
    """Ask for a wipe of keys and regions."""
    return m.WipePrepare(nonce, Technique.BLOCK_ERASE, True, tuple(m.RegionNumber(each) for each in regions))


def ended(progress: WipeProgress) -> bool:
    """Tell whether this is the last report of a wipe."""
    return progress.blocks_done == progress.blocks_total


def secrets_of(blueprint: Blueprint) -> Iterator[str]:
    """Yield everything of a seed that no wipe may leave behind, as text."""
    model = model_of(blueprint)
    for merchant in (factory.seeded_merchant(model, blueprint.seed), factory.former_merchant(model, blueprint.seed)):
        yield from merchant.secrets
    for packed in factory.seeded_journal(blueprint):
        record = JOURNAL_RECORD.parse(packed)
        yield record.reference.decode("ascii")
        if number := card_number(record):
            yield number


def secret_bytes_of(blueprint: Blueprint) -> Iterator[bytes]:
    """Yield everything of a seed that no wipe may leave behind, as it is packed in memory."""
    for _, key in factory.seeded_keys(model_of(blueprint), blueprint.seed).values():
        yield key
        yield key.hex().encode("ascii")
    for packed in factory.seeded_journal(blueprint):
        yield packed[4:64]


def forms(secret: str) -> set[bytes]:
    """Return the forms in which a secret could stand in memory: text in several encodings, BCD in both alignments."""
    found = {secret.encode("gb18030"), secret.encode("utf-8"), secret.encode("utf-16-le")}
    if secret.isdigit():
        padded = secret + "F" * (len(secret) % 2)
        # Where a digit shares its byte with a neighbour nobody knows, only the bytes in between can be searched for.
        inner = secret[1 : 1 + (len(secret) - 1) // 2 * 2]
        found |= {bytes.fromhex(padded), bytes.fromhex("0" * (len(secret) % 2) + secret), bytes.fromhex(inner)}
    return {form for form in found if len(form) >= 3}


def leaks(folder: Path, blueprint: Blueprint, *, but: frozenset[str] = frozenset({"identity.pem"})) -> list[str]:
    """Search a state folder for everything of a seed.

    Args:
        folder: The state folder.
        blueprint: What its terminal was made from.
        but: Files that are left out.

    Returns:
        File and form of each find, empty where nothing is left.
    """
    wanted = {form for secret in set(secrets_of(blueprint)) for form in forms(secret)} | set(secret_bytes_of(blueprint))
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in but:
            content = path.read_bytes()
            found += [f"{path.name}: {form.hex()}" for form in wanted if form in content]
    return found
