"""English: errors (what happened, and what to do), refusals of a terminal, findings."""

from __future__ import annotations

from typing import Final

from agent.cli.texts.en_batch import BATCH, BATCH_TEXTS
from agent.cli.texts.en_doctor import DOCTOR_TEXTS
from agent.cli.texts.en_evidence import EVIDENCE
from agent.cli.texts.en_export import EXPORT
from agent.cli.texts.en_film import FILM, FILM_TEXTS
from agent.cli.texts.en_guiding import GUIDING, GUIDING_TEXTS
from agent.cli.texts.en_keys import SIGNING, SIGNING_TEXTS
from agent.cli.texts.en_label import LABEL, LABEL_TEXTS
from agent.cli.texts.en_learn import LEARN, LEARN_TEXTS
from agent.cli.texts.en_liars import LIARS
from agent.cli.texts.en_line import LINE
from agent.cli.texts.en_log import LOG
from agent.cli.texts.en_menu import MENU
from agent.cli.texts.en_resume import RESUME
from agent.cli.texts.en_scan import SCAN, SCAN_TEXTS
from agent.cli.texts.en_simulation import SIMULATION
from agent.cli.texts.en_system import SYSTEM_TEXTS
from agent.cli.texts.en_timestamp import TIMESTAMP, TIMESTAMP_TEXTS

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
    "dataset-cancelled": (
        "The terminal stopped sending its data half-way.",
        "See what its display shows, then run the command again: it begins anew.",
    ),
    "dataset-not-private": (
        "The terminal sends its data by YMODEM or XMODEM only, in the clear; this line is encrypted: it was not asked.",
        'Connect by a cable of your own without encryption (private = "no" in the profile), or update its firmware.',
    ),
    "dataset-not-raw": (
        "The terminal sends its data by YMODEM or XMODEM only, and this line keeps the bytes XON and XOFF for itself.",
        "Set the line to no flow control, or to that of its own wires (flow=none, flow=rtscts), and try again.",
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
    "usage-extra": ("There are words that belong to no option, {count} in number.", "See the help page."),
    "usage-other": ("The command line cannot be understood: {why}", "See the help page."),
    "other": ("It ended with {code} ({facts}).", "See the documentation under this code."),
}

