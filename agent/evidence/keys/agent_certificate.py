"""The agent's certificate: self-signed to begin with, and the request that a company's authority signs."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

VALIDITY = timedelta(days=3_652)

USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,  # once called nonRepudiation; what PAdES signers ask for
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
"""What an agent's key may be used for (RFC 5280, 4.2.1.3)."""


def subject_of(name: str) -> x509.Name:
    """Return the subject of an agent of this name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"posretire agent {name}")])


def self_signed(key: ec.EllipticCurvePrivateKey, subject: x509.Name, at: datetime) -> x509.Certificate:
    """Certify a key by itself.

    Args:
        key: The key.
        subject: Whose it is.
        at: When it begins to hold, whole seconds; it holds for ten years.
    """
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(USAGE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def certificate_request(key: ec.EllipticCurvePrivateKey, subject: x509.Name) -> bytes:
    """Ask an authority for a certificate (PKCS#10, RFC 2986), with the key usage that it needs.

    Args:
        key: Signs the request, and so proves that it is there.
        subject: Whose it is.

    Returns:
        PEM.
    """
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(USAGE, critical=True)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM)
