"""The states of a pmp link as data (note pmp.md, section Link; its table and diagram are drawn from here)."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """Which end of the line this is."""

    AGENT = "agent"
    TERMINAL = "terminal"


class LinkState(Enum):
    """Where a link is between its first HELLO and its end."""

    IDLE = "idle"
    OPENING = "opening"
    SECURING = "securing"
    OPEN = "open"
    CLOSED = "closed"


class Trigger(Enum):
    """What moves a link from one state to another."""

    START = "start"
    HELLO = "HELLO of a new session"
    PRIVATE_HELLO = "HELLO of a new private session"
    ACCEPT = "ACCEPT"
    PRIVATE_ACCEPT = "ACCEPT of a private session"
    SECURED = "channel established"
    RESET = "RESET"
    SILENCE = "peer silent"
    CLOSE = "close"


TRANSITIONS: dict[Role, dict[tuple[LinkState, Trigger], LinkState]] = {
    Role.AGENT: {
        (LinkState.IDLE, Trigger.START): LinkState.OPENING,
        (LinkState.OPENING, Trigger.ACCEPT): LinkState.OPEN,
        (LinkState.OPENING, Trigger.PRIVATE_ACCEPT): LinkState.SECURING,
        (LinkState.OPENING, Trigger.RESET): LinkState.CLOSED,
        (LinkState.OPENING, Trigger.SILENCE): LinkState.CLOSED,
        (LinkState.OPENING, Trigger.CLOSE): LinkState.CLOSED,
        (LinkState.SECURING, Trigger.SECURED): LinkState.OPEN,
        (LinkState.SECURING, Trigger.RESET): LinkState.CLOSED,
        (LinkState.SECURING, Trigger.SILENCE): LinkState.CLOSED,
        (LinkState.SECURING, Trigger.CLOSE): LinkState.CLOSED,
        (LinkState.OPEN, Trigger.RESET): LinkState.CLOSED,
        (LinkState.OPEN, Trigger.SILENCE): LinkState.CLOSED,
        (LinkState.OPEN, Trigger.CLOSE): LinkState.CLOSED,
    },
    Role.TERMINAL: {
        (LinkState.IDLE, Trigger.HELLO): LinkState.OPEN,
        (LinkState.IDLE, Trigger.PRIVATE_HELLO): LinkState.SECURING,
        (LinkState.SECURING, Trigger.SECURED): LinkState.OPEN,
        (LinkState.SECURING, Trigger.HELLO): LinkState.OPEN,
        (LinkState.SECURING, Trigger.PRIVATE_HELLO): LinkState.SECURING,
        (LinkState.SECURING, Trigger.RESET): LinkState.IDLE,
        (LinkState.SECURING, Trigger.SILENCE): LinkState.IDLE,
        (LinkState.SECURING, Trigger.CLOSE): LinkState.IDLE,
        (LinkState.OPEN, Trigger.HELLO): LinkState.OPEN,
        (LinkState.OPEN, Trigger.PRIVATE_HELLO): LinkState.SECURING,
        (LinkState.OPEN, Trigger.RESET): LinkState.IDLE,
        (LinkState.OPEN, Trigger.SILENCE): LinkState.IDLE,
        (LinkState.OPEN, Trigger.CLOSE): LinkState.IDLE,
    },
}
"""The link's states as data; whatever is not listed changes nothing."""
