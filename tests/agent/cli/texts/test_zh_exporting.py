"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh, zh_exporting


def test_they_are_among_all_texts():
    assert zh_exporting.EXPORTING_TEXTS.items() <= zh.TEXTS.items()


def test_none_replaces_another():
    others = [zh.COMMANDS, zh.OPTIONS, zh.HELP, zh.PROGRESS, zh.INSPECTION, zh.PAGES, zh.RESUME_TEXTS]
    for other in others:
        assert not set(zh_exporting.EXPORTING_TEXTS) & set(other)
