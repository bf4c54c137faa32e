"""The published schemas of an export's members (JSON Schema, draft 2020-12), shipped beside the code that writes them.

They are for others: what is read here is checked by hand (`agent.export.rows`, `agent.export.opened`).
"""

from __future__ import annotations

from importlib import resources
from typing import Final

from agent.errors import UsageFault

SCHEMAS: Final = ("manifest", "transaction", "totals", "parameters")
"""Names: of ``manifest.json``, of a line of ``transactions.jsonl``, of ``totals.json``, of ``parameters.json``."""


def schema_text(name: str) -> str:
    """Return a schema as it is published.

    Args:
        name: One of `SCHEMAS`.

    Raises:
        UsageFault: ``schema-unknown``.
    """
    if name not in SCHEMAS:
        raise UsageFault("schema-unknown", names=", ".join(SCHEMAS))
    return resources.files("agent.export.schemas").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
