"""``posretire ports``: which serial ports this machine has. Nothing is opened: other devices may listen there."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    folders = option(texts, "--dir", "folders", key="ports-dir", multiple=True, metavar="DIR")
    return make_command(texts, "ports", show_ports, [folders])


def show_ports(invocation: Invocation, folders: tuple[str, ...]) -> ExitCode:
    """List the ports."""
    from agent.transport.ports import list_ports

    reporter, texts = invocation.reporter, invocation.texts
    ports = list_ports([Path(folder) for folder in folders])
    reporter.document({"ports": [asdict(port) for port in ports]})
    if ports:
        heads = [texts("ports.device"), texts("ports.location"), texts("ports.description")]
        reporter.table(heads, [(port.device, port.usb_location or "-", port.description or "-") for port in ports])
        reporter.line()
        reporter.line(texts("ports.next", port=ports[0].device))
    else:
        reporter.line(texts("ports.none"))
    return ExitCode.DONE
