"""Everything in the agent and the simulators that reads what somebody else wrote, with something valid for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from agent.evidence.bundle import AGENT_CHAIN, DEVICE_PRE, EXPORT
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.eat import peek_eat
from agent.evidence.erasure_proof import ERASURE_PROOF, build_erasure_proof, parse_erasure_proof
from agent.evidence.intent import INTENT, parse_intent
from agent.evidence.job import JOB, parse_job
from agent.evidence.journal import JOURNAL, read_journal
from agent.evidence.statement import read_statement
from agent.evidence.times import parse_time
from agent.evidence.trust.certificates import read_crl, read_der, read_pem
from agent.export.age_header import MAX_HEADER_BYTES, read_age_header
from agent.export.recipients import parse_recipients
from agent.film.store import read_film
from agent.learn.instructions import read_script as read_instructions
from agent.merchant_number import implausible_part
from agent.policy import load_policy, load_work_order
from agent.profiles import check_profile
from agent.transport.target import parse_target
from agent.workflow.request_record import from_json
from simulators.faults import parse_faults
from simulators.film.reader import read_script as read_played_film
from simulators.lines.listening import parse_address
from tests.agent.evidence.made import proof_for
from tests.lint.repo import ROOT
from tests.protocols.inputs import mutated

POLICY = b"""
unsettled_batch = "accept"
accept_unsettled_reason = "settled by telephone (TEST)"
minimum_evidence_level = 2
read_back = "digest"
"""
WORK_ORDER = """
number = "WO-1"
tusn = ["9999990200000007", "9999990200000008"]
merchant_number = "999290054111234"
reason = "闭店 (TEST)"
[bindings]
settlement_account = "6200000000000000"
""".encode()
INSTRUCTIONS = b"""
[[step]]
screen = "idle"
keys = ["F1", "F4"]
"""


@dataclass(frozen=True)
class Input:
    """One kind of input.

    Args:
        name: What it is.
        read: Reads it, or ends in a documented error.
        valid: Something valid, or nearly so.
    """

    name: str
    read: Callable[[bytes], Any]
    valid: bytes


def inputs(bundle: Path, film: Path, scratch: Path) -> Iterator[Input]:
    """Yield every kind of input.

    Args:
        bundle: A whole bundle.
        film: The film of its case.
        scratch: A folder for files whose reader wants a path.
    """

    def from_file(read: Callable[[Path], Any], name: str) -> Callable[[bytes], Any]:
        path = scratch / name

        def write_and_read(data: bytes) -> Any:
            path.write_bytes(data)
            return read(path)

        return write_and_read

    def of_text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
        # What comes over a command line is text, whatever was typed.
        return lambda data: read(data.decode("utf-8", "surrogateescape"))

    files = {path.name: path.read_bytes() for path in bundle.iterdir() if path.name != EXPORT}
    envelope = files[STATEMENT]
    profile = ROOT / "firmware-notes" / "haike-h60" / "profile.toml"
    record = json.dumps(
        {"target": "serial:COM3", "out": "x", "recipients": [], "trust_dirs": [], "policy": {}}
    ).encode()
    yield Input(JOB, parse_job, files[JOB])
    yield Input(INTENT, parse_intent, files[INTENT])
    yield Input(ERASURE_PROOF, parse_erasure_proof, build_erasure_proof(proof_for(files[INTENT])))
    yield Input(JOURNAL, read_journal, files[JOURNAL])
    yield Input(STATEMENT, open_envelope, envelope)
    yield Input("statement", read_statement, open_envelope(envelope).payload)
    yield Input(DEVICE_PRE, peek_eat, files[DEVICE_PRE])
    yield Input(AGENT_CHAIN, lambda data: read_pem(data, "agent"), files[AGENT_CHAIN])
    yield Input(
        "certificate", lambda data: read_der(data, "agent"), peek_eat(files[DEVICE_PRE]).chain[0].public_bytes(_der())
    )
    yield Input("revocation list", lambda data: read_crl(data, "trust"), files[AGENT_CHAIN])
    yield Input("age header", lambda data: read_age_header(data[:MAX_HEADER_BYTES]), _head(bundle / EXPORT))
    yield Input("time", of_text(parse_time), b"2026-11-25T12:00:00.000Z")
    yield Input("film", from_file(read_film, "film.jsonl"), film.read_bytes())
    yield Input("film to play", from_file(read_played_film, "played.jsonl"), film.read_bytes())
    yield Input("policy", from_file(load_policy, "policy.toml"), POLICY)
    yield Input("work order", from_file(load_work_order, "order.toml"), WORK_ORDER)
    yield Input("profile", from_file(check_profile, "haike-h60.toml"), profile.read_bytes())
    yield Input("instructions", from_file(read_instructions, "steps.toml"), INSTRUCTIONS)
    yield Input("target", of_text(parse_target), b"serial:/dev/ttyUSB0?baud=9600&parity=even&stop=2")
    yield Input(
        "recipient",
        of_text(lambda text: parse_recipients([text])),
        b"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    )
    yield Input("merchant number", of_text(implausible_part), b"999290054111234")
    yield Input("kept request", _record, record)
    yield Input("fault", of_text(lambda text: parse_faults([text])), b"power-cut-at-block=17")
    yield Input("address", of_text(parse_address), b"[::1]:40001")


def _record(data: bytes) -> Any:
    """Read what a ledger kept; SQLite gives back JSON or nothing."""
    try:
        kept = json.loads(data)
    except ValueError:
        return None
    return from_json("R-1", kept if isinstance(kept, dict) else None)


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(600)


def spoilt(each: Input, count: int) -> Iterator[bytes]:
    """Yield so many seeded pieces of garbage, and as many mutations of what is valid."""
    random = Random(f"agent {each.name}")
    for _ in range(count):
        length = random.choice((random.randrange(40), random.randrange(300), min(2000, len(each.valid))))
        yield random.randbytes(length)
        yield mutated(random, each.valid)
