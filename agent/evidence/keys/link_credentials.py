"""The key and certificate that TLS shows to a terminal, lent as files, which is how the ssl module takes them.

A key that is in memory is written under a password that is drawn for it and known to this process alone. A key in a
token cannot be lent, nor one that waits for its passphrase, and a home may have none: then throw-away ones are lent.
What a terminal attests is bound to the channel and signed by its own key, so they protect the evidence as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from agent.errors import PreconditionNotMet
from agent.evidence.files import write_private
from agent.evidence.keys.agent_certificate import self_signed, subject_of
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.encryption import encrypted_at_once

ONE_DAY = timedelta(days=1)
PASSWORD_BYTES = 32
WITHOUT = frozenset({"agent-key-missing", "key-passphrase-missing"})
"""Why a home's key is not at hand though nothing is wrong."""


@dataclass(frozen=True)
class Credentials:
    """What TLS reads.

    Args:
        chain: The certificate, then what certified it, PEM.
        key: The private key, encrypted PEM.
        password: What it is encrypted under.
    """

    chain: Path
    key: Path
    password: str


@contextmanager
def lent_credentials(home: Path, at: datetime, key: AgentKey | None = None) -> Iterator[Credentials]:
    """Lend what TLS reads certificate and key from; it is gone at the end.

    A home without a key lends throw-away ones: to look at a terminal should not leave a signing key behind.

    Args:
        home: Home folder.
        at: Present time.
        key: The agent's key where it is open already; None to open the home's, asking nobody.

    Raises:
        PreconditionNotMet: As `AgentKey.load`, but for `WITHOUT`.
        UsageFault: As `AgentKey.load`.
    """
    key = key or _of_home(home)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    lent = key.lend(password.encode()) if key else None
    if key is not None and lent is not None:
        chain = key.chain_pem
    else:
        made = ec.generate_private_key(ec.SECP256R1())
        own = self_signed(made, subject_of("without a key"), (at - ONE_DAY).replace(microsecond=0))
        chain, lent = own.public_bytes(Encoding.PEM), encrypted_at_once(made, password.encode())
    with TemporaryDirectory(prefix="posretire-") as folder:  # made for its owner alone, 0700
        credentials = Credentials(Path(folder) / "agent.pem", Path(folder) / "agent.key", password)
        write_private(credentials.key, lent)
        write_private(credentials.chain, chain)
        yield credentials


def _of_home(home: Path) -> AgentKey | None:
    try:
        return AgentKey.load(home)
    except PreconditionNotMet as fault:
        if fault.code in WITHOUT:
            return None
        raise
