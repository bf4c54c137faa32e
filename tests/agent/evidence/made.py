"""A small case made up for tests: a maker, a terminal that attests, an agent, and the bundle of its retirement.

Nothing here is the simulator's code. Every part can be bent on its way, as someone who holds that part's key could.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from cwt import COSE, COSEKey

from agent.evidence.bundle import AGENT_CHAIN, DEVICE_POST, DEVICE_PRE, EXPORT, read_bundle
from agent.evidence.dsse import STATEMENT, sign_envelope
from agent.evidence.erasure_proof import (
    ERASURE_PROOF,
    ErasureProof,
    ProvenRegion,
    build_erasure_proof,
    parse_erasure_proof,
)
from agent.evidence.facts import Person, RegionReadBack, Result, StatementFacts, Verdict
from agent.evidence.intent import INTENT, IntendedWipe, Intent, build_intent, nonce_post, wipe_nonce
from agent.evidence.job import JOB, Job, build_job, digest_of, make_job, nonce_pre
from agent.evidence.journal import JOURNAL
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.material import Material
from agent.evidence.statement import build_statement
from agent.evidence.trust.store import TrustStore
from agent.journal import Entry, Fact, JournalEvent, make_entry
from agent.proofs import ExportRecord
from protocols.eat import (
    ClaimedAnswer,
    ClaimedKeySlot,
    ClaimedMeasurement,
    ClaimedRegion,
    TerminalClaims,
    encode_claims,
    oemid_of,
)
from protocols.terminal import Binding, Identity, KindTotal, Region
from protocols.words import (
    Addressable,
    BindingKind,
    BindingState,
    KeyKind,
    KeyState,
    RegionHolds,
    RegionResult,
    Scheme,
    Technique,
    TransactionKind,
    WipeState,
)

CASE = "R20260504-TEST01"
SEED = b"seed" * 8
TUSN = "9999990200000001"
OPENED = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MAKER = "MADE-UP-TEST"
MODEL = "made-up"
Row = tuple[str, str, dict[str, Fact]]


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_certificate(
    subject: str,
    key: Any,
    issuer: str,
    issuer_key: Any,
    *,
    authority: bool = False,
    serial_number: str = "",
    usage: bool = True,
    signs: bool | None = None,
    certifies: bool | None = None,
    start: datetime = OPENED - timedelta(days=1),
    days: int = 3_000,
    extra: tuple[x509.ExtensionType, bool] | None = None,
    organization: str = "",
) -> x509.Certificate:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, subject)]
    if serial_number:
        names.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
    of = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([*of, *names]))
        .issuer_name(x509.Name([*of, x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if usage:
        signing = not authority if signs is None else signs
        certifying = authority if certifies is None else certifies
        bits = x509.KeyUsage(signing, False, False, False, False, certifying, certifying, False, False)
        builder = builder.add_extension(bits, critical=True)
    if extra:
        builder = builder.add_extension(extra[0], critical=extra[1])
    return builder.sign(issuer_key, hashes.SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass
class Maker:
    """A maker's test root."""

    name: str = "TEST maker root"
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    organization: str = ""

    def __post_init__(self) -> None:
        self.root = make_certificate(
            self.name, self.key, self.name, self.key, authority=True, organization=self.organization
        )


@dataclass
class Device:
    """A terminal's identity key and its certificate."""

    maker: Maker = field(default_factory=lambda: Maker(organization=MAKER))
    tusn: str = TUSN
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.certificate = make_certificate(
            self.tusn,
            self.key,
            self.maker.name,
            self.maker.key,
            serial_number=self.tusn,
            organization=self.maker.organization,
        )

    @property
    def fingerprint(self) -> bytes:
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).digest()

    def attest(self, claims: TerminalClaims) -> bytes:
        return sign_token(encode_claims(claims), self.key, unprotected={33: [der(self.certificate)]})


def sign_token(
    payload: bytes, key: ec.EllipticCurvePrivateKey, *, protected: Any = None, unprotected: Any = None
) -> bytes:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    cose_key = COSEKey.from_pem(private, alg="ES256")
    encoded: bytes = COSE.new().encode_and_sign(
        payload, cose_key, protected={1: -7} if protected is None else protected, unprotected=unprotected or {}
    )
    return encoded


REGIONS = (
    Region(1, "journal", RegionHolds.JOURNAL, 0, 8192, 4096, True, Addressable.YES, 0xFF),
    Region(2, "parameters", RegionHolds.PARAMETERS, 8192, 4096, 4096, True, Addressable.YES, 0xFF),
    Region(5, "keys", RegionHolds.KEYS, 0x20000000, 512, 0, True, Addressable.YES, 0x00),
    Region(6, "identity", RegionHolds.IDENTITY, 0x30000000, 256, 0, False, Addressable.YES, 0x00),
)
BINDINGS = (
    Binding(BindingKind.DEVICE, BindingState.BOUND, "printer", "PRN-1"),
    Binding(BindingKind.ACCOUNT, BindingState.BOUND, "settlement_account", "made-up account"),
    Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", "999100053110001"),
)
SLOTS = (
    ClaimedKeySlot(1, KeyKind.TMK, KeyState.LOADED, False, b"\x01\x02\x03"),
    ClaimedKeySlot(6, KeyKind.IDENTITY, KeyState.LOADED, True, b"\x0a\x0b\x0c"),
)


