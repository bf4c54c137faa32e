"""Commands in both languages that take the global options anywhere."""

import click
import pytest

from agent.cli.cells import cell_width
from agent.cli.command import (
    LocalFormatter,
    _first_word,
    common_values,
    invocation_of,
    make_command,
    make_command_with_others,
    make_group,
    option,
)
from agent.cli.output import Reporter
from agent.cli.streams import Output
from agent.cli.texts import texts_of
from agent.errors import ExitCode
from tests.agent.cli.conftest import Console

TEXTS = texts_of("en")


def called(arguments, language="en"):
    seen = []

    def action(invocation, **given):
        seen.append((invocation, given))
        return ExitCode.REFUSED

    name = option(TEXTS, "--name", "name", key="name")
    group = make_group(TEXTS, "keys", "show", [make_command(TEXTS, "show", action, [name], key="keys-show")])
    root = (Output(Console()), Output(Console()), language)
    with group.make_context("keys", arguments, obj=root) as context:
        returned = group.invoke(context)
    return seen[0], returned


def test_a_group_runs_its_default_and_hands_its_exit_code_on():
    (_, given), returned = called([])
    assert given == {"name": None}
    assert returned is ExitCode.REFUSED


def test_global_options_count_wherever_they_stand():
    (before, _), _ = called(["--json", "-v", "show", "-v", "--lang", "zh"])
    (after, given), _ = called(["show", "--json", "--home", "h", "--name", "n"])
    assert before.reporter.as_json
    assert before.verbosity == 2
    assert before.texts.language == "zh"
    assert after.reporter.as_json
    assert after.home.name == "h"
    assert given == {"name": "n"}


def test_the_language_of_the_start_counts_where_none_is_given():
    (invocation, _), _ = called(["show"], language="zh")
    assert invocation.texts.language == "zh"
    assert isinstance(invocation.reporter, Reporter)


def test_help_fits_in_chinese():
    page = LocalFormatter(texts_of("zh"), 60)
    page.write_usage("posretire", "命令")
    with page.section("Options"):
        page.write_dl([("--password-file FILE", "从此文件的第一行读取解绑密码。" * 4), ("--" + "x" * 40, "很长")])
    page.write_text("请检查线缆。" * 12 + "\n\n  kept as it is")
    text = page.getvalue()
    assert text.startswith("用法：posretire 命令")
    assert "选项：" in text
    assert "  kept as it is" in text
    assert max(cell_width(line) for line in text.splitlines()) <= 60


def test_values_of_nested_contexts():
    inner = click.Context(click.Command("b"), parent=click.Context(click.Command("a"), obj=None))
    assert common_values(inner) == {"as_json": False, "language": None, "verbosity": 0, "home": None}


def test_an_invocation_takes_the_streams_of_the_outermost_context():
    out, err = Output(Console()), Output(Console())
    context = click.Context(click.Command("a"), obj=(out, err, "zh"))
    assert invocation_of(context).reporter.out is out


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([], 0),
        (["open", "x"], 0),
        (["--json", "open"], 1),
        (["--lang", "zh", "--home=h", "-v", "open"], 4),
        (["--lang"], 2),
        (["--recipient", "open"], 0),
        (["--help"], 0),
    ],
)
def test_the_first_word_of_a_command_is_found_behind_the_common_options(words, place):
    assert _first_word(words) == place


def test_a_command_runs_another_where_its_first_word_names_it():
    said = []
    inner = make_command(TEXTS, "open", lambda _invocation, **given: said.append(given), [], key="export-open")
    outer = make_command_with_others(
        TEXTS, "export", lambda _invocation, **given: said.append(given), [click.Argument(["target"])], {"open": inner}
    )
    for words in (["open"], ["--json", "open"], ["COM3"]):
        with outer.make_context("export", words, obj=(Output(Console()), Output(Console()), "en")) as context:
            context.command.invoke(context)
    assert said == [{}, {}, {"target": "COM3"}]
    assert "  open" in outer.get_help(click.Context(outer))
