"""click commands that speak both languages and all take the same global options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agent.cli.cells import cell_width, pad, wrap
from agent.cli.language import LANGUAGES
from agent.cli.streams import Output
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from agent.cli.output import Reporter

SECTIONS = {"Options": "help.options", "Commands": "help.commands", "Positional arguments": "help.arguments"}
MAX_HELP_COLUMNS = 100


@dataclass(frozen=True)
class Invocation:
    """What every command gets besides its own parameters.

    Args:
        reporter: Where it says things.
        home: Folder of keys, ledger and trust.
        verbosity: How many ``-v`` were given.
    """

    reporter: Reporter
    home: Path
    verbosity: int

    @property
    def texts(self) -> Texts:
        """The texts of the chosen language."""
        return self.reporter.texts


class LocalFormatter(click.HelpFormatter):
    """Help pages whose headings are translated and whose lines fit where Chinese characters take two cells.

    Args:
        texts: The texts of the chosen language.
        width: Cells a line.
    """

    def __init__(self, texts: Texts, width: int) -> None:
        super().__init__(width=width)
        self.texts = texts

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is called."""
        self.write(f"{prefix or self.texts('help.usage')}{prog} {args}".rstrip() + "\n")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Write a heading and indent what follows."""
        with super().section(self.texts(SECTIONS[name]) if name in SECTIONS else name):
            yield

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':>{self.current_indent}}{heading}{self.texts('help.colon')}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; a line that begins with two blanks is kept as it is."""
        for line in text.splitlines():
            lines = [line] if line.startswith("  ") or not line else wrap(line, self.width - self.current_indent)
            self.write("".join(f"{'':>{self.current_indent}}{each}".rstrip() + "\n" for each in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write two columns: a name and what it means."""
        rows = list(rows)
        first = min(max((cell_width(name) for name, _ in rows), default=0), col_max) + col_spacing
        for name, meaning in rows:
            left = " " * self.current_indent + pad(name, first)
            if cell_width(name) > first - col_spacing:
                self.write(left.rstrip() + "\n")
                left = " " * (self.current_indent + first)
            for line in wrap(meaning, self.width - self.current_indent - first):
                self.write((left + line).rstrip() + "\n")
                left = " " * (self.current_indent + first)


class LocalCommand(click.Command):
    """A command whose help is in the chosen language."""

    language: str = "en"

    def formatter(self) -> LocalFormatter:
        """Return an empty help page."""
        return LocalFormatter(texts_of(self.language), _help_width())

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page."""
        page = self.formatter()
        self.format_help(ctx, page)
        return page.getvalue().rstrip("\n")

    def get_usage(self, ctx: click.Context) -> str:
        """Return the line that shows how the command is called."""
        page = self.formatter()
        self.format_usage(ctx, page)
        return page.getvalue().rstrip("\n")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with its meaning in the chosen language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = texts_of(self.language)("option.help")
        return option


class CommandWithOthers(LocalCommand):
    """A command whose first word may be the name of another one, which is then run in its place."""

    def __init__(self, *arguments: Any, commands: Mapping[str, click.Command], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.commands = dict(commands)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the command line, or have the other command read it."""
        at = _first_word(args)
        other = self.commands.get(args[at]) if at < len(args) else None
        if other is None:
            return super().make_context(info_name, args, parent, **extra)
        return other.make_context(f"{info_name} {args[at]}", [*args[:at], *args[at + 1 :]], parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the other commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(200)) for name, each in self.commands.items()])
        super().format_epilog(ctx, formatter)


def _first_word(args: Sequence[str]) -> int:
    """Return the place of the first word that is none of the common options and none of their values."""
    at = 0
    while at < len(args) and args[at].startswith("-") and args[at].partition("=")[0] in COMMON_WORDS:
        at += COMMON_WORDS[args[at].partition("=")[0]] if "=" not in args[at] else 1
    return at


COMMON_WORDS = {"--json": 1, "-v": 1, "--verbose": 1, "--lang": 2, "--home": 2}
"""The common options, each with the number of words that it takes."""


class LocalGroup(LocalCommand, click.Group):
    """A group of such commands."""


def _help_width() -> int:
    try:
        return min(os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns, MAX_HELP_COLUMNS)
    except (OSError, ValueError):
        return 80


class LocalOption(click.Option):
    """An option whose help says in the chosen language that it has to be given."""

    required_word: str = "required"

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what the help adds to the option's own text."""
        extra: Any = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = self.required_word
        return extra


def option(texts: Texts, *names: str, key: str, **settings: Any) -> click.Option:
    """Make an option whose help stands under ``option.<key>``."""
    made = LocalOption(list(names), help=texts(f"option.{key}"), **settings)
    made.required_word = texts("help.required")
    return made


def common_options(texts: Texts) -> list[click.Parameter]:
    """Return the options that every command takes, before or after its name."""
    return [
        option(texts, "--json", "as_json", key="json", is_flag=True),
        option(texts, "--lang", "language", key="lang", type=click.Choice(LANGUAGES), metavar="zh|en"),
        option(texts, "-v", "--verbose", "verbosity", key="verbose", count=True),
        option(texts, "--home", "home", key="home", metavar="DIR"),
    ]


def make_command(
    texts: Texts,
    name: str,
    action: Callable[..., ExitCode],
    parameters: Sequence[click.Parameter] = (),
    key: str | None = None,
) -> LocalCommand:
    """Make a command.

    Args:
        texts: The texts of the chosen language.
        name: Its name.
        action: Called with the invocation and its own parameters by name; returns the exit code.
        parameters: Its own parameters.
        key: Its help stands under ``command.<key>``; the name where this is None.
    """

    def callback(**given: Any) -> ExitCode:
        for each in COMMON_NAMES:
            given.pop(each, None)
        return action(invocation_of(click.get_current_context()), **given)

    return _localised(LocalCommand, texts, name, key, callback=callback, params=[*parameters, *common_options(texts)])


def make_command_with_others(
    texts: Texts,
    name: str,
    action: Callable[..., ExitCode],
    parameters: Sequence[click.Parameter],
    commands: Mapping[str, click.Command],
) -> CommandWithOthers:
    """Make a command whose first word may be the name of another one.

    Args:
        texts: The texts of the chosen language.
        name: Its name.
        action: See `make_command`.
        parameters: Its own parameters.
        commands: The others, by name.
    """

    def callback(**given: Any) -> ExitCode:
        for each in COMMON_NAMES:
            given.pop(each, None)
        return action(invocation_of(click.get_current_context()), **given)

    params = [*parameters, *common_options(texts)]
    return _localised(CommandWithOthers, texts, name, None, callback=callback, params=params, commands=commands)


def make_group(texts: Texts, name: str, default: str, commands: Sequence[click.Command]) -> LocalGroup:
    """Make a group that runs one of its commands where none is named.

    Args:
        texts: The texts of the chosen language.
        name: Its name.
        default: Name of the command for when none is given.
        commands: Its commands.
    """

    def callback(**_given: Any) -> ExitCode | None:
        context = click.get_current_context()
        if context.invoked_subcommand is not None:
            return None
        command = group.commands[default]
        with command.make_context(default, [], parent=context) as inner:
            chosen: ExitCode = command.invoke(inner)
            return chosen

    group = _localised(
        LocalGroup,
        texts,
        name,
        None,
        callback=callback,
        params=common_options(texts),
        invoke_without_command=True,
        subcommand_metavar=texts("help.command-metavar"),
    )
    for command in commands:
        group.add_command(command)
    return group


COMMON_NAMES = ("as_json", "language", "verbosity", "home")

CommandT = TypeVar("CommandT", bound=LocalCommand)


def _localised(kind: type[CommandT], texts: Texts, name: str, key: str | None, **settings: Any) -> CommandT:
    made = kind(
        name,
        help=texts(f"command.{key or name}"),
        short_help=texts(f"command.{key or name}").splitlines()[0],
        options_metavar=texts("help.options-metavar"),
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )
    made.language = texts.language
    return made


def common_values(context: click.Context) -> dict[str, Any]:
    """Gather the global options of a command and of the groups it stands in; the innermost decides."""
    values: dict[str, Any] = {"as_json": False, "language": None, "verbosity": 0, "home": None}
    each: click.Context | None = context
    chain = []
    while each is not None:
        chain.append(each)
        each = each.parent
    for each in reversed(chain):
        values["as_json"] = values["as_json"] or bool(each.params.get("as_json"))
        values["verbosity"] += each.params.get("verbosity") or 0
        values["language"] = each.params.get("language") or values["language"]
        values["home"] = each.params.get("home") or values["home"]
    return values


def invocation_of(context: click.Context) -> Invocation:
    """Build what a command gets from its context; the streams and the language stand in the outermost one."""
    # Loaded here because help and version, which need none of it, are to start as fast as they can.
    from pathlib import Path

    from agent.cli.home import find_home
    from agent.cli.output import Reporter

    values = common_values(context)
    out, err, language = context.find_root().obj
    assert isinstance(out, Output)
    assert isinstance(err, Output)
    reporter = Reporter(texts_of(values["language"] or language), out, err, as_json=values["as_json"])
    return Invocation(reporter, find_home(values["home"], os.environ, sys.platform, Path.home()), values["verbosity"])
