"""The ledger's store: durable before it returns, one transaction an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, event, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from agent.errors import PreconditionNotMet
from agent.evidence.files import write_private
from agent.home import make_home
from agent.journal import Entry, JournalEvent
from agent.ledger.leases import Leases
from agent.ledger.schema import CASES, JOURNAL, METADATA, REQUESTS

LEDGER_NAME = "ledger.sqlite3"


class CaseState(StrEnum):
    """Where a case is."""

    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"
    """Ended before anything on the terminal was changed."""
    BROKEN_OFF = "broken-off"
    """Its statement says UNKNOWN, because the line or an answer was lost; it can be taken up again."""


@dataclass(frozen=True)
class CaseRecord:
    """One case as the ledger knows it.

    Args:
        case: Its number.
        tusn: Serial number of the terminal; empty until it was read.
        model: The terminal's model; empty until it was read.
        opened: When, RFC 3339.
        state: Where it is.
        result: ``PASS``, ``FAIL``, ``UNKNOWN``, or empty while there is none.
        folder: Folder of its evidence; empty where there is none.
    """

    case: str
    tusn: str
    model: str
    opened: str
    state: CaseState
    result: str
    folder: str


class Ledger:
    """All cases of one agent. Use `Ledger.open`, and close it, or use it in a ``with``.

    Args:
        engine: The database.
        home: The folder it stands in, for messages.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        self._engine = engine
        self._home = home

    @classmethod
    def open(cls, home: Path) -> Ledger:
        """Open the ledger in a home folder, and make it where there is none.

        Raises:
            PreconditionNotMet: The folder cannot be written, or the file is no ledger.
        """
        try:
            make_home(home)
        except OSError as fault:
            raise PreconditionNotMet("home-unwritable", path=str(home), why=fault.strerror or "") from None
        with _documented(home):
            _make_file(home)
            engine = _engine(home / LEDGER_NAME)
            _make_tables(engine)
        return cls(engine, home)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ cases
    def open_case(
        self, case: str, opened: str, folder: Path | None = None, request: Mapping[str, Any] | None = None
    ) -> None:
        """Enter a new case with all that is needed to take it up again: it is there whole or not at all (I7).

        Args:
            case: Its number.
            opened: When, RFC 3339.
            folder: Where its evidence is.
            request: What it was asked for; see `agent.workflow.request_record`.
        """
        with self._writing() as connection:
            connection.execute(
                insert(CASES).values(
                    case_id=case,
                    tusn="",
                    model="",
                    opened=opened,
                    state=CaseState.OPEN,
                    result="",
                    folder=str(folder) if folder else "",
                )
            )
            if request is not None:
                connection.execute(insert(REQUESTS).values(case_id=case, request=dict(request)))

    def request(self, case: str) -> Mapping[str, Any] | None:
        """Return what a case was asked for, or None where that was not kept."""
        with self._reading() as connection:
            row = connection.execute(select(REQUESTS).where(REQUESTS.c.case_id == case)).first()
        return row.request if row else None

    def set_terminal(self, case: str, tusn: str, model: str) -> None:
        """Note which terminal a case is about."""
        self._set(case, tusn=tusn, model=model)

    def set_folder(self, case: str, folder: Path | None) -> None:
        """Note where a case's evidence is."""
        self._set(case, folder=str(folder) if folder else "")

    def end_case(self, case: str, state: CaseState, result: str) -> None:
        """Note how a case ended."""
        self._set(case, state=state, result=result)

    def cases(self) -> list[CaseRecord]:
        """Return all cases, newest first."""
        with self._reading() as connection:
            rows = connection.execute(select(CASES).order_by(CASES.c.opened.desc(), CASES.c.case_id)).all()
        return [_case(row) for row in rows]

    def case(self, case: str) -> CaseRecord | None:
        """Return one case, or None."""
        with self._reading() as connection:
            row = connection.execute(select(CASES).where(CASES.c.case_id == case)).first()
        return _case(row) if row else None

    # ------------------------------------------------------------------ leases
    def leases(self) -> Leases:
        """Return who works on what."""
        return Leases(self._exclusively)

    # ------------------------------------------------------------------ agent.journal.JournalStore
    def append(self, entry: Entry) -> None:
        """Put an entry on stable storage before returning."""
        with self._writing() as connection:
            connection.execute(
                insert(JOURNAL).values(
                    case_id=entry.case,
                    sequence=entry.sequence,
                    time=entry.time,
                    event=entry.event,
                    step=entry.step,
                    facts=entry.facts,
                    previous=entry.previous,
                    hash=entry.hash,
                )
            )

    def last(self, case: str) -> Entry | None:
        """Return the newest entry of a case, or None."""
        query = select(JOURNAL).where(JOURNAL.c.case_id == case).order_by(JOURNAL.c.sequence.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).first()
        return _entry(row) if row else None

    def entries(self, case: str) -> list[Entry]:
        """Return all entries of a case, oldest first."""
        query = select(JOURNAL).where(JOURNAL.c.case_id == case).order_by(JOURNAL.c.sequence)
        with self._reading() as connection:
            return [_entry(row) for row in connection.execute(query)]

    # ------------------------------------------------------------------ helpers
    def _set(self, case: str, **values: str) -> None:
        with self._writing() as connection:
            connection.execute(update(CASES).where(CASES.c.case_id == case).values(**values))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _documented(self._home), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _exclusively(self) -> Iterator[Connection]:
        """Write alone from the first look on: SQLite else lets two look before either writes."""
        with _documented(self._home), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _documented(self._home), self._engine.connect() as connection:
            yield connection


def _make_file(home: Path) -> None:
    """Put an empty ledger into its place, for its owner alone (0600); SQLite gives its journals the same permissions.

    It is made elsewhere, and whole: of several processes that turn one database to WAL at once, SQLite refuses some
    without letting them wait; and closing a file that SQLite has open elsewhere in this process would drop its locks.
    """
    path = home / LEDGER_NAME
    if path.exists():
        return
    try:
        with TemporaryDirectory() as folder:
            engine = _engine(Path(folder) / LEDGER_NAME)
            _make_tables(engine)
            engine.dispose()
            write_private(path, (Path(folder) / LEDGER_NAME).read_bytes())
    except FileExistsError:
        return
    except OSError as fault:
        raise PreconditionNotMet("ledger-unusable", path=str(path), why=fault.strerror or "") from None


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _make_durable)
    return engine


def _make_tables(engine: Engine) -> None:
    """Make the tables that are not there; `MetaData.create_all` looks first, and another process may come between."""
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))


@contextmanager
def _documented(home: Path) -> Iterator[None]:
    """Turn what the database cannot do (disk full, read-only, no database) into our error."""
    try:
        yield
    except DatabaseError as fault:
        raise PreconditionNotMet("ledger-unusable", path=str(home / LEDGER_NAME), why=str(fault.orig)) from None


def _make_durable(connection: Any, _record: Any) -> None:
    """Have every commit reach the disk: the journal is worth nothing otherwise (I7)."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")  # first, for the others may have to wait already
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _case(row: Row[Any]) -> CaseRecord:
    return CaseRecord(row.case_id, row.tusn, row.model, row.opened, CaseState(row.state), row.result, row.folder)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.case_id,
        row.sequence,
        row.time,
        JournalEvent(row.event),
        row.step,
        row.facts,
        row.previous,
        row.hash,
    )
