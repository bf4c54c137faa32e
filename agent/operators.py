"""The operators of a home: who they are, and whether they log in.

::

    HOME/operators/op-<id>.json     0600: name, title, place, contact, and the scrypt hash of the password where one is
    HOME/operators/op-<id>.wrong    a line for each wrong password since the last right one

A file for each, so that nobody's change undoes another's. Each try is recorded before the password is looked at: a
process that is killed has had its try. Whoever owns the home can change these files; a login tells operators of one
bench apart, and proves nothing against the owner of the bench.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.facts import Person
from agent.evidence.files import opened, sync_folder, write_new, write_private
from agent.home import private_folder
from agent.passwords import LEAST_CHARACTERS, fits, keep, readable
from agent.plain_text import plain_text
from agent.secret import Secret

FREE_TRIES = 5
"""Wrong passwords in a row before anybody has to wait."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MAX_BYTES = 16_384
MAX_OPERATORS = 10_000
MAX_TEXT = 200
PASSWORD = "password"  # noqa: S105 - the name of a way to log in

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


@dataclass(frozen=True)
class Operator:
    """Somebody who retires terminals.

    Args:
        id: 1 to 32 lower-case letters, digits, dots, dashes and underscores.
        name: Of the person.
        title: What they are.
        place: Where they work.
        contact: How to reach them.
        login: Hash of the password (`agent.passwords`), or empty where they do not log in.
    """

    id: str
    name: str
    title: str = ""
    place: str = ""
    contact: str = ""
    login: str = ""

    def person(self, *, logged_in: bool) -> Person:
        """Return what a statement says of them."""
        login = PASSWORD if logged_in else ""
        return Person(self.name, self.title, self.place, self.contact, id=self.id, login=login)


