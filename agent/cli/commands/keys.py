"""``posretire keys``: the agent's signing key and its certificate, and a key pair for the owner of the exports."""

from __future__ import annotations

import errno
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.asking import ConsolePerson, Person
from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, PreconditionNotMet, UsageFault

if TYPE_CHECKING:
    from agent.evidence.keys.agent_key import AgentChain, AgentKey
    from agent.evidence.keys.settings import KeySettings
    from agent.evidence.keys.store import NewKey

STORES = ("file", "keyring", "pkcs11")
TOKEN_KEY = "posretire"  # noqa: S105 - the label of a key
REQUEST = "agent.csr"


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    out = option(texts, "--out", "out", key="recipient-out", metavar="FILE", required=True)
    unlocked = option(texts, "--key-passphrase-file", "passphrase_file", key="key-passphrase-file", metavar="FILE")
    request_out = option(texts, "--out", "out", key="request-out", metavar="FILE")
    chain = click.Argument(["files"], nargs=-1, required=True, metavar="CHAIN.pem...")
    trust_root = option(texts, "--trust-root", "trust_root", key="trust-root", is_flag=True)
    return make_group(
        texts,
        "keys",
        "show",
        [
            make_command(texts, "init", make_key, [*_init_options(texts), unlocked], key="keys-init"),
            make_command(texts, "show", show_key, [unlocked], key="keys-show"),
            make_command(texts, "request", write_request, [request_out, unlocked], key="keys-request"),
            make_command(texts, "install", install, [chain, trust_root, unlocked], key="keys-install"),
            make_command(texts, "recipient", make_recipient, [out], key="keys-recipient"),
        ],
    )


def _init_options(texts: Texts) -> list[click.Parameter]:
    stores = click.Choice(STORES)
    return [
        option(texts, "--name", "name", key="name", metavar="NAME"),
        option(texts, "--request", "request", key="request", metavar="FILE.csr"),
        option(texts, "--store", "store", key="store", type=stores, default="file", metavar="|".join(STORES)),
        option(texts, "--passphrase", "passphrase", key="passphrase", is_flag=True),
        option(texts, "--unattended", "unattended", key="unattended", is_flag=True),
        option(texts, "--module", "module", key="module", metavar="FILE"),
        option(texts, "--token", "token", key="token", metavar="LABEL"),
        option(texts, "--key-label", "label", key="key-label", metavar="LABEL"),
    ]


def make_key(
    invocation: Invocation,
    name: str | None,
    request: str | None,
    store: str,
    passphrase: bool,
    passphrase_file: str | None,
    unattended: bool,
    module: str | None,
    token: str | None,
    label: str | None,
) -> ExitCode:
    """Make the signing key, a certificate by itself, and the request for a better one."""
    from agent.clock import Clock
    from agent.evidence.keys.agent_key import AgentKey
    from agent.evidence.keys.settings import KeySettings
    from agent.evidence.keys.unlocking import read_private_line

    if unattended and not passphrase_file:
        raise UsageFault("unattended-file")
    kept = str(Path(passphrase_file).absolute()) if unattended and passphrase_file else ""
    label = label or (TOKEN_KEY if store == "pkcs11" else "")
    if kept:
        # As it will be read from now on: what is refused then is refused now, before there is a key under it.
        read_private_line(Path(kept)).forget()
    settings = KeySettings(store, module or "", token or "", label, passphrase_file=kept)
    person = ConsolePerson(invocation.reporter)
    wanted = _wanted(invocation, settings, passphrase, passphrase_file, person)
    if request is not None:
        _check_request(Path(request))
    called = name or platform.node()[:40] or "agent"
    key = AgentKey.create(invocation.home, called, at=Clock().wall(), anew=True, wanted=wanted)
    asked = _write_request(key, Path(request)) if request is not None else None
    _show(invocation, key, asked)
    reporter, texts = invocation.reporter, invocation.texts
    reporter.line()
    reporter.line(texts("keys.made", certificate=invocation.home / "keys" / "agent.pem"))
    if asked is not None:
        reporter.line(texts("keys.requested", request=asked))
    return ExitCode.DONE


def _wanted(
    invocation: Invocation, settings: KeySettings, passphrase: bool, file: str | None, person: Person
) -> NewKey:
    from agent.cli.unlocking import KeyUnlock, new_secret
    from agent.evidence.keys.settings import FILE, KEYRING
    from agent.evidence.keys.store import NewKey, check_wanted, key_path

    check_wanted(settings)
    if (passphrase and settings.store != FILE) or (file is not None and settings.store == KEYRING):
        raise UsageFault("key-store-options")
    unlock = KeyUnlock(file, person, invocation.reporter)
    if settings.store != FILE or not (passphrase or file is not None):
        return NewKey(settings, None, unlock)
    secret = new_secret(file, person, invocation.reporter, "key-passphrase")
    unlock.said[str(key_path(invocation.home))] = secret
    return NewKey(settings, secret, unlock)


