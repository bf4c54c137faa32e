"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import en, en_batch, en_errors


def test_they_are_among_all_texts():
    assert en_batch.BATCH.items() <= en_errors.ERRORS.items()
    assert en_batch.BATCH_TEXTS.items() <= en_errors.TEXTS.items()


def test_none_replaces_another():
    assert not set(en_batch.BATCH_TEXTS) & {f"error.{code}.what" for code in en_errors.ERRORS}
    assert not set(en_batch.BATCH_TEXTS) & set(en.TEXTS)
