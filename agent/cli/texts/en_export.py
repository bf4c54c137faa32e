"""English: errors of the export."""

from __future__ import annotations

from typing import Final

EXPORT: Final = {
    "recipient-is-identity": (
        "{place} is a private key, not a recipient. It was not used and is not shown.",
        "Give the public key (age1…). If others could see the private key, replace it.",
    ),
    "recipient-ssh": (
        "{place} is an SSH key; exports are encrypted to age keys only.",
        "Give an age recipient (age1…).",
    ),
    "recipient-unsupported": (
        "{place} is an age recipient of a kind that is not supported (plugin or newer type).",
        "Give an X25519 recipient: age1 and 58 more characters, as age-keygen prints it.",
    ),
    "recipient-invalid": (
        "{place} is neither an age recipient nor a file of recipients.",
        "Check for a typing error; a recipient starts with age1, a file must exist.",
    ),
    "recipients-file-unreadable": (
        "The file of recipients {path} cannot be read: {why}.",
        "Check the path and its rights.",
    ),
    "recipients-file-empty": ("The file {path} holds no recipient.", "Put one age recipient on each line."),
    "too-many-recipients": ("More than {limit} recipients are given.", "Give at most {limit}."),
    "destination-exists": (
        "{path} exists and is not overwritten: it may be the only copy of a journal.",
        "Choose another file, or move this one away.",
    ),
    "identity-file-exists": (
        "{path} exists and is not overwritten: it may be the only copy of a private key.",
        "Choose another file.",
    ),
    "disk-full": (
        "There is no room left to write {path}. Nothing on the terminal was changed.",
        "Make room or choose another disk, then try again.",
    ),
    "destination-unwritable": (
        "{path} cannot be written: {why}. Nothing on the terminal was changed.",
        "Choose a folder that exists and may be written.",
    ),
    "spool-damaged": (
        "The disk of {path} gave back other bytes than were written. Nothing on the terminal was changed.",
        "Do not trust this disk; use another one.",
    ),
    "export-unreadable": ("The export cannot be read back: {why}.", "Check the disk and export again."),
    "export-digest": (
        "The export on the disk is not the one that was written (SHA-256 {found} instead of {written}).",
        "Check the disk and who else writes there; export again.",
    ),
    "export-recipients": (
        "The export opens for {found} recipients instead of {expected} (verification included).",
        "Report this defect; do not use the file.",
    ),
    "export-content": (
        "{member} in the export is not what was read out of the terminal.",
        "Report this defect; do not use the file.",
    ),
    "export-records": (
        "The terminal counts {terminal} transactions, the export holds {export}.",
        "Export again; if it stays so, the terminal goes to quarantine.",
    ),
    "export-totals": (
        (
            "Totals of {kind}, {scheme} differ: the terminal says {terminal}, the export adds up to {export} (count / "
            "sum in the smallest unit)."
        ),
        "Export again; if it stays so, the terminal goes to quarantine.",
    ),
    "export-journal-digest": (
        "The journal as read has another digest than the terminal's own ({read} instead of {terminal}).",
        "Export again; if it stays so, check the line and the terminal.",
    ),
    "export-parameters-digest": (
        "The parameters as read have another digest than the terminal's own ({read} instead of {terminal}).",
        "Export again; if it stays so, check the line and the terminal.",
    ),
    "export-receipts": (
        "The terminal counts {terminal} receipts, the export holds {export}.",
        "Export again; if it stays so, the terminal goes to quarantine.",
    ),
    "export-receipts-digest": (
        "The receipts as read have another digest than the terminal's own ({read} instead of {terminal}).",
        "Export again; if it stays so, check the line and the terminal.",
    ),
    "backup-unwritable": (
        "The copy cannot be written to {path}: {why}. Nothing on the terminal was changed.",
        "Check that the folder is there, may be written and has room; or leave out --backup.",
    ),
    "backup-differs": (
        "The copy {path} is not what was written when it is read back.",
        "Do not trust this disk; use another folder for --backup.",
    ),
    "backup-same-place": (
        "{path} is the folder of the bundle itself or was given already.",
        "Name another folder for --backup, best on another disk.",
    ),
    "too-many-backups": ("More than {limit} folders for copies are given.", "Give at most {limit}."),
    "opened-missing": ("{path} cannot be read: {why}.", "Name export.age, or the folder of the bundle that holds it."),
    "opened-no-age": ("{path} is no file of age.", "Name export.age, or the folder of the bundle that holds it."),
    "opened-no-key": (
        "{path} opens for none of these identities.",
        "Use the private key that belongs to one of its recipients; the statement and the manifest list them.",
    ),
    "opened-broken": (
        "{path} is cut off or was altered. Nothing of it was kept.",
        "Take another copy: the bundle's, or one of --backup.",
    ),
    "opened-altered": (
        "This is no export, or it was altered: {member} is not what it must be. Nothing of it was kept.",
        "Take another copy, and ask whoever gave you this one.",
    ),
    "opened-other": (
        "The statement in the bundle names another export (SHA-256 {expected}, this one has {found}).",
        "Do not rely on this bundle; see posretire verify.",
    ),
    "opened-statement": (
        "The statement {path} cannot be understood ({why}).",
        "See posretire verify; to open the export all the same, name the file export.age itself.",
    ),
    "identity-unreadable": ("The identity file {path} cannot be read: {why}.", "Check the path and its rights."),
    "identity-empty": ("The identity file {path} holds no key.", "Name the file that age-keygen wrote."),
    "identity-invalid": (
        "The identity file {path} holds a line that is no age key. It is not shown.",
        "Name the file that age-keygen wrote.",
    ),
    "identity-is-recipient": (
        "{path} holds a public key (age1…), which opens nothing.",
        "Name the file of the private key that belongs to it.",
    ),
    "identity-unsupported": (
        "{path} is a key of a kind that is not supported (SSH, plugin).",
        "Open the file with age itself: age -d -i KEY export.age | tar x",
    ),
    "identity-sealed": (
        "The identity file {path} is under a passphrase, and nobody is there to type it.",
        "Run it in a terminal window, without --json.",
    ),
    "identity-passphrase": ("The passphrase does not open the identity file {path}.", "Try again."),
    "schema-unknown": ("There is no such schema.", "Name one of: {names}."),
}
