"""Attacks on whole bundles, besides those of `tests.agent.evidence.attacks`."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificate

from agent.evidence.bundle import AGENT_CHAIN, DEVICE_POST, DEVICE_PRE, EXPORT
from agent.evidence.dsse import STATEMENT, open_envelope, sign_envelope
from agent.evidence.erasure_proof import ERASURE_PROOF
from agent.evidence.intent import INTENT
from agent.evidence.issue import issue_statement
from agent.evidence.job import JOB
from agent.evidence.journal import JOURNAL
from tests.agent.evidence.attacks import file, journal_lines, slot
from tests.agent.evidence.made import Bend, Device, World, der, pem, replaced
from tests.corpus.good import GOOD, OTHER_CASE

Edit = Callable[[Path, World], Any]


def another(folder: Path, world: World) -> Path:
    """Make the honest bundle of another case of the same terminal."""
    other = folder.parent / OTHER_CASE
    world.claim_pass(other, world.lay_out(other, GOOD["another-case"]))
    return other


def taken(*names: str) -> Edit:
    """Put in files of another case."""

    def edit(folder: Path, world: World) -> None:
        other = another(folder, world)
        for name in names:
            shutil.copyfile(other / name, folder / name)
        shutil.rmtree(other)

    return edit


def _passed_over() -> bytes:
    """A certificate under a label that OpenSSL knows and others do not (RFC 7468, section 5.1)."""
    return pem(Device().certificate).replace(b" CERTIFICATE", b" X509 CERTIFICATE")


def last_facts(facts: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """Write the facts of the journal's last entry as they are given, under the hash of just these bytes."""

    def edit(rows: list[bytes]) -> list[bytes]:
        last = json.loads(rows[-1])
        event, rest = (
            json.dumps({name: last[name] for name in names}, separators=(",", ":")).encode()
            for names in (("case", "event"), ("previous", "sequence", "step", "time"))
        )
        digest = hashlib.sha256(event[:-1] + b',"facts":' + facts + b"," + rest[1:]).hexdigest().encode()
        return [*rows[:-1], event[:-1] + b',"facts":' + facts + b',"hash":"' + digest + b'",' + rest[1:] + b"\n"]

    return journal_lines(edit)


def envelope(change: Callable[[dict[str, Any]], None]) -> Edit:
    """Change the envelope of the statement and not its payload."""

    def edit(folder: Path, _: World) -> None:
        made = json.loads((folder / STATEMENT).read_bytes())
        change(made)
        (folder / STATEMENT).write_bytes(json.dumps(made, sort_keys=True, separators=(",", ":")).encode())

    return edit


def written(name: str, data: bytes) -> Edit:
    def edit(folder: Path, _: World) -> None:
        (folder / name).write_bytes(data)

    return edit


def swapped(first: str, second: str) -> Edit:
    def edit(folder: Path, _: World) -> None:
        one, two = (folder / first).read_bytes(), (folder / second).read_bytes()
        (folder / first).write_bytes(two)
        (folder / second).write_bytes(one)

    return edit


def terminal_as_agent(folder: Path, world: World) -> None:
    """Sign with the terminal's own key: it vouches for itself."""
    key, chain = world.device.key, pem(world.device.certificate)
    (folder / AGENT_CHAIN).write_bytes(chain)
    payload = open_envelope((folder / STATEMENT).read_bytes()).payload
    (folder / STATEMENT).write_bytes(sign_envelope(payload, _Signer(key, world.device.fingerprint.hex())))


