import json

from simulators.record import Record


def test_lines_are_added_and_there_at_once(tmp_path):
    path = tmp_path / "record.jsonl"
    first = Record(path)
    first.add("boot", boot_count=1)
    assert json.loads(path.read_text()) == {"event": "boot", "boot_count": 1}
    first.close()
    second = Record(path)
    second.add("password", right=False)
    second.close()
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["boot", "password"]
