"""English: errors of the export."""

from __future__ import annotations

from typing import Final

EXPORT: Final = {
    "recipient-duplicate": ("{place}: recipient {recipient} is given twice.", "Give each recipient once."),
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
}
