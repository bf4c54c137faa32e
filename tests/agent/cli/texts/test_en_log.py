"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en_errors, en_log


def test_they_are_among_all_errors():
    assert en_log.LOG.items() <= en_errors.ERRORS.items()


def test_none_replaces_another():
    names = [
        name for name in vars(en_errors) if name.isupper() and name not in ("ERRORS", "TEXTS", "REFUSALS", "FINDINGS")
    ]
    others = [code for name in names if name != "LOG" for code in getattr(en_errors, name)]
    assert not set(others) & set(en_log.LOG)