class Operators:
    """The operators of one home.

    Args:
        home: Home folder; it need not be there.
        hash_password: Makes what is kept of a password.
    """

    def __init__(self, home: Path, hash_password: Callable[[Secret], str] = keep) -> None:
        self._home = home
        self._folder = home / "operators"
        self._hash = hash_password

    def all(self) -> tuple[Operator, ...]:
        """Return all of them, sorted by id.

        Raises:
            PreconditionNotMet: ``operators-unreadable`` or ``operators-exposed``.
        """
        try:
            paths = sorted(self._folder.glob("op-*.json"))
        except OSError:
            raise _unreadable(self._folder) from None
        if len(paths) > MAX_OPERATORS:
            raise _unreadable(self._folder)
        return tuple(_read(path) for path in paths)

    def find(self, wanted: str) -> Operator:
        """Find one.

        Args:
            wanted: The id, in any case of its letters.

        Raises:
            UsageFault: ``operator-unknown``.
            PreconditionNotMet: As `all`.
        """
        found = {each.id: each for each in self.all()}
        if wanted.lower() not in found:
            raise UsageFault("operator-unknown", operator=ascii(wanted)[1:-1] or "-", known=", ".join(found) or "-")
        return found[wanted.lower()]

    def add(self, operator: Operator, password: Secret | None = None) -> Operator:
        """Add one.

        Args:
            operator: Without login.
            password: What they log in with, or None.

        Raises:
            UsageFault: ``operator-id``, ``operator-text``, ``operator-exists``, ``login-password-short`` or
                ``operators-unwritable``.
        """
        made = replace(operator, id=operator.id.lower(), login=self._login(password) if password else "")
        _check(made)
        try:
            private_folder(self._home, "operators")
        except OSError as fault:
            raise self._unwritable(fault) from None
        try:
            write_private(self._path(made.id), _as_json(made))
        except FileExistsError:
            raise UsageFault("operator-exists", operator=made.id) from None
        except OSError as fault:
            raise self._unwritable(fault) from None
        return made

    def change(self, operator: Operator) -> None:
        """Write what is known of one anew.

        Raises:
            UsageFault: ``operator-text`` or ``operators-unwritable``.
        """
        _check(operator)
        path = self._path(operator.id)
        beside = path.with_suffix(".new")
        try:
            beside.unlink(missing_ok=True)
            write_new(beside, _as_json(operator), 0o600)
            beside.replace(path)
            sync_folder(self._folder)
        except OSError as fault:
            raise self._unwritable(fault) from None

    def set_login(self, operator: Operator, password: Secret | None) -> None:
        """Have one log in with a password from now on, or no more.

        Raises:
            UsageFault: ``login-password-short`` or ``operators-unwritable``.
        """
        self.change(replace(operator, login=self._login(password) if password else ""))
        self._forget_tries(operator.id)

    def remove(self, operator: Operator) -> None:
        """Remove one; what they signed stays as it is.

        Raises:
            UsageFault: ``operators-unwritable``.
        """
        try:
            self._path(operator.id).unlink(missing_ok=True)
        except OSError as fault:
            raise self._unwritable(fault) from None
        self._forget_tries(operator.id)

    def check_wait(self, operator: Operator, now: datetime) -> None:
        """Stop before a password is asked for, where it may not be tried yet.

        Args:
            operator: Who wants to log in.
            now: Present time.

        Raises:
            PreconditionNotMet: ``operator-wait``: after wrong ones, each time twice as long.
        """
        tries = self._tries(operator.id)
        if len(tries) < FREE_TRIES:
            return
        wait = min(FIRST_WAIT * 2 ** min(len(tries) - FREE_TRIES, 20), LONGEST_WAIT)
        if tries[-1] > now:  # the clock was set back: the wait begins anew, or nobody would get in for years
            self._record_try(operator.id, now)
            left = wait
        else:
            left = tries[-1] + wait - now
        if left > timedelta(0):
            seconds = math.ceil(left.total_seconds())
            raise PreconditionNotMet("operator-wait", operator=operator.id, wrong=len(tries), seconds=seconds)

    def log_in(self, operator: Operator, password: Secret, now: datetime) -> Person:
        """Try a password once.

        Args:
            operator: Who says that it is theirs.
            password: As typed.
            now: Present time.

        Returns:
            What a statement says of them.

        Raises:
            UsageFault: ``operators-unwritable``: the try cannot be recorded.
            PreconditionNotMet: ``operator-wait``, or ``operator-login-wrong``.
        """
        self.check_wait(operator, now)
        self._record_try(operator.id, now)
        if not fits(password, operator.login):
            wrong = len(self._tries(operator.id))
            raise PreconditionNotMet("operator-login-wrong", operator=operator.id, wrong=wrong)
        self._forget_tries(operator.id)
        return operator.person(logged_in=True)

    def _login(self, password: Secret) -> str:
        if len(password.reveal()) < LEAST_CHARACTERS:
            raise UsageFault("login-password-short", characters=LEAST_CHARACTERS)
        return self._hash(password)

    def _path(self, operator: str) -> Path:
        return self._folder / f"op-{operator}.json"

    def _tries_path(self, operator: str) -> Path:
        return self._folder / f"op-{operator}.wrong"

    def _tries(self, operator: str) -> list[datetime]:
        """Return when each wrong password was tried; a line that is none counts as long ago."""
        path = self._tries_path(operator)
        try:
            with opened(path) as handle:
                lines = os.read(handle, MAX_BYTES).splitlines()
        except FileNotFoundError:
            return []
        except (OSError, EvidenceRejected):
            raise _unreadable(path) from None
        return [_time(line) for line in lines]

    def _record_try(self, operator: str, now: datetime) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(self._tries_path(operator), flags, 0o600)
            try:
                os.write(handle, now.astimezone(UTC).isoformat(timespec="seconds").encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as fault:
            raise self._unwritable(fault) from None

    def _forget_tries(self, operator: str) -> None:
        try:
            self._tries_path(operator).unlink(missing_ok=True)
        except OSError as fault:
            raise self._unwritable(fault) from None

    def _unwritable(self, fault: OSError) -> UsageFault:
        return UsageFault("operators-unwritable", path=str(self._folder), why=fault.strerror or "")


def _check(operator: Operator) -> None:
    if not _ID.fullmatch(operator.id):
        raise UsageFault("operator-id")
    texts = (operator.name, operator.title, operator.place, operator.contact)
    if not operator.name.strip() or not all(plain_text(text, MAX_TEXT) for text in texts):
        raise UsageFault("operator-text", characters=MAX_TEXT)


def _as_json(operator: Operator) -> bytes:
    return json.dumps(asdict(operator), ensure_ascii=False, indent=1).encode() + b"\n"


def _read(path: Path) -> Operator:
    try:
        with opened(path) as handle:
            if os.name == "posix" and stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                raise PreconditionNotMet("operators-exposed", path=str(path))
            given = json.loads(os.read(handle, MAX_BYTES).decode())
        names = [each.name for each in fields(Operator)]
        if sorted(given) != sorted(names) or not all(isinstance(value, str) for value in given.values()):
            raise _unreadable(path)
        operator = Operator(**given)
        _check(operator)
    except (OSError, ValueError, TypeError, RecursionError, EvidenceRejected, UsageFault):
        raise _unreadable(path) from None
    if path.name != f"op-{operator.id}.json" or (operator.login and not readable(operator.login)):
        raise _unreadable(path)
    return operator


def _time(line: bytes) -> datetime:
    try:
        found = datetime.fromisoformat(line.decode("ascii"))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _unreadable(path: Path) -> PreconditionNotMet:
    return PreconditionNotMet("operators-unreadable", path=str(path))
