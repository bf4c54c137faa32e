"""``posretire resume`` from the command line."""

import pytest

from agent.cli.commands.resume import words_of
from agent.errors import UsageFault


def test_a_persons_words_are_put_together():
    assert words_of(("test-transaction",), ("rebind",)) == {"test-transaction": True, "rebind": False}
    with pytest.raises(UsageFault) as fault:
        words_of(("rebind",), ("rebind",))
    assert (fault.value.code, fault.value.facts["step"]) == ("step-word-twice", "rebind")


@pytest.mark.parametrize("words", [(("lunch",), ()), ((), ("lunch",)), (("wipe", "lunch"), ("wipe",))])
def test_a_word_about_a_step_that_no_case_has_is_refused(words):
    with pytest.raises(UsageFault) as fault:
        words_of(*words)
    assert (fault.value.code, fault.value.facts["step"]) == ("step-unknown", "lunch")
    assert "test-transaction" in fault.value.facts["steps"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_case_that_is_not_there_is_a_usage_error(posretire, language):
    said = posretire("resume", "R20260101-AAAAAA", "--lang", language)
    assert said.code == 2
    assert "R20260101-AAAAAA" in said.err
