"""English: errors (what happened, and what to do), refusals of a terminal, findings."""

from __future__ import annotations

from typing import Final

GENERAL: Final = {
    "defect": (
        "A defect of posretire: {kind} at {place}.",
        "Please report this line, with what you did; -v shows where it happened. Look at the terminal before going on.",
    ),
    "system-refused": (
        "The system refused something that posretire did not expect: {why} ({path}).",
        "Check disk space and permissions; please report it if they are in order.",
    ),
    "interrupted": ("Interrupted. Nothing on the terminal was changed.", "Run the command again when you are ready."),
    "interrupted-under-way": (
        "Interrupted in step “{step}” of case {case}: nobody knows how far the terminal got.",
        "Leave the terminal switched on, run posretire inspect on it, and look at posretire cases show {case}.",
    ),
    "terminal-refused": ("The terminal refused {command}: {meaning} {detail}", "See what its display shows."),
    "link-lost": ("The line to the terminal is lost: {why}.", "Check cable, port and power, then try again."),
    "no-answer": (
        "The terminal did not answer {command} within {seconds} s.",
        "See what its display shows, check cable and baud rate, then try again.",
    ),
    "line-garbled": (
        "What came over the line is not the protocol of a known terminal: {why}.",
        "Check that the port is the right one and that baud rate and cable fit.",
    ),
    "state-unknown": (
        "{command} was sent and its answer was lost: nobody knows whether the terminal did it.",
        "Leave the terminal switched on and run posretire inspect on it before anything else.",
    ),
    "usage-no-such-option": ("There is no option {option}.", "See the help page."),
    "usage-option-value": ("Option {option} is given in the wrong form.", "See the help page."),
    "usage-missing": ("{parameter} is missing.", "See the help page."),
    "usage-choice": ("{parameter} must be one of: {choices}.", "See the help page."),
    "usage-bad-value": ("The value of {parameter} does not fit.", "See the help page."),
    "usage-no-such-command": ("There is no command {command}.", "See the help page: posretire --help"),
    "usage-no-command": ("No command is given.", "See what there is: posretire --help"),
    "usage-extra": ("There is something too much: {arguments}", "See the help page."),
    "usage-other": ("The command line cannot be understood: {why}", "See the help page."),
    "other": ("It ended with {code} ({facts}).", "See the documentation under this code."),
}

COMMAND_LINE: Final = {
    "merchant-number-missing": (
        "The merchant number to unbind is not given.",
        "Give --merchant or a work order; without a console it cannot be asked for.",
    ),
    "merchant-number-form": ("A merchant number has 15 digits.", "Check it against the merchant's papers."),
    "merchant-number-differs": (
        "The two merchant numbers differ; unbinding the wrong one is a costly mistake.",
        "Type it again.",
    ),
    "password-missing": (
        "The password of the unbinding menu is not given.",
        "Give --password-file or --password-stdin; without a console it cannot be asked for.",
    ),
    "password-twice": ("--password-file and --password-stdin exclude each other.", "Choose one of them."),
    "password-unreadable": ("The password cannot be read from {path}: {why}.", "Put it alone on the first line."),
    "recipient-missing": (
        "No recipient is given, so nobody could open the export.",
        "Give --recipient age1…; posretire keys recipient --out FILE makes a key pair.",
    ),
    "reason-missing": ("The reason is not given.", "Give --reason or a work order."),
    "confirmation-needed": (
        "Nobody can confirm here, and nothing was changed.",
        "Look at posretire inspect, then add --yes; or run it on a console without --json.",
    ),
    "no-such-case": ("There is no case {case} in this home.", "List them with posretire cases."),
    "file-exists": ("{path} is there already and is not overwritten.", "Choose another name."),
    "file-unwritable": ("{path} cannot be written: {why}.", "Check folder, permissions and disk space."),
    "demo-folder": ("{path} is not an empty folder.", "Name a new or empty folder for --keep."),
    "demo-terminal": (
        "The simulated terminal did not start: {why}.",
        "Try posretire simulate haike-h60 --listen 127.0.0.1:0 --state DIR by itself.",
    ),
    "work-order-several-terminals": (
        "The work order does not name the merchant number.",
        "Give it with --merchant.",
    ),
}

