"""The loop that serves simulated terminals: the only place in the simulators where real time passes.

One selector moves the bytes of all lines of all terminals in the process; every machine behind it gets the time from
here and says when it wants to be called again.
"""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from cryptography import x509

from protocols.pmp.channel import OpenChannel
from protocols.pmp.link import LinkSettings
from simulators.cable.pty_end import PtyEnd
from simulators.catalog import Model, find_model
from simulators.errors import SimulationError
from simulators.faults import Fault, Faults, LineFaults, parse_faults
from simulators.hardware.identity import revocation_list
from simulators.lines.line import Callback, Line
from simulators.lines.listening import parse_address
from simulators.lines.pty import PtyLine
from simulators.lines.tcp import TcpLine
from simulators.lines.uart import UartLine
from simulators.options import DATASETS, LINE_OPTIONS, parse_options
from simulators.panel import Panel
from simulators.pmp.device import Device
from simulators.pmp.endpoint import Port
from simulators.pmp.lying import start_terminal
from simulators.pmp.tls import read_agents, tls_opener
from simulators.power import Power
from simulators.record import RECORD_FILE, Record
from simulators.state import StateFolder, Wanted

STOP_POLL = 0.2
POWER_CUT_EXIT = 137
DEFAULT_LISTEN = "127.0.0.1:0"
TRUST_FOLDER = "trust"


@dataclass(frozen=True)
class SimulationOptions:
    """What to simulate.

    Args:
        model: Name of the model.
        listen: ``HOST:PORT`` to listen on, port 0 for a free one; None for no TCP.
        pty: Where to make the symbolic link to a pseudo-terminal; None for none. Without either, a free local TCP
            port is used.
        state: The state folder.
        seed: Gives all content of a new terminal. None: that of the state, or 1.
        transactions: Live transactions in a new journal, at most 1,000,000. None: those of the state, or 300.
        unsettled: How many of the last of them are not settled. None: those of the state, or none.
        faults: As ``--fault`` takes them.
        options: How the model is set up, each ``name=value``.
        panel: ``HOST:PORT`` of the front panel, port 0 for a free one; None for none.
        block_seconds: Time to erase one block of flash.
        agents: Folder with certificates of the agents that are served, on private links alone; None: all agents are.
        film: A film to play in the place of a model's menu; the model is then the film's.
        baud: Bits per second of the terminal's serial port, which is then paced like a real one; None for a
            pseudo-terminal that is as fast as it can be and knows no speed.
        highest_baud: Most that the port can be raised to; None for ``baud``.
    """

    model: str
    listen: str | None
    pty: str | None
    state: Path
    seed: int | None = None
    transactions: int | None = None
    unsettled: int | None = None
    faults: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    panel: str | None = None
    block_seconds: float = 0.002
    film: Path | None = None
    agents: Path | None = None
    baud: int | None = None
    highest_baud: int | None = None


