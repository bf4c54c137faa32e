"""English: errors of evidence, of keys and of trust. What a check found is worded once, in `agent.evidence.wording`."""

from __future__ import annotations

from typing import Final

from agent.evidence.wording import WORDING

REJECT: Final = "Do not accept this evidence; ask whoever made it."
NOT_EMPTY: Final = "The terminal is not proven empty: set it aside."
TRUST: Final = "Give --trust DIR with makers/*.pem, agents/*.pem and tsa/*.pem that you got by a way of your own."

ABOUT_THE_WIPE: Final = frozenset(
    {
        "binding-left",
        "journal-no-wipe",
        "journal-step-failed",
        "journal-step-open",
        "journal-step-unknown",
        "journal-wipe-not-intended",
        "key-kept",
        "key-not-erased",
        "proof-answer",
        "proof-slow",
        "read-back-missing",
        "read-back-not-blank",
        "read-back-short",
        "region-digest",
        "region-gone",
        "region-kept",
        "region-not-erased",
        "region-not-planned",
        "wipe-count",
        "wipe-nonce",
        "wipe-unfinished",
    }
)
ABOUT_TRUST: Final = frozenset(
    {"agents-unknown", "authorities-unknown", "level-unproven", "makers-unknown", "result-unproven"}
)


def _action(code: str) -> str:
    if code in ABOUT_TRUST:
        return TRUST
    return NOT_EMPTY if code in ABOUT_THE_WIPE else REJECT


KEYS: Final = {
    "agent-name": ("That name cannot stand in a certificate.", "Use 1 to 40 printable characters."),
    "agent-key-exists": ("There is a signing key already: {path}.", "See it with posretire keys show."),
    "agent-key-missing": ("There is no signing key in this home ({path}).", "Make one with posretire keys init."),
    "agent-key-exposed": ("Other users may read the signing key {path}.", "Set its mode to 0600, or make a new key."),
    "agent-key-unreadable": ("The signing key {path} cannot be read.", "Restore it, or make a new one."),
    "agent-certificate-mismatch": ("The certificate {path} is of another key.", "Restore the matching pair."),
    "binding-key-missing": ("The key of the case's keyed hashes is missing: {path}.", "Restore the home folder."),
    "keys-unwritable": ("Keys cannot be written to {path}: {why}.", "Check folder, permissions and disk space."),
    "trust-unreadable": ("The trusted roots in {path} cannot be read.", "Check the folder given by --trust."),
    "bundle-exists": ("There is a folder for this case already: {path}.", "Choose another folder with --out."),
    "bundle-file": ("A bundle has no file named {file}.", "Please report this: it is a defect of posretire."),
    "bundle-missing": (
        "The folder of the case is gone: {path}.",
        "Look who moved it; the ledger still has the journal.",
    ),
    "bundle-unreadable": (
        "The bundle {path} cannot be read: {why}.",
        "Name the folder that holds statement.dsse.json.",
    ),
    "bundle-unwritable": (
        "The evidence cannot be written to {path}: {why}.",
        "Check folder, permissions and disk space.",
    ),
    "case-name": ("That is no case number.", "List the cases with posretire cases."),
    "statement-not-verified": (
        "The statement that was just made does not verify ({check}: {why}).",
        "Please report this: it is a defect of posretire. The evidence stands in its folder.",
    ),
    "export-recipients-bare": ("export.age is encrypted to {found} recipients, which is not as stated.", REJECT),
}

EVIDENCE: Final = {
    **{code: (sentence, _action(code)) for code, sentence in WORDING.items() if code != "export-recipients"},
    **KEYS,
}
"""The writer of exports knows more of its own `export-recipients`, so that one stands with the export."""
