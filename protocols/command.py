"""A command of a family as one row of data: what it sends, what may come back, and what it does to the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from protocols.wire import Layout

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")


class Effect(Enum):
    """What a command does to the terminal, and so what the agent may do after a lost answer (I3)."""

    READ = "read"
    """Changes nothing that lasts. May be repeated."""
    WRITE = "write"
    """Changes something. Never repeated blindly."""
    DESTRUCTIVE = "destructive"
    """Destroys data. Never repeated blindly, and sent with a clearance only (I2)."""


@dataclass(frozen=True)
class CommandSpec(Generic[RequestT, ResponseT]):
    """One command.

    Args:
        id: The family's number for it.
        name: Its name in the family's note.
        effect: What it does to the terminal.
        request: Layout of the request's body.
        response: Layout of the body of a positive answer.
        refusals: Codes that a terminal may refuse with, besides the ones every command has.
        timeout: Seconds from the request until an answer must be there on a line that works.
        bulk: The answer may be large, so that everything else goes first where both wait for the line.
        bulk_request: The same of the request.
    """

    id: int
    name: str
    effect: Effect
    request: Layout[RequestT]
    response: Layout[ResponseT]
    refusals: frozenset[int]
    timeout: float
    bulk: bool = False
    bulk_request: bool = False
