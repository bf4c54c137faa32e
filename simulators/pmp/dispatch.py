"""From a message to its answer: parse, find the handler, and turn whatever goes wrong into a refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from protocols.command import CommandSpec
from protocols.errors import RemoteProtocolError
from protocols.pmp import layouts
from protocols.pmp.commands import COMMANDS, Header, build_message, split_message
from protocols.pmp.facts import MessageKind, Refusal
from protocols.pmp.messages import RefusalDetail
from simulators.pmp.device import Refused

Handler = Callable[[Any, float], Any]
Observer = Callable[[CommandSpec[Any, Any], Refusal | None], None]

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What goes back.

    Args:
        message: Header and body.
        bulk: Whether everything else may overtake it.
        handle: The open dataset that it is about, or None.
    """

    message: bytes
    bulk: bool = False
    handle: int | None = None


class Dispatcher:
    """Answers requests by a table of handlers.

    Args:
        handlers: By the command's number; each takes the request and the time, and returns the answer's body or
            raises `Refused`.
        observe: Told of every command that was understood and how it was answered.
    """

    def __init__(self, handlers: Mapping[int, Handler], observe: Observer) -> None:
        self._handlers = handlers
        self._observe = observe

    def answer(self, message: bytes, now: float) -> Answer | None:
        """Answer one message.

        Args:
            message: As it came from the link.
            now: The present time in seconds.

        Returns:
            The answer, or None for what cannot be answered: no proper header, or no request.
        """
        try:
            header, body = split_message(message)
        except RemoteProtocolError:
            return None
        if header.kind is not MessageKind.REQUEST:
            return None
        spec = COMMANDS.get(header.command)
        handler = self._handlers.get(header.command)
        if spec is None or handler is None:
            return _refuse(header, Refusal.UNKNOWN_COMMAND)
        try:
            request = spec.request.parse(body)
        except RemoteProtocolError as fault:
            return _refuse(header, Refusal.BAD_REQUEST, f"byte {fault.offset}")
        try:
            reply = spec.response.build(handler(request, now))
        except Refused as refusal:
            self._observe(spec, refusal.code)
            return _refuse(header, refusal.code, refusal.text)
        except Exception:  # a defect in a handler is one lost answer, not the end of the terminal
            log.exception("%s failed", spec.name)
            return _refuse(header, Refusal.BUSY, "internal fault")
        self._observe(spec, None)
        return Answer(build_message(_response(header, 0), reply), spec.bulk, getattr(request, "handle", None))


def _refuse(header: Header, code: Refusal, text: str = "") -> Answer:
    return Answer(build_message(_response(header, code), layouts.REFUSAL.build(RefusalDetail(text))))


def _response(header: Header, status: int) -> Header:
    return Header(MessageKind.RESPONSE, header.command, header.tag, status)
