"""English: terminals that contradict themselves, break the protocol or never come to an end."""

from __future__ import annotations

from typing import Final

LIARS: Final = {
    "export-of-another": (
        "What was read out does not fit what the terminal says of itself ({what}): it may be another one's export.",
        "Nothing was unbound or wiped. Set the terminal aside; if it was used meanwhile, run the command once more.",
    ),
    "memory-map-changed": (
        "The memory map is not the one from the inspection any more: region {region} differs.",
        "The terminal was not wiped. Set it aside: what it does not show would not be wiped.",
    ),
    "region-shrunk": (
        "Region {region} has {size} bytes by the memory map, and {least} at the least.",
        "Set the terminal aside, or correct the profile: what is not named cannot be wiped.",
    ),
    "terminal-breaks-protocol": (
        "The terminal does not keep to the protocol: {why}.",
        "Set it aside and report its firmware; a bad line alone does not do this.",
    ),
    "terminal-too-slow": (
        "The terminal is there and did not answer {command} within {seconds} s.",
        "Restart the terminal and run the command again; set it aside if that does not help.",
    ),
    "wipe-endless": (
        "The wipe makes progress and does not end: {seconds} s are more than such a memory takes.",
        "Leave the terminal switched on and run posretire inspect on it; set it aside if it still wipes.",
    ),
}
"""Errors by code, part of `agent.cli.texts.en_errors.ERRORS`."""
