"""The entry of the program: finds the language, loads the one command that is asked for, and ends in an exit code.

Ctrl-C (and SIGTERM, which is treated alike) ends a command with 5 where nothing on a terminal can have been changed.
Later than that, the workflow signs how far the case came (6 or 7); where even that was interrupted, the exit code is 7
(`agent.cli.commands.retire`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from agent.cli.command import LocalGroup, common_options
from agent.cli.language import Early, interface_language, look_ahead
from agent.cli.streams import Output, standard_streams
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault
from agent.version import VERSION

if TYPE_CHECKING:
    from agent.cli.failures import Failure

COMMANDS = {
    "ports": "agent.cli.commands.ports",
    "inspect": "agent.cli.commands.inspect",
    "doctor": "agent.cli.commands.doctor",
    "retire": "agent.cli.commands.retire",
    "unbind": "agent.cli.commands.unbind",
    "export": "agent.cli.commands.export",
    "resume": "agent.cli.commands.resume",
    "cases": "agent.cli.commands.cases",
    "verify": "agent.cli.commands.verify",
    "label": "agent.cli.commands.label",
    "log": "agent.cli.commands.log",
    "scan": "agent.cli.commands.scan",
    "profiles": "agent.cli.commands.profiles",
    "keys": "agent.cli.commands.keys",
    "operators": "agent.cli.commands.operators",
    "simulate": "agent.cli.simulate",
    "demo": "agent.cli.demo",
}
"""Module of each command, in the order of the help page; its first help line stands under ``command.<name>``."""


class LazyGroup(LocalGroup):
    """The program itself: knows its commands by name and loads a module only when its command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).build(self.language)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        texts = texts_of(self.language)
        with formatter.section("Commands"):
            formatter.write_dl([(name, texts(f"command.{name}").splitlines()[0]) for name in COMMANDS])


def build(language: str) -> LazyGroup:
    """Make the program's command line.

    Args:
        language: ``en`` or ``zh``.
    """
    texts = texts_of(language)

    def show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
        if wanted and not context.resilient_parsing:
            out = context.find_root().obj[0]
            as_json = context.params.get("as_json")
            out.write(f'{{"version":"{VERSION}"}}\n' if as_json else f"posretire {VERSION}\n")
            context.exit()

    def need_command() -> None:
        if click.get_current_context().invoked_subcommand is None:
            raise UsageFault("usage-no-command")

    version = click.Option(
        ["--version"],
        help=texts("option.version"),
        is_flag=True,
        expose_value=False,
        callback=show_version,
    )
    group = LazyGroup(
        "posretire",
        help=texts("command.posretire"),
        epilog=texts("help.epilog"),
        params=[*common_options(texts), version],
        options_metavar=texts("help.options-metavar"),
        subcommand_metavar=texts("help.command-metavar"),
        context_settings={"help_option_names": ["-h", "--help"]},
        invoke_without_command=True,
        callback=lambda **_given: need_command(),
    )
    group.language = language
    return group


def run(arguments: Sequence[str], out: Output, err: Output, early: Early) -> int:
    """Run one command line.

    Args:
        arguments: Without the program's name.
        out: Standard output.
        err: Standard error.
        early: What a first look at the arguments said.

    Returns:
        The exit code of the contract.
    """
    group = build(early.language)
    try:
        if not arguments:
            with group.make_context("posretire", [], obj=(out, err, early.language), resilient_parsing=True) as context:
                out.write(group.get_help(context) + "\n")
            return int(ExitCode.USAGE)
        with _terminate_as_interrupt():
            return _exit_code(_called(group, arguments, out, err, early))
    except click.exceptions.Exit as end:
        return int(end.exit_code)
    except BrokenPipeError:
        # Whoever read our help page has seen enough. Output() takes care of every other page.
        return int(ExitCode.DONE)
    # The one place where nothing may get past: what is unknown becomes one line and exit code 70.
    except BaseException as error:  # noqa: BLE001
        return _report(error, out, err, early)


def _called(group: LazyGroup, arguments: Sequence[str], out: Output, err: Output, early: Early) -> object:
    """Parse and run; help goes through our stream too."""
    with group.make_context("posretire", list(arguments), obj=(out, err, early.language)) as context:
        return group.invoke(context)


def _exit_code(returned: object) -> int:
    return int(returned) if isinstance(returned, int) else int(ExitCode.DONE)


@contextmanager
def _terminate_as_interrupt() -> Iterator[None]:
    """Have SIGTERM, and a window that is closed, end a command as Ctrl-C does: in order, with its line closed."""
    import signal

    def interrupt(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        before = {number: signal.signal(number, interrupt) for number in ends}
    except ValueError:
        # Not the main thread: signals are not ours.
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(error: BaseException, out: Output, err: Output, early: Early) -> int:
    from agent.cli.failures import failure_of, trace_lines
    from agent.cli.output import json_line

    failure = failure_of(error)
    texts = texts_of(early.language)
    if early.as_json:
        out.write(json_line(failure.as_json()))
    _tell(failure, texts, err)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        err.write(texts("help.see", command=error.ctx.command_path) + "\n")
    if early.verbosity and failure.exit_code is ExitCode.DEFECT:
        err.write("".join(line + "\n" for line in trace_lines(error)))
    return int(failure.exit_code)


def _tell(failure: Failure, texts: Texts, err: Output) -> None:
    red, plain = ("\x1b[1;31m", "\x1b[0m") if err.isatty() else ("", "")
    err.write(f"{red}{texts('error.mark')}{plain}{failure.what(texts)}\n{failure.action(texts)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: Without the program's name; those of the process where this is None.

    Returns:
        The exit code of the contract.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    out, err = standard_streams()
    early = look_ahead(given, os.environ, interface_language())
    code = run(given, out, err, early)
    if out.fault is not None and code == ExitCode.DONE:
        from agent.cli.failures import failure_of

        # What was to be written is lost, so this must not look like success.
        _tell(failure_of(out.fault), texts_of(early.language), err)
        return int(ExitCode.DEFECT)
    return code


if __name__ == "__main__":
    sys.exit(main())
