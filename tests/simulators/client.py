"""A small agent on a real descriptor, for the tests of lines and of the server: blocking, one request at a time."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from protocols.command import CommandSpec
from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import MessageKind
from protocols.pmp.link import Link, LinkClosed, LinkOpened, LinkSettings, MessageReceived, Role
from simulators.server import Simulation

PATIENCE = 30.0


class Client:
    """An agent's link on a descriptor.

    Args:
        descriptor: Of a connected socket or an open serial port; closed with the client.
        session: Number of the session.
    """

    def __init__(self, descriptor: int, session: int = 1) -> None:
        self._descriptor = descriptor
        self._link = Link(Role.AGENT, LinkSettings.for_line(None), session=session)
        self._tag = 0
        self.events: list[Any] = []
        self.opened = LinkOpened(session, self._link.settings, 0)
        os.set_blocking(descriptor, False)

    @classmethod
    def tcp(cls, target: str, session: int = 1) -> Client:
        """Connect to a ``tcp://`` target; hands are shaken."""
        host, _, port = target.removeprefix("tcp://").rpartition(":")
        client = cls(socket.create_connection((host.strip("[]"), int(port))).detach(), session)
        client.open()
        return client

    @classmethod
    def serial(cls, target: str, session: int = 1) -> Client:
        """Open a ``serial:`` target; hands are shaken."""
        descriptor = os.open(target.removeprefix("serial:"), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(descriptor)
        client = cls(descriptor, session)
        client.open()
        return client

    def open(self) -> None:
        """Shake hands."""
        self._link.start(time.monotonic())
        event = self._next()
        assert isinstance(event, LinkOpened), event
        self.opened = event

    def ask(self, spec: CommandSpec[Any, Any], *request: Any) -> Any:
        """Send a request that is granted, and return its answer."""
        self._tag += 1
        header = c.Header(MessageKind.REQUEST, spec.id, self._tag, 0)
        body = spec.request.build(*(request or (m.Empty(),)))
        self._link.send_message(c.build_message(header, body), time.monotonic())
        while True:
            event = self._next()
            assert isinstance(event, MessageReceived), event
            answer, data = c.split_message(event.data)
            if answer.kind is MessageKind.EVENT:
                self.events.append(c.EVENTS[answer.command].parse(data))
                continue
            assert (answer.tag, answer.status) == (self._tag, 0), answer
            return spec.response.parse(data)

    def leave_behind(self, spec: CommandSpec[Any, Any], request: Any) -> None:
        """Send a request and close the line without reading its answer."""
        header = c.Header(MessageKind.REQUEST, spec.id, self._tag + 1, 0)
        self._link.send_message(c.build_message(header, spec.request.build(request)), time.monotonic())
        os.write(self._descriptor, self._link.bytes_to_send())
        select.select([self._descriptor], [], [], PATIENCE)
        self.close()

    def wait_for_end(self) -> LinkClosed | None:
        """Wait until the terminal ends the session; None where it closed the line itself."""
        try:
            event = self._next()
        except EOFError:
            return None
        assert isinstance(event, LinkClosed), event
        return event

    def close(self) -> None:
        """Close the line without a word, as a killed agent does."""
        os.close(self._descriptor)

    def _next(self) -> Any:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if (event := self._link.next_event()) is not None:
                return event
            out = self._link.bytes_to_send()
            while out:
                select.select([], [self._descriptor], [], PATIENCE)
                out = out[os.write(self._descriptor, out) :]
            deadline = self._link.next_deadline()
            wait = 0.5 if deadline is None else max(0.0, min(0.5, deadline - time.monotonic()))
            if select.select([self._descriptor], [], [], wait)[0]:
                data = os.read(self._descriptor, 262_144)
                if not data:
                    raise EOFError
                self._link.receive_bytes(data, time.monotonic())
            self._link.handle_timeout(time.monotonic())
        raise AssertionError("the terminal said nothing")


@contextmanager
def served(simulation: Simulation) -> Iterator[Simulation]:
    """Serve a simulated terminal in a thread while the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=simulation.run, args=(stop.is_set,))
    thread.start()
    try:
        yield simulation
    finally:
        stop.set()
        thread.join()
        simulation.close()
