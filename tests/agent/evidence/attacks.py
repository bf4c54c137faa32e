"""Forgeries by somebody who holds the agent's key (and lies at level 2, PASS), and edits by somebody who holds none."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.evidence.bundle import AGENT_CHAIN, DEVICE_POST, DEVICE_PRE, EXPORT
from agent.evidence.dsse import STATEMENT, open_envelope, sign_envelope
from agent.evidence.intent import INTENT
from agent.evidence.job import JOB
from agent.evidence.journal import JOURNAL
from agent.evidence.keys.agent_key import AgentKey
from agent.privacy import PLAIN, LinkFacts
from protocols.eat import ClaimedKeySlot, TerminalClaims
from protocols.terminal import Region
from protocols.words import Addressable, KeyKind, KeyState, RegionResult, Technique, WipeState
from tests.agent.evidence.made import (
    FIRMWARE,
    OPENED,
    REGIONS,
    SLOTS,
    Bend,
    Device,
    Maker,
    World,
    chain,
    pem,
    replaced,
    stamp,
)

OTHER = "9999990200000002"


def region(number: int, **changes: Any) -> Callable[[TerminalClaims], TerminalClaims]:
    """Bend one attested region."""

    def bend(claims: TerminalClaims) -> TerminalClaims:
        bent = [dataclasses.replace(r, **changes) if r.region == number else r for r in claims.regions]
        return dataclasses.replace(claims, regions=tuple(bent))

    return bend


def slot(number: int, **changes: Any) -> Callable[[TerminalClaims], TerminalClaims]:
    """Bend one attested key slot."""

    def bend(claims: TerminalClaims) -> TerminalClaims:
        bent = [dataclasses.replace(s, **changes) if s.slot == number else s for s in claims.key_slots]
        return dataclasses.replace(claims, key_slots=tuple(bent))

    return bend


def without_region(number: int) -> Callable[[TerminalClaims], TerminalClaims]:
    return lambda claims: dataclasses.replace(claims, regions=tuple(r for r in claims.regions if r.region != number))


def wipe(**changes: Any) -> Callable[[Any], Any]:
    return lambda intent: dataclasses.replace(intent, wipe=dataclasses.replace(intent.wipe, **changes))


def mapped(number: int, **changes: Any) -> tuple[Region, ...]:
    return tuple(dataclasses.replace(r, **changes) if r.region == number else r for r in REGIONS)


def export(**changes: Any) -> Callable[[Any], Any]:
    return lambda intent: dataclasses.replace(intent, export=dataclasses.replace(intent.export, **changes))


def bound(name: str, state: int) -> Callable[[TerminalClaims], TerminalClaims]:
    def bend(claims: TerminalClaims) -> TerminalClaims:
        pairs = tuple((each, state if each == name else old) for each, old in claims.bindings)
        return dataclasses.replace(claims, bindings=pairs)

    return bend


def file(name: str, edit: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {**files, name: edit(files[name])}


def dropped(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {each: data for each, data in files.items() if each != name}


def journal_lines(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return file(JOURNAL, lambda data: b"".join(edit(data.splitlines(keepends=True))))


def read_back(**changes: Any) -> Callable[[Any], Any]:
    def bend(facts: Any) -> Any:
        first = dataclasses.replace(facts.read_back[0], **changes)
        return dataclasses.replace(facts, read_back=(first, *facts.read_back[1:]))

    return bend


TMK_AFTER = ClaimedKeySlot(1, KeyKind.TMK, KeyState.ERASED, False, b"\0\0\0")

LINK = LinkFacts(True, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "a" * 64, "b" * 64)
BOUND = bytes.fromhex(LINK.binding)


def over(link: LinkFacts, **other: Any) -> Bend:
    """Lay out a case over one private link, with something else in one place."""
    at = replaced(binding=bytes.fromhex(link.binding))
    honest = {"job": replaced(link=link), "before": at, "after": at, "facts": replaced(links=(link,))}
    return Bend(**{**honest, **other})


INSIDER: dict[str, tuple[Bend, str, str]] = {
    # The link.
    "first attestation relayed from another channel": (
        over(LINK, before=replaced(binding=b"r" * 32)),
        "channel",
        "eat-channel",
    ),
    "second attestation relayed from another channel": (
        over(LINK, after=replaced(binding=b"r" * 32)),
        "channel",
        "eat-channel",
    ),
    "attestation of a plain link shown as of a private one": (over(LINK, after=replaced()), "channel", "eat-channel"),
    "attestation of a private link shown as of a plain one": (
        over(PLAIN, before=replaced(binding=BOUND)),
        "channel",
        "eat-channel",
    ),
    "private attestation in a case that names no link": (Bend(after=replaced(binding=BOUND)), "channel", "eat-channel"),
    "statement names another link than the job": (
        over(LINK, facts=replaced(links=(dataclasses.replace(LINK, peer_certificate_sha256="c" * 64),))),
        "channel",
        "links-differ",
    ),
    "statement leaves the link out": (over(LINK, facts=replaced()), "channel", "links-differ"),
    "statement names a link that the job does not": (Bend(facts=replaced(links=(PLAIN,))), "channel", "links-differ"),
    # The terminal.
    "impostor terminal, another maker": (
        Bend(signer_before=(impostor := Device(Maker())), signer_after=impostor),
        "eat-before",
        "certificate-chain",
    ),
    "attestation by another maker's terminal at the end": (
        Bend(signer_after=Device(Maker())),
        "eat-after",
        "certificate-chain",
    ),
    "attestation of another case": (Bend(before=replaced(nonce=b"n" * 32)), "eat-before", "eat-nonce"),
    "attestation of an earlier wipe": (Bend(after=replaced(nonce=b"n" * 32)), "eat-after", "eat-nonce"),
    "first attestation shown as the second": (Bend(after=replaced(phase=1)), "eat-after", "eat-phase"),
    "second attestation shown as the first": (Bend(before=replaced(phase=2)), "eat-before", "eat-phase"),
    "serial number claimed that is not certified": (
        Bend(after=replaced(tusn=OTHER)),
        "eat-after",
        "eat-other-terminal",
    ),
    "job of another terminal": (Bend(job=replaced(tusn=OTHER)), "same-terminal", "terminal-differs"),
    "intent of another terminal": (Bend(intent=replaced(tusn=OTHER)), "same-terminal", "terminal-differs"),
    "job names another key": (Bend(job=replaced(device_key="0" * 64)), "same-terminal", "terminal-differs"),
    "job names another model": (Bend(job=replaced(model="other")), "same-terminal", "terminal-differs"),
    "another maker's identifier at the end": (
        Bend(after=replaced(oemid=b"o" * 16)),
        "same-terminal",
        "terminal-differs",
    ),
    "firmware replaced in between": (Bend(after=replaced(swversion="9")), "same-terminal", "terminal-differs"),
    "job names another manufacturer": (Bend(job=replaced(maker="other")), "same-terminal", "terminal-differs"),
    "firmware of the same version replaced in between": (
        Bend(after=replaced(measurements=(dataclasses.replace(FIRMWARE, digest=b"g" * 32),))),
        "measurements",
        "measurements-changed",
    ),
    "firmware not measured any more": (Bend(after=replaced(measurements=())), "measurements", "measurements-changed"),
    "firmware measured at the end alone": (
        Bend(before=replaced(measurements=())),
        "measurements",
        "measurements-changed",
    ),
    "debug port open before": (Bend(before=replaced(debug_status=0)), "debug", "debug-enabled"),
    "debug port open at the end": (Bend(after=replaced(debug_status=0)), "debug", "debug-enabled"),
    # The wipe.
    "wipe failed": (Bend(after=replaced(wipe_state=WipeState.FAILED)), "wipe", "wipe-unfinished"),
    "wipe interrupted": (Bend(after=replaced(wipe_state=WipeState.INTERRUPTED)), "wipe", "wipe-unfinished"),
    "wipe of another case": (Bend(after=replaced(wipe_nonce=b"w" * 32)), "wipe", "wipe-nonce"),
    "no wipe counted": (Bend(after=replaced(wipe_count=0)), "wipe", "wipe-count"),
    "a wipe more than one": (Bend(after=replaced(wipe_count=2)), "wipe", "wipe-count"),
    "boot count goes back": (Bend(after=replaced(boot_count=6)), "wipe", "boot-count"),
    "region failed": (Bend(after=region(1, result=RegionResult.FAILED)), "regions", "region-not-erased"),
    "region skipped": (Bend(after=region(2, result=RegionResult.NOT_ASKED)), "regions", "region-not-erased"),
    "key region skipped": (Bend(after=region(5, result=RegionResult.WAITING)), "regions", "region-not-erased"),
    "region not blank": (Bend(after=region(1, digest=b"d" * 32)), "regions", "region-digest"),
    "digest withheld": (Bend(after=region(1, digest=b"")), "regions", "region-digest"),
    "digest of a smaller region": (
        Bend(after=region(1, digest=hashlib.sha256(b"\xff" * 4096).digest())),
        "regions",
        "region-digest",
    ),
    "region missing at the end": (Bend(after=without_region(2)), "regions", "region-gone"),
    "region shrunk": (Bend(after=region(1, size=4096)), "memory-map", "map-changed"),
    "region moved": (Bend(after=region(1, start=1)), "memory-map", "map-changed"),
    "region no longer wipeable": (Bend(after=region(1, wipeable=False)), "memory-map", "map-changed"),
    "region the plan does not know": (Bend(intent=wipe(memory_map=REGIONS[1:])), "memory-map", "map-not-attested"),
    "plan with a smaller region": (
        Bend(intent=wipe(memory_map=mapped(1, size=4096))),
        "memory-map",
        "map-not-attested",
    ),
    "region left out of the plan": (Bend(intent=wipe(regions=(1,))), "memory-map", "region-not-planned"),
    "keys left out of the plan": (Bend(intent=wipe(erase_keys=False)), "memory-map", "region-not-planned"),
    "journal said to be kept": (
        Bend(
            before=region(1, wipeable=False),
            intent=wipe(memory_map=mapped(1, wipeable=False), regions=(2,)),
            after=region(1, wipeable=False),
            facts=lambda facts: dataclasses.replace(facts, read_back=facts.read_back[1:]),
        ),
        "memory-map",
        "region-kept",
    ),
    "region so large that nobody can check it": (
        Bend(
            before=region(1, size=1 << 50),
            intent=wipe(memory_map=mapped(1, size=1 << 50)),
            after=region(1, size=1 << 50),
            facts=read_back(bytes_read=1 << 50),
        ),
        "regions",
        "region-too-large",
    ),
    "Purge over cells out of reach": (
        Bend(intent=wipe(method="purge", memory_map=mapped(1, addressable=Addressable.UNKNOWN))),
        "method",
        "method-not-addressable",
    ),
    "Purge by erasing keys": (
        Bend(intent=wipe(method="purge", technique=Technique.CRYPTOGRAPHIC_ERASE)),
        "method",
        "method-key-copies",
    ),
    # Keys, bindings, batch.
    "key not erased": (Bend(after=slot(1, state=KeyState.LOADED)), "key-slots", "key-not-erased"),
    "key erased but its check value stays": (Bend(after=slot(1, check_value=b"\1\2\3")), "key-slots", "key-not-erased"),
    "key slot missing at the end": (Bend(after=replaced(key_slots=SLOTS[1:])), "key-slots", "key-slots-changed"),
    "key slot that was not listed": (
        Bend(after=replaced(key_slots=(TMK_AFTER, ClaimedKeySlot(2, 2, 1, False, b"abc"), SLOTS[1]))),
        "key-slots",
        "key-slots-changed",
    ),
    "master key said to survive": (
        Bend(before=slot(1, survives_wipe=True), after=slot(1, survives_wipe=True)),
        "key-slots",
        "key-kept",
    ),
    "identity key replaced": (Bend(after=slot(6, check_value=b"new")), "key-slots", "identity-key-changed"),
    "merchant still bound": (Bend(after=bound("merchant_number", 1)), "bindings-after", "binding-left"),
    "binding in an unknown state": (Bend(after=bound("printer", 9)), "bindings-after", "binding-left"),
    "binding missing at the end": (
        Bend(after=lambda claims: dataclasses.replace(claims, bindings=claims.bindings[1:])),
        "bindings-after",
        "bindings-changed",
    ),
    "binding that the job leaves out": (
        Bend(job=lambda job: dataclasses.replace(job, bindings=job.bindings[1:])),
        "bindings-before",
        "bindings-not-attested",
    ),
    "unsettled batch lost": (Bend(before=replaced(unsettled=3)), "settled", "unsettled-lost"),
    "unsettled batch left": (Bend(after=replaced(unsettled=3)), "settled", "unsettled-left"),
    # The papers.
    "export of another case": (
        Bend(intent=export(sha256="0" * 64)),
        "export",
        "export-altered",
    ),
    "export replaced after the intent": (
        Bend(files=file(EXPORT, lambda data: data + b"x")),
        "intent",
        "intent-digest",
    ),
    "export removed": (Bend(files=dropped(EXPORT)), "export", "export-missing"),
    "export never verified, no reason": (
        Bend(export=False, intent=replaced(waivers={})),
        "export",
        "export-unverified",
    ),
    "one recipient hidden": (Bend(intent=replaced(verification_recipients=0)), "export", "export-recipients"),
    "attestation at the end removed": (Bend(files=dropped(DEVICE_POST)), "result", "result-too-good"),
    "attestation at the start removed": (Bend(files=dropped(DEVICE_PRE)), "intent", "intent-digest"),
    "intent removed": (Bend(files=dropped(INTENT)), "result", "result-too-good"),
    "job removed": (Bend(files=dropped(JOB)), "intent", "intent-digest"),
    "journal removed": (Bend(files=dropped(JOURNAL)), "result", "result-too-good"),
    "intent of another case": (Bend(intent=replaced(case="R-OTHER")), "case", "case-differs"),
    "journal of another case": (
        Bend(
            files=file(JOURNAL, lambda _: b"".join(e.line() + b"\n" for e in chain([("DONE", "wipe", {})], "R-OTHER")))
        ),
        "case",
        "case-differs",
    ),
    "intent before the opening": (Bend(intent=replaced(time=stamp(-301))), "times", "times-order"),
    "issued before the intent": (Bend(facts=replaced(issued=stamp(60 - 301))), "times", "times-order"),
    # The journal.
    "entry removed": (Bend(files=journal_lines(lambda rows: rows[:1] + rows[2:])), "journal", "journal-sequence"),
    "entries swapped": (
        Bend(files=journal_lines(lambda rows: [rows[1], rows[0], *rows[2:]])),
        "journal",
        "journal-sequence",
    ),
    "entry altered": (
        Bend(files=file(JOURNAL, lambda data: data.replace(b'"undone":3', b'"undone":4'))),
        "journal",
        "journal-chain",
    ),
    "beginning rewritten with a fresh chain": (
        Bend(journal=lambda rows: rows[1:]),
        "journal",
        "journal-not-intended",
    ),
    "chain cut before the wipe": (
        Bend(files=journal_lines(lambda rows: rows[:6])),
        "journal-outcome",
        "journal-no-wipe",
    ),
    "chain cut inside the wipe": (Bend(files=journal_lines(lambda rows: rows[:7])), "result", "result-too-good"),
    "last line cut": (Bend(files=file(JOURNAL, lambda data: data[:-1])), "journal", "journal-cut"),
    "intent journaled after the unbinding": (
        Bend(journal=lambda rows: [*rows[:3], *rows[4:6], rows[3], *rows[6:]]),
        "journal-order",
        "journal-intent-late",
    ),
    "another intent journaled": (
        Bend(journal=lambda rows: [*rows[:3], ("DONE", "intent", {"intent": "0" * 64}), *rows[4:]]),
        "journal-order",
        "journal-intent-late",
    ),
    "wipe step failed": (
        Bend(journal=lambda rows: [*rows[:7], ("FAILED", "wipe", {}), *rows[8:]]),
        "journal-outcome",
        "journal-step-failed",
    ),
    # The agent's own observation.
    "read-back found data": (Bend(facts=read_back(not_blank=1, first_not_blank=0)), "read-back", "read-back-not-blank"),
    "read-back digest differs": (Bend(facts=read_back(digest_matches=False)), "read-back", "read-back-not-blank"),
    "read-back stopped early": (Bend(facts=read_back(bytes_read=1)), "read-back", "read-back-short"),
    "read-back of another region": (Bend(facts=read_back(region=6)), "read-back", "read-back-other-region"),
    "no read-back": (Bend(facts=replaced(read_back=())), "result", "result-too-good"),
    "agent's certificate not valid yet": (
        Bend(facts=replaced(issued=stamp(-86_401))),
        "agent",
        "certificate-time",
    ),
}
"""Name: what is bent, and the check and code that must find it although the statement is signed and says PASS."""


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path, World], Any]:
    return lambda folder, _: (folder / name).write_bytes(change((folder / name).read_bytes())) and None


def rename(old: str, new: str) -> Callable[[Path, World], Any]:
    def attack(folder: Path, _: World) -> None:
        (folder / old).rename(folder / new)

    return attack


def remove(name: str) -> Callable[[Path, World], Any]:
    return lambda folder, _: (folder / name).unlink()


def add(name: str) -> Callable[[Path, World], Any]:
    return lambda folder, _: (folder / name).write_bytes(b"x") and None


def link(name: str) -> Callable[[Path, World], Any]:
    def attack(folder: Path, _: World) -> None:
        aside = folder.parent / "aside"
        (folder / name).rename(aside)
        (folder / name).symlink_to(aside)

    return attack


def dangling_link(folder: Path, world: World) -> None:
    link(JOB)(folder, world)
    (folder.parent / "aside").unlink()


def subfolder(folder: Path, _: World) -> None:
    (folder / EXPORT).unlink()
    (folder / EXPORT).mkdir()


def pipe(folder: Path, _: World) -> None:
    (folder / EXPORT).unlink()
    os.mkfifo(folder / EXPORT)


def swapped_files(folder: Path, _: World) -> None:
    before, after = (folder / DEVICE_PRE).read_bytes(), (folder / DEVICE_POST).read_bytes()
    (folder / DEVICE_PRE).write_bytes(after)
    (folder / DEVICE_POST).write_bytes(before)


def other_agent(folder: Path, world: World) -> None:
    """Replace the agent's certificate by that of a key nobody trusts, and sign with it."""
    stranger = AgentKey.create(folder.parent / "stranger", "stranger", at=OPENED)
    payload = json.loads(open_envelope((folder / STATEMENT).read_bytes()).payload)
    (folder / AGENT_CHAIN).write_bytes(stranger.chain_pem)
    for subject in payload["subject"]:
        if subject["name"] == AGENT_CHAIN:
            subject["digest"]["sha256"] = hashlib.sha256(stranger.chain_pem).hexdigest()
    payload["predicate"]["agent"]["key"] = stranger.fingerprint
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (folder / STATEMENT).write_bytes(sign_envelope(canonical, stranger))