def show_key(invocation: Invocation, passphrase_file: str | None = None) -> ExitCode:
    """Show the certificate of the signing key."""
    from agent.evidence.keys.agent_key import AgentChain
    from agent.evidence.keys.unlocking import from_settings

    if passphrase_file is not None:
        _show(invocation, _opened(invocation, passphrase_file))
    else:
        _show(invocation, AgentChain.shown(invocation.home, from_settings))
    return ExitCode.DONE


def write_request(invocation: Invocation, out: str | None, passphrase_file: str | None) -> ExitCode:
    """Write a request for a certificate."""
    if out is not None:
        _check_request(Path(out))
    path = Path(out) if out is not None else invocation.home / "keys" / REQUEST
    key = _opened(invocation, passphrase_file)
    _write_request(key, path)
    reporter, texts = invocation.reporter, invocation.texts
    reporter.document({"request": str(path), "fingerprint": key.fingerprint})
    reporter.field(texts("keys.request"), path)
    reporter.line()
    reporter.line(texts("keys.requested", request=path))
    return ExitCode.DONE


def install(invocation: Invocation, files: tuple[str, ...], trust_root: bool, passphrase_file: str | None) -> ExitCode:
    """Install the chain that an authority issued."""
    from agent.clock import Clock
    from agent.evidence.keys.agent_chain import install_chain, issued_chain, read_chain_files

    home, reporter, texts = invocation.home, invocation.reporter, invocation.texts
    key = _opened(invocation, passphrase_file)
    chain = issued_chain(key, read_chain_files([Path(file) for file in files]), Clock().wall())
    earlier = install_chain(home, key, chain, trust_root=trust_root)
    installed = key.with_chain(chain.pem)
    _show(invocation, installed, None, earlier)
    reporter.line()
    for each in chain.others:
        reporter.line(texts("keys.left-out", name=each.subject.rfc4514_string()))
    if not _trusted(home, installed):
        reporter.line(texts("keys.trust-root", folder=home / "trust" / "agents"))
    # A certificate by itself is all that there is to trust; a chain has a root.
    alone = texts("keys.made", certificate=home / "keys" / "agent.pem")
    reporter.line(alone if installed.self_signed else texts("keys.installed"))
    return ExitCode.DONE


def _trusted(home: Path, key: AgentKey) -> bool:
    from agent.clock import Clock
    from agent.evidence.errors import EvidenceRejected, NotCheckable
    from agent.evidence.trust.store import TrustStore

    try:
        TrustStore.load([home / "trust"]).check_agent(key.certificates, Clock().wall())
    except (EvidenceRejected, NotCheckable, UsageFault):
        return False
    return True


def _opened(invocation: Invocation, passphrase_file: str | None) -> AgentKey:
    from agent.cli.unlocking import open_agent_key

    key = open_agent_key(invocation.home, passphrase_file, ConsolePerson(invocation.reporter), invocation.reporter)
    if key is None:
        raise PreconditionNotMet("agent-key-missing", path=str(invocation.home / "keys" / "agent.key"))
    return key


def _check_request(path: Path) -> None:
    """Refuse a place for a request before a key is made that could not be asked for there."""
    if path.exists():
        raise UsageFault("request-exists", path=str(path))
    if not path.absolute().parent.is_dir():
        raise UsageFault("keys-unwritable", path=str(path), why=os.strerror(errno.ENOENT))


def _write_request(key: AgentKey, path: Path) -> Path:
    from agent.evidence.files import write_durable

    try:
        write_durable(path, key.request())
    except OSError as fault:
        raise UsageFault("keys-unwritable", path=str(path), why=fault.strerror or "") from None
    return path


def _show(invocation: Invocation, key: AgentChain, request: Path | None = None, earlier: Path | None = None) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    certificate = key.certificate
    path = invocation.home / "keys" / "agent.pem"
    expires = certificate.not_valid_after_utc.isoformat().replace("+00:00", "Z")
    chain = [each.subject.rfc4514_string() for each in key.certificates[1:]]
    reporter.document(
        {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "self_signed": key.self_signed,
            "chain": chain,
            "store": key.store,
            "fingerprint": key.fingerprint,
            "expires": expires,
            "certificate": str(path),
            **({"request": str(request)} if request else {}),
            **({"earlier": str(earlier)} if earlier else {}),
        }
    )
    reporter.field(texts("keys.subject"), certificate.subject.rfc4514_string())
    issuer = texts("keys.self-signed") if key.self_signed else certificate.issuer.rfc4514_string()
    reporter.field(texts("keys.issuer"), issuer)
    for each in chain:
        reporter.field(texts("keys.chain"), each)
    reporter.field(texts("keys.store"), texts(f"keys.store.{key.store}"))
    reporter.field(texts("keys.fingerprint"), key.fingerprint)
    reporter.field(texts("keys.expires"), expires)
    reporter.field(texts("keys.certificate"), path)
    if request is not None:
        reporter.field(texts("keys.request"), request)
    if earlier is not None:
        reporter.field(texts("keys.earlier"), earlier)


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
