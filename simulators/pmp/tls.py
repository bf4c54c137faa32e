"""The terminal's end of a private link: TLS 1.3 as the server, over bytes in memory (note pmp.md, section Privacy).

pyOpenSSL over the OpenSSL that the package cryptography brings; the agent's end uses Python's own ``ssl``. So neither
code nor library is shared by the two ends. It also asks for the agent's certificate without knowing whom to trust,
which the ``ssl`` module cannot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography import x509
from OpenSSL import SSL, crypto

from protocols.pmp.channel import ChannelRefused
from simulators.errors import SimulationError
from simulators.hardware.identity import DeviceIdentity

BINDING_LABEL = b"posretire pmp channel v1"
READ_BYTES = 16_384
MAX_CHAIN = 5
MAX_AGENTS_FILES = 1_000
OPENSSL_EXPIRED = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


class TlsServer:
    """One end of one private channel; see `protocols.pmp.channel.Channel`.

    Args:
        context: Key, certificate and trust.
        cut_after: Bytes of the handshake after which nothing more is said; None: all is said.
    """

    def __init__(self, context: SSL.Context, cut_after: int | None = None) -> None:
        self._tls = SSL.Connection(context, None)
        self._tls.set_accept_state()
        self._tls.set_app_data(self)
        self.verdict = 0
        """OpenSSL's number of what is wrong with the agent's certificate."""
        self._left = cut_after
        self._binding = b""

    def start(self) -> None:
        """Do nothing: the client speaks first."""

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the agent's channel and return what they say.

        Raises:
            ChannelRefused: The handshake failed, or a record is not the agent's.
        """
        while data:
            data = data[self._tls.bio_write(data) :]
        said = bytearray()
        try:
            if not self._binding:
                self._tls.do_handshake()
                # The client's Finished: a code over all of the handshake under a key of this channel alone.
                finished = self._tls.get_peer_finished()
                if finished is None:
                    raise ChannelRefused("handshake", "no Finished message")
                self._binding = hashlib.sha256(BINDING_LABEL + finished).digest()
            while True:
                said += self._tls.recv(READ_BYTES)
        except SSL.WantReadError:
            return bytes(said)
        except SSL.ZeroReturnError:
            raise ChannelRefused("record", "the agent closed the channel") from None
        except SSL.Error as fault:
            raise self._refused(fault) from None

    def outgoing(self) -> bytes:
        """Return what the channel itself has to say."""
        said = self._pending()
        if self._left is not None:
            said, self._left = said[: self._left], max(0, self._left - len(said))
        return said

    def seal(self, data: bytes) -> bytes:
        """Encrypt up to 16,384 bytes into one record."""
        before = self.outgoing()
        self._tls.sendall(data)
        return before + self._pending()

    @property
    def established(self) -> bool:
        """True once the agent's Finished came."""
        return bool(self._binding)

    @property
    def binding(self) -> bytes:
        """SHA-256 over a label and the client's Finished; empty before it came."""
        return self._binding

    def _pending(self) -> bytes:
        said = bytearray()
        while True:
            try:
                said += self._tls.bio_read(READ_BYTES)
            except SSL.WantReadError:
                return bytes(said)

    def _refused(self, fault: SSL.Error) -> ChannelRefused:
        details = fault.args[0] if fault.args and isinstance(fault.args[0], list) else []
        reason = str(details[0][2]) if details else type(fault).__name__
        if self.verdict:
            expired = self.verdict in OPENSSL_EXPIRED
            return ChannelRefused("certificate-expired" if expired else "certificate-unknown", reason)
        return ChannelRefused("record" if self._binding else "handshake", reason)


def tls_opener(
    identity: DeviceIdentity, agents: Sequence[x509.Certificate] = (), *, cut_after: int | None = None
) -> Callable[[], TlsServer]:
    """Return what makes the channel of each session.

    Args:
        identity: Key and certificate of the terminal.
        agents: Certificates of agents, or of who certifies them; without any, every agent is welcome that shows a
            certificate and has its key.
        cut_after: Bytes of each handshake after which the terminal falls silent; None: none.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    context.set_max_proto_version(SSL.TLS1_3_VERSION)
    context.use_certificate(identity.certificate)
    context.use_privatekey(identity.key)
    # No session is ever taken up again: a ticket with the agent's certificate in it is longer than a whole handshake.
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_options(SSL.OP_NO_TICKET)
    trusted = context.get_cert_store()
    assert trusted is not None
    for each in agents:
        trusted.add_cert(crypto.X509.from_cryptography(each))
    trusted.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    context.set_verify_depth(MAX_CHAIN)

    def judge(tls: SSL.Connection, _certificate: crypto.X509, number: int, _depth: int, fine: int) -> bool:
        if fine or not agents:
            return True
        tls.get_app_data().verdict = number
        return False

    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, judge)
    return lambda: TlsServer(context, cut_after)


def read_agents(folder: Path) -> tuple[x509.Certificate, ...]:
    """Read the certificates of the agents that a terminal accepts.

    Args:
        folder: Holds ``*.pem``.

    Raises:
        SimulationError: ``agents-unreadable``: it is no folder, or there is no certificate in it.
    """
    found: list[x509.Certificate] = []
    try:
        for path in sorted(folder.glob("*.pem"))[:MAX_AGENTS_FILES]:
            found += x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise SimulationError("agents-unreadable", path=str(folder)) from None
    if not found:
        raise SimulationError("agents-unreadable", path=str(folder))
    return tuple(found)