class Simulation:
    """One simulated terminal on its lines.

    Args:
        options: What to simulate.

    Raises:
        SimulationError: It cannot be started as asked; nothing is left open.
    """

    def __init__(self, options: SimulationOptions) -> None:
        model, name, kept = _model(options)
        faults = parse_faults(options.faults)
        agents = () if options.agents is None else read_agents(options.agents)
        chosen = parse_options(options.options, {**model.options, **LINE_OPTIONS})
        address = None if options.listen is None else parse_address(options.listen)
        if address is None and options.pty is None:
            address = parse_address(DEFAULT_LISTEN)
        if (options.baud is None or options.pty is None) and (options.baud, options.highest_baud) != (None, None):
            raise SimulationError("speed-needs-pty")
        panel = None if options.panel is None else parse_address(options.panel)
        self._closers: list[Callable[[], None]] = []
        try:
            folder = StateFolder(options.state)
            self._closers.append(folder.close)
            blueprint = folder.blueprint()
            wanted = Wanted(kept, options.seed, options.transactions, options.unsettled)
            if blueprint is None:
                blueprint = wanted.blueprint()
                blueprint.check()
                _write(lambda: model.build(folder.path, blueprint), folder)
                folder.finish(blueprint)
            elif (other := wanted.contradicts(blueprint)) is not None:
                raise SimulationError("state-mismatch", option=other, kept=getattr(blueprint, other))
            facts = model.facts(blueprint)
            trust = folder.path / TRUST_FOLDER
            _write(lambda: _put_root(trust / "makers" / f"{model.maker}.pem", facts.maker_root), folder)
            record = Record(folder.path / RECORD_FILE)
            self._closers.append(record.close)
            own = {name: value for name, value in chosen.items() if name not in LINE_OPTIONS}
            device = model.start(folder.path, blueprint, faults, options.block_seconds, record.add, _cut_power, own)
            self._closers.append(device.close)
            device.boot()
            revoked = [device.channel_identity().certificate] if Fault.TLS_REVOKED in faults else []
            revocations = trust / "makers" / f"{model.maker}.crl"
            _write(lambda: _put_revocations(revocations, facts.maker, revoked), folder)
            # A firmware that has no better way for its data than YMODEM has no TLS either, unless it is asked for.
            channel = _channel(device, faults, agents) if agents or chosen[DATASETS] == "pmp" else None
            self.terminal = start_terminal(device, record.add, faults, Power(faults, _cut_power))
            self.lines = self._open_lines(
                lambda settings: self.terminal.open_port(
                    settings,
                    LineFaults(faults, blueprint.seed),
                    channel,
                    private_only=bool(agents),
                    datasets=chosen[DATASETS],
                ),
                address,
                options,
            )
            self.panels = [] if panel is None else [Panel(self.terminal, *panel)]
            self._closers += [each.close for each in self.panels]
        except BaseException:
            self.close()
            raise
        targets = [line.target for line in self.lines]
        self.announce: dict[str, Any] = {
            "target": targets[0],
            **({"targets": targets} if len(targets) > 1 else {}),
            **({"panel": self.panels[0].target} if self.panels else {}),
            **({"baud": options.baud} if options.baud is not None else {}),
            "model": name,
            "tusn": facts.tusn,
            "merchant_number": facts.merchant_number,
            "terminal_number": facts.terminal_number,
            "password": facts.password,
            **facts.answers,
            "trust": str(trust.absolute()),
            "state": str(folder.path.absolute()),
            "faults": list(faults.names),
            "options": chosen,
            "test_data": True,
        }
        """What the line of ``simulate --json`` says."""

    def run(self, stop: Callable[[], bool]) -> None:
        """Serve until ``stop`` says so, which is asked a few times a second."""
        serve([self], stop)

    def close(self) -> None:
        """Let go of lines and files; twice is once."""
        while self._closers:
            self._closers.pop()()

    def _open_lines(
        self, port: Callable[[LinkSettings], Port], address: tuple[str, int] | None, options: SimulationOptions
    ) -> list[Line]:
        lines: list[Line] = []
        if address is not None:
            lines.append(TcpLine(port(LinkSettings.for_line(None, escaped=True)), *address))
            self._closers.append(lines[-1].close)
        if options.pty is not None:
            path, baud = Path(options.pty), options.baud
            settings = LinkSettings.for_line(baud, highest_baud=options.highest_baud or 0, escaped=True)
            end = port(settings)
            lines.append(PtyLine(end, path) if baud is None else UartLine(end, PtyEnd(path, baud), baud))
            self._closers.append(lines[-1].close)
        return lines


def serve(simulations: Sequence[Simulation], stop: Callable[[], bool]) -> None:
    """Serve several terminals in one thread until ``stop`` says so.

    Args:
        simulations: The terminals.
        stop: Asked a few times a second.
    """
    lines: list[Line] = [line for simulation in simulations for line in (*simulation.lines, *simulation.panels)]
    clocked: list[Clocked] = [*(simulation.terminal for simulation in simulations), *lines]
    with selectors.DefaultSelector() as selector:
        try:
            for line in lines:
                line.attach(selector, time.monotonic())
            while not stop():
                _turn(selector, clocked, lines)
        finally:
            for line in lines:
                line.close()


class Clocked(Protocol):
    """Whatever wants to be called at a time."""

    def next_deadline(self) -> float | None:
        """Return when, or None."""

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""


def _turn(selector: selectors.BaseSelector, clocked: Sequence[Clocked], lines: Sequence[Line]) -> None:
    """Do what is due, send what there is to send, then wait for bytes or for the next deadline."""
    now = time.monotonic()
    for each in clocked:
        deadline = each.next_deadline()
        if deadline is not None and now >= deadline:
            each.handle_timeout(now)
    for line in lines:
        line.flush(now)
    deadlines = [each.next_deadline() for each in clocked]
    due = min((each for each in deadlines if each is not None), default=now + STOP_POLL)
    for key, events in selector.select(max(0.0, min(due - time.monotonic(), STOP_POLL))):
        cast(Callback, key.data)(events, time.monotonic())


def _model(options: SimulationOptions) -> tuple[Model, str, str]:
    """Find what is to be simulated: the model, its name, and the name that the state folder keeps."""
    if options.film is None:
        return find_model(options.model), options.model, options.model
    from simulators.film.model import film_model, kept_name
    from simulators.film.reader import read_script

    script = read_script(options.film)
    return film_model(script, options.film), script.model, kept_name(script)


def _write(action: Callable[[], None], folder: StateFolder) -> None:
    try:
        action()
    except OSError as fault:
        raise SimulationError("state-unusable", path=str(folder.path), why=str(fault.strerror)) from None


def _channel(device: Device, faults: Faults, agents: Sequence[x509.Certificate]) -> OpenChannel | None:
    """Return what makes the terminal's private channels, with the faults that it has."""
    if Fault.TLS_NONE in faults:
        return None
    return tls_opener(device.channel_identity(), agents, cut_after=faults.number(Fault.TLS_TRUNCATED))


def _put_revocations(path: Path, maker: str, revoked: Sequence[x509.Certificate]) -> None:
    path.unlink(missing_ok=True)
    if revoked:
        path.write_bytes(revocation_list(maker, *revoked))


def _put_root(path: Path, root: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(root)


def _cut_power() -> None:
    os._exit(POWER_CUT_EXIT)