class _Signer:
    """Signs like an agent, with any key."""

    def __init__(self, key: Any, fingerprint: str) -> None:
        self._key = key
        self.fingerprint = fingerprint

    def sign(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        signature: bytes = self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        return signature


def reworded(old: bytes, new: bytes) -> Edit:
    """Change the statement and sign nothing."""

    def edit(folder: Path, _: World) -> None:
        made = json.loads((folder / STATEMENT).read_bytes())
        payload = base64.b64decode(made["payload"])
        assert old in payload
        made["payload"] = base64.b64encode(payload.replace(old, new)).decode()
        (folder / STATEMENT).write_bytes(json.dumps(made, sort_keys=True, separators=(",", ":")).encode())

    return edit


def failed_case(folder: Path, world: World) -> None:
    """Say PASS over an honest FAIL, without the agent's key."""
    shutil.rmtree(folder)
    from protocols.words import WipeState

    facts = world.lay_out(folder, Bend(after=replaced(wipe_state=WipeState.FAILED)))
    issue_statement(folder, facts, world.agent, world.trust)
    reworded(b'"result":"FAIL"', b'"result":"PASS"')(folder, world)


MORE_OUTSIDER: Mapping[str, tuple[Edit, str]] = {
    **{f"{name} of another case": (taken(name), "subjects") for name in (JOB, INTENT, JOURNAL, EXPORT, DEVICE_PRE)},
    "attestation at the end of another case": (taken(DEVICE_POST), "subjects"),
    "statement of another case": (taken(STATEMENT), "subjects"),
    "all but the export of another case": (taken(JOB, INTENT, JOURNAL, DEVICE_PRE, DEVICE_POST, STATEMENT), "subjects"),
    "PASS written over a FAIL of the terminal": (failed_case, "signature"),
    "terminal's key as the agent's": (terminal_as_agent, "agent"),
    "proof of erasure added": (written(ERASURE_PROOF, b"{}"), "subjects"),
    "level raised": (reworded(b'"level":2', b'"level":3'), "signature"),
    "second signature": (envelope(lambda made: made["signatures"].append(made["signatures"][0])), "statement"),
    "no signature": (envelope(lambda made: made.update(signatures=[])), "statement"),
    "signature without its end": (
        envelope(lambda made: made["signatures"][0].update(sig=made["signatures"][0]["sig"][:-4])),
        "signature",
    ),
    "signature of another key named": (
        envelope(lambda made: made["signatures"][0].update(keyid="0" * 64)),
        "signature",
    ),
    "payload of another type": (envelope(lambda made: made.update(payloadType="text/plain")), "statement"),
    "envelope with more in it": (envelope(lambda made: made.update(more="x")), "statement"),
    "intent and job swapped": (swapped(INTENT, JOB), "subjects"),
    "agent's certificate twice": (
        lambda folder, _: (folder / AGENT_CHAIN).write_bytes((folder / AGENT_CHAIN).read_bytes() * 2),
        "subjects",
    ),
    "agent's certificate as DER": (
        lambda folder, world: (
            (folder / AGENT_CHAIN).write_bytes(der(load_pem_x509_certificate(world.agent.chain_pem))) and None
        ),
        "subjects",
    ),
    "letter case of a file changed": (lambda folder, _: (folder / JOB).rename(folder / "Job.json"), "files"),
    "file of a system added": (written(".DS_Store", b"x"), "files"),
}
"""Name: what is done to an honest bundle by somebody without keys, and the check that must find it."""

MORE_INSIDER: Mapping[str, tuple[Bend, str, str]] = {
    "last entries of the journal cut": (
        Bend(files=journal_lines(lambda rows: rows[:2])),
        "journal-order",
        "journal-intent-missing",
    ),
    "key slot kept, and shown as the identity's": (
        Bend(after=slot(1, survives_wipe=True, kind=6)),
        "key-slots",
        "key-slots-changed",
    ),
    "certificate that some readers pass over before the agent's": (
        Bend(files=file(AGENT_CHAIN, lambda data: _passed_over() + data)),
        "agent",
        "certificate-unreadable",
    ),
    "text around the agent's certificate": (
        Bend(files=file(AGENT_CHAIN, lambda data: b"bench 1\n" + data)),
        "agent",
        "certificate-unreadable",
    ),
    "letter of the journal escaped that need not be": (
        Bend(files=last_facts(b'{"a":"\\u007f"}')),
        "journal",
        "json-not-canonical",
    ),
    "keys of the journal in the order of code points": (
        Bend(files=last_facts('{"\uff46":1,"\U0001f600":2}'.encode())),
        "journal",
        "json-not-canonical",
    ),
    "keys of the journal in no order": (
        Bend(files=last_facts('{"\xe9":1,"\x7f":2}'.encode())),
        "journal",
        "json-not-canonical",
    ),
    "unbinding shown as a retirement": (
        dataclasses.replace(GOOD["unbinding"], intent=lambda intent: intent),
        "wipe",
        "wipe-unfinished",
    ),
    "retirement whose wipe is kept quiet": (
        Bend(intent=replaced(wipe=None), facts=replaced(read_back=(), wipe_started="", wipe_ended="")),
        "not-wiped",
        "wipe-count",
    ),
}
"""Name: what is bent by somebody with the agent's key, and the check and code that must find it."""
