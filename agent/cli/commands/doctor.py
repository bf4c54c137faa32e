"""``posretire doctor``: what is wrong with the line to a terminal; it changes nothing."""

from __future__ import annotations

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    quick = option(texts, "--quick", "quick", key="quick", is_flag=True)
    return make_command(texts, "doctor", doctor, [click.Argument(["target"]), quick])


def doctor(invocation: Invocation, target: str, *, quick: bool) -> ExitCode:
    """Open the line, measure, judge, show."""
    import time

    from agent.cli.doctor import Steps, document, exit_code, show
    from agent.connect import draw_session_number
    from agent.doctor.examine import examine
    from agent.doctor.verdicts import judge
    from agent.profiles import find_profile
    from agent.transport.base import open_transport
    from agent.transport.target import SerialTarget, parse_target

    reporter = invocation.reporter
    place = parse_target(target)
    if isinstance(place, SerialTarget) and place.model:
        place = place.with_defaults(find_profile(place.model).link)
    transport = open_transport(place, patient=False)
    try:
        found = examine(
            transport,
            quick=quick,
            auto=isinstance(place, SerialTarget) and place.auto,
            clock=time.monotonic,
            session_number=draw_session_number,
            progress=Steps(reporter),
        )
    finally:
        reporter.end_progress()
    verdicts = judge(found)
    reporter.document(document(target, found, verdicts))
    show(reporter, found, verdicts)
    return exit_code(verdicts)
