"""English: the log of cases."""

from __future__ import annotations

from typing import Final

LOG: Final = {
    "log-busy": (
        "Another posretire held the log of cases all the while: {path}.",
        "Wait for it or end it, then try again.",
    ),
    "log-damaged": (
        "The log of cases is damaged, or was put back to an older state: {path} ({why}).",
        (
            "Restore the folders log and keys from the newest backup. Without one, move log, keys/log.key and "
            "keys/log.checkpoint away together and keep them: a new log is begun."
        ),
    ),
    "log-file": (
        "{path} cannot be read or written, or is no such file.",
        "Check the path; checkpoints are kept by log audit --keep FILE.",
    ),
    "log-key-given": (
        "What --key gives is no key of a log.",
        "Give its vkey, NAME+ID+KEY, as posretire log show prints it; --trust DIR reads files of them.",
    ),
    "log-missing": (
        "There is no log of cases in {path}.",
        "It is begun by the first retirement; name another with --log DIR.",
    ),
    "log-no-entry": ("The log has no entry of {subject}.", "See its entries with posretire log show."),
    "log-prove-what": (
        "It was not said what to prove.",
        "Give a case or a bundle, or an older checkpoint with --from; one of them.",
    ),
    "log-key-exposed": ("Other users may read the log's key {path}.", "Set its mode to 0600."),
    "log-key-missing": (
        "The log of cases is there, and its key is gone: {path}.",
        "Restore the key. Without a backup, move log and keys/log.checkpoint away and keep them: a new log is begun.",
    ),
    "log-key-unreadable": ("The log's key {path} cannot be read.", "Restore it."),
    "log-unwritable": (
        "The log of cases cannot be written to {path}: {why}.",
        "Check folder, permissions and disk space; before it can be, nothing on a terminal is changed.",
    ),
}
"""Errors: what happened, what to do."""

LOG_TEXTS: Final = {
    "command.log": (
        "Show, prove and audit the log of cases.\n\n"
        "Every case is entered before anything on its terminal is changed, and again with its end, so that none can "
        "vanish. The log is an append-only Merkle tree in formats of C2SP: tlog-tiles, tlog-checkpoint, tlog-proof."
    ),
    "command.log-show": "Show the newest entries, and the cases that nothing has ended.",
    "command.log-prove": (
        "Prove that a case or a bundle is in the log, or that the log only grew.\n\n"
        "With CASE, its last statement, or its intent where it has none; with a bundle, its statement. With --from, "
        "that the log begins with all that an older checkpoint covers."
    ),
    "command.log-audit": (
        "Audit the log: signature, tree, history, ends and bundles.\n\n"
        "Keep its checkpoint with --keep, and give it with --since on the next visit: so nothing of the past can be "
        "altered in between. Ends with 6 where a check fails."
    ),
    "option.log": "Folder of the log, for one that is a copy; the home's own log otherwise.",
    "option.log-last": "How many of the newest entries are listed.",
    "option.log-trust": "Folder whose logs/*.vkey are trusted; may be repeated. The home's trust/ is used as well.",
    "option.log-key": "Key of the log (vkey), instead of those that the home trusts.",
    "option.log-from": "File of an older checkpoint.",
    "option.log-out": "File for the proof, instead of standard output.",
    "option.log-since": "File of the checkpoint that was kept at the earlier visit.",
    "option.log-bundles": "Folder of bundles to compare with: each must be in the log, and none be missing.",
    "option.log-keep": "File to keep the checkpoint in for the next visit; written where the tree is whole.",
    "check.log-checkpoint": "The log's checkpoint is signed with its key",
    "check.log-since": "The earlier checkpoint is signed with its key",
    "check.log-tree": "Every entry is in the tree, and the tree only grew",
    "check.log-ends": "Every case in the log has its end",
    "check.log-bundles": "Every bundle is in the log",
    "check.log-statements": "Every statement of the log has its bundle",
    "step.log": "Read the log",
    "unit.entries": "entries",
    "log.heading": "Log of cases {path}",
    "log.origin": "Log",
    "log.key": "Key",
    "log.key-unknown": "not known here; the signature was not checked",
    "log.size": "Entries",
    "log.root": "Root",
    "log.kinds": "Kinds",
    "log.results": "Results",
    "log.open-cases": "Cases without an end",
    "log.kind.intent": "intent",
    "log.kind.statement": "statement",
    "log.kind.ended": "ended unchanged",
    "log.newest": "The newest {count} entries",
    "log.open": "CASES WITHOUT AN END: {count}",
    "log.open-note": (
        "An intent was entered and nobody has said what became of it: it is under way, broke off (posretire cases), or "
        "is being kept back."
    ),
    "log.head-time": "Time",
    "log.head-case": "Case",
    "log.head-kind": "Entry",
    "log.head-end": "Result or reason",
    "log.audit": "Audit",
    "log.list-open": "Cases without an end: {count}",
    "log.list-without-intent": "Statements without an intent before them: {count}",
    "log.list-replaced": "Statements that a later one of the same case replaced: {count}",
    "log.list-clock-back": "Entries whose clock is behind that of an earlier one: {count}",
    "log.list-missing-bundles": "Statements without a bundle here: {count}",
    "log.list-other-bundles": "Bundles that are not in this log: {count}",
    "log.why-unknown": "should be in it and is not",
    "log.why-other-log": "of another log that is trusted; audit that one as well",
    "log.why-no-log": "made before there was this log",
    "log.why-unreadable": "no readable bundle",
    "log.good": "The log is whole.",
    "log.bad": "The log is not in order: see above.",
    "log.kept": "The checkpoint is kept in {path}: give it with --since on your next visit.",
    "log.keep-it": "Keep {path} for your next visit (--keep FILE does), and give it then with --since.",
    "log.written": "The proof is in {path}.",
}
"""Pages and help."""
