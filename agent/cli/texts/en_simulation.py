"""English: errors of starting a simulated terminal."""

from __future__ import annotations

from typing import Final

SIMULATION: Final = {
    "unknown-simulator": ("There is no simulator of the model {model}.", "Use one of: {known}."),
    "unknown-fault": ("There is no fault {fault}.", "Known faults: {known}."),
    "bad-fault-value": ("The fault {fault} is not given as it should be.", "Write it as {usage}."),
    "unknown-option": ("The model cannot be set up with {option}.", "Possible: {known}."),
    "bad-address": ("{address} is no address to listen on.", "Write HOST:PORT, for example 127.0.0.1:0."),
    "cannot-listen": (
        "It is not possible to listen on {address}: {why}.",
        "Choose another address or port; port 0 takes a free one.",
    ),
    "no-pty": ("This system has no pseudo-terminals.", "Use --listen instead of --pty."),
    "cannot-link": (
        "The link {path} cannot be made: {why}.",
        "Choose a path that is free in a folder you may write to.",
    ),
    "bad-amount": ("The value of --{option} is out of range.", "Give 0 to {highest}."),
    "state-unusable": (
        "The state folder {path} cannot be used: {why}.",
        "Choose a folder you may write to, and check the disk space.",
    ),
    "state-in-use": (
        "Another process is simulating the terminal in {path}.",
        "End it first, or choose another --state.",
    ),
    "state-broken": ("The terminal's {file} is missing or damaged.", "Choose an empty folder for a new terminal."),
    "state-mismatch": (
        "The terminal in this folder was made with another {option}: {kept}.",
        "Leave the option out, or choose another --state.",
    ),
}
