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

REQUESTS = Table(
    "requests",
    METADATA,
    Column("case_id", String(40), primary_key=True),
    Column("request", JSON, nullable=False),
)
"""What each case was asked for, so that it can be taken up again; no secret and no merchant number (I4)."""

LEASES = Table(
    "leases",
    METADATA,
    Column("resource", String(1100), primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("host", String(256), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", String(32), nullable=False),
    Column("token", String(32), nullable=False),
    Column("until", String(32), nullable=False),
)
"""Who works on a case or a port; see `agent.ledger.leases`."""

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
