"""What was found wrong with a log or a proof out of it, in English sentences (see `agent.evidence.wording`)."""

from __future__ import annotations

from collections.abc import Mapping

LOG_WORDING: Mapping[str, str] = {
    "log-bundle-missing": "{count} statements of the log have no bundle here.",
    "log-bundle-unknown": "{count} bundles are not in the log, {bundle} for one.",
    "log-checkpoint": "The checkpoint of the log has another form than it must have.",
    "log-entry-differs": "Entry {index} of the log is another one.",
    "log-entry-long": "An entry of {bytes} bytes is too long for the log.",
    "log-forked": "The log of {new} entries does not begin with the one of {old}: its past was altered.",
    "log-index": "There is no entry {index} in a log of {size}.",
    "log-not-journaled": "The journal does not name this proof out of the log of cases.",
    "log-order": "The statement is entry {index} of the log, and its intent was entered among the first {before}.",
    "log-open-cases": "{count} intents have no end: nobody has said what became of these cases.",
    "log-other-key": "The checkpoint is not signed by the log {name}, or not by it alone.",
    "log-proof-form": "The proof out of the log has another form than it must have.",
    "log-proof-length": "The proof out of the log has too many hashes or too few: {hashes}.",
    "log-root": "The tiles of the log do not lead to the root that was signed over {size} entries.",
    "log-shrunk": "The log of {new} entries had {old} before: its end was taken away.",
    "log-signature": "The signature of the log's checkpoint does not fit.",
    "log-statement-alone": "{count} statements are of cases whose intent was not entered before.",
    "log-tile": "A file of the log is missing or cut off: {file}.",
    "log-unknown-key": "The log {name} is none of those that are trusted here.",
    "log-vkey": "That is no key of a log.",
    "statement-not-logged": "The statement could not be entered into the log of cases ({why}).",
}
"""Sentences by code; facts stand in braces."""
