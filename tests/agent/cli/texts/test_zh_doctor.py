"""The texts of this module are part of all texts of their language."""

from agent.cli.texts import zh, zh_doctor, zh_errors


def test_they_are_among_all_texts():
    assert zh_doctor.DOCTOR_TEXTS.items() <= zh_errors.TEXTS.items()


def test_none_replaces_another():
    assert not set(zh_doctor.DOCTOR_TEXTS) & {f"error.{code}.what" for code in zh_errors.ERRORS}
    assert not set(zh_doctor.DOCTOR_TEXTS) & set(zh.TEXTS)


def test_every_verdict_says_what_to_do():
    said = {key.removesuffix(".what") for key in zh_doctor.DOCTOR_TEXTS if key.endswith(".what")}
    done = {key.removesuffix(".do") for key in zh_doctor.DOCTOR_TEXTS if key.endswith(".do")}
    assert said == done