FIRMWARE = ClaimedMeasurement("MUOS", "1.0", MAKER, "firmware.bin", 65_536, b"f" * 32)


def claims_before(nonce: bytes) -> TerminalClaims:
    return TerminalClaims(
        nonce=nonce,
        tusn=TUSN,
        oemid=oemid_of(MAKER),
        hwmodel=MODEL.encode(),
        hwversion="B",
        swname="MUOS",
        swversion="1.0",
        boot_count=7,
        debug_status=3,
        phase=1,
        wipe_count=0,
        wipe_state=WipeState.IDLE,
        wipe_nonce=bytes(32),
        key_slots=SLOTS,
        bindings=tuple((each.name, int(each.state)) for each in BINDINGS),
        regions=tuple(ClaimedRegion(r.region, r.start, r.size, r.wipeable, 0, b"") for r in REGIONS),
        unsettled=0,
        measurements=(FIRMWARE,),
    )


def blank(region: Region) -> bytes:
    return hashlib.sha256(bytes([region.blank]) * region.size).digest()


def claims_after(nonce: bytes, wiped_under: bytes) -> TerminalClaims:
    return dataclasses.replace(
        claims_before(nonce),
        phase=2,
        wipe_count=1,
        wipe_state=WipeState.DONE,
        wipe_nonce=wiped_under,
        key_slots=(ClaimedKeySlot(1, KeyKind.TMK, KeyState.ERASED, False, b"\0\0\0"), SLOTS[1]),
        bindings=tuple((each.name, int(BindingState.UNBOUND)) for each in BINDINGS),
        regions=tuple(
            ClaimedRegion(r.region, r.start, r.size, r.wipeable, RegionResult.ERASED, blank(r))
            if r.wipeable
            else ClaimedRegion(r.region, r.start, r.size, r.wipeable, RegionResult.NOT_ASKED, b"")
            for r in REGIONS
        ),
    )


def same(value: Any) -> Any:
    return value


@dataclass
class Bend:
    """What to bend, and how; each is called where the part is made, before it is hashed or signed.

    ``files`` is called last, on the content of every file but the statement.
    """

    job: Callable[[Job], Job] = same
    before: Callable[[TerminalClaims], TerminalClaims] = same
    intent: Callable[[Intent], Intent] = same
    after: Callable[[TerminalClaims], TerminalClaims] = same
    journal: Callable[[list[Row]], list[Row]] = same
    files: Callable[[dict[str, bytes]], dict[str, bytes]] = same
    facts: Callable[[StatementFacts], StatementFacts] = same
    signer_before: Device | None = None
    signer_after: Device | None = None
    export: bool = True
    case: str = CASE
    proof: Callable[[ErasureProof], ErasureProof] | None = None  # None: the case has no proof of erasure


