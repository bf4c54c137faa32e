"""Somebody who listens: a line in the middle that carries every byte as it is, and keeps it."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import tty
from pathlib import Path

from protocols.pmp.escape import Unescaper
from protocols.pmp.handshake import ACCEPT, Capability
from protocols.pmp.wire import FrameKind, FrameScanner

READ_BYTES = 65_536


class Wiretap:
    """Carries bytes between whoever opens ``target`` and a terminal, until it is closed.

    Args:
        terminal: ``tcp://HOST:PORT`` or ``serial:PATH`` of the terminal.
        folder: Where the other end is made, where it is a pseudo-terminal.
    """

    def __init__(self, terminal: str, folder: Path) -> None:
        self.kept = {"agent": bytearray(), "terminal": bytearray()}
        self._stop = threading.Event()
        self._open: list[int] = []
        self._server: socket.socket | None = None
        if terminal.startswith("tcp://"):
            host, _, port = terminal.removeprefix("tcp://").rpartition(":")
            self._far_address = (host, int(port))
            self._server = socket.create_server(("127.0.0.1", 0))
            self.target = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        else:
            near, slave = os.openpty()
            tty.setraw(slave)
            far = os.open(terminal.removeprefix("serial:"), os.O_RDWR | os.O_NOCTTY)
            tty.setraw(far)
            self._open = [near, slave, far]  # our own hold on the slave keeps the line up between two commands
            link = folder / "tapped"
            link.symlink_to(os.ttyname(slave))
            self.target = f"serial:{link}"
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        if self._server is None:
            near, _, far = self._open
            self._carry(near, far)
            return
        self._server.settimeout(0.1)
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                agent, _ = self._server.accept()
                with agent, socket.create_connection(self._far_address) as terminal:
                    self._carry(agent.fileno(), terminal.fileno())

    def _carry(self, near: int, far: int) -> None:
        ways = {near: (far, self.kept["agent"]), far: (near, self.kept["terminal"])}
        while not self._stop.is_set():
            for source in select.select(list(ways), [], [], 0.1)[0]:
                target, kept = ways[source]
                try:
                    data = os.read(source, READ_BYTES)
                except OSError:
                    data = b""
                if not data:
                    return
                kept += data
                while data:
                    data = data[os.write(target, data) :]

    def close(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join(20)
        for each in self._open:
            os.close(each)
        if self._server is not None:
            self._server.close()

    def streams(self) -> list[bytes]:
        """Return what the DATA frames of each session carried, in each direction, in order and once."""
        found = []
        for side, kept in self.kept.items():
            frames = FrameScanner().feed(self._plain(side, bytes(kept)))
            carried: dict[int, list[bytes]] = {}
            for frame in frames:
                if frame.kind is FrameKind.DATA:
                    told = carried.setdefault(frame.session, [])
                    # This line loses nothing: what is not next was said before, its acknowledgement being late.
                    if frame.sequence == len(told) % 65_536:
                        told.append(frame.payload)
            found += [b"".join(each) for each in carried.values()]
        return found

    def _plain(self, side: str, data: bytes) -> bytes:
        accepts = [f for f in FrameScanner().feed(bytes(self.kept["terminal"])) if f.kind is FrameKind.ACCEPT]
        escaped = any(Capability.ESCAPED in Capability(ACCEPT.parse(each.payload).capabilities) for each in accepts)
        return Unescaper().feed(data) if escaped else data
