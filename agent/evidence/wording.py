"""What a check found, in an English sentence: as it stands in a statement, for whoever reads it without our program."""

from __future__ import annotations

from collections.abc import Mapping

from agent.errors import AgentError
from agent.evidence.caselog.wording import LOG_WORDING

WORDING: Mapping[str, str] = {
    "agent-chain-differs": "agent.pem is not the certificate of the key that signs.",
    "agents-unknown": "No agent is trusted here, so nobody vouches for whoever signed.",
    "attachments-differ": "The statement promises other files than there are: {file}.",
    "bindings-changed": "The terminal attests other bindings after the wipe than before.",
    "bindings-not-attested": "The bindings in job.json are not those that the terminal attests.",
    "boot-count": "The terminal's boot count went back from {before} to {after}.",
    "case-differs": "Another case number stands in {where}.",
    "certificate-chain": "The certificate of the {where} leads to nobody who is trusted here.",
    "certificate-key": "The certificate of the {where} holds no P-256 key.",
    "certificate-revoked": "The certificate of the {where} was revoked by whoever issued it.",
    "certificate-time": "The certificate of the {where} was not valid at that time.",
    "certificate-unreadable": "The certificate of the {where} cannot be read.",
    "certificate-usage": "The key of the {where} may not sign.",
    "document-field": "{document}: the field {field} is missing, unknown or of the wrong kind.",
    "debug-enabled": "The terminal attests that its debug port is open: its memory could be read and written past it.",
    "dsse-key": "The envelope names another key than agent.pem.",
    "dsse-malformed": "The envelope is malformed: {why}.",
    "dsse-signature": "The signature of the statement does not fit.",
    "eat-algorithm": "The attestation is not signed with ES256.",
    "eat-channel": "The attestation was not made at the other end of this link: somebody sits between.",
    "eat-header": "The attestation has headers that are not allowed, or no certificate.",
    "eat-malformed": "The attestation is malformed: {why}.",
    "eat-maker": "The attestation names another maker than the one whose root its certificate leads to.",
    "eat-nonce": "The attestation answers another nonce: it is old or of another case.",
    "eat-other-terminal": "The attestation's certificate was issued for another serial number.",
    "eat-phase": "The attestation is of the other phase.",
    "eat-signature": "The signature of the attestation does not fit.",
    "export-altered": "export.age is not the export that was verified.",
    "export-missing": "export.age is not there, and its verification was not waived.",
    "export-not-age": "export.age is no age file.",
    "export-unverified": "The export was not verified, and no reason is given.",
    "export-recipients": "export.age is encrypted to {found} recipients, which is not as stated.",
    "file-absent": "{file} is not there.",
    "file-kind": "{file} is no regular file.",
    "file-too-large": "{file} is larger than {limit} bytes.",
    "file-unknown": "The bundle holds a file that is no part of a bundle: {file}.",
    "file-unreadable": "{file} cannot be read.",
    "identity-key-changed": "The identity key in slot {slot} is not the one from before.",
    "intent-digest": "{file} is not the file that intent.json names.",
    "journal-chain": "The journal's chain is broken at line {line}: something was removed, moved or altered.",
    "journal-cut": "The journal's last line is cut off.",
    "journal-empty": "The journal is empty.",
    "journal-intent-late": "The journal shows a change of the terminal before the intent.",
    "journal-intent-missing": "The journal does not show this intent.",
    "journal-no-wipe": "The journal shows no wipe.",
    "journal-not-intended": "The journal is not the one that intent.json continues.",
    "journal-sequence": "The journal's line {line} has the wrong number: entries are missing or moved.",
    "journal-step-failed": "The journal says that the step {step} failed.",
    "journal-wipe-not-intended": "The journal shows a wipe that intent.json does not announce.",
    "journal-step-unknown": "The journal says that the step {step} broke off, and not how far it came.",
    "journal-step-open": "The journal does not say how the step {step} ended.",
    "journal-too-long": "The journal is too long.",
    "json-broken": "{document} is no strict JSON ({why}).",
    "json-not-canonical": "{document} is not in canonical form (RFC 8785).",
    "json-too-large": "{document} is larger than {limit} bytes.",
    "json-value": "A value cannot be written as JSON: {why}.",
    "key-kept": "Key slot {slot} survives the wipe although it is not the identity's.",
    "key-not-erased": "Key slot {slot} still holds a key.",
    "key-slots-changed": "The terminal attests other key slots after the wipe than before.",
    "level-too-high": "The statement claims evidence level {claimed}; the evidence shows {found}.",
    "level-unproven": "The claimed evidence level {claimed} cannot be checked here.",
    "links-differ": "The statement names another link than the one that job.json begins with.",
    "makers-unknown": "No maker is trusted here, so nobody vouches for the terminal's key.",
    "map-changed": "The terminal's memory map is not the one from before the wipe.",
    "map-not-attested": "The memory map in intent.json is not the one that the terminal attests.",
    "measurements-changed": "The software that the terminal measured is not the same after as before.",
    "method-key-copies": "Purge by erasing keys is claimed, but nothing shows that there are no copies of the keys.",
    "method-not-addressable": "Purge is claimed, but erasing may not reach all cells behind region {region}.",
    "needs": "{what} is needed for this check.",
    "proof-answer": "Region {region} did not store what it was filled with: its answer is that of other bytes.",
    "proof-not-attested": "The terminal does not attest that it gave the answers of the proof of erasure.",
    "proof-not-journaled": "The journal does not show this proof of erasure.",
    "proof-of-another": "The proof of erasure is of another case, or of another wipe.",
    "proof-regions": "The proof of erasure is not about all of the flash that was to be wiped.",
    "proof-slow": "Region {region} took {seconds} s to answer: another may have answered for it.",
    "read-back-missing": "Region {region} was not read back.",
    "read-back-not-blank": "Region {region} was read back and is not blank.",
    "read-back-other-region": "The read-back names regions that were not to be wiped, or one twice.",
    "read-back-short": "Region {region} was not read back to its end.",
    "region-digest": "The attested digest of region {region} is not that of blank memory.",
    "region-gone": "Region {region} is missing from the attestation after the wipe.",
    "region-kept": "Region {region} holds data of the merchant and is not wiped.",
    "region-not-erased": "The terminal does not attest that region {region} is erased (result {result}).",
    "region-not-planned": "Region {region} may be wiped but was left out.",
    "region-too-large": "Region {region} is too large to be checked.",
    "result-too-good": "The statement says {claimed}; the evidence shows {found}.",
    "result-unproven": "The claimed result {claimed} cannot be checked here.",
    "statement-differs": "The statement's part {part} does not follow from the evidence.",
    "statement-act": "The statement is of another act than intent.json announces.",
    "statement-subjects": "The statement does not name exactly the files of the bundle: {file}.",
    "statement-type": "The statement is of a kind that is not known here.",
    "binding-left": "The binding {binding} still holds.",
    "terminal-differs": "Another terminal: {what} differs in {where}.",
    "time-form": "{where} is no time in UTC as RFC 3339 writes it.",
    "times-order": "The times are not in the order opened, intended, issued.",
    "unsettled-left": "{count} transactions are not settled after the wipe.",
    "unsettled-lost": "{count} transactions were not settled when the terminal was wiped, and no reason is given.",
    "wipe-count": "The terminal's count of wipes went from {before} to {after} instead of up by one.",
    "wipe-nonce": "The terminal's last wipe is not the one that was intended.",
    "wipe-unfinished": "The terminal does not attest that the wipe is done (state {state}).",
    **LOG_WORDING,
}
"""Sentences by code; facts stand in braces."""


def sentence(fault: AgentError) -> str:
    """Say what is wrong.

    Args:
        fault: The error.

    Returns:
        Its sentence, or the error's code with its facts where there is none.
    """
    form = WORDING.get(fault.code)
    return form.format_map({name: str(value) for name, value in fault.facts.items()}) if form else str(fault)
