"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh, zh_batch, zh_errors


def test_they_are_among_all_texts():
    assert zh_batch.BATCH.items() <= zh_errors.ERRORS.items()
    assert zh_batch.BATCH_TEXTS.items() <= zh_errors.TEXTS.items()


def test_none_replaces_another():
    assert not set(zh_batch.BATCH_TEXTS) & {f"error.{code}.what" for code in zh_errors.ERRORS}
    assert not set(zh_batch.BATCH_TEXTS) & set(zh.TEXTS)
