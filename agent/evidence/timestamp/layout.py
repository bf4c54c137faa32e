"""The bytes of a timestamp: what is asked for, what is taken out of an answer, and the one form in which it is kept.

Much in an answer is signed by nobody: the status and its texts, the order of things, certificates beyond the chain,
attributes beside the signature, algorithms named in one of several ways. So a ``.tsr`` of ours is put together anew
from what is signed, and a verifier puts it together once more and compares: each of its bytes either stands under the
signature or follows from what does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509

from agent.evidence.errors import EvidenceRejected

MAX_CERTIFICATES = 8
MAX_ATTRIBUTES = 16
DIGESTS = ("sha256", "sha384", "sha512")
"""What an authority may sign with (RFC 5754, section 2)."""

_FAULTS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What the library says of bytes that it cannot read."""


@dataclass(frozen=True)
class Named:
    """A certificate as a signed attribute names it (RFC 5035, section 4; RFC 2634, section 5.4.1).

    Args:
        algorithm: Name of the digest.
        digest: Digest of the certificate.
        serial_number: Its serial number where that is given too, else None.
    """

    algorithm: str
    digest: bytes
    serial_number: int | None


@dataclass(frozen=True)
class Info:
    """What an authority signs (TSTInfo, RFC 3161, section 2.4.2).

    Args:
        algorithm: Name of the digest of what was timestamped.
        imprint: That digest.
        time: When, by the authority's clock (genTime).
        accuracy: How far that may be off, seconds; 0 where nothing is said.
        nonce: That of the request, or None.
        policy: Object identifier of the authority's policy.
        serial_number: The authority's number for it.
    """

    algorithm: str
    imprint: bytes
    time: datetime
    accuracy: float
    nonce: int | None
    policy: str
    serial_number: int


@dataclass(frozen=True)
class Answer:
    """The parts of an answer that a timestamp is put together from.

    Args:
        info_der: The TSTInfo, DER.
        info: The same, read.
        certificates: Certificates, DER, in their order.
        issuer: Name of who issued the signer's certificate, DER.
        serial_number: Serial number of the signer's certificate.
        digest: Name of the digest that is signed.
        attributes: The signed attributes, DER, as the set that the signature is over (RFC 5652, section 5.4).
        content_type: What the attributes say the content is, or None.
        message_digest: What the attributes say its digest is, or None.
        named: The certificates that the attributes name; the signer's comes first.
        signature: The signature.
    """

    info_der: bytes
    info: Info
    certificates: tuple[bytes, ...]
    issuer: bytes
    serial_number: int
    digest: str
    attributes: bytes
    content_type: str | None
    message_digest: bytes | None
    named: tuple[tuple[Named, ...], ...]
    signature: bytes


def build_request(imprint: bytes, nonce: int) -> bytes:
    """Ask for a timestamp with the authority's certificate in it (RFC 3161, section 2.4.1).

    Args:
        imprint: SHA-256 of what is to be timestamped.
        nonce: A number of ours that the answer must repeat.

    Returns:
        TimeStampReq, DER.
    """
    hashed = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint}
    request = tsp.TimeStampReq({"version": "v1", "message_imprint": hashed, "nonce": nonce, "cert_req": True})
    return bytes(request.dump())


def read_answer(data: bytes) -> Answer:
    """Take an answer apart; nothing in it is believed yet.

    Args:
        data: TimeStampResp, DER.

    Raises:
        EvidenceRejected: ``timestamp-refused``: the authority says no; or ``timestamp-malformed``.
    """
    with _reading("response"):
        response = tsp.TimeStampResp.load(data, strict=True)
        status = response["status"]
        if status["status"].native != "granted":
            why = sorted(status["fail_info"].native or ())
            raise EvidenceRejected("timestamp-refused", why=" ".join([status["status"].native, *why]))
        token = response["time_stamp_token"]
        if token["content_type"].native != "signed_data":
            raise EvidenceRejected("timestamp-malformed", why="content type")
        signed = token["content"]
    with _reading("signed data"):
        encapsulated, signers = signed["encap_content_info"], signed["signer_infos"]
        if encapsulated["content_type"].native != "tst_info" or len(signers) != 1:
            raise EvidenceRejected("timestamp-malformed", why="one signature over a TSTInfo")
        certificates = () if isinstance(signed["certificates"], core.Void) else signed["certificates"]
        if not 1 <= len(certificates) <= MAX_CERTIFICATES:
            raise EvidenceRejected("timestamp-malformed", why="certificates")
        chain = tuple(bytes(each.chosen.dump()) for each in certificates)
        info_der, signer = bytes(encapsulated["content"].contents), signers[0]
    return _with_signer(signer, chain, info_der)


