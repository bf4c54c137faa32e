"""English: errors of starting a simulated terminal."""

from __future__ import annotations

from typing import Final

SIMULATION: Final = {
    "unknown-simulator": ("There is no simulator of the model {model}.", "Use one of: {known}."),
    "unknown-fault": ("There is no fault {fault}.", "Known faults: {known}."),
    "bad-fault-value": ("The fault {fault} is not given as it should be.", "Write it as {usage}."),
    "agents-unreadable": (
        "There are no certificates of agents in {path}.",
        "Give a folder with *.pem, such as trust/agents of the agent's home folder.",
    ),
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
    "bad-end": (
        "{end} is no end of a line.",
        "Write pty:PATH, serial:PATH, listen:HOST:PORT or tcp://HOST:PORT.",
    ),
    "same-ends": (
        "Both ends of the line are {path}.",
        "Give each end a name of its own.",
    ),
    "bad-baud": (
        "The value of --baud is no speed of a line.",
        "Give {lowest} to {highest}, or auto where an end is a pty.",
    ),
    "bad-impairment": (
        "The value of --{option} is out of range.",
        "Give 0 to {highest}.",
    ),
    "bad-garbage": (
        "There is too much garbage.",
        "Give a text, or a number of random bytes, of at most {highest} bytes.",
    ),
    "line-needs-baud": (
        "Neither end of the line has a speed that could be followed.",
        "Give --baud N.",
    ),
    "cannot-open": (
        "The port {path} cannot be opened: {why}.",
        "Check the name and your rights; start what makes the port first.",
    ),
    "cannot-connect": (
        "There is no connection to {address}: {why}.",
        "Check the address; start what listens there first.",
    ),
    "speed-needs-pty": (
        "Only a pseudo-terminal that was given a speed has one.",
        "Give --pty PATH and --baud N, or leave --baud and --highest-baud out.",
    ),
}
