"""English: guided mode, in which a person presses the keys, and how it can end."""

from __future__ import annotations

from typing import Final

GUIDING: Final = {
    "guide-stopped": (
        "You stopped at the screen {screen}. Nothing was unbound.",
        "Leave the menu with CANCEL and begin again when you are ready.",
    ),
    "guide-stopped-late": (
        "You stopped at the screen {screen}, after the last confirmation; whether the terminal unbound is not known.",
        "Look whether the terminal still shows a merchant number, then retire it again.",
    ),
    "guide-other-screen": (
        "After {screen} the terminal showed something that its profile does not know. Nothing was unbound.",
        "Bring the terminal to its start screen and try again; its firmware may be newer than the profile.",
    ),
    "guide-other-screen-late": (
        "After the last confirmation, on {screen}, the terminal showed something that its profile does not know.",
        "Look whether the terminal still shows a merchant number, then retire it again.",
    ),
    "photo-unreadable": ("The picture {path} cannot be read ({why}).", "Give the path of a file of at most 64 MiB."),
}

GUIDING_TEXTS: Final = {
    "guide.begin": "You press the keys of the terminal; posretire says which, and asks what you see.",
    "guide.evidence": "The evidence will say that these steps are your word (level 0).",
    "guide.heading": "Step {number}",
    "guide.start": "Bring the terminal to its start screen. It should show:",
    "guide.press": "Press {keys}.",
    "guide.press-together": "Press {keys} together.",
    "guide.choose-digit": "Choose {row}: press the digit that stands before it.",
    "guide.choose-highlight": "Move the mark to {row}, then press {keys}.",
    "guide.pages": "If it is not on the screen, look further with {keys}.",
    "guide.erase": "Delete with {keys} what stands in the field.",
    "guide.type": "Type the {what}: {text}. Then press {keys}.",
    "guide.type-yours": "Type the {what}, which only you know, on the terminal; then press {keys}. Never type it here.",
    "guide.back": "Go back: press {keys}.",
    "guide.leave": "Leave the terminal's menu: press {keys} until the start screen stands there.",
    "guide.leave-alone": "Press nothing more on the terminal; leave it as it is.",
    "guide.finished": "Done at the terminal. Leave its menu.",
    "guide.commits": "After this nothing can be taken back.",
    "guide.expect": "Then it should show:",
    "guide.legend": "? = what you read off the terminal, … = further rows; a list may stand in another order",
    "guide.paged": "This list has pages: it may show another one.",
    "guide.see": "What do you see?",
    "guide.expected": "this screen",
    "guide.unchanged": "still as before: {title}",
    "guide.row-missing": "{row} is not there",
    "guide.busy": "the terminal is busy (请稍候)",
    "guide.more": "more screens of this terminal",
    "guide.else": "something else",
    "guide.controls": "b back · h help · s stop · d and a number: draw that screen",
    "guide.prompt": "> ",
    "guide.attempts-left": "How many attempts does the screen say are left?",
    "guide.last-digits": "Read the screen. Type the last {digits} characters of its {what}:",
    "guide.note": "What does it show? Describe it in a line; no passwords, no card numbers:",
    "guide.photo": "Path of a photograph, or just Enter (only its name, size and SHA-256 are kept):",
    "guide.problem.no-number": "That is no number of attempts.",
    "guide.problem.no-digits": "That is not {digits} characters.",
    "guide.problem.photo-unreadable": "That file cannot be read, or is larger than 64 MiB.",
    "guide.problem.no-way-back": "There is no safe way back from here. Say what the terminal shows, or stop.",
    "guide.problem.still-there": "The terminal still waits: finish the step there, then say what it shows.",
    "guide.problem.what": "Please type a number or a letter from the list.",
    "guide.help": (
        "Do what the step says on the terminal, compare its display with the drawing, and type the number of what you "
        "see. The drawing shows only what the profile knows: other rows may stand there too. If the terminal is "
        "still working, wait, and type w. If a key went wrong, type b and you are told how to go back. If nothing "
        "fits, type e: you can leave a note and a photograph, and it ends safely. s stops at once; until the last "
        "confirmation nothing is unbound. A password or code is typed on the terminal only, never here."
    ),
    "guide.words.back": "b back",
    "guide.words.help": "h help ?",
    "guide.words.stop": "s stop quit q",
    "guide.words.else": "e else other",
    "guide.words.more": "m more",
    "guide.words.busy": "w wait busy",
    "guide.words.missing": "n no none",
    "asked.merchant_number": "merchant number",
    "asked.password": "unbinding password",
    "asked.second_password": "second password",
    "asked.code": "verification code",
    "asked.phone": "phone number",
    "asked.machine_number": "machine number on the label",
    "asked.operator": "operator number",
    "asked.operator_password": "operator's password",
    "asked.amount": "amount",
    "asked.tusn": "TUSN",
    "cap.CONFIRM": "CONFIRM (确认)",
    "cap.CANCEL": "CANCEL (取消)",
    "cap.CLEAR": "CLEAR (清除)",
    "cap.UP": "↑",
    "cap.DOWN": "↓",
    "cap.LEFT": "←",
    "cap.RIGHT": "→",
    "cap.MENU": "MENU (菜单)",
    "cap.STAR": "*",
    "cap.HASH": "#",
}
