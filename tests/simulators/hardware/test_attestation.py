import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey
from pycose.keys import EC2Key  # type: ignore[attr-defined]
from pycose.messages import Sign1Message  # type: ignore[attr-defined]

from protocols.eat import ClaimedKeySlot, ClaimedRegion, TerminalClaims, decode_claims
from simulators.hardware.attestation import sign_claims
from simulators.hardware.identity import make_identity

IDENTITY = make_identity("HAIKE-TEST", "9999990200000001", "attestation")
CLAIMS = TerminalClaims(
    nonce=bytes(range(32)),
    tusn=IDENTITY.tusn,
    oemid=bytes(16),
    hwmodel=b"haike-h60",
    hwversion="H60-B",
    swname="HKOS",
    swversion="3.2.1",
    boot_count=3,
    debug_status=3,
    phase=2,
    wipe_count=1,
    wipe_state=3,
    wipe_nonce=bytes(32),
    key_slots=(ClaimedKeySlot(1, 1, 2, False, bytes(3)),),
    bindings=(("printer", 0),),
    regions=(ClaimedRegion(1, 0, 4096, True, 3, bytes(32)),),
    unsettled=0,
)


@pytest.fixture(scope="module")
def token():
    return sign_claims(IDENTITY, CLAIMS)


def test_two_libraries_that_are_not_ours_accept_the_signature(token):
    public = IDENTITY.key.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert decode_claims(COSE.new().decode(token, COSEKey.from_pem(pem))) == CLAIMS
    numbers = public.public_numbers()
    message = Sign1Message.decode(token)
    message.key = EC2Key(crv="P_256", x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big"))
    assert message.verify_signature()
    assert decode_claims(bytes(message.payload or b"")) == CLAIMS


def test_the_certificate_travels_in_the_unprotected_header(token):
    tagged = cbor2.loads(token)
    assert tagged.tag == 18
    protected, unprotected, _, signature = tagged.value
    assert cbor2.loads(protected) == {1: -7}
    assert x509.load_der_x509_certificate(unprotected[33]) == IDENTITY.certificate
    assert len(signature) == 64


def test_any_changed_byte_of_the_claims_breaks_the_signature(token):
    numbers = IDENTITY.key.public_key().public_numbers()
    key = EC2Key(crv="P_256", x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big"))
    protected, unprotected, payload, signature = cbor2.loads(token).value
    for place in range(0, len(payload), 16):
        changed = bytearray(payload)
        changed[place] ^= 1
        forged = cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, bytes(changed), signature]))
        message = Sign1Message.decode(forged)
        message.key = key
        assert not message.verify_signature()


def test_one_seed_signs_the_same_bytes_every_time(token):
    assert sign_claims(IDENTITY, CLAIMS) == token
