from agent.papers.words import result_words


def test_what_is_no_result_is_not_known():
    assert result_words("PASS").zh == "合格"
    assert result_words("good") == result_words("UNKNOWN")
