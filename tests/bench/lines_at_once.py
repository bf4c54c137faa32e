"""Two programs for the measurement of many lines: terminals on paced lines, and an agent that reads all of them.

``python -m tests.bench.lines_at_once terminals --count 64 --baud 115200 --bytes 80000`` makes PTYs, prints their names
as one JSON line and plays a terminal on each, which sends so many bytes. A PTY itself carries whatever it is given at
once; here each direction gets as many bytes a tick as a line of this speed would carry. ``--baud 0`` listens on TCP.
``owner`` opens the targets that it reads on stdin, and prints what it measured as JSON.
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
import threading
import time
import tty
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.004
AHEAD_SECONDS = 0.04
BITS = 10
MESSAGE = 16_384
CHUNK = 65_536
END = b"end"


@dataclass
class Terminal:
    """One terminal: a link and the end of a line that it is on."""

    descriptor: int
    baud: int
    size: int
    keep: int = -1
    out: bytearray = field(default_factory=bytearray)
    left: float = 0.0

    def __post_init__(self) -> None:
        from protocols.pmp.link import Link, LinkSettings, Role

        os.set_blocking(self.descriptor, False)
        self.link = Link(Role.TERMINAL, LinkSettings.for_line(self.baud or None), boot_id=7)
        self.data = random.Random(self.descriptor).randbytes(MESSAGE)

    def work(self, now: float) -> None:
        """Send the next message where the one before is nearly gone."""
        from protocols.pmp.lanes import Lane
        from protocols.pmp.link import LinkOpened, MessageReceived

        self.link.handle_timeout(now)
        while (event := self.link.next_event()) is not None:
            if isinstance(event, LinkOpened):
                for at in range(0, self.size, MESSAGE):
                    self.link.send_message(self.data[: self.size - at], now, Lane.BULK)
            elif isinstance(event, MessageReceived) and event.data == END:
                self.link.send_message(END, now)

    def receive(self, now: float, room: int) -> bool:
        """Take bytes off the line; False where the other side is gone."""
        try:
            data = os.read(self.descriptor, room)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.link.receive_bytes(data, now)
        return bool(data)

    def send(self, room: int) -> bool:
        """Put bytes on the line; False where it took less than it was given."""
        if len(self.out) < room:
            self.out += self.link.bytes_to_send(max(1, room - len(self.out)))
        if not self.out:
            return True
        try:
            taken = os.write(self.descriptor, self.out[:room])
        except OSError:
            return False
        del self.out[:taken]
        return taken >= room


def paced_terminals(count: int, baud: int, size: int) -> None:
    """Play terminals on PTYs until stdin ends."""
    terminals, names = [], []
    for _ in range(count):
        master, slave = os.openpty()
        tty.setraw(slave)
        names.append(os.ttyname(slave))
        terminals.append(Terminal(master, baud, size, slave))
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
                terminal.work(now)
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
                terminal = Terminal(connection.fileno(), 0, size)
                selector.register(connection, selectors.EVENT_READ, terminal)
                continue
            terminal = key.data
            if not terminal.receive(now, CHUNK):
                selector.unregister(key.fileobj)
                continue
            terminal.work(now)
            full = all(terminal.send(CHUNK) for _ in range(4)) or bool(terminal.out)
            selector.modify(key.fileobj, selectors.EVENT_READ | selectors.EVENT_WRITE * full, terminal)


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def own(targets: list[str], size: int, *, loop: bool, uploads: bool) -> dict[str, object]:
    """Read all lines at once, each in a thread of its own, and return what it cost."""
    from agent.pump import Pump
    from agent.pump_loop import PumpLoop
    from agent.transport.base import Transport, open_transport
    from protocols.errors import LinkLost
    from protocols.pmp.lanes import Lane
    from protocols.pmp.link import Link, LinkEvent, LinkOpened, LinkSettings, MessageReceived, Role

    open_transport(targets[0]).close()  # whatever is imported with the first line is no line's own
    before = resident()
    started = threading.Barrier(len(targets) + 1)
    seconds: list[float] = []
    lost: list[str] = []

    def read(transport: Transport, keeper: PumpLoop | None) -> None:
        link = Link(Role.AGENT, LinkSettings.for_line(transport.baud), session=9)
        pump: Pump[LinkEvent] = Pump(transport, link, keeper=keeper)
        digest, got, opened = hashlib.sha256(), 0, 0.0
        started.wait()
        link.start(time.monotonic())
        try:
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
                    lost.append(f"{transport.description}: {event} after {got} bytes")
                    return
            seconds.append(time.monotonic() - opened)
            link.close()
            pump.flush()
        except LinkLost as fault:
            lost.append(f"{transport.description}: {fault}")
        finally:
            transport.close()

    peak = 0
    with PumpLoop() as keeper:
        threads = [
            threading.Thread(target=read, args=(open_transport(target), keeper if loop else None)) for target in targets
        ]
        for thread in threads:
            thread.start()
        cpu, begun = time.process_time(), time.monotonic()
        started.wait()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.5)
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
    parser.add_argument("--loop", action="store_true")
    parser.add_argument("--uploads", action="store_true")
    chosen = parser.parse_args()
    if chosen.role == "owner":
        print(json.dumps(own(json.loads(sys.stdin.readline()), chosen.bytes, loop=chosen.loop, uploads=chosen.uploads)))
    elif chosen.baud:
        paced_terminals(chosen.count, chosen.baud, chosen.bytes)
    else:
        tcp_terminals(chosen.count, chosen.bytes)


if __name__ == "__main__":
    main()
