"""English: timestamps. What a check found is worded in `agent.evidence.timestamp.wording`."""

from __future__ import annotations

from typing import Final

from agent.evidence.timestamp.wording import TIMESTAMP_WORDING

TIMESTAMP: Final = {
    "clock-wrong": (
        "This machine's clock is {seconds} s away from the timestamp authority's. Nothing was changed.",
        "Set the clock right, then run the command again.",
    ),
    "timestamp-authority-missing": (
        "The policy asks for a timestamp, and no authority is named. Nothing was changed.",
        "Give --timestamp-authority URL, or timestamp_authority in the policy.",
    ),
    "timestamp-authority-silent": (
        "The policy asks for a timestamp, and the authority {url} does not answer ({why}). Nothing was changed.",
        "Check the network and the address, then run the command again.",
    ),
    "timestamp-authority-wrong": (
        "The timestamp authority {url} gives no timestamp that holds. {why} Nothing was changed.",
        "Check the address given by --timestamp-authority or the policy.",
    ),
    "timestamp-root-missing": (
        "The root of the timestamp authority {url} is not trusted here. Nothing was changed.",
        "Put its root certificate into tsa/*.pem of a folder given by --trust.",
    ),
    "timestamp-silent": ("The timestamp authority does not answer: {why}.", "Check the network, then try again."),
    "timestamp-url": (
        "That is no address of a timestamp authority.",
        "Give one as https://HOST/PATH or http://HOST/PATH, without a user name or password.",
    ),
}

TIMESTAMP_TEXTS: Final = {
    f"finding.{code}": TIMESTAMP_WORDING[code]
    for code in ("timestamp-clock-off", "timestamp-missing", "timestamp-unavailable")
}
