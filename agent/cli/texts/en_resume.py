"""English: taking up a case that broke off."""

from __future__ import annotations

from typing import Final

RESUME: Final = {
    "case-interrupted": (
        "Interrupted in case {case}. Nothing on the terminal was changed, and the export is kept.",
        "Go on when you are ready: posretire resume {case}",
    ),
    "case-broken-off": (
        "The line was lost in case {case}, before anything on the terminal was changed: {why}.",
        "Check cable, port and power, then: posretire resume {case}",
    ),
    "resume-instead": ("The earlier case {case} is taken up instead.", "Nothing is left to do here."),
    "case-closed": (
        "Case {case} has its end already: {result}.",
        "See posretire cases show {case}; retire the terminal anew if it is needed.",
    ),
    "case-stopped": (
        "The case {case} ended before anything on the terminal was changed.",
        "Retire the terminal anew: that is another case.",
    ),
    "case-request-missing": (
        "What case {case} was asked for was not kept, so it cannot be taken up again.",
        "Run retire on the terminal; keep the folder of {case}, which may hold the only export.",
    ),
    "case-evidence-altered": (
        "{file} of this case is gone or was altered: {path}.",
        "Bring back the file as it was; without it the case cannot go on.",
    ),
    "case-other-terminal": (
        "Another terminal answers: {tusn}; case {case} is about {expected}.",
        "Connect the terminal of the case, or name its port with --target. Nothing was changed.",
    ),
    "lease-held": (
        "Another posretire works on {resource}: case {case}, process {pid} on {host}.",
        "Wait for it or end it. On another machine its lease ends at {until} at the latest.",
    ),
    "lease-lost": (
        "Another posretire has taken {resource} meanwhile.",
        "Stop one of the two, then resume the case with the other.",
    ),
    "work-order-again": (
        "The case was opened under work order {order}, whose bindings are not kept.",
        "Give it again with --work-order FILE.",
    ),
    "work-order-differs": (
        "This is not the work order that the case was opened under ({order}).",
        "Give that one, or leave --work-order out.",
    ),
    "step-unknown": ("There is no step {step}.", "The steps of a case are: {steps}."),
    "step-word-twice": ("Step {step} is said to be done and not done.", "Say one of the two."),
    "operator-word-needed": (
        "Nobody but a person can tell whether step “{step}” was done.",
        "Look at the terminal, then: posretire resume {case} --done {step}, or --not-done {step}.",
    ),
}

RESUME_TEXTS: Final = {
    "command.resume": "Take up case CASE where it broke off; what was done is not done again.",
    "option.resume-target": "Where the terminal is now, if not where it was.",
    "option.resume-done": "Your word that this step was done, where only a person can tell.",
    "option.resume-not-done": "Your word that this step was not done.",
    "progress.recalled": "{step}: done before",
    "remark.lease-left-behind": (
        "Process {pid} on {host} had {resource} for case {case} and ended without giving it back: taken over."
    ),
    "next.resume": "Take the case up again: posretire resume {case}. Until then do not pass the terminal on.",
    "case-state.broken-off": "broken off, can be resumed",
    "ask.resume": "This terminal has a case that broke off: {case}. Take that one up again instead? [y/N] ",
}
