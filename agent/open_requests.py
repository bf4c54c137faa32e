"""Requests to a pmp terminal that are open, by their tags, and how an answer is read."""

from __future__ import annotations

from collections import deque
from typing import TypeVar

from protocols.command import CommandSpec
from protocols.errors import DeviceRefused, RemoteProtocolError
from protocols.pmp import layouts
from protocols.pmp.commands import Header
from protocols.pmp.facts import ALWAYS_POSSIBLE, Refusal
from protocols.wire import Layout

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

MAX_ABANDONED = 64
LAST_TAG = 0xFFFF


class OpenRequests:
    """Which requests wait for an answer, which answers wait to be read, and which nobody wants any more."""

    def __init__(self) -> None:
        self._tag = 0
        self._answers: dict[int, tuple[Header, bytes] | None] = {}
        self._abandoned: deque[int] = deque(maxlen=MAX_ABANDONED)

    def open(self) -> int:
        """Return the tag of one more request, 1 to 65,535."""
        while True:
            self._tag = self._tag % LAST_TAG + 1
            if self._tag not in self._answers and self._tag not in self._abandoned:
                self._answers[self._tag] = None
                return self._tag

    def take(self, header: Header, body: bytes) -> None:
        """Keep an answer for whoever waits for it; a late one that nobody waits for any more is dropped.

        Raises:
            RemoteProtocolError: It answers no request that is open.
        """
        if header.tag in self._answers and self._answers[header.tag] is None:
            self._answers[header.tag] = (header, body)
        elif header.tag in self._abandoned:
            self._abandoned.remove(header.tag)
        else:
            raise RemoteProtocolError("answer to a request that is not open")

    def answer(self, tag: int) -> tuple[Header, bytes] | None:
        """Return the answer to a request, and close it; None where there is none yet."""
        answer = self._answers.get(tag)
        if answer is not None:
            del self._answers[tag]
        return answer

    def abandon(self, tag: int) -> None:
        """Want no answer any more; closing what is closed changes nothing."""
        if tag in self._answers and self._answers.pop(tag) is None:
            self._abandoned.append(tag)


def read_answer(spec: CommandSpec[RequestT, ResponseT], header: Header, body: bytes) -> ResponseT:
    """Read what a command was answered.

    Args:
        spec: The command.
        header: Of the answer.
        body: Of the answer.

    Raises:
        DeviceRefused: The terminal refused.
        RemoteProtocolError: The answer breaks the protocol.
    """
    if header.command != spec.id:
        raise RemoteProtocolError(f"{spec.name}: the answer names another command")
    if header.status == 0:
        return without_excerpt(spec.response, body)
    if header.status not in spec.refusals | ALWAYS_POSSIBLE:
        raise RemoteProtocolError(f"{spec.name}: refused with code {header.status}, which it cannot be refused with")
    without_excerpt(layouts.REFUSAL, body)  # checked, and then dropped: a terminal may repeat what it was asked
    raise DeviceRefused(spec.name, header.status, Refusal(header.status).name)


def without_excerpt(layout: Layout[ResponseT], body: bytes) -> ResponseT:
    """Parse a body, and let no bytes of it travel in the error (I4)."""
    try:
        return layout.parse(body)
    except RemoteProtocolError as fault:
        raise RemoteProtocolError(fault.reason, offset=fault.offset) from None
