"""What people read about the line while a command waits for it."""

from __future__ import annotations

from agent.cli.output import Reporter
from agent.cli.progress import line_text
from agent.transport.remark import LineRemark, Told


def line_teller(reporter: Reporter) -> Told:
    """Return what writes remarks on standard error; for commands whose ``--json`` is one document and no stream.

    Args:
        reporter: Where they go.
    """

    def tell(remark: LineRemark) -> None:
        reporter.remark(line_text(reporter.texts, remark.as_json()), "dim")

    return tell
