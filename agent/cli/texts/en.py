"""English: everything but the errors and findings, which stand in `en_errors`."""

from __future__ import annotations

from typing import Final

from agent.cli.texts import en_errors

COMMANDS: Final = {
    "command.posretire": (
        "Retire a POS payment terminal and prove it.\n\n"
        "posretire exports the terminal's transactions encrypted, unbinds it through its own menu, wipes its memory, "
        "checks the wipe, and leaves a bundle of evidence that an auditor can verify.\n\n"
        "TARGET is tcp://HOST:PORT, serial:PORT[?baud=N], a port name (/dev/ttyUSB0, COM3) or a pyserial URL."
    ),
    "command.ports": "List the serial ports of this machine.",
    "command.inspect": "Show what the terminal at TARGET says of itself; nothing on it is changed.",
    "command.retire": (
        "Retire the terminal at TARGET: export, unbind, wipe, verify, and leave the evidence.\n\n"
        "The password is asked for, or read from a file or standard input; there is no option for it, since options "
        "can be seen by every user of the machine."
    ),
    "command.export": "Export the transactions of the terminal at TARGET, encrypted; nothing on it is changed.",
    "command.cases": "List the cases of this home, or show one.",
    "command.cases-list": "List the cases, newest first.",
    "command.cases-show": "Show one case and its journal.",
    "command.verify": (
        "Verify the evidence in BUNDLE.\n\n"
        "Exit code 0 only where the evidence is accepted and its result is PASS; 6 otherwise."
    ),
    "command.profiles": "List, show and check the profiles of terminal models.",
    "command.profiles-list": "List the profiles.",
    "command.profiles-show": "Show the profile of one model.",
    "command.profiles-check": "Check profiles: those named, or all.",
    "command.keys": "Make and show the agent's signing key; make a key for the owner of the exports.",
    "command.keys-init": "Make the agent's signing key.",
    "command.keys-show": "Show the agent's certificate and fingerprint.",
    "command.keys-recipient": (
        "Make an age key pair for the owner of the exports.\n\n"
        "The private key is written to FILE; keep it away from this machine. The recipient is printed for --recipient."
    ),
    "command.simulate": "Run a simulated terminal, with made-up data.",
    "command.demo": "Retire a simulated terminal before your eyes, and verify the evidence.",
}

OPTIONS: Final = {
    "option.help": "Show this page.",
    "option.version": "Show the version.",
    "option.json": "Write JSON on standard output and nothing else there.",
    "option.lang": "Language of pages and messages.",
    "option.verbose": "Say more; with an error of ours, where it happened.",
    "option.home": "Folder of keys, ledger and settings (or POSRETIRE_HOME).",
    "option.ports-dir": "List the character devices of this folder too; may be repeated.",
    "option.merchant": "Merchant number to unbind, 15 digits; otherwise from the work order, or asked for.",
    "option.password-file": "Read the unbinding password from the first line of this file.",
    "option.password-stdin": "Read the unbinding password from the first line of standard input.",
    "option.recipient": "age recipient of the export (age1…); may be repeated. Added to those of the work order.",
    "option.out": "Folder for the bundles; default: bundles.",
    "option.out-file": "File for the encrypted export.",
    "option.policy": "Rules of the case (TOML).",
    "option.work-order": "The case as ordered beforehand (TOML).",
    "option.reason": "Why the terminal is retired.",
    "option.operator": "Who does it; default: the user of this machine.",
    "option.trust": "Folder with makers/, agents/ and tsa/; may be repeated. The home's trust/ is always used.",
    "option.profiles-dir": "Folder with further profiles; may be repeated.",
    "option.yes": "Do not ask before anything is changed.",
    "option.name": "What the agent is called in its certificate, at most 40 characters.",
    "option.recipient-out": "File for the private key; must not exist.",
    "option.keep": "Keep everything the demo makes in this folder, which must not exist or be empty.",
    "option.transactions": "Transactions in the terminal's journal.",
}

HELP: Final = {
    "help.usage": "Usage: ",
    "help.options": "Options",
    "help.commands": "Commands",
    "help.arguments": "Arguments",
    "help.colon": ":",
    "help.options-metavar": "[OPTIONS]",
    "help.command-metavar": "COMMAND [ARGS]...",
    "help.see": "Help: {command} --help",
    "help.epilog": (
        "Exit codes: 0 done, 2 usage, 3 no terminal or link lost, 4 terminal refused, 5 precondition not met and "
        "nothing changed, 6 verification failed, 7 state unknown, 70 a defect of posretire."
    ),
    "yes": "yes",
    "no": "no",
}

