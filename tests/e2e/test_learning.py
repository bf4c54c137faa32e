"""An unknown terminal is taught by the command line, and then retired; its film is played as a terminal again."""

import json
import subprocess

from tests.agent.workflow.test_learned import STOPPED_BEFORE_THE_END, WAY
from tests.e2e.conftest import POSRETIRE

UNKNOWN = ("--listen", "127.0.0.1:0", "--transactions", 50, "--fault", "unknown-model")


def test_an_unknown_terminal_is_learned_and_retired(technician, simulate, tmp_path):
    terminal = simulate(*UNKNOWN, "--seed", 7)
    refused = technician.retire(terminal)
    assert refused.lines[-1]["error"] == "unknown-model"
    (tmp_path / "script.toml").write_text(WAY + STOPPED_BEFORE_THE_END, encoding="utf-8")
    learned = technician.run(
        "profiles", "learn", terminal["target"], "--script", tmp_path / "script.toml", "--out", tmp_path / "learned",
        "--merchant", terminal["merchant_number"], "--password-file", technician.password, "--json",
    )  # fmt: skip
    assert learned.code == 0, learned.err
    assert learned.document["goals"] == ["unbind"]
    assert technician.run("profiles", "check", tmp_path / "learned" / "haike-x99").code == 0
    done = technician.retire(terminal, "--profiles", tmp_path / "learned")
    assert done.lines[-1]["result"] == "PASS", done.out + done.err
    said = "".join(technician.everything_said)
    assert terminal["password"] not in said


def test_the_film_of_a_case_is_a_terminal_on_which_the_case_runs_again(technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    case = technician.retire(terminal).lines[-1]["case"]
    film = technician.home / "films" / f"{case}.jsonl"
    page = tmp_path / "film.html"
    assert technician.run("cases", "show", case, "--html", page).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    shown = technician.run("cases", "show", case, "--film", "--json").document
    assert shown["in_journal"] is True
    assert "解绑成功" in technician.run("cases", "show", case, "--film", "--lang", "zh").out
    words = [
        POSRETIRE,
        "simulate",
        "--from-film",
        film,
        "--state",
        tmp_path / "again",
        "--transactions",
        "50",
        "--json",
    ]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        again = json.loads(process.stdout.readline())
        done = technician.retire(again)
        assert done.lines[-1]["result"] == "PASS", done.out + done.err
        second = technician.run("cases", "show", done.lines[-1]["case"], "--film", "--json").document
        names = [step["screen"] for step in shown["steps"]]
        assert [step["screen"] for step in second["steps"]] == names
        assert '"deviation"' not in (tmp_path / "again" / "record.jsonl").read_text(encoding="utf-8")
    finally:
        process.terminate()
        process.communicate(timeout=20)
