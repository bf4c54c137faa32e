"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en_errors, en_timestamp


def test_they_are_among_all_texts():
    assert en_timestamp.TIMESTAMP.items() <= en_errors.ERRORS.items()
    assert en_timestamp.TIMESTAMP_TEXTS.items() <= en_errors.TEXTS.items()


def test_none_replaces_another():
    names = [
        name for name in vars(en_errors) if name.isupper() and name not in ("ERRORS", "TEXTS", "REFUSALS", "FINDINGS")
    ]
    others = [code for name in names if not name.startswith("TIMESTAMP") for code in getattr(en_errors, name)]
    assert not set(others) & set(en_timestamp.TIMESTAMP)
