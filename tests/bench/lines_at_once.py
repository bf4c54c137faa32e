"""Two programs for the measurement of many lines: terminals on paced lines, and an agent that serves all of them.

``python -m tests.bench.lines_at_once terminals --count 64 --baud 115200 --bytes 80000`` makes PTYs, prints their
targets as one JSON line and plays a terminal on each, which sends so many bytes. A PTY itself carries whatever it is
given at once; here each direction gets as many bytes a tick as a line of this speed would carry. ``--baud 0`` listens
on TCP; ``--transactions`` simulates a whole terminal with a journal. ``owner`` opens the targets that it reads on
stdin, and prints what it measured as JSON; with ``--exports`` it makes a whole export of each terminal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import selectors
import socket
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyrage import x25519

from agent.connect import connect_over
from agent.export.verify import verify_export
from agent.export.writer import write_export
from agent.pump import Pump
from agent.pump_loop import PumpLoop
from agent.transport.base import Transport, open_transport
from agent.transport.target import parse_target
from protocols.errors import LinkLost
from protocols.pmp.link import Lane, Link, LinkEvent, LinkOpened, LinkSettings, MessageReceived, Role
from simulators.faults import LineFaults
from simulators.state import Blueprint
from tests.agent.export.fake_driver import DETAILS
from tests.simulators.rig import Rig

TICK = 0.004
AHEAD_SECONDS = 0.04
BITS = 10
MESSAGE = 16_384
CHUNK = 65_536
END = b"end"
SPREAD_SECONDS = 4.0


class TerminalEnd(Protocol):
    """As much of a machine as a terminal here needs."""

    def receive_bytes(self, data: bytes, now: float) -> None: ...

    def bytes_to_send(self, limit: int | None = None) -> bytes: ...

    def handle_timeout(self, now: float) -> None: ...


class Flood:
    """A link that sends so many bytes when it is opened, and says END where it is told END.

    Args:
        baud: Bits per second, or 0 for TCP.
        size: How many bytes.
    """

    def __init__(self, baud: int, size: int) -> None:
        self._link = Link(Role.TERMINAL, LinkSettings.for_line(baud or None), boot_id=7)
        self._size = size
        self._data = random.Random(size).randbytes(MESSAGE)
        self.receive_bytes = self._link.receive_bytes
        self.bytes_to_send = self._link.bytes_to_send

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        self._link.handle_timeout(now)
        while (event := self._link.next_event()) is not None:
            if isinstance(event, LinkOpened):
                for at in range(0, self._size, MESSAGE):
                    self._link.send_message(self._data[: self._size - at], now, Lane.BULK)
            elif isinstance(event, MessageReceived) and event.data == END:
                self._link.send_message(END, now)


@dataclass
class Terminal:
    """One terminal: a machine and the end of a line that it is on."""

    descriptor: int
    machine: TerminalEnd
    left: float = 0.0
    out: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        os.set_blocking(self.descriptor, False)

    def receive(self, now: float, room: int) -> bool:
        """Take bytes off the line; False where the other side is gone."""
        try:
            data = os.read(self.descriptor, room)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.machine.receive_bytes(data, now)
        return bool(data)

    def send(self, room: int) -> bool:
        """Put bytes on the line; False where it took less than it was given."""
        if len(self.out) < room:
            self.out += self.machine.bytes_to_send(max(1, room - len(self.out)))
        if not self.out:
            return True
        try:
            taken = os.write(self.descriptor, self.out[:room])
        except OSError:
            return False
        del self.out[:taken]
        return taken >= room


def simulated(count: int, baud: int, transactions: int, folder: Path) -> list[TerminalEnd]:
    """Return so many ports of one simulated terminal with a journal, which it reads out to each."""
    rig = Rig(folder, blueprint=Blueprint("haike-h60", 1, transactions, 0))
    settings = LinkSettings.for_line(baud)
    return [rig.terminal.open_port(settings, LineFaults(rig.faults, 1)) for _ in range(count)]


def paced_terminals(machines: list[TerminalEnd], baud: int) -> None:
    """Play terminals on PTYs until stdin ends."""
    count = len(machines)
    terminals, names = [], []
    for machine in machines:
        master, slave = os.openpty()
        tty.setraw(slave)
        names.append(os.ttyname(slave))
        terminals.append(Terminal(master, machine))
    print(json.dumps([f"serial:{name}?baud={baud}" for name in names]), flush=True)
    stop = threading.Event()

    def stop_when_told() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=stop_when_told, daemon=True).start()
    tick = TICK * max(1, count // 64)  # or this program cannot keep up
    before = time.monotonic()
    while not stop.is_set():
        now = time.monotonic()
        for terminal in terminals:
            terminal.left = min(terminal.left % 1 + (now - before) * baud / BITS, AHEAD_SECONDS * baud / BITS)
            room = int(terminal.left)
            if room:
                terminal.receive(now, room)
                terminal.machine.handle_timeout(now)
                terminal.send(room)
        before = now
        time.sleep(max(0.0, now + tick - time.monotonic()))


def tcp_terminals(count: int, size: int) -> None:
    """Play terminals on TCP until stdin ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=count)
    print(json.dumps([f"tcp://127.0.0.1:{listener.getsockname()[1]}"] * count), flush=True)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    selector.register(listener, selectors.EVENT_READ)
    connections = []
    while True:
        for key, _ in selector.select(0.2):
            now = time.monotonic()
            if key.fileobj is sys.stdin:
                return
            if key.fileobj is listener:
                connection, _ = listener.accept()
                connections.append(connection)
                terminal = Terminal(connection.fileno(), Flood(0, size))
                selector.register(connection, selectors.EVENT_READ, terminal)
                continue
            terminal = key.data
            if not terminal.receive(now, CHUNK):
                selector.unregister(key.fileobj)
                continue
            terminal.machine.handle_timeout(now)
            full = all(terminal.send(CHUNK) for _ in range(4)) or bool(terminal.out)
            selector.modify(key.fileobj, selectors.EVENT_READ | selectors.EVENT_WRITE * full, terminal)


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def take(transport: Transport, keeper: PumpLoop | None, size: int, uploads: bool, ready: Callable[[], object]) -> float:
    """Read so many bytes of a flood, or send as many; return the seconds that it took."""
    link = Link(Role.AGENT, LinkSettings.for_line(transport.baud), session=9)
    pump: Pump[LinkEvent] = Pump(transport, link, keeper=keeper)
    digest, got, opened = hashlib.sha256(), 0, 0.0
    ready()
    link.start(time.monotonic())
    while not opened or got < (len(END) if uploads else size):
        event = pump.wait(time.monotonic() + 20)
        if isinstance(event, LinkOpened):
            opened = time.monotonic()
            for at in range(0, size if uploads else 0, MESSAGE):
                link.send_message(bytes(min(MESSAGE, size - at)), opened, Lane.BULK)
            if uploads:
                link.send_message(END, opened, Lane.BULK)
        elif isinstance(event, MessageReceived):
            digest.update(event.data)
            got += len(event.data)
        else:
            raise LinkLost(f"{event} after {got} bytes")
    took = time.monotonic() - opened
    link.close()
    pump.flush()
    transport.close()
    return took


