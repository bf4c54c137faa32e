"""Reads a terminal's journal over a line once and tells how long it took: one flow of `tests.bench.test_link_table`.

A program of its own, so that flows side by side do not wait for each other's interpreter:
``python -m tests.bench.link_flow TARGET [--packed] [--private TRUST]``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.drivers.pmp_dataset import Dataset
from agent.evidence.trust.store import TrustStore
from agent.pump import Pump
from agent.session import Session
from agent.transport.base import open_transport
from agent.workflow.privacy import private_channels
from protocols.pmp import facts
from protocols.pmp.handshake import Capability
from protocols.pmp.link import Link, LinkSettings, Role


def main() -> None:
    """Print the seconds of the handshake and of the journal, and the bytes of the journal, as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--packed", action="store_true")
    parser.add_argument("--private", type=Path)
    given = parser.parse_args()
    transport = open_transport(given.target)
    settings = LinkSettings.for_line(transport.baud)
    if not given.packed:
        settings = replace(settings, capabilities=settings.capabilities & ~Capability.PACKING)
    channel = None
    if given.private is not None:
        trust = TrustStore.load((given.private,))
        with tempfile.TemporaryDirectory() as home:
            channel = private_channels("require", trust, Path(home), lambda: datetime.now(UTC))
    link = Link(Role.AGENT, settings, session=7, channel=channel)
    session = Session(Pump(transport, link), link)
    started = time.monotonic()
    assert bool(session.open().binding) is (channel is not None)
    opened = time.monotonic()
    dataset = Dataset(session, facts.Dataset.JOURNAL)
    dataset.baud = transport.baud
    begun = time.monotonic()
    size = sum(map(len, dataset.pieces(128)))
    print(json.dumps({"handshake": opened - started, "seconds": time.monotonic() - begun, "bytes": size}))
    session.close()


if __name__ == "__main__":
    main()