POLICY: Final = {
    "policy-reason-missing": (
        "The policy gives no reason in {field}.",
        "A waiver stands in the evidence with its why.",
    ),
    "policy-value": ("The policy's field {field} is unknown or has a wrong value.", "Correct it in the policy file."),
    "policy-unreadable": ("The policy {path} cannot be read: {why}.", "It must be a TOML file."),
    "work-order-value": ("The work order's field {field} is unknown or has a wrong value.", "Correct the file."),
    "work-order-unreadable": ("The work order {path} cannot be read: {why}.", "It must be a TOML file."),
    "export-not-verified": ("The export is not verified, so nothing may be unbound or wiped.", "Export again."),
    "unbinding-not-proven": ("It is not proven that the terminal is unbound, so it is not wiped.", "Unbind it first."),
    "platform-approval-missing": (
        "The policy asks for the platform's approval before the wipe, and there is none.",
        "Have the terminal deregistered and put the reference into the work order as platform_reference.",
    ),
    "unsettled-batch": (
        "{count} transactions ({amount}) are not settled, {reversals} reversals are pending. Nothing was changed.",
        "Settle the batch on the terminal (结算), or have the policy accept it with a reason.",
    ),
    "not-confirmed": ("Not confirmed. Nothing was changed.", "Run the command again when you are sure."),
    "nothing-to-wipe": ("The terminal names no region that can be wiped.", "Its profile and note may say why."),
    "region-not-wipeable": (
        "Region {region} is said to be wipeable but is neither flash nor a key store.",
        "This version cannot wipe it; ask for a profile of this model.",
    ),
    "wipe-of-another": (
        "The terminal tells of a wipe that is not this case's.",
        "Somebody else may have wiped it. Look at it before anything else.",
    ),
    "wipe-stalled": (
        "The wipe made no progress for {seconds} s.",
        "Leave the terminal switched on and run posretire inspect on it.",
    ),
    "terminal-swapped": (
        "Another terminal answers: {tusn} instead of {expected}.",
        "Connect the terminal of this case again; set the other one aside.",
    ),
    "home-unwritable": ("The home folder {path} cannot be written: {why}.", "Check it, or name another with --home."),
    "ledger-unusable": ("The ledger {path} cannot be used: {why}.", "Check disk space and permissions."),
}

LINE: Final = {
    "connection-refused": ("Nobody listens on {host}, port {port}.", "Check address and port; is the terminal on?"),
    "connection-timeout": ("{host}, port {port}, did not answer.", "Check the address and the network."),
    "host-unknown": ("There is no host {host}.", "Check its name."),
    "port-busy": ("{port} is in use by another program.", "Close that program."),
    "port-not-found": ("There is no port {port}.", "List the ports with posretire ports; check the cable."),
    "port-open-failed": ("{port} cannot be opened: {why}.", "Check the cable and the port."),
    "port-permission": ("You may not open {port}.", "On Linux join the group dialout and log in again."),
    "ports-folder": ("The folder {path} cannot be listed: {why}.", "Name a folder that you may read."),
    "target-address": ("That TCP address is not HOST:PORT with a port of 1 to 65535.", "As tcp://192.0.2.7:9100"),
    "target-baud": ("The baud rate must lie between {lowest} and {highest}.", "As serial:COM3?baud=115200"),
    "target-empty": ("The TARGET is empty.", "List the ports with posretire ports."),
    "target-unreadable": ("The TARGET cannot be understood.", "As tcp://HOST:PORT, serial:PORT or /dev/ttyUSB0"),
    "target-needs-scheme": ("{target} looks like an address without tcp://.", "Write tcp://{target}"),
    "target-option": ("There is no option {option} for a TARGET.", "Only baud can be set, as ?baud=9600"),
    "target-port-missing": ("The TARGET names no port.", "As serial:/dev/ttyUSB0"),
    "target-scheme": ("There is no kind of TARGET {scheme}.", "As tcp://HOST:PORT, serial:PORT or /dev/ttyUSB0"),
    "target-serial-url": ("serial: takes a port name, not the URL {port}.", "Give the URL by itself."),
}

