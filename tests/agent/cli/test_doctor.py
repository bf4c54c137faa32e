"""The doctor's page, its document and its progress."""

import ast
import json

import pytest

from agent.cli.cells import cell_width
from agent.cli.doctor import Steps, action, document, exit_code, show, what
from agent.cli.texts import texts_of
from agent.doctor.examine import STEPS
from agent.doctor.measurements import Counts, Handshake, Heard, LineFacts, Measurements, Nature, Quiet
from agent.doctor.verdicts import Severity, Verdict, judge
from tests.agent.doctor.test_verdicts import ROWS, SOUND, TABLE
from tests.lint.repo import ROOT

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "at", "found"), ROWS, ids=[f"{code}-{at}" for code, at, _ in ROWS])
def test_every_verdict_is_said_with_all_its_facts(desk, language, code, at, found):
    texts = texts_of(language)
    for verdict in judge(found):
        assert "?" not in what(texts, verdict).replace("?baud=", "")
        assert action(texts, verdict)
    it = desk(language)
    show(it.reporter, found, judge(found))
    assert what(texts, judge(found)[0])[:12] in it.out
    assert max(cell_width(line) for line in it.out.splitlines()) <= 80


def test_every_code_that_is_given_is_tried_here():
    tree = ast.parse((ROOT / "agent/doctor/verdicts.py").read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    texts = texts_of("en")
    codes = {word for word in words if f"verdict.{word}.what" in texts}
    assert codes == set(TABLE)


def test_the_remedy_is_an_option_of_the_target():
    english = texts_of("en")
    for code, at, option in (("wrong-speed", 2, "?baud=9600"), ("flow-control", 1, "?flow=xonxoff")):
        assert option in action(english, judge(TABLE[code][at])[0])


def test_the_exit_code_is_that_of_the_contract():
    assert exit_code(judge(SOUND)) == 0
    assert exit_code(judge(TABLE["bad-cable"][0])) == 0
    assert exit_code(judge(TABLE["no-answer"][0])) == 3


def test_the_document_holds_every_measurement_with_its_unit():
    found = TABLE["small-buffer"][0]
    it = json.loads(json.dumps(document("tcp://x:1", found, judge(found))))
    assert (it["target"], it["usable"], it["exit"]) == ("tcp://x:1", True, 0)
    assert it["verdicts"][0]["code"] == "small-buffer"
    assert it["verdicts"][0]["severity"] == "warning"
    assert "1000 bytes" in it["verdicts"][0]["message"]
    assert it["measurements"]["handshakes"][0] == {
        "baud": 115_200,
        "escaped": False,
        "seconds": 0.05,
        "heard": {"nature": "nothing", "size_bytes": 0, "text": ""},
        "refused": "",
    }
    assert len(it["measurements"]["trips"]) == 20
    assert it["totals"]["lost_frames"] == 4


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Round trip", "ECHOs", "Bursts", "Verdict", "95 %", "mains", "none in"]),
        ("zh", ["往返时间", "回显", "突发", "结论", "95%", "外接电源", "没有差错"]),
    ],
)
def test_the_page_shows_what_was_measured(desk, language, words):
    it = desk(language)
    show(it.reporter, SOUND, judge(SOUND))
    for word in words:
        assert word in it.out


def test_the_page_of_a_line_on_which_nobody_answers_is_short(desk):
    it = desk()
    show(it.reporter, TABLE["no-answer"][0], judge(TABLE["no-answer"][0]))
    assert "none came about" in it.out
    assert "ECHOs" not in it.out


def test_errors_broken_sessions_and_stray_bytes_are_shown(desk):
    it = desk()
    found = Measurements(
        LineFacts("port", True, 9600),
        before=Quiet(0.5, 18, Heard(Nature.GARBAGE, 18)),
        handshakes=(Handshake(9600, False, 0.1),),
        trips=SOUND.trips,
        asking=Counts(1000, 1000, 5, 2, 30, 1, 4, 3),
        sessions_lost=2,
    )
    show(it.reporter, found, judge(found))
    for word in (
        "5 wrong bytes (2 corrected)",
        "1 broken frames",
        "3 frames lost",
        "18 bytes in 0.5 s",
        "Broken sessions 2",
    ):
        assert word in " ".join(it.out.split()), word


def test_i4_what_another_device_says_cannot_move_the_cursor(desk):
    it = desk(console=True)
    verdict = Verdict("console", Severity.FATAL, {"text": "\x1b[2Jlogin"})
    show(it.reporter, SOUND, (verdict,))
    assert "\x1b[2J" not in it.out


@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_is_told_to_people(desk, language):
    it = desk(language)
    steps = Steps(it.reporter)
    for step in STEPS:
        for done in range(5):
            steps(step, done, 4)
    steps("trips", 0, 0)
    assert it.out == ""
    for step in STEPS:
        assert texts_of(language)(f"step.doctor-{step}") in it.err
    assert it.err.count("✓") == len(STEPS)


def test_a_program_gets_one_document_and_no_progress(desk):
    it = desk(as_json=True)
    Steps(it.reporter)("trips", 0, 4)
    it.reporter.document(document("x", SOUND, judge(SOUND)))
    show(it.reporter, SOUND, judge(SOUND))
    assert len(it.out.splitlines()) == 1
    assert it.err == ""
