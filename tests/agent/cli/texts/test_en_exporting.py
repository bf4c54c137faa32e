"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en, en_exporting


def test_they_are_among_all_texts():
    assert en_exporting.EXPORTING_TEXTS.items() <= en.TEXTS.items()


def test_none_replaces_another():
    others = [en.COMMANDS, en.OPTIONS, en.HELP, en.PROGRESS, en.INSPECTION, en.PAGES, en.RESUME_TEXTS]
    for other in others:
        assert not set(en_exporting.EXPORTING_TEXTS) & set(other)
