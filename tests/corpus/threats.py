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
    "agent key not certified": ("another agent", "maker as agent", "agent certified by a root of the same name"),
    "roots that vouch for each other's part": (
        "agent certified by a maker",
        "terminal certified by the root of agents",
        "timestamp by an authority that nobody trusts",
    ),
    "revoked agent key": (
        "key revoked before it signed",
        "key revoked before it signed, clock set back",
        "key revoked, and no timestamp says when it signed",
    ),
    "clock set back": (
        "clock set back by five minutes",
        "clock set back by a day",
        "wipe said to be later than the timestamp",
        "intent before the opening",
        "issued before the intent",
    ),
    "foreign timestamp": ("timestamp of another statement", "timestamp by an authority that nobody trusts"),
    "edited PDF": ("page edited", "page with an update behind it", "page without its signature", "page truncated"),
    "PDF of another case": (
        "page of another case",
        "page that says PASS of another terminal",
        "page that says more than the statement",
    ),
    "attachment removed": (
        "page removed",
        "timestamp removed",
        "log proof of the statement removed",
        "all attachments removed",
    ),
    "attachment added": ("timestamp that is not promised",),
    "log proof removed": ("log proof of the intent removed", "log proof of the statement removed"),
    "log proof of another case": (
        "log proof of the intent of another case",
        "log proof of the statement of another case",
        "another intent proven",
    ),
    "log forged or forked": ("log under a key that is not trusted", "statement in another log than its intent"),
    "card number, track data or secret": (
        "card-number in the reason of the job",
        "card-number in the statement alone",
        "track-data in a track in the journal",
        "secret-field in a password in the journal",
    ),
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
