"""English: what the terminal's menu can end with."""

from __future__ import annotations

from typing import Final

MENU: Final = {
    "menu-missing": (
        "The profile of {model} describes no menu for unbinding.",
        "Unbind by hand at the terminal, then go on.",
    ),
    "password-form": (
        "The password must be digits.",
        "Give the unbinding password of this terminal.",
    ),
    "password-locked": (
        "The unbinding password is locked.",
        "Ask the acquirer to unlock the terminal.",
    ),
    "password-attempts-too-few": (
        "Only {attempts_left} password attempt is left; posretire does not use the last one.",
        "Have the acquirer reset the attempts, or type it at the terminal yourself.",
    ),
    "wrong-password": (
        "The terminal says that the password is wrong; attempts left: {attempts_left}.",
        "Check the password before another try. Nothing else was tried.",
    ),
    "wrong-merchant-number": (
        "The terminal says that the merchant number is another one.",
        "Check the number and that this is the right terminal.",
    ),
    "unbind-not-done": (
        "The terminal did not unbind; it shows {screen}.",
        "Look at its screen and start again.",
    ),
    "unbind-outcome-unknown": (
        "The last confirmation was sent, and whether the terminal unbound is not known.",
        "Look at the terminal: does it show a merchant number? Retire it again: only what is bound is undone.",
    ),
    "menu-unknown-screen": (
        "The terminal shows a screen that its profile does not know; no key was pressed on it: {rows}.",
        "Bring the terminal to its start screen and try again. To teach the screen: posretire profiles learn TARGET.",
    ),
    "menu-in-use": (
        "Somebody left the terminal in the middle of unbinding ({screen}).",
        "Bring it to its start screen and try again.",
    ),
    "menu-no-reaction": (
        "The terminal does not react to keys on {screen}.",
        "Look at the terminal and try again.",
    ),
    "menu-other-terminal": (
        "The screen {screen} names another terminal or merchant than this case; nothing was confirmed.",
        "Check which terminal is connected.",
    ),
    "menu-terminal-not-listed": (
        "The terminal's device list does not name it, or names it twice.",
        "Look at the device list on the terminal.",
    ),
    "menu-item-missing": (
        "The screen {screen} has no item {item}, or more than one.",
        "Its firmware may be newer than the profile.",
    ),
    "menu-no-way": (
        "No way leads from the screen {screen} to unbinding.",
        "Bring the terminal to its start screen and try again.",
    ),
    "menu-too-many-steps": (
        "The menu was not through after {steps} steps.",
        "Look at the terminal; its firmware may be newer than the profile.",
    ),
    "menu-unconfirmed": (
        "{screen} came without the confirmation that names terminal and merchant.",
        "Bring the terminal to its start screen and try again.",
    ),
    "menu-asked-again": (
        "The terminal asks again on {screen} for what was typed; nothing was typed twice.",
        "Check merchant number and password, and look at the terminal.",
    ),
    "terminal-not-bound": (
        "The terminal says that it is not bound.",
        "Nothing to unbind; check which terminal is connected.",
    ),
    "wrong-password-bare": (
        "The terminal says that the password is wrong.",
        "Check the password before another try. Nothing else was tried.",
    ),
    "answer-missing": (
        "The terminal asks for {asked}, and nobody can give it.",
        "Give it beforehand, or run posretire where it can ask you.",
    ),
    "answer-form": (
        "What was given for {asked} cannot be typed there.",
        "Digits are needed; for a machine number also A to Z and -.",
    ),
    "menu-guided-only": (
        "The {model} takes no keys over its line.",
        "Use --guided: posretire says which keys to press.",
    ),
    "menu-goal-missing": (
        "The profile of {model} describes no way to {goal}.",
        "Do it by hand at the terminal.",
    ),
    "menu-outcome-unknown": (
        "The last confirmation of {goal} was sent, and what became of it is not known ({screen}).",
        "Look at the terminal before you try again.",
    ),
    "menu-not-done": (
        "The terminal did not do {goal}; it shows {screen}.",
        "Look at its screen and start again.",
    ),
    "menu-other-merchant": (
        "The screen {screen} names another shop's merchant number; nothing was confirmed.",
        "Check the merchant number of the case, and that this is the right terminal.",
    ),
    "menu-low-battery": (
        "The terminal's battery is low; the menu was left alone.",
        "Charge it or plug it in, then try again.",
    ),
    "menu-paper-out": (
        "The terminal has no paper.",
        "Put paper in, then try again.",
    ),
    "menu-network-lost": (
        "The terminal lost its network and did not get it back.",
        "Restore its network, then try again.",
    ),
    "menu-interrupted": (
        "Something came between and did not go away ({screen}).",
        "Answer it at the terminal, then try again.",
    ),
    "menu-logged-off": (
        "The terminal logged its operator off again and again.",
        "Log in at the terminal, then try again.",
    ),
    "wrong-code": (
        "The terminal says that the verification code is wrong.",
        "Ask for a new code and try again. Nothing else was tried.",
    ),
    "code-expired": (
        "The verification code has expired.",
        "Ask for a new code and try again.",
    ),
    "menu-rejected": (
        "The terminal or its platform rejected it ({screen}).",
        "Ask the acquirer why.",
    ),
    "menu-wrong-turn": (
        "The terminal came to {screen} unasked; nothing was typed or confirmed there.",
        "Bring the terminal to its start screen and try again.",
    ),
    "menu-unsteady": (
        "The screen {screen} reads differently each time; nothing was confirmed.",
        "Check the cable, then try again.",
    ),
    "menu-already-pending": (
        "The terminal already waits for the platform ({screen}).",
        "Have the platform decide, then read the bindings again.",
    ),
}
