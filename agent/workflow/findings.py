"""The findings of the workflow: what each does to the result, and the English sentence that stands in the statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.evidence import facts as evidence
from agent.evidence.facts import Effect
from agent.workflow.events import Finding


@dataclass(frozen=True)
class Kind:
    """One kind of finding.

    Args:
        effect: What it does to the result.
        sentence: English, with the finding's facts to fill in.
    """

    effect: Effect
    sentence: str


KINDS: Mapping[str, Kind] = {
    "agent-key-self-signed": Kind(Effect.NOTE, "The agent's key is certified by nobody but itself."),
    "backup-lost": Kind(Effect.NOTE, "The copy of the export at {place} was lost during the case: {why}."),
    "binding-differs": Kind(Effect.NOTE, "The binding {name} is not what the {source} says."),
    "bindings-pending": Kind(Effect.NOTE, "Applied for at the terminal, and waiting for the platform: {names}."),
    "check-failed": Kind(Effect.FAIL, "The case ended at a check that failed: {error}."),
    "clock-set-back": Kind(
        Effect.NOTE, "The agent's clock was set back by {seconds} s during the case; times after that are counted on."
    ),
    "debug-enabled": Kind(Effect.NOTE, "Debug access of the terminal was open."),
    "ended-early": Kind(Effect.UNKNOWN, "The case ended before its last step: {error}."),
    "earlier-case-open": Kind(
        Effect.NOTE, "An earlier case of this terminal was cut off: {case}. What it exported is in {path}."
    ),
    "merchant-unconfirmed": Kind(Effect.NOTE, "The terminal was bound to no merchant number to compare with."),
    "ordered-merchant-unconfirmed": Kind(
        Effect.UNKNOWN, "The terminal was bound to no merchant number, so it is not shown to be the ordered merchant's."
    ),
    "erasure-answer-late": Kind(
        Effect.UNKNOWN,
        "Region {region} took {seconds} s to answer for what it was filled with: another may have answered for it.",
    ),
    "erasure-disproven": Kind(
        Effect.FAIL,
        "Region {region} did not store what it was filled with after the wipe, and is not proven to be empty.",
    ),
    "erasure-not-proven": Kind(Effect.NOTE, "There is no proof of erasure: {why}."),
    "export-waived": Kind(Effect.NOTE, "The export was not verified ({why}); waived because: {reason}."),
    "film-incomplete": Kind(Effect.NOTE, "The film of the terminal's menu has a gap: {why}."),
    "level-not-reached": Kind(Effect.UNKNOWN, "The policy asks for evidence level {level}, which was not reached."),
    "link-plain": Kind(Effect.NOTE, "The line to the terminal was not encrypted."),
    "link-downgraded": Kind(
        Effect.NOTE, "The line was not encrypted although the profile of the terminal says that it can be."
    ),
    "maker-not-trusted": Kind(Effect.NOTE, "No maker is trusted who could vouch for terminals of {maker}."),
    "platform-pending": Kind(Effect.NOTE, "The platform's deregistration is pending: no reference number was given."),
    "region-not-blank": Kind(
        Effect.FAIL, "Region {region} is not blank after the wipe: {count} bytes, the first at offset {offset}."
    ),
    "steps-by-hand": Kind(
        Effect.NOTE, "{count} steps of {step} were done by hand: the technician's word, evidence level 0 for them."
    ),
    "tamper-unknown": Kind(Effect.NOTE, "The terminal cannot tell whether it was tampered with."),
    "unsettled-accepted": Kind(
        Effect.NOTE, "{count} transactions ({amount}) and {reversals} reversals were not settled; accepted by policy."
    ),
    "wipe-not-done": Kind(Effect.FAIL, "The terminal says of its wipe: {state}."),
}


def for_statement(finding: Finding) -> evidence.Finding:
    """Turn a finding of the workflow into one of the statement."""
    kind = KINDS[finding.code]
    return evidence.Finding(finding.code, kind.sentence.format(**finding.facts), kind.effect)
