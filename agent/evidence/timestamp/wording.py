"""What was found wrong with a timestamp, or with asking for one, in English (see `agent.evidence.wording`)."""

from __future__ import annotations

from collections.abc import Mapping

TIMESTAMP_WORDING: Mapping[str, str] = {
    "authorities-unknown": "No timestamp authority is trusted here, so nobody vouches for the time.",
    "timestamp-answer": "The timestamp authority answers something else than a timestamp ({why}).",
    "timestamp-certificate": "The timestamp does not name the certificate that it is signed with.",
    "timestamp-clock": "The statement's time {time} is {seconds} s away from its timestamp.",
    "timestamp-clock-off": "The agent's clock is {seconds} s away from the timestamp authority's: its times are wrong.",
    "timestamp-form": "The timestamp is not in the form in which it is kept: something in it was altered.",
    "timestamp-imprint": "The timestamp is of something else than this statement.",
    "timestamp-malformed": "The timestamp is malformed: {why}.",
    "timestamp-missing": "The policy asks for a timestamp, and there is none: {why}.",
    "timestamp-nonce": "The timestamp authority answered another request.",
    "timestamp-refused": "The timestamp authority refused: {why}.",
    "timestamp-signature": "The signature of the timestamp does not fit.",
    "timestamp-unavailable": "There is no timestamp: {why}.",
    "timestamp-usage": "The key of the timestamp authority is not one for timestamps alone.",
}
"""Sentences by code; facts stand in braces."""
