"""Guided mode in a plain console."""

import pytest

from agent.cli.cells import cell_width
from agent.cli.guiding import ConsoleGuide
from agent.guided.interview import Answer, Choice, Drawing, Question, Step
from protocols.words import Key

MAIN = Drawing(16, ("功能菜单", "?.系统设置", "…", ""))
IDLE = Drawing(16, ("海科融通 H60", "…", "请刷卡或按功能键", ""))
LOCKED = Drawing(16, ("密码已锁定", "请联系收单机构", "", ""))
DETAILS = Drawing(16, ("设备 12345678", "型号 H60", "", ""))
SEE = Question(
    "see",
    (Choice("main", "expected", MAIN), Choice("idle", "unchanged", IDLE), Choice("locked", "ending", LOCKED)),
    (Choice("details", "other", DETAILS),),
)


class Typist:
    """Types lines; at their end the input ends."""

    def __init__(self, *lines):
        self.lines = list(lines)
        self.prompts = []

    def there(self):
        return True

    def ask(self, question):
        self.prompts.append(question)
        if not self.lines:
            raise KeyboardInterrupt
        return self.lines.pop(0)

    ask_secret = ask


@pytest.fixture
def guide(desk):
    def make(*lines, language="en", columns=79):
        made = desk(language, columns=columns)
        return ConsoleGuide(made.reporter, Typist(*lines)), made

    return make


def ask(made, question=SEE):
    return made[0].ask(question)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1", Answer("screen", "main")),
        (" 3 ", Answer("screen", "locked")),
        ("２", Answer("screen", "idle")),
        ("b", Answer("back")),
        ("S", Answer("stop")),
        ("ｓ", Answer("stop")),
        ("e", Answer("else")),
        ("w", Answer("busy")),
    ],
)
def test_one_line_is_an_answer(guide, typed, answer):
    assert ask(guide(typed)) == answer


@pytest.mark.parametrize(("typed", "said"), [("返回", "back"), ("停止", "stop"), ("其他", "else"), ("忙", "busy")])
def test_chinese_words_are_understood(guide, typed, said):
    assert ask(guide(typed, language="zh")) == Answer(said)


@pytest.mark.parametrize("junk", ["", "0", "4", "99999999999999999999", "x", "d9", "n", "一", "\x1b[A"])
def test_i10_anything_else_is_asked_again(guide, junk):
    made = guide(junk, "1")
    assert ask(made) == Answer("screen", "main")
    assert "a number or a letter" in made[1].out


def test_the_end_of_input_stops(guide):
    assert ask(guide()) == Answer("stop")
    assert ask(guide(), Question("note")) == Answer("stop")


def test_more_screens_are_listed_and_drawn(guide):
    made = guide("4", "m", "m", "d4", "4")
    assert ask(made) == Answer("screen", "details")
    assert made[1].out.count("设备 12345678 / 型号 H60") == 1
    assert "│型号 H60        │" in made[1].out


def test_help_explains_and_asks_again(guide):
    made = guide("?", "h", "1")
    assert ask(made) == Answer("screen", "main")
    assert made[1].out.count("Do what the step says") == 2


def test_a_row_may_be_missing(guide):
    question = Question("see", SEE.choices, row="解绑")
    made = guide("n")
    assert ask(made, question) == Answer("missing")
    assert "解绑 is not there" in made[1].out


def test_the_expected_screen_is_drawn_once(guide):
    made = guide("1", "1")
    made[0].instruct(Step(1, "press", "idle", (Key.F1, Key.F4), expected=MAIN))
    ask(made)
    assert made[1].out.count("│功能菜单        │") == 1
    ask(guide("1"))
    assert "Bring the terminal" not in made[1].out


def test_the_start_screen_is_drawn_with_the_first_question(guide):
    made = guide("1")
    ask(made, Question("see", (Choice("idle", "expected", IDLE),)))
    assert made[1].out.index("level 0") < made[1].out.index("Bring the terminal") < made[1].out.index("│海科融通 H60")


