"""Making the certificate for people; what it is, and how it is checked, says `agent.evidence.page.check`."""

from __future__ import annotations

from collections.abc import Callable

from agent.evidence.attachments import AttachmentUnavailable
from agent.evidence.bundle import CERTIFICATE, SIZE_LIMITS
from agent.evidence.dsse import open_envelope
from agent.evidence.page.check import draw_unsigned
from agent.evidence.page.pades import signed_data, to_be_signed
from agent.evidence.statement import read_statement
from agent.evidence.trust.certificates import read_pem


class CertificateMaker:
    """Makes the certificate of a statement.

    Args:
        sign: Signs with the agent's key: ECDSA on P-256 over SHA-256, DER.
        chain_pem: The agent's certificate first, then what certified it.
    """

    name = CERTIFICATE

    def __init__(self, sign: Callable[[bytes], bytes], chain_pem: bytes) -> None:
        self._sign = sign
        self._chain = read_pem(chain_pem, "agent")

    def make(self, envelope: bytes) -> bytes:
        """Draw and sign it.

        Raises:
            AttachmentUnavailable: ``certificate-too-large``.
        """
        unsigned = draw_unsigned(read_statement(open_envelope(envelope).payload), envelope, self._chain)
        signature = self._sign(to_be_signed(unsigned.digest, self._chain[0]))
        pdf = unsigned.signed(signed_data(unsigned.digest, self._chain, signature))
        if len(pdf) > SIZE_LIMITS[CERTIFICATE]:
            raise AttachmentUnavailable("certificate-too-large", limit=SIZE_LIMITS[CERTIFICATE])
        return pdf