def _with_signer(signer: Any, certificates: tuple[bytes, ...], info_der: bytes) -> Answer:
    with _reading("signer"):
        if signer["sid"].name != "issuer_and_serial_number":
            raise EvidenceRejected("timestamp-malformed", why="signer")
        digest = str(signer["digest_algorithm"]["algorithm"].native)
        if digest not in DIGESTS:
            raise EvidenceRejected("timestamp-malformed", why="digest")
        given = signer["signed_attrs"]
        if isinstance(given, core.Void) or not 1 <= len(given) <= MAX_ATTRIBUTES:
            raise EvidenceRejected("timestamp-malformed", why="signed attributes")
        attributes = given.untag()
        attributes_der = bytes(attributes.dump())  # before it is read: the library then fills in what is left out
        values = _values(attributes)
        named = tuple(
            tuple(_named(each) for each in values[name]["certs"])
            for name in ("signing_certificate", "signing_certificate_v2")
            if name in values
        )
        return Answer(
            info_der=info_der,
            info=_info(info_der),
            certificates=certificates,
            issuer=bytes(signer["sid"].chosen["issuer"].dump()),
            serial_number=int(signer["sid"].chosen["serial_number"].native),
            digest=digest,
            attributes=attributes_der,
            content_type=values["content_type"].native if "content_type" in values else None,
            message_digest=values["message_digest"].native if "message_digest" in values else None,
            named=named,
            signature=bytes(signer["signature"].native),
        )


def _values(attributes: Any) -> dict[str, Any]:
    """Return the one value of each attribute (RFC 5652, section 5.3: none twice; those we read have one value)."""
    found: dict[str, Any] = {}
    for each in attributes:
        name = str(each["type"].native)
        if name in found or len(each["values"]) != 1:
            raise EvidenceRejected("timestamp-malformed", why="signed attributes")
        found[name] = each["values"][0]
    return found


def _named(row: Any) -> Named:
    algorithm = row["hash_algorithm"]["algorithm"].native if isinstance(row, tsp.ESSCertIDv2) else "sha1"
    issuer_serial = row["issuer_serial"]
    serial_number = None if isinstance(issuer_serial, core.Void) else int(issuer_serial["serial_number"].native)
    return Named(str(algorithm), bytes(row["cert_hash"].native), serial_number)


def _info(der: bytes) -> Info:
    info = tsp.TSTInfo.load(der, strict=True)
    # The one encoding there is for what was read; so nothing in it can be read in two ways.
    if bytes(info.dump(force=True)) != der:
        raise EvidenceRejected("timestamp-malformed", why="TSTInfo is not DER")
    if info["version"].native != "v1" or any(each["critical"].native for each in info["extensions"] or ()):
        raise EvidenceRejected("timestamp-malformed", why="TSTInfo")
    imprint = info["message_imprint"]
    return Info(
        algorithm=str(imprint["hash_algorithm"]["algorithm"].native),
        imprint=bytes(imprint["hashed_message"].native),
        time=info["gen_time"].native.astimezone(UTC),
        accuracy=_accuracy(info["accuracy"]),
        nonce=info["nonce"].native,
        policy=str(info["policy"].dotted),
        serial_number=int(info["serial_number"].native),
    )


def _accuracy(accuracy: Any) -> float:
    given = accuracy.native or {}
    return float(
        abs(given.get("seconds") or 0) + abs(given.get("millis") or 0) / 1e3 + abs(given.get("micros") or 0) / 1e6
    )


def build_timestamp(answer: Answer, certificates: tuple[bytes, ...], *, rsa: bool) -> bytes:
    """Put a timestamp together from what is signed.

    Args:
        answer: The parts of the answer.
        certificates: The certificates that go into it, DER, in this order.
        rsa: Whether the signer's key is RSA (PKCS #1 v1.5, named as RFC 3370, section 3.2) or on an elliptic curve
            (RFC 5754, section 3.3).

    Returns:
        TimeStampResp, DER: the content of ``statement.tsr``.

    Raises:
        EvidenceRejected: ``timestamp-malformed``.
    """
    with _reading("parts"):
        signer = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": asn1_x509.Name.load(answer.issuer), "serial_number": answer.serial_number}
                )
            },
            "digest_algorithm": {"algorithm": answer.digest},
            "signed_attrs": cms.CMSAttributes.load(answer.attributes),
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15" if rsa else f"{answer.digest}_ecdsa"},
            "signature": answer.signature,
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": answer.digest}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(answer.info_der),
            },
            # As they come: the standard wants them sorted, and hardly any authority does it.
            "certificates": cms.CertificateSet(contents=b"".join(certificates)),
            "signer_infos": [signer],
        }
        token = {"content_type": "signed_data", "content": cms.SignedData(signed)}
        response = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        return bytes(response.dump())


@contextmanager
def _reading(what: str) -> Iterator[None]:
    try:
        yield
    except EvidenceRejected:
        raise
    except _FAULTS:
        raise EvidenceRejected("timestamp-malformed", why=what) from None
