"""The program as a whole: quick to start, clear in both languages, and the exit codes of the contract."""

import errno
import io
import os
import signal
import subprocess
import sys

import pytest

from agent.cli import main
from agent.cli.language import look_ahead
from agent.cli.streams import Output
from agent.version import VERSION
from tests.agent.cli.conftest import Console

HEAVY = (
    "PIL",
    "asn1crypto",
    "keyring",
    "pkcs11",
    "pyhanko",
    "reportlab",
    "segno",
    "cryptography",
    "construct",
    "serial",
    "sqlalchemy",
    "rich",
    "pyrage",
    "cwt",
    "cbor2",
    "simulators",
    "protocols.pmp",
    "ssl",
    "OpenSSL",
)
PROBE = """
import sys
sys.argv = ["posretire", *sys.argv[1:]]
from agent.cli.main import main
code = main()
print("LOADED", *sorted(set(sys.modules) & set({heavy!r}.split())), file=sys.stderr)
sys.exit(code)
""".format(heavy=" ".join(HEAVY))


@pytest.mark.parametrize(
    "words",
    [["--version"], ["--help"], ["--help", "--lang", "zh"], [], *[[name, "--help"] for name in main.COMMANDS]],
    ids=" ".join,
)
def test_help_and_version_load_nothing_heavy(words):
    done = subprocess.run([sys.executable, "-c", PROBE, *words], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == (2 if not words else 0), done.stderr
    assert done.stderr.splitlines()[-1] == "LOADED"
    assert done.stdout


def test_version(posretire):
    assert posretire("--version").out == f"posretire {VERSION}\n"
    assert posretire("--json", "--version").document == {"version": VERSION}


@pytest.mark.parametrize(
    ("words", "code", "english", "chinese"),
    [
        (["verfy"], "usage-no-such-command", "There is no command verfy", "没有命令 verfy"),
        (["--json"], "usage-no-command", "No command is given", "没有写命令"),
        (["ports", "--foo"], "usage-no-such-option", "There is no option --foo", "没有选项 --foo"),
        (["inspect"], "usage-missing", "TARGET is missing", "缺少 TARGET"),
        (["ports", "--lang", "fr"], "usage-choice", "must be one of: en, zh", "只能是：en, zh"),
        (["demo", "--transactions", "x"], "usage-bad-value", "The value of --transactions", "--transactions 的值"),
        (["ports", "a", "b"], "usage-extra", "belong to no option, 2 in number", "共 2 处"),
        (["ports", "--home"], "usage-option-value", "Option --home", "选项 --home"),
        (["inspect", "nothing://x"], "target-scheme", "nothing", "nothing"),
        (["cases", "show", "R1"], "no-such-case", "There is no case R1", "没有案件 R1"),
    ],
)
def test_usage_errors_are_one_clear_line_in_both_languages(posretire, words, code, english, chinese):
    for language, text in (("en", english), ("zh", chinese)):
        given = [*words] if "--lang" in words else ["--lang", language, *words]
        said = posretire("--json", *given)
        assert said.code == 2
        assert said.document["error"] == code
        assert said.document["exit"] == 2
        if given[0] == "--lang" or language == "en":
            assert text in said.err.splitlines()[0]
        assert "Traceback" not in said.err


def test_a_defect_of_ours_is_70_and_shows_its_place_only_with_v(posretire, monkeypatch):
    planted = "PLANTED-971364"

    def broken(_language):
        secret = planted
        raise ZeroDivisionError(secret)

    monkeypatch.setattr("agent.cli.commands.ports.build", broken)
    quiet, loud = posretire("ports"), posretire("ports", "-vvv", "--json")
    assert quiet.code == loud.code == 70
    assert "report" in quiet.err
    assert "test_main.py" in loud.err
    assert quiet.err.count("\n") == 2
    assert loud.document["error"] == "defect"
    assert planted not in quiet.out + quiet.err + loud.out + loud.err


def test_an_interrupt_before_anything_was_changed_is_5(posretire, monkeypatch):
    def interrupted(_language):
        raise KeyboardInterrupt

    monkeypatch.setattr("agent.cli.commands.ports.build", interrupted)
    said = posretire("ports", "--json")
    assert said.code == 5
    assert said.document["error"] == "interrupted"


def test_sigterm_is_an_interrupt(posretire, monkeypatch):
    def terminated(_language):
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("not reached")

    monkeypatch.setattr("agent.cli.commands.ports.build", terminated)
    before = signal.getsignal(signal.SIGTERM)
    assert posretire("ports").code == 5
    assert signal.getsignal(signal.SIGTERM) is before


class Full(io.StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_result_that_could_not_be_written_is_no_success(monkeypatch, home):
    err = Console()
    monkeypatch.setattr(main, "standard_streams", lambda: (Output(Full()), Output(err)))
    assert main.main(["profiles", "--json"]) == 70
    assert "No space left" in err.getvalue()


def test_a_reader_that_goes_away_changes_nothing():
    command = [sys.executable, "-m", "agent.cli.main", "profiles", "show", "haike-h60"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert said == b""


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "cp1252", "ascii"])
def test_a_console_of_any_encoding_shows_chinese(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "POSRETIRE_LANG": "zh"}
    command = [sys.executable, "-m", "agent.cli.main", "--help"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0
    assert "用法：" in done.stdout.decode("utf-8")


def test_the_commands_of_the_help_page_are_those_there_are(home):
    group = main.build("en")
    out = Output(Console())
    with group.make_context("posretire", [], obj=(out, out, "en"), resilient_parsing=True) as context:
        page = group.get_help(context)
        for name in group.list_commands(context):
            assert name in page
            assert group.get_command(context, name) is not None
        assert group.get_command(context, "nothing") is None


def test_arguments_are_looked_at_first():
    assert look_ahead(["x", "--json"], {}).as_json
