"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh_errors, zh_timestamp


def test_they_are_among_all_texts():
    assert zh_timestamp.TIMESTAMP.items() <= zh_errors.ERRORS.items()
    assert zh_timestamp.TIMESTAMP_TEXTS.items() <= zh_errors.TEXTS.items()


def test_none_replaces_another():
    names = [
        name for name in vars(zh_errors) if name.isupper() and name not in ("ERRORS", "TEXTS", "REFUSALS", "FINDINGS")
    ]
    others = [code for name in names if not name.startswith("TIMESTAMP") for code in getattr(zh_errors, name)]
    assert not set(others) & set(zh_timestamp.TIMESTAMP)
