"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh_errors, zh_guiding
from protocols.words import Key


def test_they_are_among_all_texts():
    assert zh_guiding.GUIDING.items() <= zh_errors.ERRORS.items()
    assert zh_guiding.GUIDING_TEXTS.items() <= zh_errors.TEXTS.items()


def test_none_replaces_another():
    names = [
        name for name in vars(zh_errors) if name.isupper() and name not in ("ERRORS", "TEXTS", "REFUSALS", "FINDINGS")
    ]
    others = [code for name in names if not name.startswith("GUIDING") for code in getattr(zh_errors, name)]
    assert not set(others) & (set(zh_guiding.GUIDING) | set(zh_guiding.GUIDING_TEXTS))


def test_every_key_of_a_terminal_has_a_name_that_people_read():
    named = {name.removeprefix("cap.") for name in zh_guiding.GUIDING_TEXTS if name.startswith("cap.")}
    plain = {key.name for key in Key if key.name.startswith(("DIGIT_", "F"))}
    assert named | plain == {key.name for key in Key}


def test_no_command_has_two_meanings():
    words = [
        word
        for key, text in zh_guiding.GUIDING_TEXTS.items()
        if key.startswith("guide.words.")
        for word in text.split()
    ]
    assert len(words) == len(set(words))
    assert not any(word.isdecimal() or word.startswith("d") for word in words)
