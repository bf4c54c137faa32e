"""Asking for the passphrase of the agent's key, or the PIN of its token: from a file, or from a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.asking import Person, from_file
from agent.cli.output import Reporter
from agent.errors import PreconditionNotMet, UsageFault
from agent.secret import Secret

if TYPE_CHECKING:
    from agent.evidence.keys.agent_key import AgentKey
    from agent.evidence.keys.unlocking import Wanted


@dataclass(frozen=True)
class KeyUnlock:
    """Answers what a key wants to know: from the command's file, else the settings' own, else a person.

    Nobody is asked the same twice in one command.

    Args:
        file: What ``--key-passphrase-file`` says, or None.
        person: Who can be asked.
        reporter: For the question's language.
        said: What is known already.
    """

    file: str | None
    person: Person
    reporter: Reporter
    said: dict[str, Secret] = field(default_factory=dict, repr=False)

    def __call__(self, wanted: Wanted) -> Secret:
        """Find it out.

        Args:
            wanted: What for.

        Raises:
            UsageFault: ``password-unreadable``.
            PreconditionNotMet: ``key-passphrase-missing``: nobody is there; or what is wrong with the settings' file.
        """
        if wanted.where not in self.said:
            self.said[wanted.where] = self._found(wanted)
        return self.said[wanted.where]

    def _found(self, wanted: Wanted) -> Secret:
        from agent.evidence.keys.unlocking import from_settings

        if self.file is not None:
            return from_file(Path(self.file), self.reporter)
        if wanted.file is None and self.person.there():
            return Secret(self.person.ask_secret(self.reporter.texts(f"ask.key-{wanted.kind}", where=wanted.where)))
        return from_settings(wanted)

    def forget(self) -> None:
        """Overwrite whatever was said."""
        for each in self.said.values():
            each.forget()


def open_agent_key(home: Path, file: str | None, person: Person, reporter: Reporter) -> AgentKey | None:
    """Open the key of a home before a terminal is touched, so that nobody is asked for its passphrase later.

    Args:
        home: Home folder.
        file: What ``--key-passphrase-file`` says, or None.
        person: Who can be asked.
        reporter: For the question's language.

    Returns:
        The key; None where the home has none yet.

    Raises:
        AgentError: See `agent.evidence.keys.agent_key.AgentKey.load`.
    """
    from agent.evidence.keys.agent_key import AgentKey

    unlock = KeyUnlock(file, person, reporter)
    try:
        return AgentKey.load(home, unlock)
    except PreconditionNotMet as fault:
        if fault.code != "agent-key-missing":
            raise
        return None
    finally:
        unlock.forget()


def new_secret(file: str | None, person: Person, reporter: Reporter, what: str) -> Secret:
    """Get a secret that is made up now: from a file, or typed twice.

    Args:
        file: File whose first line it is, or None.
        person: Who can be asked.
        reporter: For the questions' language.
        what: ``key-passphrase`` or ``login``; the questions stand under ``ask.new-…`` and ``ask.new-…-again``.

    Raises:
        UsageFault: ``password-unreadable``; ``new-secret-missing``: nobody is there; ``new-secret-differs``: not twice
            the same.
    """
    if file is not None:
        return from_file(Path(file), reporter)
    if not person.there():
        raise UsageFault("new-secret-missing")
    secret = Secret(person.ask_secret(reporter.texts(f"ask.new-{what}")))
    again = Secret(person.ask_secret(reporter.texts(f"ask.new-{what}-again")))
    same = bool(secret) and secret.reveal() == again.reveal()
    again.forget()
    if not same:
        secret.forget()
        raise UsageFault("new-secret-differs")
    return secret
