"""The errors that end a case or a command, each with the exit code of the contract and a stable code for scripts.

An error carries no sentences: what a person reads stands in both languages in `agent.cli.texts`, under the error's
code. Facts are numbers and short words that both languages print; never a secret, never a full card number (I4).
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; scripts rely on them."""

    DONE = 0
    USAGE = 2
    LINK = 3
    REFUSED = 4
    PRECONDITION = 5
    VERIFICATION = 6
    UNKNOWN = 7
    DEFECT = 70


class AgentError(Exception):
    """Base of the agent's own errors.

    Args:
        code: Stable name, in lower case with hyphens, as ``unsettled-batch``. The texts stand under it.
        facts: What the texts fill in.
    """

    exit_code: ExitCode = ExitCode.DEFECT

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code + "".join(f" {name}={value}" for name, value in facts.items()))
        self.code = code
        self.facts = facts


class UsageFault(AgentError):
    """What was asked for makes no sense: a recipient that is no age key, a file that is not there."""

    exit_code = ExitCode.USAGE


class LinkFault(AgentError):
    """There is no terminal, or the line to it is gone."""

    exit_code = ExitCode.LINK


class TerminalRefused(AgentError):
    """The terminal said no: wrong password, locked, not possible now."""

    exit_code = ExitCode.REFUSED


class PreconditionNotMet(AgentError):
    """A precondition or the policy stops the case; nothing on the terminal was changed."""

    exit_code = ExitCode.PRECONDITION


class VerificationFailed(AgentError):
    """Something was checked and is wrong: an export, a wipe, a bundle."""

    exit_code = ExitCode.VERIFICATION


class OutcomeUnknown(AgentError):
    """Nobody knows whether the terminal did it; a person has to look."""

    exit_code = ExitCode.UNKNOWN
