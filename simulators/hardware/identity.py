"""The device's own key and the certificate that the maker's test root gave it.

All keys here are derived from labels and seeds that stand in the open. They prove nothing about any real terminal;
the names in the certificates say so.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulators.errors import SimulationError

# NIST SP 800-186, section 3.2.1.3: the order of the group of P-256.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NOT_BEFORE = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
NOT_AFTER = datetime.datetime(2049, 12, 31, tzinfo=datetime.UTC)
EXPIRED = datetime.datetime(2024, 12, 31, tzinfo=datetime.UTC)
"""When a test certificate ended that is meant to be over."""
REVOKED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
"""When a test certificate was revoked, and the list with it was made."""
STRANGER = "STRANGER-TEST"
"""A maker that nobody trusts."""
ROOT_LABEL = "posretire TEST ONLY maker root "
DEVICE_LABEL = "posretire TEST ONLY device identity "


@dataclass(frozen=True)
class DeviceIdentity:
    """A device's key with its certificate.

    Args:
        tusn: Hardware serial number, which the certificate names.
        key: The private key, P-256.
        certificate: Signed by the maker's test root.
    """

    tusn: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the public key (SubjectPublicKeyInfo, DER), 32 bytes."""
        return hashlib.sha256(_public_der(self.key)).digest()

    @property
    def secret(self) -> bytes:
        """32 bytes that only this device has, for drawing numbers that repeat from run to run and cannot be guessed."""
        return self.key.private_numbers().private_value.to_bytes(32, "big")


def derive_key(label: str) -> ec.EllipticCurvePrivateKey:
    """Derive a P-256 key from a public label. For test keys only."""
    number = int.from_bytes(hashlib.sha512(label.encode()).digest(), "big")
    return ec.derive_private_key(number % (P256_ORDER - 1) + 1, ec.SECP256R1())


def maker_root(maker: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Make the test root of a maker; every run makes the same one.

    Args:
        maker: The maker's identifier, as ``HAIKE-TEST``.

    Returns:
        The root's key and its self-signed certificate.
    """
    key = derive_key(ROOT_LABEL + maker)
    name = _name(maker, f"posretire TEST maker root {maker.removesuffix('-TEST')}")
    usage = _usage(sign_certificates=True)
    return key, _certificate(name, key, name, key, x509.BasicConstraints(ca=True, path_length=0), usage)


def make_identity(maker: str, tusn: str, label: str) -> DeviceIdentity:
    """Make a device's identity.

    Args:
        maker: The maker's identifier.
        tusn: Hardware serial number.
        label: What the key is derived from; the same label gives the same key.
    """
    root_key, root = maker_root(maker)
    key = derive_key(DEVICE_LABEL + label)
    subject = _name(maker, tusn, x509.NameAttribute(NameOID.SERIAL_NUMBER, tusn))
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    usage = _usage(sign_certificates=False)
    return DeviceIdentity(tusn, key, _certificate(subject, key, root.subject, root_key, constraints, usage))


def certify(identity: DeviceIdentity, maker: str, *, not_after: datetime.datetime = NOT_AFTER) -> DeviceIdentity:
    """Give a device's key another certificate.

    Args:
        identity: The device.
        maker: Whose test root certifies it.
        not_after: When the certificate ends.
    """
    root_key, root = maker_root(maker)
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    usage = _usage(sign_certificates=False)
    subject = identity.certificate.subject
    made = _certificate(subject, identity.key, root.subject, root_key, constraints, usage, not_after)
    return DeviceIdentity(identity.tusn, identity.key, made)


def revocation_list(maker: str, *revoked: x509.Certificate) -> bytes:
    """Make a revocation list of a maker (RFC 5280, section 5), PEM.

    Args:
        maker: The maker's identifier.
        revoked: The certificates that it revokes.
    """
    key, root = maker_root(maker)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(REVOKED)
        .next_update(NOT_AFTER)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(REVOKED).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def save_identity(identity: DeviceIdentity, path: Path) -> None:
    """Write key and certificate as PEM, readable by their owner only."""
    key = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(key + identity.certificate.public_bytes(serialization.Encoding.PEM))


def load_identity(path: Path) -> DeviceIdentity:
    """Read what `save_identity` wrote.

    Raises:
        SimulationError: ``state-broken`` where the file is missing or something else.
    """
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
        tusn = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    except (OSError, ValueError, TypeError, IndexError):
        raise SimulationError("state-broken", file=path.name) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(tusn, str):
        raise SimulationError("state-broken", file=path.name)
    return DeviceIdentity(tusn, key, certificate)


def _name(maker: str, common_name: str, *more: x509.NameAttribute[str]) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, maker)
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common_name), *more])


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    constraints: x509.BasicConstraints,
    usage: x509.KeyUsage,
    not_after: datetime.datetime = NOT_AFTER,
) -> x509.Certificate:
    # RFC 5280, section 4.1.2.2: a positive serial number of at most 20 octets; from the key, so that it repeats.
    serial = int.from_bytes(hashlib.sha256(_public_der(key)).digest()[:15], "big") | 1 << 119
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(not_after)
        .add_extension(constraints, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)


def _public_der(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
