"""English: errors of the line and of profiles."""

from __future__ import annotations

from typing import Final

LINE: Final = {
    "target-empty": (
        "No TARGET was given.",
        "Give tcp://HOST:PORT, serial:PORT or a port name; posretire ports lists them.",
    ),
    "target-unreadable": (
        "TARGET is too long or holds characters that cannot be printed.",
        "Give tcp://HOST:PORT, serial:PORT or a port name.",
    ),
    "target-port-missing": (
        "serial: names no port.",
        "Write serial:PORT, as serial:/dev/ttyUSB0 or serial:COM3.",
    ),
    "target-option": (
        "{option} is no option of a serial TARGET.",
        "There are baud, parity, data, stop, flow and model, as ?baud=9600&parity=even.",
    ),
    "target-option-twice": (
        "TARGET names {option} twice.",
        "Give each option once.",
    ),
    "target-option-value": (
        "TARGET's {option} is none of its values.",
        "Give one of: {choices}.",
    ),
    "target-data-bits": (
        "A line of 7 data bits cannot carry the terminal's data.",
        "Set the terminal's port to 8 data bits and leave data away; flow=xonxoff helps where XON and XOFF get lost.",
    ),
    "target-model": (
        "TARGET's model is no model's name.",
        "Write model=NAME with a name of posretire profiles list.",
    ),
    "target-line-settings": (
        "{port} cannot have this speed, parity or flow control.",
        "Leave those options away, or use another adapter.",
    ),
    "target-needs-scheme": (
        "{target} looks like a network address.",
        "Write tcp://{target}.",
    ),
    "target-scheme": (
        "{scheme}:// is not supported.",
        "Use tcp://, serial:, rfc2217://, or a port name.",
    ),
    "target-address": (
        "TARGET is no network address.",
        "Write tcp://HOST:PORT with a port from 1 to 65535.",
    ),
    "target-baud": (
        "baud must be {lowest} to {highest}.",
        "Write ?baud=115200, for example, or ?baud=auto.",
    ),
    "target-serial-url": (
        "pyserial does not understand {port}.",
        "Check the URL and its options.",
    ),
    "connection-refused": (
        "Nobody listens on {host}, port {port}.",
        "Check the address, and that the terminal or serial server is on.",
    ),
    "host-unknown": (
        "The host {host} is not known.",
        "Check its name, or give its address.",
    ),
    "connection-timeout": (
        "{host}, port {port}, does not answer.",
        "Check the network and any firewall.",
    ),
    "connection-failed": (
        "No connection to {host}, port {port}: {why}.",
        "Check the network.",
    ),
    "port-not-found": (
        "There is no port {port}.",
        "Plug the cable in; posretire ports lists what is there.",
    ),
    "port-busy": (
        "{port} is in use by another program.",
        "Close that program and try again.",
    ),
    "port-permission": (
        "You may not open {port}.",
        "Add your user to the group dialout (Linux), sign in anew, and try again.",
    ),
    "port-open-failed": (
        "{port} cannot be opened: {why}.",
        "Check that it is a serial port and that its driver is installed.",
    ),
    "ports-folder": (
        "The folder {path} cannot be listed: {why}.",
        "Name a folder that holds ports.",
    ),
    "no-terminal": (
        "Nobody answers on {line}.",
        "Is the terminal on and idle, the cable right, the speed right (?baud=auto tries the usual ones)?",
    ),
    "unknown-protocol": (
        "{line} sends {bytes} bytes that are no protocol we know.",
        "Check the speed (?baud=N, or ?baud=auto finds it) and that this is the terminal's maintenance port.",
    ),
    "no-speed": (
        "Nobody answers on {line} at any usual speed; tried: {speeds}.",
        "Is the terminal on and idle, the cable right? Another speed is set by ?baud=N, parity by &parity=even.",
    ),
    "device-server-busy": (
        "The device server at {line} says that its port is in use: {why}.",
        "End the other connection to this port (another posretire, a console, a monitor), then try again.",
    ),
    "device-server-failed": (
        "The device server at {line} does not serve its port: {why}.",
        "Look on the server: is the cable plugged in, is the device's name right, may this computer connect?",
    ),
    "device-server-control": (
        "The device server of {line} does not answer about its control lines.",
        "Add ?ign_set_control to the TARGET; ser2net on a pseudo-terminal needs it.",
    ),
    "device-server-not-rfc2217": (
        "The server at {line} does not speak RFC 2217, or not in time.",
        "Where its port is raw, write tcp://HOST:PORT; with ser2net the accepter must be telnet(rfc2217),tcp,PORT.",
    ),
    "link-certificate-unknown": (
        "The terminal's certificate leads to no maker that is trusted here: {why}.",
        "Somebody may sit on the line. If the terminal is right, get its maker's root and give it with --trust DIR.",
    ),
    "link-certificate-expired": (
        "The terminal's certificate is not valid today: {why}.",
        'Check this machine\'s date; else ask the maker. link_privacy = "plain" in the policy goes on unencrypted.',
    ),
    "link-certificate-revoked": (
        "The maker has revoked the terminal's certificate.",
        "Set the terminal aside and ask its maker.",
    ),
    "link-agent-refused": (
        "The terminal does not accept the certificate of this agent: {why}.",
        "Have keys/agent.pem of the home folder certified by whom the terminal trusts.",
    ),
    "link-handshake": (
        "No private link to the terminal came about: {why}.",
        "Try again; if it stays so, the terminal's firmware or somebody on the line does not let TLS 1.3 through.",
    ),
    "link-record": (
        "What came over the private link was altered or cut: {why}.",
        "Somebody or something on the line changes the data. Look at cable and adapters, then try again.",
    ),
    "link-not-private": (
        "The terminal offers no private link, and the policy asks for one. Nothing was asked of it.",
        'If its profile says that it has one, somebody may sit on the line; else set link_privacy = "prefer".',
    ),
    "link-maker-missing": (
        "The policy asks for a private link, and no maker is trusted here who could vouch for the terminal.",
        "Give --trust DIR with makers/*.pem.",
    ),
    "handshake-refused": (
        "The terminal on {line} refused the handshake: {why}.",
        "It may be busy with another session or too new for this version; restart it and try again.",
    ),
    "unknown-model": (
        "There is no profile of the model {model}.",
        "It can be inspected. Write a profile (CONTRIBUTING.md) or ask for one.",
    ),
    "profile-unreadable": (
        "The profile {path} cannot be read: {why}.",
        "Correct the file.",
    ),
    "profile-invalid": (
        "The profile {path} is wrong at {field}: {why}.",
        "Correct it; posretire profiles check checks it again.",
    ),
}
