"""``posretire log``: the log of cases shown, entries of it proven, and all of it audited."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode

LAST = 20


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    log = option(texts, "--log", "log", key="log", metavar="DIR")
    last = option(texts, "--last", "last", key="log-last", type=click.IntRange(0, 100_000), default=LAST, metavar="N")
    trust = option(texts, "--trust", "trust", key="log-trust", multiple=True, metavar="DIR")
    key = option(texts, "--key", "key", key="log-key", multiple=True, metavar="VKEY")
    subject = click.Argument(["subject"], required=False, metavar="CASE|BUNDLE")
    older = option(texts, "--from", "older", key="log-from", metavar="CHECKPOINT")
    out = option(texts, "--out", "out", key="log-out", metavar="FILE")
    since = option(texts, "--since", "since", key="log-since", metavar="CHECKPOINT")
    bundles = option(texts, "--bundles", "bundles", key="log-bundles", metavar="DIR")
    keep = option(texts, "--keep", "keep", key="log-keep", metavar="FILE")
    return make_group(
        texts,
        "log",
        "show",
        [
            make_command(texts, "show", show, [last, log], key="log-show"),
            make_command(texts, "prove", prove, [subject, older, out, log], key="log-prove"),
            make_command(texts, "audit", audit, [since, bundles, keep, key, trust, log], key="log-audit"),
        ],
    )


def show(invocation: Invocation, last: int = LAST, log: str | None = None) -> ExitCode:
    """Show the entries, and the cases that nothing has ended."""
    from agent.cli.log_show import show_log

    return show_log(invocation, folder_of(invocation, log), last)


def prove(invocation: Invocation, subject: str | None, older: str | None, out: str | None, log: str | None) -> ExitCode:
    """Prove an entry, or that the log only grew."""
    from agent.cli.log_prove import prove_consistency, prove_subject
    from agent.errors import UsageFault

    if (subject is None) == (older is None):
        raise UsageFault("log-prove-what")
    folder = folder_of(invocation, log)
    if older is not None:
        return prove_consistency(invocation, folder, Path(older), out)
    return prove_subject(invocation, folder, str(subject), out)


def audit(
    invocation: Invocation,
    since: str | None,
    bundles: str | None,
    keep: str | None,
    key: tuple[str, ...],
    trust: tuple[str, ...],
    log: str | None,
) -> ExitCode:
    """Audit the log from end to end."""
    from agent.cli.log_audit import Wanted, audit_log

    wanted = Wanted(
        folder=folder_of(invocation, log),
        keys=key,
        trust=tuple(map(Path, trust)),
        since=Path(since) if since is not None else None,
        bundles=Path(bundles) if bundles is not None else None,
        keep=Path(keep) if keep is not None else None,
    )
    return audit_log(invocation, wanted)


def folder_of(invocation: Invocation, log: str | None) -> Path:
    """Return the folder of the log: the one that was named, or the home's own."""
    from agent.evidence.caselog.log import log_folder

    return Path(log) if log is not None else log_folder(invocation.home)
