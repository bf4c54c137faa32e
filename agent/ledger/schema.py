"""Tables of the ledger (SQLAlchemy Core)."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

METADATA = MetaData()

CASES = Table(
    "cases",
    METADATA,
    Column("case_id", String(40), primary_key=True),
    Column("tusn", String(64), nullable=False),
    Column("model", String(64), nullable=False),
    Column("opened", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("result", String(8), nullable=False),
    Column("folder", String(4096), nullable=False),
)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("case_id", String(40), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("time", String(32), nullable=False),
    Column("event", String(8), nullable=False),
    Column("step", String(32), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