PROGRESS: Final = {
    "progress.open": "Case {case}",
    "unit.blocks": "blocks",
    "unit.transactions": "transactions",
    "step.connect": "Connect",
    "step.open": "Open the case",
    "step.inspect": "Inspect the terminal",
    "step.settle": "Check the batch",
    "step.confirm": "Confirm",
    "step.export": "Export the transactions",
    "step.verify-export": "Verify the export",
    "step.intent": "Sign off the intent",
    "step.unbind": "Unbind through the terminal's menu",
    "step.revoke": "Deregistration at the platform",
    "step.wipe": "Wipe keys and memory",
    "step.validate": "Read the memory back",
    "step.attest": "Attestation by the terminal",
    "step.bundle": "Issue the evidence",
    "step.close": "Close the case",
    "step.verify": "Verify the evidence",
}

INSPECTION: Final = {
    "inspect.identity": "Terminal",
    "inspect.label": "Number on the label",
    "inspect.model": "Model",
    "inspect.profile-known": "profile known",
    "inspect.profile-unknown": "no profile",
    "inspect.hardware": "Hardware",
    "inspect.firmware": "Firmware",
    "inspect.history": "History",
    "inspect.counts": "started {boots} times, wiped {wipes} times",
    "inspect.key": "Device key (SHA-256)",
    "inspect.link": "Link",
    "inspect.plain": "plain",
    "inspect.state": "State",
    "inspect.tamper": "Tamper sensors",
    "inspect.power": "Power",
    "inspect.battery": "battery {percent} %",
    "inspect.batch": "Batch",
    "inspect.settled": "settled, nothing pending",
    "inspect.unsettled": "{count} not settled, {amount} in all; {reversals} reversals pending",
    "inspect.attempts": "Password attempts left",
    "inspect.locked": "none: locked",
    "inspect.peripherals": "Peripherals",
    "inspect.ready": "ready",
    "inspect.not-ready": "not ready",
    "inspect.bindings": "Bindings",
    "inspect.kind": "Kind",
    "inspect.binding": "Binding",
    "inspect.bound": "State",
    "inspect.value": "Value (masked)",
    "inspect.keys": "Key slots",
    "inspect.slot": "Slot",
    "inspect.use": "Use",
    "inspect.loaded": "State",
    "inspect.survives": "Survives a wipe",
    "inspect.check": "Check value",
    "inspect.memory": "Memory",
    "inspect.region": "Region",
    "inspect.holds": "Holds",
    "inspect.start": "Start",
    "inspect.size": "Size",
    "inspect.wipeable": "Wipeable",
    "inspect.addressable": "Addressable",
    "inspect.findings": "What stands out",
    "tamper.intact": "intact",
    "tamper.tampered": "TAMPERED",
    "tamper.unknown": "unknown",
    "power.battery": "battery",
    "power.mains": "mains",
    "kind.device": "device",
    "kind.account": "account",
    "kind.merchant": "merchant",
    "binding-state.unbound": "unbound",
    "binding-state.bound": "bound",
    "binding-state.pending": "pending",
    "binding.printer": "printer",
    "binding.scanner": "scanner",
    "binding.pin_pad": "PIN pad",
    "binding.settlement_account": "settlement account",
    "binding.acquirer_code": "acquirer code",
    "binding.merchant_number": "merchant number",
    "binding.merchant_credit_code": "merchant credit code",
    "binding.deployment_address": "deployment address",
    "key-state.empty": "empty",
    "key-state.loaded": "loaded",
    "key-state.erased": "erased",
    "holds.journal": "transactions",
    "holds.parameters": "parameters",
    "holds.receipts": "receipts",
    "holds.logs": "logs",
    "holds.keys": "keys",
    "holds.identity": "device identity",
    "holds.system": "system",
    "addressable.no": "no",
    "addressable.yes": "yes",
    "addressable.unknown": "unknown",
}

PAGES: Final = {
    "ports.device": "Port",
    "ports.location": "USB path",
    "ports.description": "Description",
    "ports.next": "Next: posretire inspect {port}",
    "ports.none": (
        "No serial port was found. Plug in the adapter, load its driver, or use tcp://HOST:PORT. "
        "Pseudo terminals are not listed; name them, or their folder with --dir."
    ),
    "cases.none": "There are no cases in {home}.",
    "cases.heading": "Case {case}",
    "cases.case": "Case",
    "cases.opened": "Opened",
    "cases.terminal": "Terminal",
    "cases.state": "State",
    "cases.result": "Result",
    "cases.folder": "Evidence",
    "cases.journal": "Journal",
    "cases.time": "Time",
    "cases.event": "Event",
    "cases.step": "Step",
    "cases.facts": "Facts",
    "case-state.open": "open",
    "case-state.closed": "closed",
    "case-state.stopped": "stopped, nothing changed",
}

TEXTS: Final = {**COMMANDS, **OPTIONS, **HELP, **PROGRESS, **INSPECTION, **PAGES, **en_errors.TEXTS}
