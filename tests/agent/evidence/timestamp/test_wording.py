from agent.evidence.timestamp.wording import TIMESTAMP_WORDING
from agent.evidence.wording import WORDING


def test_they_are_among_all_sentences():
    assert all(WORDING[code] == sentence for code, sentence in TIMESTAMP_WORDING.items())
    assert all(code.startswith("timestamp-") for code in TIMESTAMP_WORDING if code != "authorities-unknown")
