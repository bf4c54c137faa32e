"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en_errors, en_scan


def test_they_are_among_all_texts():
    assert en_scan.SCAN.items() <= en_errors.ERRORS.items()
    assert en_scan.SCAN_TEXTS.items() <= en_errors.TEXTS.items()


def test_none_replaces_another():
    names = [
        name for name in vars(en_errors) if name.isupper() and name not in ("ERRORS", "TEXTS", "REFUSALS", "FINDINGS")
    ]
    others = [code for name in names if not name.startswith("SCAN") for code in getattr(en_errors, name)]
    assert not set(others) & set(en_scan.SCAN)
