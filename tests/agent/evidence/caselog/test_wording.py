from agent.evidence.caselog.wording import LOG_WORDING
from agent.evidence.wording import WORDING


def test_every_sentence_is_known_where_evidence_is_worded():
    assert all(WORDING[code] == sentence for code, sentence in LOG_WORDING.items())
    assert all("log" in code for code in LOG_WORDING)
