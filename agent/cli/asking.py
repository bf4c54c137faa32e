"""What a person types: merchant number, password, the word to go on. None of it is ever shown again (I4)."""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import BinaryIO, Protocol

from agent.cli.output import Reporter
from agent.errors import UsageFault
from agent.secret import Secret

MERCHANT_DIGITS = 15
MAX_PASSWORD_BYTES = 1024
CONFIRM_DIGITS = 4


class Person(Protocol):
    """Whoever sits at the console."""

    def there(self) -> bool:
        """Tell whether somebody can be asked."""

    def ask(self, question: str) -> str:
        """Ask for a line that may be seen."""

    def ask_secret(self, question: str) -> str:
        """Ask for a line that may not be seen."""


@dataclass(frozen=True)
class ConsolePerson:
    """A person at the console of this process.

    Args:
        reporter: Writes the questions on standard error.
    """

    reporter: Reporter

    def there(self) -> bool:
        """Tell whether both ends are a console and people are meant to read."""
        return not self.reporter.as_json and sys.stdin.isatty() and self.reporter.err.isatty()

    def ask(self, question: str) -> str:
        """Ask for a line; the end of input counts as an interrupt."""
        with self.reporter.paused():
            self.reporter.err.write(question)
            line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()

    def ask_secret(self, question: str) -> str:
        """Ask without echo."""
        with self.reporter.paused():
            try:
                return getpass(question)
            except (EOFError, KeyboardInterrupt):
                self.reporter.err.write("\n")  # what comes next begins a line of its own
                raise KeyboardInterrupt from None


def merchant_number(given: str | None, ordered: str, person: Person, reporter: Reporter) -> str:
    """Find the merchant number to unbind; one that is typed is typed twice, since a wrong one is a costly mistake.

    Args:
        given: What the option says, or None.
        ordered: What the work order says, or empty.
        person: Who can be asked.
        reporter: For the questions' language.

    Raises:
        UsageFault: ``merchant-number-missing``, ``merchant-number-form`` or ``merchant-number-differs``.
    """
    number = given or ordered
    if not number:
        if not person.there():
            raise UsageFault("merchant-number-missing")
        number = person.ask(reporter.texts("ask.merchant"))
        if number != person.ask(reporter.texts("ask.merchant-again")):
            raise UsageFault("merchant-number-differs")
    if not re.fullmatch(rf"[0-9]{{{MERCHANT_DIGITS}}}", number):
        raise UsageFault("merchant-number-form", digits=MERCHANT_DIGITS)
    return number


def password(file: str | None, from_input: bool, person: Person, reporter: Reporter) -> Secret:
    """Read the password of the unbinding menu from a file, from standard input, or from a person.

    Args:
        file: Path of a file whose first line it is, or None.
        from_input: Whether it is the first line of standard input.
        person: Who can be asked.
        reporter: For the question's language, and for a remark on a file that others may read.

    Raises:
        UsageFault: ``password-twice``, ``password-missing`` or ``password-unreadable``.
    """
    if file is not None and from_input:
        raise UsageFault("password-twice")
    if file is not None:
        return from_file(Path(file), reporter)
    if from_input:
        return _first_line(sys.stdin.buffer, "stdin")
    if not person.there():
        raise UsageFault("password-missing")
    return _checked(person.ask_secret(reporter.texts("ask.password")), "console")


def new_merchant_number(given: str | None, ordered: str, person: Person, reporter: Reporter) -> str:
    """Find the merchant number to bind afterwards: from the work order, or typed twice (binding a wrong one is costly).

    Args:
        given: What the option says, or None; without a person there, the work order must say the same.
        ordered: What the work order says, or empty.
        person: Who can be asked.
        reporter: For the question's language.

    Returns:
        The number, or empty where none is to be bound.

    Raises:
        UsageFault: ``merchant-number-form``, ``merchant-number-differs``, or ``rebind-unconfirmed``: nobody types it
            again and no work order says it.
    """
    number = given or ordered
    if not number:
        return ""
    if not re.fullmatch(rf"[0-9]{{{MERCHANT_DIGITS}}}", number):
        raise UsageFault("merchant-number-form", digits=MERCHANT_DIGITS)
    if given and ordered and given != ordered:
        raise UsageFault("merchant-number-differs")
    if not ordered:
        if not person.there():
            raise UsageFault("rebind-unconfirmed")
        if person.ask(reporter.texts("ask.rebind-again")) != number:
            raise UsageFault("merchant-number-differs")
    return number


def from_file(path: Path, reporter: Reporter) -> Secret:
    """Read a secret from the first line of a file.

    Args:
        path: The file.
        reporter: For a remark on a file that others may read.

    Raises:
        UsageFault: ``password-unreadable``.
    """
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                reporter.event({"event": "finding", "code": "password-file-exposed", "facts": {}})
            return _first_line(file, str(path))
    except OSError as fault:
        raise UsageFault("password-unreadable", path=str(path), why=fault.strerror or "") from None


def _first_line(stream: BinaryIO, name: str) -> Secret:
    line = stream.readline(MAX_PASSWORD_BYTES + 1)
    try:
        text = line.decode("utf-8")
    except UnicodeError:
        # Without the original: it would carry the bytes (I4).
        raise UsageFault("password-unreadable", path=name, why="not UTF-8") from None
    return _checked(text.rstrip("\r\n"), name)


def _checked(text: str, name: str) -> Secret:
    if not text or len(text) > MAX_PASSWORD_BYTES:
        raise UsageFault("password-unreadable", path=name, why="empty" if not text else "too long")
    return Secret(text)
