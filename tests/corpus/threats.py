"""What a bundle is threatened by, and the attacks that stand for each."""

from __future__ import annotations

from collections.abc import Mapping

from agent.evidence.bundle import DEVICE_POST, DEVICE_PRE, EXPORT

THREATS: Mapping[str, tuple[str, ...]] = {
    "impostor terminal": (
        "impostor terminal, another maker",
        "serial number claimed that is not certified",
        "terminal's key as the agent's",
    ),
    "replayed attestation": (
        "attestation of another case",
        "attestation of an earlier wipe",
        "first attestation shown as the second",
        "attestation at the end of another case",
        f"{DEVICE_PRE} of another case",
    ),
    "terminal swapped between start and end": (
        "attestation by another maker's terminal at the end",
        "job of another terminal",
        "intent of another terminal",
        "job names another key",
    ),
    "relayed attestation": (
        "first attestation relayed from another channel",
        "second attestation relayed from another channel",
    ),
    "export altered": (f"{EXPORT} altered", "export replaced after the intent"),
    "export truncated": (f"{EXPORT} truncated", f"{EXPORT} emptied"),
    "export for another case": ("export of another case", f"{EXPORT} of another case"),
    "PASS over a FAIL of the terminal": (
        "wipe failed",
        "region failed",
        "region not blank",
        "PASS written over a FAIL of the terminal",
    ),
    "agent key not certified": ("another agent", "maker as agent"),
    "missing region": ("region missing at the end", "region left out of the plan", "region skipped"),
    "region map shrunk between start and end": ("region shrunk", "region moved", "region no longer wipeable"),
    "key slot kept but not listed": (
        "key slot missing at the end",
        "key slot that was not listed",
        "key slot kept, and shown as the identity's",
        "key not erased",
    ),
    "journal entry removed": ("entry removed", "beginning rewritten with a fresh chain"),
    "journal entries reordered": ("entries swapped", "intent journaled after the unbinding"),
    "journal cut at its end": ("chain cut before the wipe", "chain cut inside the wipe", "last line cut"),
    "file added": ("file added", "hidden file added", "proof of erasure added", "unknown name"),
    "file removed": (f"{DEVICE_POST} removed", "statement removed", "agent removed"),
    "file renamed": ("file renamed", "letter case of a file changed", "known name in other letters"),
    "zip with path traversal": ("traversal", "traversal inside", "absolute", "drive letter", "backslash"),
    "zip with a symlink": ("symbolic link", "symbolic link of an odd system", "pipe"),
    "zip bomb": ("export that grows", "journal that grows", "grows further than it says", "larger than allowed"),
    "zip with duplicate names": ("name twice", "name twice, in other letters", "folder and file of one name"),
    "zip that programs read in two ways": (
        "other name in the header",
        "second name in an extra field",
        "contents that overlap",
        "second archive behind it",
    ),
}
"""Names of attacks by threat. Every single flipped byte of every file is a test of its own (`tests/fuzz/evidence`)."""
