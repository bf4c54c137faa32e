"""Scripts are read strictly (I10)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from agent.errors import UsageFault
from agent.learn import instructions
from agent.learn.instructions import Instruction, check_instruction, read_script
from protocols.words import Key

TOML = """
[[step]]
screen = "idle"
press = ["F1", "F4"]

[[step]]
choose = "系统设置"

[[step]]
declare = "done"
rows = ["解绑成功", "{tusn}"]
after = "second"
means = "done"
"""


def test_a_script_is_toml_or_json_lines(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML, encoding="utf-8")
    found = read_script(tmp_path / "a.toml")
    assert found[:2] == (Instruction(screen="idle", press=(Key.F1, Key.F4)), Instruction(choose="系统设置"))
    assert found[2].rows == ("解绑成功", "{tusn}")
    (tmp_path / "a.jsonl").write_text('{"own": true}\n\n{"type": "password"}\n', encoding="utf-8")
    assert read_script(tmp_path / "a.jsonl") == (Instruction(own=True), Instruction(type="password"))


@pytest.mark.parametrize(
    "instruction",
    [
        Instruction(screen="Idle"),
        Instruction(screen="a b"),
        Instruction(press=(Key.F1, Key.F2, Key.F3, Key.F4, Key.UP)),
        Instruction(press=(Key.F1,), own=True),
        Instruction(choose="x", type="password"),
        Instruction(declare="done"),
        Instruction(declare="done", rows=("x",), after="a", own=True),
        Instruction(rows=("x",)),
        Instruction(after="x"),
    ],
)
def test_what_makes_no_sense_is_said(instruction: Instruction) -> None:
    assert check_instruction(instruction)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.toml", "step = 1", "learn-script-invalid"),
        ("a.toml", "other = 1", "learn-script-invalid"),
        ("a.toml", "[[step]", "learn-script-invalid"),
        ("a.toml", '[[step]]\npress = ["F9"]', "learn-script-invalid"),
        ("a.toml", '[[step]]\nscreen = "X"', "learn-script-invalid"),
        ("a.jsonl", "{", "learn-script-invalid"),
        ("a.jsonl", "[1]", "learn-script-invalid"),
        ("a.jsonl", '{"more": 1}', "learn-script-invalid"),
    ],
)
def test_i10_a_wrong_script_is_one_documented_error(name: str, text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault) as fault:
        read_script(tmp_path / name)
    assert fault.value.code == code


def test_i10_a_script_that_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "b.toml").write_bytes(b"\xff")
    for path, limit in ((tmp_path, 9), (tmp_path / "none", 9), (tmp_path / "b.toml", 9), (tmp_path / "a.toml", 2)):
        monkeypatch.setattr(instructions, "MAX_STEPS", limit)
        with pytest.raises(UsageFault) as fault:
            read_script(path)
        assert fault.value.code == "learn-script-unreadable"


def outcome(path: Path) -> str:
    try:
        read_script(path)
    except UsageFault as fault:
        return fault.code
    return ""


def test_i10_flipped_bytes_end_in_a_script_or_a_documented_error(tmp_path: Path) -> None:
    good, random, codes = TOML.encode(), Random("scripts"), set()
    for _ in range(500):
        at = random.randrange(len(good))
        (tmp_path / "a.toml").write_bytes(good[:at] + bytes([random.randrange(256)]) + good[at + 1 :])
        codes.add(outcome(tmp_path / "a.toml"))
    assert codes <= {"", "learn-script-invalid", "learn-script-unreadable"}
