"""``posretire label``: a label for the terminal, from the statement of its bundle: a picture, or for a ZPL printer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.papers.label import LabelFacts


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    parameters = [
        click.Argument(["bundle"]),
        option(texts, "--png", "png", key="label-png", metavar="FILE"),
        option(texts, "--zpl", "zpl", key="label-zpl", metavar="FILE"),
    ]
    return make_command(texts, "label", label, parameters)


def label(invocation: Invocation, bundle: str, png: str | None, zpl: str | None) -> ExitCode:
    """Write the label of a bundle."""
    if not png and not zpl:
        raise UsageFault("label-no-file")
    facts = label_facts(Path(bundle))
    from agent.papers.label import label_png, label_zpl

    written = []
    for name, draw in ((png, label_png), (zpl, label_zpl)):
        if name:
            _write(Path(name), draw(facts))
            written.append(name)
    reporter, texts = invocation.reporter, invocation.texts
    reporter.document(
        {
            "bundle": bundle,
            "case": facts.case,
            "result": facts.result,
            "tusn": facts.tusn,
            "verified": False,
            "files": written,
        }
    )
    for name in written:
        reporter.item(texts("label.written", path=name, case=facts.case, result=facts.result), "good")
    reporter.line(texts("label.not-verified"), "warn", indent=2)
    return ExitCode.DONE


def label_facts(bundle: Path) -> LabelFacts:
    """Read what stands on a label out of a bundle's statement.

    Args:
        bundle: A folder, or a zip archive of one.

    Raises:
        UsageFault: ``bundle-unreadable``.
        EvidenceRejected: There is no statement that can be read, or ``dsse-key``, ``dsse-signature``: it is not signed
            with the key of ``agent.pem``.
    """
    from agent.evidence.archive.zipped import open_bundle
    from agent.evidence.bundle import AGENT_CHAIN
    from agent.evidence.dsse import STATEMENT, open_envelope
    from agent.evidence.statement import UNBINDING_TYPE, read_statement
    from agent.evidence.trust.certificates import fingerprint, p256_key, read_pem
    from agent.papers.facts import Part
    from agent.papers.label import LabelFacts
    from agent.papers.words import RETIREMENT, UNBINDING

    files = open_bundle(bundle)
    envelope = files.content(STATEMENT)
    opened = open_envelope(envelope)
    leaf = read_pem(files.content(AGENT_CHAIN), "agent")[0]
    opened.check(p256_key(leaf, "agent"), fingerprint(leaf))
    statement = read_statement(opened.payload)
    media = Part(statement.predicate).part("media")
    return LabelFacts(
        case=Part(statement.predicate).text("case"),
        result=statement.verdict.result.value,
        act=UNBINDING if statement.predicate_type == UNBINDING_TYPE else RETIREMENT,
        tusn=media.text("serial_number"),
        model=media.text("model"),
        issued=statement.facts.issued,
        envelope=envelope,
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise UsageFault("file-unwritable", path=str(path), why=fault.strerror or "") from None