@dataclass
class World:
    """Everybody who takes part."""

    home: Path
    maker: Maker
    device: Device
    agent: AgentKey
    owner: Any

    @classmethod
    def make(cls, home: Path) -> World:
        maker = Maker(organization=MAKER)
        (home / "trust" / "makers").mkdir(parents=True)
        (home / "trust" / "makers" / "maker.pem").write_bytes(pem(maker.root))
        agent = AgentKey.create(home, "bench 1", at=OPENED - timedelta(days=1))
        return cls(home, maker, Device(maker), agent, pyrage.x25519.Identity.generate())

    @property
    def trust(self) -> TrustStore:
        return TrustStore.load([self.home / "trust"])

    def lay_out(self, folder: Path, bend: Bend | None = None) -> StatementFacts:
        """Write everything but the statement, and return what the workflow would say."""
        bend = bend or Bend()
        files: dict[str, bytes] = {AGENT_CHAIN: self.agent.chain_pem}
        identity = Identity(TUSN, MAKER, MODEL, "B", "MUOS", "1.0", "MU-00000001", 7, 0, self.device.fingerprint)
        job = make_job(
            case=bend.case,
            identity=identity,
            bindings=BINDINGS,
            binding_key=b"k" * 32,
            opened=stamp(0),
            operator="测试员 Tester",
            reason="test",
            work_order="WO-1",
            policy_digest=digest_of(b"policy"),
            challenge=b"c" * 32,
        )
        files[JOB] = build_job(bend.job(job))
        before = bend.before(claims_before(nonce_pre(files[JOB])))
        files[DEVICE_PRE] = (bend.signer_before or self.device).attest(before)
        export = self._export(files) if bend.export else None

        rows: list[Row] = [("INTENT", "inspect", {}), ("DONE", "inspect", {"tusn": TUSN}), ("INTENT", "intent", {})]
        head = chain(rows, bend.case)[-1]
        digests = {name: digest_of(data) for name, data in files.items() if name != AGENT_CHAIN}
        intent = Intent(
            case=bend.case,
            tusn=TUSN,
            time=stamp(60),
            digests=digests,
            export=export,
            verification_recipients=1 if export else 0,
            waivers={} if export else {"export-verification": "journal lost, owner agrees"},
            unbind=tuple(each.name for each in BINDINGS),
            wipe=IntendedWipe("clear", Technique.BLOCK_ERASE, True, (1, 2), REGIONS),
            journal_entries=head.sequence,
            journal_head=head.hash,
        )
        files[INTENT] = build_intent(bend.intent(intent))
        proof = b""
        if bend.proof is not None:
            proof = files[ERASURE_PROOF] = build_erasure_proof(bend.proof(proof_for(files[INTENT], case=bend.case)))
        after = claims_after(nonce_post(files[INTENT], proof), wipe_nonce(files[INTENT]))
        if proof:
            rows_given = parse_erasure_proof(proof).regions
            answers = [ClaimedAnswer(r.region, bytes.fromhex(r.key), bytes.fromhex(r.answer)) for r in rows_given]
            after = dataclasses.replace(after, answers=tuple(answers))
        after = bend.after(after)
        files[DEVICE_POST] = (bend.signer_after or self.device).attest(after)
        proving: list[Row] = [("INTENT", "prove", {}), ("DONE", "prove", {"proof": digest_of(proof)})] if proof else []
        rows += [
            ("DONE", "intent", {"intent": digest_of(files[INTENT])}),
            ("INTENT", "unbind", {}),
            ("DONE", "unbind", {"undone": 3}),
            ("INTENT", "wipe", {}),
            ("DONE", "wipe", {}),
            *proving,
            ("INTENT", "attest", {}),
            ("DONE", "attest", {"device_post": digest_of(files[DEVICE_POST])}),
        ]
        files[JOURNAL] = b"".join(entry.line() + b"\n" for entry in chain(bend.journal(rows), bend.case))
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in bend.files(files).items():
            (folder / name).write_bytes(data)
        facts = StatementFacts(
            person=Person("测试员 Tester", "technician", "bench 1", "tester@example.invalid"),
            issued=stamp(600),
            wipe_started=stamp(100),
            wipe_ended=stamp(200),
            read_back=tuple(RegionReadBack(r.region, "full", r.size, 0, -1, True) for r in REGIONS[:3]),
            destination="scrap",
            media_source="made-up shop",
            property_number="INV-7",
        )
        return bend.facts(facts)

    def _export(self, files: dict[str, bytes]) -> ExportRecord:
        recipients = [self.owner.to_public(), pyrage.x25519.Identity.generate().to_public()]
        files[EXPORT] = pyrage.encrypt(b"made-up transactions", recipients)
        return ExportRecord(
            sha256=digest_of(files[EXPORT]),
            size=len(files[EXPORT]),
            journal_digest=digest_of(b"journal"),
            records=3,
            totals=(KindTotal(TransactionKind.SALE, Scheme.UNIONPAY, 3, 1_234),),
            recipients=(str(recipients[0]),),
        )

    def claim_pass(self, folder: Path, facts: StatementFacts, level: int = 2) -> None:
        """Sign PASS over whatever lies there: what somebody with the agent's key could do."""
        material = Material(read_bundle(folder), self.trust)
        payload = build_statement(material, facts, Verdict(Result.PASS, level, (), ()))
        (folder / STATEMENT).write_bytes(sign_envelope(payload, self.agent))


def proof_for(intent: bytes, sizes: Mapping[int, int] | None = None, case: str = CASE) -> ErasureProof:
    """What an honest terminal answers, computed with nothing of what is tested but HMAC."""
    rows = []
    for region, size in (sizes or {1: 8192, 2: 4096}).items():
        key = hashlib.sha256(b"key %d" % region).digest()
        answer = hmac.digest(key, keystream(SEED, region, size), "sha256")
        rows.append(ProvenRegion(region, size, key.hex(), answer.hex(), 40))
    return ErasureProof(case, wipe_nonce(intent).hex(), SEED.hex(), stamp(300), tuple(rows))


def keystream(seed: bytes, region: int, size: int) -> bytes:
    """AES-256 in counter mode, block by block: the first counter block is the region's number and 15 zero bytes."""
    blocks = b"".join(((region << 120) + number).to_bytes(16, "big") for number in range(-(-size // 16)))
    cipher = Cipher(algorithms.AES(seed), modes.ECB()).encryptor()  # of single blocks a counter mode is made
    return cipher.update(blocks)[:size]


def stamp(seconds: int) -> str:
    return (OPENED + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def chain(rows: list[Row], case: str = CASE) -> list[Entry]:
    entries: list[Entry] = []
    for number, (event, step, facts) in enumerate(rows):
        last = entries[-1] if entries else None
        entries.append(make_entry(case, last, stamp(number), JournalEvent(event), step, facts))
    return entries


def replaced(**changes: Any) -> Callable[[Any], Any]:
    return lambda made: dataclasses.replace(made, **changes)


def contents(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
