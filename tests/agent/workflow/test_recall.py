"""What a journal says of the steps of a case."""

from agent.clock import Clock
from agent.journal import JournalEvent, make_entry
from agent.workflow.events import Finding
from agent.workflow.recall import recollect

STAMP = Clock().stamp()


def entries(*lines):
    last = None
    made = []
    for event, step, facts in lines:
        last = make_entry("R-1", last, STAMP, JournalEvent(event), step, facts)
        made.append(last)
    return made


def test_i3_a_step_that_failed_was_begun_and_is_looked_at_before_it_is_done_again():
    said = recollect(
        entries(
            ("INTENT", "inspect", {}),
            ("DONE", "inspect", {"tusn": "9999990200000007"}),
            ("INTENT", "unbind", {}),
            ("FAILED", "unbind", {"error": "wrong-password"}),
            ("INTENT", "wipe", {}),
            ("UNKNOWN", "wipe", {"error": "LinkLost"}),
        )
    )
    assert said.done == {"inspect": {"tusn": "9999990200000007"}}
    assert said.begun == {"unbind": STAMP, "wipe": STAMP}, "it may have failed after it was done"


def test_a_step_that_was_begun_again_and_done_is_done():
    said = recollect(
        entries(("INTENT", "wipe", {}), ("UNKNOWN", "wipe", {}), ("INTENT", "wipe", {}), ("DONE", "wipe", {}))
    )
    assert (said.done, said.begun) == ({"wipe": {}}, {})


def test_what_was_done_before_a_case_began_anew_does_not_count():
    before = [
        ("INTENT", "export", {}),
        ("DONE", "inspect", {}),
        ("NOTE", "finding", {"code": "link-plain", "facts": {}}),
    ]
    assert recollect(entries(*before, ("NOTE", "resume", {"anew": True}))) == recollect(())
    assert recollect(entries(*before, ("NOTE", "resume", {"anew": False}))).done == {"inspect": {}}


def test_findings_come_back_but_for_those_about_the_end():
    said = recollect(
        entries(
            ("NOTE", "finding", {"code": "export-waived", "facts": {"why": "export-totals", "reason": "TEST"}}),
            ("NOTE", "finding", {"code": "ended-early", "facts": {"error": "LinkLost"}}),
            ("NOTE", "wipe", {"film": []}),
        )
    )
    assert said.findings == (Finding("export-waived", {"why": "export-totals", "reason": "TEST"}),)