EVIDENCE: Final = {
    "agent-name": ("That name cannot stand in a certificate.", "Use 1 to 40 printable characters."),
    "agent-key-exists": ("There is a signing key already: {path}.", "See it with posretire keys show."),
    "agent-key-missing": ("There is no signing key in this home ({path}).", "Make one with posretire keys init."),
    "agent-key-exposed": ("Other users may read the signing key {path}.", "Set its mode to 0600, or make a new key."),
    "agent-key-unreadable": ("The signing key {path} cannot be read.", "Restore it, or make a new one."),
    "agent-certificate-mismatch": ("The certificate {path} is of another key.", "Restore the matching pair."),
    "binding-key-missing": ("The key of the case's keyed hashes is missing: {path}.", "Restore the home folder."),
    "keys-unwritable": ("Keys cannot be written to {path}: {why}.", "Check folder, permissions and disk space."),
    "trust-unreadable": ("The trusted roots in {path} cannot be read: {why}.", "Check the folder given by --trust."),
}

ERRORS: Final = {**GENERAL, **COMMAND_LINE, **POLICY, **LINE, **EVIDENCE}

REFUSALS: Final = {
    "refusal.UNKNOWN_COMMAND": "it does not know this command.",
    "refusal.BAD_REQUEST": "it does not understand the request.",
    "refusal.BUSY": "it is busy.",
    "refusal.WRONG_STATE": "not in its present state.",
    "refusal.STALE_SCREEN": "its display has changed meanwhile.",
    "refusal.NO_SUCH_DATASET": "it has no such data.",
    "refusal.OUT_OF_RANGE": "outside of what it has.",
    "refusal.TAMPERED": "it was tampered with.",
    "refusal.LOW_BATTERY": "its battery is low.",
    "refusal.NO_SUCH_REGION": "it has no such region.",
    "refusal.NOT_PREPARED": "the wipe was not prepared.",
    "refusal.UNSETTLED": "its batch is not settled.",
    "refusal.STILL_BOUND": "it is still bound to a merchant.",
    "refusal.NOT_ERASED": "that region was not erased.",
    "refusal.NO_SUCH_KEY": "it has no such key.",
}

FINDINGS: Final = {
    "finding.other": "{code} ({facts})",
    "finding.link-plain": "The link is plain: nothing on the line is encrypted. Keep the cable short and in sight.",
    "finding.profile-unknown": "There is no profile of model {model}: it can be inspected, not retired.",
    "finding.tamper": "Tamper sensors: {state}. Such a terminal goes to quarantine.",
    "finding.debug-open": "Debug access is open.",
    "finding.battery-low": "The battery is at {percent} %: connect the charger before a wipe.",
    "finding.batch-unsettled": "{count} transactions ({amount}) are not settled: settle the batch first.",
    "finding.reversals-pending": "{count} reversals are still to be sent to the acquirer.",
    "finding.password-locked": "The unbinding password is locked: the acquirer must unlock it.",
    "finding.attempts-low": "Only {left} password attempt is left.",
    "finding.label-differs": "The label says {label}, which does not fit TUSN {tusn}.",
    "finding.key-escrowed": "A copy of the key in slot {slot} is known to exist elsewhere.",
    "finding.key-survives": "The key in slot {slot} survives a wipe.",
    "finding.region-not-addressable": "Erasing region {region} may not reach all cells (addressable: {addressable}).",
    "finding.unsettled-accepted": "The policy accepts {count} unsettled transactions ({amount}).",
    "finding.region-not-blank": "Region {region} is not empty: {count} bytes, the first at {offset}.",
    "finding.platform-pending": "The platform's deregistration is pending: the acquirer must do its half.",
    "finding.password-file-exposed": "Other users of this machine may read the password file.",
}

TEXTS: Final = {
    **{f"error.{code}.what": what for code, (what, _) in ERRORS.items()},
    **{f"error.{code}.do": do for code, (_, do) in ERRORS.items()},
    "error.mark": "Error: ",
    **REFUSALS,
    **FINDINGS,
}
