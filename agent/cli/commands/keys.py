"""``posretire keys``: the agent's signing key, and a key pair for the owner of the exports."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode

if TYPE_CHECKING:
    from agent.evidence.keys import AgentKey


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    name = option(texts, "--name", "name", key="name", metavar="NAME")
    out = option(texts, "--out", "out", key="recipient-out", metavar="FILE", required=True)
    return make_group(
        texts,
        "keys",
        "show",
        [
            make_command(texts, "init", make_key, [name], key="keys-init"),
            make_command(texts, "show", show_key, key="keys-show"),
            make_command(texts, "recipient", make_recipient, [out], key="keys-recipient"),
        ],
    )


def make_key(invocation: Invocation, name: str | None) -> ExitCode:
    """Make the signing key."""
    from agent.clock import Clock
    from agent.evidence.keys import AgentKey

    key = AgentKey.create(invocation.home, name or platform.node()[:40] or "agent", at=Clock().wall(), anew=True)
    _show(invocation, key)
    invocation.reporter.line()
    invocation.reporter.line(invocation.texts("keys.made", certificate=invocation.home / "keys" / "agent.pem"))
    return ExitCode.DONE


def show_key(invocation: Invocation) -> ExitCode:
    """Show the certificate of the signing key."""
    from agent.evidence.keys import AgentKey

    _show(invocation, AgentKey.load(invocation.home))
    return ExitCode.DONE


def _show(invocation: Invocation, key: AgentKey) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    certificate = key.certificate
    path = invocation.home / "keys" / "agent.pem"
    expires = certificate.not_valid_after_utc.isoformat().replace("+00:00", "Z")
    reporter.document(
        {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "self_signed": key.self_signed,
            "fingerprint": key.fingerprint,
            "expires": expires,
            "certificate": str(path),
        }
    )
    reporter.field(texts("keys.subject"), certificate.subject.rfc4514_string())
    issuer = texts("keys.self-signed") if key.self_signed else certificate.issuer.rfc4514_string()
    reporter.field(texts("keys.issuer"), issuer)
    reporter.field(texts("keys.fingerprint"), key.fingerprint)
    reporter.field(texts("keys.expires"), expires)
    reporter.field(texts("keys.certificate"), path)


def make_recipient(invocation: Invocation, out: str) -> ExitCode:
    """Make an age key pair; the private half goes into a file and nowhere else (I4)."""
    from agent.export.identity_file import new_recipient

    path = Path(out)
    recipient = new_recipient(path)
    reporter, texts = invocation.reporter, invocation.texts
    reporter.document({"recipient": recipient, "identity": str(path)})
    reporter.field(texts("keys.recipient"), recipient, "bold")
    reporter.field(texts("keys.identity"), path)
    reporter.line()
    reporter.line(texts("keys.keep-apart"))
    return ExitCode.DONE
