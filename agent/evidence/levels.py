"""Evidence levels: computed from checks, never declared, and said with their limits.

The texts here are part of statements of version 1: whoever changes one makes a new version of the predicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.evidence.checks import Check, Status

ATTESTED = 2
OBSERVED = 0
NEEDED_FOR_ATTESTED = frozenset({"eat-before", "eat-after", "same-terminal"})

MEANING: Mapping[int, str] = {
    0: "The agent's observation only: the terminal proved nothing.",
    1: "The terminal proved its serial number with a symmetric key.",
    2: "The terminal attested before and after, with its own key that its maker certified, over nonces that "
    "were made for this case.",
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
}


def level_of(checks: Iterable[Check]) -> int:
    """Compute the evidence level.

    Args:
        checks: All checks of the evidence.

    Returns:
        2 where both attestations are proven and are of one terminal, otherwise 0. No family gives proof of level 1 yet.
    """
    held = {check.id for check in checks if check.status is Status.OK}
    return ATTESTED if held >= NEEDED_FOR_ATTESTED else OBSERVED
