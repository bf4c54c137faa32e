"""Evidence levels: computed from checks, never declared, and said with their limits.

The texts here are part of statements of version 1: whoever changes one makes a new version of the predicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.evidence.checks.table import Check, Status

PROVEN = 3
ATTESTED = 2
OBSERVED = 0
NEEDED_FOR_ATTESTED = frozenset({"eat-before", "eat-after", "same-terminal"})
NEEDED_FOR_PROVEN = NEEDED_FOR_ATTESTED | {
    "channel",
    "erasure-proof",
    "intent",
    "journal",
    "memory-map",
    "read-back",
    "regions",
    "wipe",
}

MEANING: Mapping[int, str] = {
    0: "The agent's observation only: the terminal proved nothing.",
    1: "The terminal proved its serial number with a symmetric key.",
    2: "The terminal attested before and after, with its own key that its maker certified, over nonces that "
    "were made for this case.",
    3: "As level 2; and after the wipe all flash that it empties was filled with random bytes of the agent's, the "
    "terminal answered digests of all of them under keys that were drawn afterwards, and was then emptied again.",
}

LIMITS: Mapping[int, tuple[str, ...]] = {
    0: (
        "A defective or manipulated terminal can answer everything falsely.",
        "Whoever holds the agent's key can state anything.",
    ),
    1: (
        "A defective or manipulated terminal can answer falsely.",
        "Whoever holds the symmetric key or the agent's key can state anything.",
    ),
    2: (
        "The digest of blank memory can be computed in advance: a terminal whose own firmware lies can claim it.",
        "Memory that the terminal does not show (spare and worn-out blocks, other chips) was not looked at.",
        "What was copied out of the terminal earlier is not touched by a wipe.",
    ),
    3: (
        "What fits into memory that was not filled (working memory, key store, firmware) is not excluded.",
        "Memory that the terminal does not show (spare blocks, other chips) was neither looked at nor filled.",
        "A second computer that the terminal reached in time could have kept the bytes and answered for it.",
        "That the keys were drawn last is the agent's word; that it computed the answers itself is the terminal's.",
        "What was copied out of the terminal earlier is not touched by a wipe.",
    ),
}


def level_of(checks: Iterable[Check]) -> int:
    """Compute the evidence level.

    Args:
        checks: All checks of the evidence.

    Returns:
        2 where both attestations are proven and are of one terminal, 3 where a proof of erasure holds besides,
        otherwise 0. No family gives proof of level 1 yet.
    """
    held = {check.id for check in checks if check.status is Status.OK}
    if held >= NEEDED_FOR_PROVEN:
        return PROVEN
    return ATTESTED if held >= NEEDED_FOR_ATTESTED else OBSERVED
