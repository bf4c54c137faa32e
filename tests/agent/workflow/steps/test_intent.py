import hashlib
import json

from agent.workflow import retire as retiring


def test_the_intent_names_what_is_about_to_be_done_before_it_is_done(desk):
    outcome = retiring.retire(desk.request, desk.events.append)
    intent = json.loads((outcome.bundle / "intent.json").read_bytes())
    for name, digest in intent["digests"].items():
        assert hashlib.sha256((outcome.bundle / name).read_bytes()).hexdigest() == digest
    assert set(intent["digests"]) == {"job.json", "device-pre.eat", "export.age"}
    assert "merchant_number" in intent["unbind"]
    assert intent["wipe"]["erase_keys"] is True
    assert intent["wipe"]["regions"] == [1, 2, 3, 4]

    lines = [json.loads(line) for line in (outcome.bundle / "journal.jsonl").read_bytes().splitlines()]
    told = [(line["step"], line["event"]) for line in lines]
    assert told.index(("intent", "DONE")) < told.index(("unbind", "INTENT")) < told.index(("wipe", "INTENT"))
    digest = hashlib.sha256((outcome.bundle / "intent.json").read_bytes()).hexdigest()
    assert lines[told.index(("intent", "DONE"))]["facts"]["intent"] == digest