@pytest.mark.parametrize(
    ("language", "step", "said"),
    [
        ("en", Step(1, "press", "idle", (Key.F1, Key.F4)), "Press F1 + F4 together."),
        ("zh", Step(1, "press", "idle", (Key.F1, Key.F4)), "请同时按 F1 + F4。"),
        ("en", Step(2, "press", "confirm", (Key.CONFIRM,)), "Press CONFIRM (确认)."),
        ("zh", Step(2, "press", "list", (Key.DIGIT_4,)), "请按 4。"),
        ("en", Step(3, "choose", "main", row="系统设置"), "Choose 系统设置: press the digit"),
        ("zh", Step(3, "choose", "main", row="系统设置"), "选择「系统设置」：按它前面的数字键。"),
        ("en", Step(3, "choose", "main", (Key.CONFIRM,), row="解绑", by="highlight"), "Move the mark to 解绑, then"),
        ("zh", Step(3, "choose", "main", row="解绑", pages=(Key.DOWN,)), "如果这一屏没有，用 下键↓ 继续找。"),
        ("en", Step(4, "type", "m", (Key.CONFIRM,), asks="phone", text="13800000000"), "phone number: 13800000000."),
        ("zh", Step(4, "type", "m", (Key.CONFIRM,), erase=Key.CLEAR, asks="code"), "先用 清除 删去输入框中的内容。"),
        ("zh", Step(4, "type", "m", (Key.CONFIRM,), asks="code"), "在终端上输入验证码（只有您知道），再按 确认。"),
        ("en", Step(5, "back", "m", (Key.CANCEL,)), "Go back: press CANCEL (取消)."),
        ("zh", Step(5, "leave", "m", (Key.CANCEL,)), "退出终端菜单：按 取消，直到出现主画面。"),
        ("en", Step(5, "leave", "m"), "Press nothing more on the terminal"),
        ("zh", Step(5, "finished", "done"), "终端上的操作已完成"),
        ("en", Step(9, "type", "m", (Key.CONFIRM,), asks="password", commits=True), "nothing can be taken back"),
    ],
)
def test_what_is_said(guide, language, step, said):
    made = guide(language=language)
    made[0].instruct(step)
    assert said in made[1].out.replace("\n  ", " " if language == "en" else "")


def test_i4_a_password_is_never_asked_for(guide):
    made = guide()
    made[0].instruct(Step(4, "type", "password", (Key.CONFIRM,), asks="password"))
    assert "Never type it here" in made[1].out.replace("\n  ", " ")
    assert made[0]._person.prompts == []


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (Question("attempts-left"), "３", Answer("text", "3")),
        (Question("last-digits", place="tusn", digits=4), " 5678", Answer("text", "5678")),
        (Question("note"), "Anzeige: LEER ３", Answer("text", "Anzeige: LEER ３")),
        (Question("photo"), "", Answer("text", "")),
        (Question("last-digits", place="merchant_number", digits=4), "b", Answer("back")),
        (Question("photo"), "s", Answer("stop")),
    ],
)
def test_numbers_and_remarks(guide, question, typed, answer):
    assert ask(guide(typed), question) == answer
    assert ask(guide("h", typed), question) == answer


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("problem", ["no-number", "no-digits", "photo-unreadable", "no-way-back", "still-there"])
def test_what_was_wrong_is_said(guide, language, problem):
    made = guide("1", language=language)
    ask(made, Question("see", SEE.choices, problem=problem, digits=4))
    assert "{" not in made[1].out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_fits_into_eighty_columns(guide, language):
    made = guide("h", "m", "1", language=language, columns=79)
    step = Step(
        6, "type", "merchant", (Key.CONFIRM,), asks="merchant_number", text="9" * 15, expected=MAIN, commits=True
    )
    made[0].instruct(step)
    ask(made, Question("see", SEE.choices, SEE.others, row="12345678 本机", problem="no-way-back"))
    assert max(cell_width(line) for line in made[1].out.splitlines()) <= 79
