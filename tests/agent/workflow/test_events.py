import json

import pytest

from agent.workflow.events import CaseOpened, Finding, Progress, StepChanged


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (CaseOpened("R-1"), {"event": "open", "case": "R-1"}),
        (StepChanged("wipe", "started"), {"event": "step", "step": "wipe", "state": "started"}),
        (
            Progress("wipe", 3, 9, "blocks"),
            {"event": "progress", "step": "wipe", "done": 3, "total": 9, "unit": "blocks"},
        ),
        (Finding("link-plain", {"n": 1}), {"event": "finding", "code": "link-plain", "facts": {"n": 1}}),
    ],
)
def test_each_event_is_one_line_of_json(event, line):
    assert json.loads(json.dumps(event.as_json())) == line
