"""X.509 certificates of makers, terminals and agents: reading them safely, and following a chain to a root."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from agent.evidence.errors import EvidenceRejected

MAX_PEM_BYTES = 65_536
MAX_CHAIN = 5

_FAULTS = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm)


@lru_cache(maxsize=32)  # the bundles of a batch are signed by few agents
def read_pem(data: bytes, where: str) -> tuple[x509.Certificate, ...]:
    """Read one or more certificates.

    Args:
        data: PEM, at most 64 KiB.
        where: What they belong to, for the error.

    Raises:
        EvidenceRejected: ``certificate-unreadable``.
    """
    if len(data) > MAX_PEM_BYTES:
        raise EvidenceRejected("certificate-unreadable", where=where)
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except _FAULTS:
        raise EvidenceRejected("certificate-unreadable", where=where) from None
    return tuple(_looked_through(each, where) for each in certificates)


def write_pem(chain: Sequence[x509.Certificate]) -> bytes:
    """Write certificates in PEM, in the one form that evidence holds them in."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def read_pem_strictly(data: bytes, where: str) -> tuple[x509.Certificate, ...]:
    """Read certificates that stand in the form of `write_pem` with nothing around them, so that all readers agree.

    Programs differ in what they take for the beginning of a certificate (RFC 7468), and so in which comes first.

    Raises:
        EvidenceRejected: ``certificate-unreadable``.
    """
    chain = read_pem(data, where)
    if write_pem(chain) != data:
        raise EvidenceRejected("certificate-unreadable", where=where)
    return chain


def read_der(data: bytes, where: str) -> x509.Certificate:
    """Read one certificate.

    Args:
        data: DER.
        where: What it belongs to, for the error.

    Raises:
        EvidenceRejected: ``certificate-unreadable``.
    """
    try:
        certificate = x509.load_der_x509_certificate(data)
    except _FAULTS:
        raise EvidenceRejected("certificate-unreadable", where=where) from None
    return _looked_through(certificate, where)


def _looked_through(certificate: x509.Certificate, where: str) -> x509.Certificate:
    """Read the parts that are parsed only when asked for, so that a broken one is found here."""
    try:
        _ = (certificate.version, certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string())
        _ = (certificate.extensions, certificate.public_key(), certificate.not_valid_after_utc)
    except _FAULTS:
        raise EvidenceRejected("certificate-unreadable", where=where) from None
    return certificate


def p256_key(certificate: x509.Certificate, where: str) -> ec.EllipticCurvePublicKey:
    """Return the public key, which must be on P-256 (ES256, RFC 9053, section 2.1).

    Raises:
        EvidenceRejected: ``certificate-key``.
    """
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise EvidenceRejected("certificate-key", where=where)
    return key


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the key (SubjectPublicKeyInfo, DER), lower-case hex."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def serial_number_of(certificate: x509.Certificate) -> str:
    """Return the subject's serialNumber attribute (RFC 5280, 4.1.2.4), or an empty text."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if len(found) == 1 else ""


def organization(certificate: x509.Certificate) -> str:
    """Return the subject's organization (O), or an empty text where it has none or several."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if len(found) == 1 else ""


def common_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, or else the whole subject."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def is_authority(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate may certify others (RFC 5280, 4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def check_leaf(certificate: x509.Certificate, at: datetime, where: str) -> None:
    """Check a certificate that is trusted by itself: its time, and that its key may sign.

    Raises:
        EvidenceRejected: ``certificate-time`` or ``certificate-usage``.
    """
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise EvidenceRejected("certificate-time", where=where)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise EvidenceRejected("certificate-usage", where=where) from None
    if not usage.digital_signature:
        raise EvidenceRejected("certificate-usage", where=where)


def read_crl(data: bytes, where: str) -> x509.CertificateRevocationList:
    """Read a revocation list (RFC 5280, section 5).

    Args:
        data: PEM or DER.
        where: What it belongs to, for the error.

    Raises:
        EvidenceRejected: ``certificate-unreadable``.
    """
    try:
        pem = data.lstrip().startswith(b"-----BEGIN")
        found = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
        _ = (found.issuer.rfc4514_string(), len(found), found.signature_hash_algorithm)
    except _FAULTS:
        raise EvidenceRejected("certificate-unreadable", where=where) from None
    return found


def is_revoked(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    at: datetime,
) -> bool:
    """Tell whether a list of one of a certificate's issuers names it.

    A list that is overdue still counts for what it names: the machine may have been without a network for long.

    Args:
        certificate: The certificate.
        issuers: Who may have issued it; a list counts only with the signature of one of them.
        lists: The revocation lists at hand.
        at: What was revoked later was good at this time.
    """
    for each in lists:
        if each.issuer != certificate.issuer:
            continue
        entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at and any(signed_by(each, issuer) for issuer in issuers):
            return True
    return False


def signed_by(each: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Tell whether a revocation list bears an issuer's name and signature."""
    key = issuer.public_key()
    if issuer.subject != each.issuer or not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    try:
        return each.is_signature_valid(key)
    except _FAULTS:
        return False


def check_chain(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
    where: str,
    *,
    may_stamp: bool = False,
) -> tuple[x509.Certificate, ...]:
    """Follow a chain to one of the roots (RFC 5280, section 6).

    Names of hosts and extended usages play no part: terminals and agents are no web servers.

    Args:
        chain: The leaf first, then intermediates in any order.
        roots: Certificates of authorities; at least one.
        at: When the chain has to be valid.
        where: What the chain belongs to, for the error.
        may_stamp: Whether the leaf is a timestamp authority's, whose usage may be non-repudiation alone.

    Returns:
        The chain that was followed: the leaf first, the root last.

    Raises:
        EvidenceRejected: ``certificate-chain``.
    """
    authority = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, None)  # the library itself asks for cA
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _must_certify)
    )
    leaf = (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _must_sign_or_vouch if may_stamp else _must_sign)
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _must_not_be_authority)
    )
    verifier = (
        PolicyBuilder()
        .store(Store(list(roots)))
        .time(at)
        .max_chain_depth(MAX_CHAIN)
        .extension_policies(ca_policy=authority, ee_policy=leaf)
        .build_client_verifier()
    )
    try:
        return tuple(verifier.verify(chain[0], list(chain[1:])).chain)
    except (VerificationError, ValueError):
        raise EvidenceRejected("certificate-chain", where=where) from None


def _must_certify(_policy: Policy, _of: x509.Certificate, extension: x509.KeyUsage) -> None:
    if not extension.key_cert_sign:
        raise ValueError("may not certify")


def _must_sign(_policy: Policy, _of: x509.Certificate, extension: x509.KeyUsage) -> None:
    if not extension.digital_signature:
        raise ValueError("may not sign")


def _must_sign_or_vouch(_policy: Policy, _of: x509.Certificate, extension: x509.KeyUsage) -> None:
    if not (extension.digital_signature or extension.content_commitment):
        raise ValueError("may not sign")


def _must_not_be_authority(_policy: Policy, _of: x509.Certificate, extension: x509.BasicConstraints | None) -> None:
    if extension is not None and extension.ca:
        raise ValueError("an authority")
