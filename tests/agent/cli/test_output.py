"""Pages for people, JSON for programs, and never both on standard output."""

import json

from agent.cli.cells import cell_width
from agent.cli.output import json_line


def test_with_json_nothing_else_is_on_standard_output(desk):
    it = desk(as_json=True)
    it.reporter.heading("h")
    it.reporter.line("text")
    it.reporter.raw("text")
    it.reporter.field("label", "value")
    it.reporter.item("item")
    it.reporter.table(["a", "b"], [("1", "2")])
    it.reporter.document({"event": "x", "text": "解绑"})
    it.reporter.remark("remark")
    assert it.out == '{"event":"x","text":"解绑"}\n'
    assert it.err == "remark\n"


def test_a_person_gets_no_json(desk):
    it = desk()
    it.reporter.document({"a": 1})
    assert it.out == ""


def test_events_are_lines_of_json_or_progress_on_standard_error(desk):
    event = {"event": "step", "step": "wipe", "state": "done"}
    for_programs, for_people = desk(as_json=True), desk()
    for_programs.reporter.event(event)
    for_people.reporter.event(event)
    for_people.reporter.end_progress()
    assert json.loads(for_programs.out) == event
    assert for_people.out == ""
    assert "✓ Wipe keys and memory" in for_people.err


def test_no_line_is_wider_than_the_console(desk):
    it = desk("zh", columns=60)
    it.reporter.heading("终端")
    it.reporter.line("请让终端保持通电，先运行检查，再做其他事。" * 4, indent=2)
    it.reporter.field("密钥", "0123456789abcdef" * 8)
    it.reporter.item("请检查线缆、端口和电源后重试。" * 5, "warn")
    it.reporter.table(["端口", "说明"], [("/dev/ttyUSB0", "一个很长的说明" * 10)])
    assert max(cell_width(line) for line in it.out.splitlines()) <= 60


def test_what_comes_from_outside_cannot_move_the_cursor(desk):
    it = desk(console=True)
    it.reporter.field("Model", "\x1b[2Jevil")
    it.reporter.table(["a", "b"], [("\x07", "\x1b]0;title\x07")])
    it.reporter.raw("\x1b[1A")
    assert "\x1b[2J" not in it.out
    assert "\x07" not in it.out
    assert "\x1b[1A" not in it.out


def test_colours_are_for_consoles_only(desk):
    plain, console = desk(), desk(console=True)
    for it in (plain, console):
        it.reporter.line("text", "bad")
    assert plain.out == "text\n"
    assert console.out == "\x1b[1;31mtext\x1b[0m\n"


def test_the_width_is_asked_of_the_console(desk):
    assert desk(columns=None).reporter.columns == 100
    assert desk(console=True, columns=None).reporter.columns == 79


def test_json_line_is_one_line():
    assert json_line({"text": "a\nb"}) == '{"text":"a\\nb"}\n'