POLICY: Final = {
    "policy-reason-missing": (
        "The policy gives no reason in {field}.",
        "A waiver stands in the evidence with its why.",
    ),
    "policy-retention": (
        "The policy says how long the export is kept, but {field} is missing.",
        "Give export_retention_days and export_retention_basis, or neither.",
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
    "unsettled-batch-bare": (
        "The terminal has transactions that are not settled. Nothing was changed.",
        "Settle the batch on the terminal (结算), then try again.",
    ),
    "merchant-number-not-ordered": (
        "The work order {order} is for another merchant number.",
        "Check the order and the merchant number; nothing was changed.",
    ),
    "tusn-not-listed": (
        "Terminal {tusn} is not on work order {order}. It is recorded; nothing on it was changed.",
        "Set it aside and ask who brought it.",
    ),
    "tampered": ("The terminal says that it was tampered with. Nothing was changed.", "Put it into quarantine."),
    "battery-low": (
        "The battery is at {percent} %, the policy asks for {needed} %. Nothing was changed.",
        "Connect the charger and try again.",
    ),
    "region-missing": (
        "The memory map lacks region {region}, which this model has, or describes it otherwise.",
        "Its firmware may differ from the profile; what is not named cannot be wiped.",
    ),
    "maker-not-trusted": (
        "No root of the maker {maker} is trusted here, so the terminal cannot prove that it is genuine.",
        "Give --trust DIR with makers/*.pem, or a policy with a lower minimum_evidence_level.",
    ),
    "terminal-not-genuine": (
        "The terminal cannot prove that it is genuine ({why}). Nothing was changed.",
        "Set it aside; check that --trust holds the root of its maker.",
    ),
    "still-bound": (
        "The terminal said that it was unbound, and these still hold: {names}.",
        "Look at the terminal and at the acquirer's platform.",
    ),
    "half-unbound": (
        "The terminal says that it is not bound, and these still hold: {names}. Its unbinding was cut off half-way.",
        "Undo these on the terminal or at the acquirer, then run posretire resume.",
    ),
    "not-confirmed": ("Not confirmed. Nothing was changed.", "Run the command again when you are sure."),
    "erasure-not-provable": (
        "The policy asks for a proof of erasure, and region {region} cannot be filled. Nothing was changed.",
        "Choose a policy with minimum_evidence_level = 2.",
    ),
    "fill-not-erased": (
        "The terminal still holds the random bytes that it was filled with for the proof of erasure.",
        "Leave it switched on, connect its charger, and take the case up with posretire resume.",
    ),
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

COMMAND_LINE: Final = {
    "merchant-number-missing": (
        "The merchant number to unbind is not given.",
        "Give --merchant or a work order; without a console it cannot be asked for.",
    ),
    "merchant-number-form": ("A merchant number has 15 digits.", "Check it against the merchant's papers."),
    "merchant-number-implausible": (
        "The new merchant number cannot be right: look at its {part}.",
        "Compare it with the acquirer's letter; nothing was changed.",
    ),
    "rebind-unproven": (
        "The terminal does not show the new merchant number after the binding.",
        "Look at the terminal's menu before it is used.",
    ),
    "test-transaction-missing": (
        "The journal does not hold the test sale and its undoing ({count} new records).",
        "Look at the terminal's journal; undo the sale by hand if it stands.",
    ),
    "option-text": ("The text of {option} does not fit.", "Give one line of at most 500 characters."),
    "option-path": ("The folder of {option} is no readable text.", "Name a folder whose name is valid UTF-8."),
    "guided-alone": ("Guided mode needs a person at the console.", "Run it in a terminal window, without --json."),
    "evidence-not-issued": (
        "The terminal was changed, but the evidence of case {case} could not be finished: {why}.",
        "Keep {path} as it is, make room on the disk, and have somebody look at the terminal.",
    ),
    "room-missing": (
        "{path} has room for {free} bytes; {needed} are needed for the evidence. Nothing was changed.",
        "Make room, or choose another place with --out or --home.",
    ),
    "wipe-not-started": (
        "The answer to the start of the wipe was lost, and the terminal says that it has not begun.",
        "Look at the terminal, then retire it again.",
    ),
    "region-oversized": (
        "Region {region} is larger than any verifier would check. Nothing was changed.",
        "Ask the maker: the memory map cannot be right.",
    ),
    "rebind-unconfirmed": (
        "The new merchant number is given once only.",
        "Type it at the prompt again, or write new_merchant_number into the work order.",
    ),
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
    "confirmation-needed": (
        "Nobody can confirm here, and nothing was changed.",
        "Look at posretire inspect, then add --yes; or run it on a console without --json.",
    ),
    "no-such-case": ("There is no case {case} in this home.", "List them with posretire cases."),
    "file-unwritable": ("{path} cannot be written: {why}.", "Check folder, permissions and disk space."),
    "demo-folder": ("{path} is not an empty folder.", "Name a new or empty folder for --keep."),
    "demo-terminal": (
        "The simulated terminal did not start: {why}.",
        "Try posretire simulate haike-h60 --listen 127.0.0.1:0 --state DIR by itself.",
    ),
}

ERRORS: Final = {
    **GENERAL,
    **COMMAND_LINE,
    **POLICY,
    **LINE,
    **LIARS,
    **BATCH,
    **MENU,
    **EXPORT,
    **EVIDENCE,
    **SIMULATION,
    **SIGNING,
    **FILM,
    **LEARN,
    **GUIDING,
    **RESUME,
    **LOG,
    **LABEL,
    **SCAN,
    **TIMESTAMP,
}

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
    "finding.film-incomplete": "The film of the menu has a gap: {why}.",
    "finding.other": "{code} ({facts})",
    "finding.link-plain": "The link is plain: nothing on the line is encrypted. Keep the cable short and in sight.",
    "finding.link-downgraded": "The terminal's profile says that its link is private, and it is plain.",
    "finding.profile-unknown": "There is no profile of model {model}: it can be inspected, not retired.",
    "finding.not-genuine": "The terminal cannot prove that it is genuine ({why}).",
    "finding.tamper": "Tamper sensors: {state}. Such a terminal goes to quarantine.",
    "finding.debug-enabled": "Debug access is open.",
    "finding.backup-incomplete": (
        "The bundle was not copied whole to {path} ({why}). The statement is signed; copy the bundle there by hand."
    ),
    "finding.backup-lost": "The copy of the export at {place} was lost during the case ({why}).",
    "finding.clock-set-back": "The clock of this machine was set back by {seconds} s during the case.",
    "finding.tamper-unknown": "The terminal cannot tell whether it was tampered with.",
    "finding.agent-key-self-signed": "The agent's key is certified by nobody but itself.",
    "finding.ended-early": "The case ended before its last step ({error}).",
    "finding.export-waived": "The export was not verified ({why}); waived because: {reason}.",
    "finding.maker-not-trusted": "No maker is trusted here who could vouch for terminals of {maker}.",
    "finding.binding-differs": "The binding {name} is not what the {source} says.",
    "finding.steps-by-hand": "{count} steps of {step} were done by hand: the technician's word (evidence level 0).",
    "finding.bindings-pending": "Applied for, and waiting for the platform: {names}.",
    "finding.earlier-case-open": (
        "An earlier case of this terminal broke off: {case} (posretire resume {case}). Keep its folder: {path}"
    ),
    "finding.merchant-unconfirmed": "The terminal was bound to no merchant number to compare with.",
    "finding.ordered-merchant-unconfirmed": "Bound to no merchant number: not shown to be the ordered merchant's.",
    "finding.wipe-not-done": "The terminal says of its wipe: {state}.",
    "finding.check-failed": "A check of the evidence failed: {error}.",
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
    "finding.erasure-answer-late": "Region {region} took {seconds} s to answer: another may have answered for it.",
    "finding.erasure-disproven": "Region {region} did not store what it was filled with: it is not proven to be empty.",
    "finding.erasure-not-proven": "No proof of erasure: {why}.",
    "finding.level-not-reached": "Evidence level {level}, which the policy asks for, was not reached.",
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
    **FILM_TEXTS,
    **LABEL_TEXTS,
    **SCAN_TEXTS,
    **LEARN_TEXTS,
    **GUIDING_TEXTS,
    **DOCTOR_TEXTS,
    **BATCH_TEXTS,
    **SIGNING_TEXTS,
    **TIMESTAMP_TEXTS,
    **SYSTEM_TEXTS,
}
