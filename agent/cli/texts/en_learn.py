"""English: learning a terminal that no profile knows."""

from __future__ import annotations

from typing import Final

LEARN: Final = {
    "learn-no-screen": (
        "The terminal does not tell what its display shows ({meaning}), so nothing can be learned over the line.",
        "Write its profile by hand, with keys = guided; firmware-notes/TEMPLATE.md says how.",
    ),
    "learn-no-person": (
        "Nobody can be asked what to press.",
        "Run it in a console, or give --script FILE or --explore.",
    ),
    "learn-exists": ("There is a profile already: {path}.", "Choose another --out, or move it away."),
    "learn-unwritable": ("The draft cannot be written to {path}: {why}.", "Choose a folder you may write to."),
    "learn-model-form": (
        "The terminal calls its model {model}, which cannot be the name of a folder.",
        "Name it yourself with --model: a-z, 0-9 and -.",
    ),
    "learn-keys-form": ("{keys} are no keys.", "Write them as F1+F4; see posretire profiles learn --help."),
    "learn-draft-invalid": (
        "What the terminal says of itself fits no profile: {field} {why}.",
        "Please report it with the output of posretire inspect.",
    ),
    "learn-too-many-screens": (
        "More than {screens} screens: something on the display changes all the time.",
        "Learn fewer screens at a time, or give screens that only differ in numbers the same name.",
    ),
    "learn-script-unreadable": ("The script {path} cannot be read: {why}.", "Check the path and the encoding (UTF-8)."),
    "learn-script-invalid": ("Step {step} of {path} is wrong: {why}.", "Correct it; nothing was pressed."),
    "learn-item-missing": ("The screen {screen} has no item “{item}”.", "See what it offers; nothing was pressed."),
    "learn-own-missing": ("The list on {screen} does not name this terminal.", "Scroll to it; nothing was pressed."),
    "learn-answer-form": ("Only digits can be typed here; {asked} has others.", "Type it at the terminal itself."),
    "learn-no-field": (
        "The screen {screen} shows no field: typing a digit changed nothing that can be followed.",
        "Look at the display; one digit was typed.",
    ),
    "learn-name-taken": ("Another screen is called {name} and cannot be this one.", "Choose another name."),
    "learn-screen-missing": ("No screen is called {screen}.", "Name it first."),
}

LEARN_TEXTS: Final = {
    "learn.help": (
        "Keys: F1+F4, 4, CONFIRM, CANCEL, CLEAR, UP, DOWN, MENU. Else: own (this terminal in a list), choose WORDS, "
        "type merchant_number|password|…, name NAME (this screen), confirms (going on from here unbinds), "
        "means done|pending|wrong-password|locked|… (the menu ends here), end (write the draft), ? (this help)."
    ),
    "learn.prompt": "learn> ",
    "learn.ask": "{what} (not shown, not kept): ",
    "learn.not-understood": "Not understood; ? shows what can be said.",
    "learn.unnamed": "(no name yet)",
    "learn.offers": "Offers: {items}",
    "learn.field-open": "An open field: type merchant_number, for example.",
    "learn.field-masked": "A masked field: type password, for example.",
    "learn.seen": "New screen: {screen}",
    "learn.heading": "Draft profile of {model}",
    "learn.profile": "Profile",
    "learn.note": "Note",
    "learn.screens": "Screens",
    "learn.ready": "The draft has a way to unbind.",
    "learn.not-ready": "The draft has no way to unbind yet.",
    "learn.next": "Look through it, then use it with --profiles {folder}. Try it on a terminal that may be lost.",
    "learn.gap.screen-unusable": "Screen {first} shows nothing that stays; it is left out.",
    "learn.gap.screen-ambiguous": "Screen {first} looks like another one; give it a row that tells it apart.",
    "learn.gap.goal-missing": "No screen is marked as the end of the unbinding (means done, or pending).",
    "learn.gap.goal-invalid": "The unbinding cannot stand in the profile yet: {first} {second}.",
    "learn.gap.ending-not-seen": "What it shows at “{first}” was not seen; the agent stops there.",
    "learn.gap.screen-unnamed": "Screen {first} has no name yet.",
    "learn.gap.item-not-tried": "On {first}, the item {second} was not tried.",
    "learn.gap.screen-declared": "Screen {first} was described and not seen.",
    "learn.gap.confirm-left-out": "CONFIRM leads on from {first}, but nobody said what it confirms; it is left out.",
    "learn.gap.left-out": "On {first}, {second} sounds like doing something; it was not entered.",
    "learn.gap.stuck": "CANCEL does not leave {first}.",
    "learn.gap.not-finished": "The exploration ended before everything was seen.",
}
