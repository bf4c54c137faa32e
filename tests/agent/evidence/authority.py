"""A timestamp authority made up for tests (RFC 3161): answers in memory, at whatever time a test names.

Written on asn1crypto alone, and held against ``openssl ts -verify`` by its own test. Every part of an answer can be
bent before it is signed, as an authority could, or afterwards, as somebody on the way could.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.agent.evidence.made import OPENED, der, make_certificate, new_key, pem, same

STAMPING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)


def request_for(data: bytes, nonce: int | None = 7, certificates: bool = True) -> bytes:
    """Ask for a timestamp over some bytes, as a client would."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(data).digest()}
    fields = {"version": 1, "message_imprint": imprint, "cert_req": certificates}
    return tsp.TimeStampReq(fields if nonce is None else {**fields, "nonce": nonce}).dump()


@dataclass
class Bent:
    """What to bend, and how: each is called where the part is made.

    Args:
        info: Fields of the TSTInfo, before it is signed.
        attributes: Signed attributes, before they are signed.
        signer: Fields of the SignerInfo, once signed.
        signed: Fields of the SignedData.
        response: Fields of the TimeStampResp.
    """

    info: Callable[[dict[str, Any]], dict[str, Any]] = same
    attributes: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = same
    signer: Callable[[dict[str, Any]], dict[str, Any]] = same
    signed: Callable[[dict[str, Any]], dict[str, Any]] = same
    response: Callable[[dict[str, Any]], dict[str, Any]] = same


@dataclass
class TestAuthority:
    """A root and a key that it certifies for timestamps.

    Args:
        key_kind: ``ec`` (P-256) or ``rsa`` (2048 bits).
        intermediate: Whether another certificate stands between root and signer.
        sends_root: Whether answers carry the root too, as those of ``openssl ts`` do.
        ess: Digest in the signing-certificate attribute: ``sha1`` (RFC 2634) or ``sha256`` (RFC 5035).
        extra: Extension of the signer's certificate besides the usual, and whether it is critical.
        start: Since when the certificates are valid.
        days: For how many days.
    """

    __test__ = False  # no test case, whatever its name says to pytest

    key_kind: str = "ec"
    intermediate: bool = False
    sends_root: bool = True
    ess: str = "sha256"
    extra: tuple[x509.ExtensionType, bool] | None = STAMPING
    start: datetime = OPENED - timedelta(days=1)
    days: int = 3_000
    name: str = "TEST timestamp root"
    root_key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)

    def __post_init__(self) -> None:
        span: dict[str, Any] = {"start": self.start, "days": self.days}
        self.root = make_certificate(self.name, self.root_key, self.name, self.root_key, authority=True, **span)
        issuer, issuer_key, self.between = self.name, self.root_key, []
        if self.intermediate:
            issuer_key = new_key()
            issuer = "TEST timestamp intermediate"
            self.between = [
                make_certificate(issuer, issuer_key, self.name, self.root_key, authority=True, **span),
            ]
        rsa_key = self.key_kind == "rsa"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048) if rsa_key else new_key()
        self.certificate = make_certificate("TEST authority", self.key, issuer, issuer_key, extra=self.extra, **span)
        self.count = 0

    @property
    def root_pem(self) -> bytes:
        """What goes into ``tsa/`` of a trust folder."""
        return pem(self.root)

    def stamp(self, data: bytes, at: datetime, bent: Bent | None = None) -> bytes:
        """Timestamp some bytes."""
        return self.answer(request_for(data), at, bent)

    def answer(self, request: bytes, at: datetime, bent: Bent | None = None) -> bytes:
        """Answer a request.

        Args:
            request: TimeStampReq, DER.
            at: What the authority's clock says.
            bent: What to do wrong.

        Returns:
            TimeStampResp, DER: the content of a ``.tsr`` file.
        """
        bent = bent or Bent()
        asked = tsp.TimeStampReq.load(request, strict=True)
        self.count += 1
        fields = {
            "version": 1,
            "policy": "1.2.3.4.1",
            "message_imprint": asked["message_imprint"].copy(),
            "serial_number": self.count,
            "gen_time": at,
            "nonce": asked["nonce"].native,
        }
        info = tsp.TSTInfo({name: value for name, value in bent.info(fields).items() if value is not None}).dump()
        attributes = [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            self.signing_certificate(),
        ]
        signed_attributes = cms.CMSAttributes([cms.CMSAttribute(each) for each in bent.attributes(attributes)])
        signer = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {
                        "issuer": asn1_x509.Certificate.load(der(self.certificate)).issuer,
                        "serial_number": self.certificate.serial_number,
                    }
                )
            },
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": signed_attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15" if self.key_kind == "rsa" else "sha256_ecdsa"},
            "signature": self.sign(signed_attributes.dump()),
        }
        chain = [self.certificate, *self.between, *([self.root] if self.sends_root else [])]
        signed = {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": [asn1_x509.Certificate.load(der(each)) for each in chain],
            "signer_infos": [cms.SignerInfo(bent.signer(signer))],
        }
        token = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(bent.signed(signed))})
        return tsp.TimeStampResp(bent.response({"status": {"status": "granted"}, "time_stamp_token": token})).dump()

    def signing_certificate(self) -> dict[str, Any]:
        """Return the attribute that binds the signature to the certificate."""
        if self.ess == "sha1":
            old = {"certs": [{"cert_hash": hashlib.sha1(der(self.certificate)).digest()}]}
            return {"type": "signing_certificate", "values": [tsp.SigningCertificate(old)]}
        new = {"certs": [{"cert_hash": hashlib.sha256(der(self.certificate)).digest()}]}
        return {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2(new)]}

    def sign(self, data: bytes) -> bytes:
        """Sign bytes with the authority's key."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