def export(
    transport: Transport, keeper: PumpLoop | None, folder: Path, ready: Callable[[], object], after: float
) -> float:
    """Do a whole export: read, hash, encrypt, write, sync, read back and check; return the seconds of its reading.

    It begins some seconds later: the simulated terminals share a processor, and would all pack their journals at once.
    """
    owner = x25519.Identity.generate()
    with connect_over(transport, keeper=keeper) as connected:
        ready()
        time.sleep(after)
        begun = time.monotonic()
        written = write_export(
            connected.driver, folder / "export.age", [str(owner.to_public())], DETAILS, lambda _done, _total: None
        )
        took = time.monotonic() - begun
        assert verify_export(written).records
    return took


def own(targets: list[str], size: int, *, loop: bool, uploads: bool, exports: bool) -> dict[str, object]:
    """Serve all lines at once, each in a thread of its own, and return what it cost."""
    open_transport(parse_target(targets[0])).close()  # whatever is imported with the first line is no line's own
    before = resident()
    started = threading.Barrier(len(targets) + 1)
    seconds: list[float] = []
    lost: list[str] = []

    def serve(transport: Transport, keeper: PumpLoop | None, folder: Path, after: float) -> None:
        folder.mkdir()
        try:
            if exports:
                seconds.append(export(transport, keeper, folder, started.wait, after))
            else:
                seconds.append(take(transport, keeper, size, uploads, started.wait))
        except Exception as fault:  # noqa: BLE001  told, and counted as a lost line
            lost.append(f"{transport.description}: {type(fault).__name__}: {fault}")

    peak = 0
    with PumpLoop() as keeper, tempfile.TemporaryDirectory() as temporary:
        threads = [
            threading.Thread(
                target=serve,
                args=(
                    open_transport(parse_target(target)),
                    keeper if loop else None,
                    Path(temporary) / str(number),
                    SPREAD_SECONDS * number / len(targets),
                ),
            )
            for number, target in enumerate(targets)
        ]
        for thread in threads:
            thread.start()
        started.wait(60)
        cpu, begun = time.process_time(), time.monotonic()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
            peak = max(peak, resident())
        cpu, took = time.process_time() - cpu, time.monotonic() - begun
    return {
        "seconds": sorted(seconds),
        "lost": lost,
        "cpu": cpu,
        "took": took,
        "memory": (peak - before) / len(targets),
    }


def main() -> None:
    """Run one of the two programs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["terminals", "owner"])
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--baud", type=int, default=115_200)
    parser.add_argument("--bytes", type=int, default=80_000)
    parser.add_argument("--transactions", type=int, default=0)
    parser.add_argument("--loop", action="store_true")
    parser.add_argument("--uploads", action="store_true")
    parser.add_argument("--exports", action="store_true")
    chosen = parser.parse_args()
    if chosen.role == "owner":
        targets = json.loads(sys.stdin.readline())
        options = {"loop": chosen.loop, "uploads": chosen.uploads, "exports": chosen.exports}
        print(json.dumps(own(targets, chosen.bytes, **options)))
    elif not chosen.baud:
        tcp_terminals(chosen.count, chosen.bytes)
    elif chosen.transactions:
        with tempfile.TemporaryDirectory() as folder:
            paced_terminals(simulated(chosen.count, chosen.baud, chosen.transactions, Path(folder)), chosen.baud)
    else:
        paced_terminals([Flood(chosen.baud, chosen.bytes) for _ in range(chosen.count)], chosen.baud)


if __name__ == "__main__":
    main()
