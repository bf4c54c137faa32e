"""English: verifying many bundles at once."""

from __future__ import annotations

from typing import Final

BATCH: Final = {
    "batch-unreadable": ("The folder {path} cannot be read: {why}.", "Name a folder that holds bundles."),
    "batch-empty": (
        "There is no bundle in {path}.",
        "Name the folder that the bundles stand in, one level above them.",
    ),
    "batch-unwritable": ("{path} cannot be written: {why}.", "Check folder, permissions and disk space."),
    "verify-what": (
        "Neither a bundle nor a batch is named, or more than one thing is asked for.",
        "Give BUNDLE, or --batch DIR, or --script.",
    ),
    "verify-batch-only": ("{option} belongs to a batch.", "Give --batch DIR with it."),
}

BATCH_TEXTS: Final = {
    "batch.heading": "Verifying {count} bundles in {folder}",
    "batch.result-only": "its statement says so",
    "batch.duplicate": "{bundle} — the same case as {earlier}: {case}",
    "batch.result": "Result",
    "batch.count": "Bundles",
    "batch.PASS": "accepted (PASS)",
    "batch.FAIL": "refused or failed (FAIL)",
    "batch.UNKNOWN": "not to be judged here, or unknown (UNKNOWN)",
    "batch.unfinished": "of these: cases left unfinished",
    "batch.crashed": "of these: ended the process that verified them",
    "batch.duplicates": "show a case that another one shows too",
    "batch.unbindings": "of the accepted: unbindings, where NOTHING WAS WIPED",
    "batch.all": "in all",
    "batch.others": "Files in the folder that are no bundles, and were not looked at: {count}.",
    "batch.all-accepted": "All bundles are accepted.",
    "batch.some-not": "{count} of {all} bundles are not accepted.",
    "batch.some-twice": "All bundles are accepted by themselves, but {count} show a case that another one shows too.",
    "batch.interrupted": "Interrupted after {count} of {all} bundles.",
    "batch.written": "Written: {path}",
}
