"""The agent's end of a private link: TLS 1.3 as the client, over bytes in memory (note pmp.md, section Privacy).

Loaded only where a link may be private: Python's ``ssl`` takes its time to start.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path

from agent.privacy import LinkFacts
from protocols.pmp.channel import ChannelRefused

BINDING_LABEL = b"posretire pmp channel v1"
READ_BYTES = 16_384
OPENSSL_EXPIRED = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""

CheckPeer = Callable[[bytes], None]
"""Raises `ChannelRefused` for a certificate (DER) that is certified and still not welcome."""


class TlsClient:
    """One end of one private channel; see `protocols.pmp.channel.Channel`.

    Args:
        context: Key, certificate and trust.
        check_peer: Asked about the terminal's certificate once the handshake has shown that its key is there.
    """

    def __init__(self, context: ssl.SSLContext, check_peer: CheckPeer) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out)
        self._check_peer = check_peer
        self._binding = b""

    def start(self) -> None:
        """Begin the handshake."""
        self._shake()

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the terminal's channel and return what they say.

        Raises:
            ChannelRefused: The handshake failed, or a record is not the terminal's; so does whatever comes after it.
        """
        self._in.write(data)
        if not self._binding:
            self._shake()
        said = bytearray()
        try:
            while self._binding:
                piece = self._tls.read(READ_BYTES)
                if not piece:
                    raise ChannelRefused("record", "the terminal closed the channel")
                said += piece
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as fault:
            raise self._refused(fault) from None
        return bytes(said)

    def outgoing(self) -> bytes:
        """Return what the channel itself has to say."""
        return self._out.read()

    def seal(self, data: bytes) -> bytes:
        """Encrypt up to 16,384 bytes into one record."""
        self._tls.write(data)
        return self._out.read()

    @property
    def established(self) -> bool:
        """True once the terminal has proven its certificate, and ours has been shown."""
        return bool(self._binding)

    @property
    def binding(self) -> bytes:
        """SHA-256 over a label and the client's Finished; empty before that was sent."""
        return self._binding

    @property
    def facts(self) -> LinkFacts:
        """What is known of the channel, once it is established."""
        suite = self._tls.cipher()
        peer = self._tls.getpeercert(binary_form=True) or b""
        return LinkFacts(
            private=True,
            tls_version=self._tls.version() or "",
            cipher_suite=suite[0] if suite else "",
            peer_certificate_sha256=hashlib.sha256(peer).hexdigest(),
            binding=self._binding.hex(),
        )

    def _shake(self) -> None:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError as fault:
            raise self._refused(fault) from None
        self._check_peer(self._tls.getpeercert(binary_form=True) or b"")
        # In a full handshake this is the client's Finished (RFC 8446, section 4.4.4): a code over all that both sides
        # said, certificates included, under a key of this channel alone. The ssl module has no exporter (section 7.5).
        finished = self._tls.get_channel_binding("tls-unique")
        if not finished:
            raise ChannelRefused("handshake", "no Finished message")
        self._binding = hashlib.sha256(BINDING_LABEL + finished).digest()

    def _refused(self, fault: ssl.SSLError) -> ChannelRefused:
        if isinstance(fault, ssl.SSLCertVerificationError):
            if fault.verify_code in OPENSSL_EXPIRED:
                return ChannelRefused("certificate-expired", fault.verify_message)
            return ChannelRefused("certificate-unknown", fault.verify_message)
        reason = fault.reason or type(fault).__name__
        if "ALERT" in reason and any(word in reason for word in ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")):
            return ChannelRefused("agent-refused", reason)  # it comes after the handshake, as far as this side can tell
        return ChannelRefused("record" if self._binding else "handshake", reason)


class TlsChannels:
    """Makes the private channels of a command; see `agent.privacy.PrivateChannels`.

    Each session begins with a whole handshake; the note tells what taking up an earlier one would save, and cost.

    Args:
        chain_file: The agent's certificate and what certified it, PEM.
        key_file: Its private key, encrypted PEM.
        password: What it is encrypted under.
        makers: Certificates of trusted makers, all of them authorities, PEM joined.
        check_peer: See `TlsClient`.
        required: Whether a plain link is refused.

    Raises:
        OSError: The files cannot be read, or hold no such things.
    """

    def __init__(
        self, chain_file: Path, key_file: Path, password: str, makers: str, check_peer: CheckPeer, *, required: bool
    ) -> None:
        self._required = required
        self._check_peer = check_peer
        self._newest: TlsClient | None = None
        self._context = context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # a terminal has a serial number, which its attestation proves
        context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # whoever is trusted need not be at the top
        context.load_verify_locations(cadata=makers)
        context.load_cert_chain(chain_file, key_file, password)

    @property
    def required(self) -> bool:
        """True where a plain link is refused."""
        return self._required

    def __call__(self) -> TlsClient:
        """Make the channel of a new session."""
        self._newest = TlsClient(self._context, self._check_peer)
        return self._newest

    def facts(self) -> LinkFacts:
        """Return what is known of the newest channel, which is established."""
        assert self._newest is not None
        return self._newest.facts
