"""``posretire profiles learn`` on terminals of this process."""

from __future__ import annotations

import pytest

from agent.profiles import find_profile

SCRIPT = """
[[step]]
screen = "idle"
press = ["F1", "F4"]
[[step]]
screen = "main"
"""


def test_a_script_makes_a_draft_and_a_note(posretire, terminal, tmp_path):
    (tmp_path / "script.toml").write_text(SCRIPT, encoding="utf-8")
    at = terminal(faults=("unknown-model",))
    out = tmp_path / "learned"
    said = posretire("profiles", "learn", at.target, "--script", tmp_path / "script.toml", "--out", out, "--json")
    assert said.code == 0, said.err
    assert said.document["model"] == "haike-x99"
    assert said.document["screens"] == ["idle", "main"]
    assert said.document["goals"] == []
    assert {"code": "goal-missing", "facts": []} in said.document["gaps"]
    assert find_profile("haike-x99", [out]).identification.source == "capture"
    assert (out / "haike-x99" / "README.md").is_file()
    again = posretire("profiles", "learn", at.target, "--script", tmp_path / "script.toml", "--out", out, "--json")
    assert (again.code, again.document["error"]) == (2, "learn-exists")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_looks_round_by_itself(language, posretire, terminal, tmp_path):
    at = terminal(faults=("unknown-model",))
    said = posretire(
        "profiles", "learn", at.target, "--explore", "--open", "F1+F4", "--out", tmp_path / "x", "--lang", language
    )
    assert said.code == 0, said.err
    assert "screen-8" in said.out
    assert "解绑" in said.out
    assert "screen-2" in said.err
    device = at.simulation.terminal.device
    assert device.screen().lines[0] == "海科融通 H60", "back at the start"
    assert device.status().password_attempts_left == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "learn-no-person"),
        (("--explore", "--open", "F9"), "learn-keys-form"),
        (("--explore", "--model", "../x"), "learn-model-form"),
        (("--explore", "--merchant", "12"), "merchant-number-form"),
        (("--script", "none.toml"), "learn-script-unreadable"),
    ],
)
def test_i10_what_makes_no_sense_is_one_clear_error(words, code, posretire, terminal, tmp_path):
    said = posretire("profiles", "learn", terminal().target, *words, "--out", tmp_path / "x", "--json")
    assert (said.code, said.document["error"]) == (2, code)
    assert not (tmp_path / "x").exists()
