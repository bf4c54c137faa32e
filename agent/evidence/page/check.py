"""The certificate for people, ``certificate.pdf``: drawn from the statement alone, and signed with the agent's key.

How to check it without this program, in a shell::

    pdfsig certificate.pdf                  # its text, not its exit status, says "Signature is Valid." and
                                            # "Total document signed"; "Signing Time" is the statement's times.issued
    pdfdetach -save 1 -o s.json certificate.pdf && cmp s.json statement.dsse.json
                                            # the page belongs to this statement
    pdfsig -dump certificate.pdf            # writes certificate.pdf.sig0, the CMS (DER, filled up with zero bytes)
    openssl pkcs7 -inform DER -in certificate.pdf.sig0 -print_certs | openssl x509 -pubkey -noout
                                            # equals: openssl x509 -in agent.pem -pubkey -noout

These do not show that the page says what the statement says; for that it has to be drawn again, as `check_certificate`
does. So a program of the shell takes the statement for the evidence, and of the page only that the agent signed it.

Layout of the file: the drawn PDF; after it one incremental update with the signature's dictionary
(`agent.papers.signing`); in it a CMS in lower-case hex (`agent.evidence.page.pades`), whose ECDSA signature is all that
does not follow from the statement and ``agent.pem``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509

from agent.evidence.bundle import CERTIFICATE
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.page.pades import holds, room_for
from agent.evidence.statement import UNBINDING_TYPE, ReadStatement
from agent.evidence.trust.certificates import p256_key

if TYPE_CHECKING:
    from agent.evidence.attachments import Attached
    from agent.papers.certificate import DrawnCertificate
    from agent.papers.signing import Unsigned

_PRODUCER = re.compile(rb"/Producer \((posretire papers (\d{1,6}); reportlab [0-9A-Za-z.+-]{1,40})\)")


def check_certificate(attached: Attached) -> None:
    """The page is drawn from this statement, every byte of it, and signed with the key of ``agent.pem``.

    Raises:
        EvidenceRejected: ``certificate-pdf-differs`` or ``certificate-pdf-signature``.
        NotCheckable: ``certificate-pdf-renderer``: another version drew it, in another way. Its signature holds, and
            the statement is attached to it.
    """
    from agent.papers.sheet import PRODUCER, RENDERER

    pdf = attached.material.files.content(CERTIFICATE)
    chain = attached.material.agent.need()
    found = _PRODUCER.search(pdf)
    producer = found[1].decode("ascii") if found else PRODUCER
    # Another version of the PDF writer mostly writes the same: what was drawn then can still be compared now.
    comparable = found is None or int(found[2]) == RENDERER
    unsigned = draw_unsigned(attached.statement, attached.envelope, chain, producer if comparable else PRODUCER)
    filled = unsigned.signature_of(pdf)
    if filled is None:
        _refuse(pdf, attached.envelope, chain, producer)
    elif not holds(filled, unsigned.digest, chain, p256_key(chain[0], "agent")):
        raise EvidenceRejected("certificate-pdf-signature")


def _refuse(pdf: bytes, envelope: bytes, chain: Sequence[x509.Certificate], producer: str) -> None:
    """Say why a PDF is not the one that is drawn here."""
    from agent.papers.sheet import PRODUCER
    from agent.papers.signing import take_apart

    apart = take_apart(pdf)
    if producer == PRODUCER or apart is None or b"\nstream\n" + envelope + b"\nendstream\n" not in apart[0].head:
        raise EvidenceRejected("certificate-pdf-differs")
    unsigned, filled = apart
    if not holds(filled, unsigned.digest, chain, p256_key(chain[0], "agent")):
        raise EvidenceRejected("certificate-pdf-signature")
    raise NotCheckable("certificate-pdf-renderer", found=producer, own=PRODUCER)


def draw_unsigned(
    statement: ReadStatement, envelope: bytes, chain: Sequence[x509.Certificate], producer: str = ""
) -> Unsigned:
    """Draw a certificate, with room for the signature.

    Args:
        statement: The statement.
        envelope: The bytes of ``statement.dsse.json``.
        chain: The agent's certificate first, then what certified it.
        producer: What drew it, where that is not this version.
    """
    # The PDF writer is loaded here, by those who need it.
    from agent.papers.sheet import PRODUCER
    from agent.papers.signing import leave_room

    drawn = draw_page(json.dumps(statement.predicate), envelope, statement.predicate_type, producer or PRODUCER)
    return leave_room(drawn.pdf, drawn.place, made=statement.facts.issued, room=room_for(chain))


# Who issues a bundle draws its page and then verifies the bundle, before anything else is drawn.
@lru_cache(maxsize=2)
def draw_page(predicate: str, envelope: bytes, predicate_type: str, producer: str) -> DrawnCertificate:
    """Draw a certificate, which follows from the arguments alone, so that what was drawn last is remembered.

    Args:
        predicate: The statement's predicate as JSON.
        envelope: The bytes of ``statement.dsse.json``.
        predicate_type: The statement's.
        producer: What drew it, as the PDF says of itself.
    """
    from agent.papers.certificate import draw_certificate
    from agent.papers.words import RETIREMENT, UNBINDING

    act = UNBINDING if predicate_type == UNBINDING_TYPE else RETIREMENT
    return draw_certificate(json.loads(predicate), envelope, act, producer)