def altered_statement(folder: Path, _: World) -> None:
    """Say PASS a little louder, and leave the signature as it is."""
    envelope = json.loads((folder / STATEMENT).read_bytes())
    payload = base64.b64decode(envelope["payload"]).replace(b'"destination":"scrap"', b'"destination":"sold."')
    envelope["payload"] = base64.b64encode(payload).decode()
    (folder / STATEMENT).write_bytes(json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode())


def maker_as_agent(folder: Path, world: World) -> None:
    """Show the maker's root as the agent: makers and agents have separate roots."""
    (folder / AGENT_CHAIN).write_bytes(pem(world.maker.root))


OUTSIDER: dict[str, tuple[Callable[[Path, World], Any], str]] = {
    **{
        f"{name} altered": (edit(name, lambda data: data.replace(b"a", b"b", 1)), "subjects")
        for name in (JOB, INTENT, JOURNAL, DEVICE_PRE, DEVICE_POST, EXPORT)
    },
    **{f"{name} truncated": (edit(name, lambda data: data[:-1]), "subjects") for name in (JOB, EXPORT, JOURNAL)},
    **{f"{name} emptied": (edit(name, lambda _: b""), "subjects") for name in (JOB, JOURNAL, EXPORT, DEVICE_POST)},
    **{
        f"{name} removed": (remove(name), "subjects")
        for name in (JOB, INTENT, JOURNAL, DEVICE_PRE, DEVICE_POST, EXPORT)
    },
    "statement removed": (remove(STATEMENT), "files"),
    "statement emptied": (edit(STATEMENT, lambda _: b""), "statement"),
    "statement altered under its old signature": (altered_statement, "signature"),
    "statement with a space": (edit(STATEMENT, lambda data: data + b" "), "statement"),
    "agent removed": (remove(AGENT_CHAIN), "subjects"),
    "another agent": (other_agent, "agent"),
    "maker as agent": (maker_as_agent, "signature"),
    "attestations swapped": (swapped_files, "subjects"),
    "file added": (add("notes.txt"), "files"),
    "hidden file added": (add(".notes"), "files"),
    "file renamed": (rename(EXPORT, "export2.age"), "files"),
    "file too large": (edit(DEVICE_PRE, lambda _: bytes(20_000)), "files"),
    "link": (link(EXPORT), "files"),
    "dangling link": (dangling_link, "files"),
    "folder instead of a file": (subfolder, "files"),
    "pipe instead of a file": (pipe, "files"),
}
"""Name: what is done to an honest bundle, and the check that must find it."""
