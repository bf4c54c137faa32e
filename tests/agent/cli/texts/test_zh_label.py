"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh_errors, zh_label


def test_they_are_among_all_texts():
    assert zh_label.LABEL.items() <= zh_errors.ERRORS.items()
    assert zh_label.LABEL_TEXTS.items() <= zh_errors.TEXTS.items()
