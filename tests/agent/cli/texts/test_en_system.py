"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en_errors, en_system


def test_they_are_among_all_texts():
    assert en_system.SYSTEM_TEXTS.items() <= en_errors.TEXTS.items()
