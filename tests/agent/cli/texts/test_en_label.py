"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en_errors, en_label


def test_they_are_among_all_texts():
    assert en_label.LABEL.items() <= en_errors.ERRORS.items()
    assert en_label.LABEL_TEXTS.items() <= en_errors.TEXTS.items()
