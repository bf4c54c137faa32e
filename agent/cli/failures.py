"""Every way a command can fail, turned into one code, one exit code and facts for the texts.

Nothing here shows an exception's own text unless its class promises that it holds no data of the terminal and no
secret (I4): an unexpected exception is named by its class and place alone.
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from agent.cli.texts import Texts, texts_of
from agent.errors import AgentError, ExitCode
from protocols import errors as wire


@dataclass(frozen=True)
class Failure:
    """Why a command ended.

    Args:
        code: Stable name; the texts stand under it.
        exit_code: What the process ends with.
        facts: What the texts fill in.
    """

    code: str
    exit_code: ExitCode
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def what(self, texts: Texts) -> str:
        """Say what happened, in one line."""
        facts = dict(self.facts)
        if self.code == "terminal-refused" and f"refusal.{facts.get('meaning')}" in texts:
            facts["meaning"] = texts(f"refusal.{facts['meaning']}")
        if "names" in facts:
            facts["names"] = texts.bindings(str(facts["names"]))
        nth = re.fullmatch(r"recipient (\d+)", str(facts.get("place", "")))
        if nth:
            facts["place"] = texts("place.recipient", number=nth[1])
        key, bare = f"error.{self.code}.what", f"error.{self.code}-bare.what"
        if key not in texts:
            return texts("error.other.what", code=self.code, facts=_listed(facts))
        # Two parts of the agent may end with the same code, and only one of them know the numbers.
        return texts(bare if bare in texts and not texts.complete(key, facts) else key, **facts)

    def action(self, texts: Texts) -> str:
        """Say what to do about it, in one line."""
        key = f"error.{self.code}.do"
        return texts(key, **self.facts) if key in texts else texts("error.other.do")

    def as_json(self) -> dict[str, object]:
        """Return the document for scripts; its sentences are English in every language."""
        english = texts_of("en")
        return {
            "event": "error",
            "error": self.code,
            "message": self.what(english),
            "action": self.action(english),
            "facts": dict(self.facts),
            "exit": int(self.exit_code),
        }


def _listed(facts: Mapping[str, str | int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in facts.items())


def failure_of(error: BaseException) -> Failure:
    """Tell what an exception means to the user.

    Args:
        error: Whatever ended the command.
    """
    if isinstance(error, AgentError):
        return Failure(error.code, ExitCode(error.exit_code), error.facts)
    if isinstance(error, wire.ProtocolError):
        return _of_wire(error)
    if isinstance(error, click.exceptions.ClickException):
        return _of_click(error)
    if isinstance(error, KeyboardInterrupt | click.exceptions.Abort):
        return Failure("interrupted", ExitCode.PRECONDITION)
    if isinstance(error, OSError) and error.errno is not None:
        why = errno.errorcode.get(error.errno, str(error.errno))
        path = str(error.filename) if isinstance(error.filename, str | Path) else "-"
        return Failure("system-refused", ExitCode.DEFECT, {"why": f"{why}: {error.strerror}", "path": path})
    return _defect(error)


def _of_wire(error: wire.ProtocolError) -> Failure:
    if isinstance(error, wire.DeviceRefused):
        facts: dict[str, str | int] = {"command": error.command, "meaning": error.meaning, "number": error.code}
        return Failure("terminal-refused", ExitCode.REFUSED, facts | {"detail": error.detail})
    if isinstance(error, wire.LinkLost) and error.refusal:
        return Failure(f"link-{error.refusal}", ExitCode.LINK, {"why": error.reason})
    if isinstance(error, wire.LinkLost):
        return Failure("link-lost", ExitCode.LINK, {"why": str(error)})
    if isinstance(error, wire.DeadlineExceeded):
        return Failure("no-answer", ExitCode.LINK, {"command": error.command, "seconds": f"{error.seconds:g}"})
    if isinstance(error, wire.RemoteProtocolError):
        return Failure("line-garbled", ExitCode.LINK, {"why": error.reason, "offset": error.offset})
    if isinstance(error, wire.StateUnknown):
        return Failure("state-unknown", ExitCode.UNKNOWN, {"command": error.command})
    return _defect(error)


def _of_click(error: click.exceptions.ClickException) -> Failure:
    """Name a usage error. click's own sentences are English; ours are kept in both languages."""
    if isinstance(error, click.NoSuchOption):
        return _usage("usage-no-such-option", option=error.option_name)
    if isinstance(error, click.BadOptionUsage):
        return _usage("usage-option-value", option=error.option_name)
    if isinstance(error, click.MissingParameter):
        return _usage("usage-missing", parameter=_parameter(error))
    if isinstance(error, click.BadParameter):
        kind = error.param.type if error.param else None
        if isinstance(kind, click.Choice):
            return _usage("usage-choice", parameter=_parameter(error), choices=", ".join(map(str, kind.choices)))
        return _usage("usage-bad-value", parameter=_parameter(error))
    name = getattr(error, "command_name", None)
    if name is not None:
        return _usage("usage-no-such-command", command=str(name))
    if error.message.startswith("Got unexpected extra argument"):
        # Their number and not they: whoever writes a password behind --password-stdin must not find it in a log (I4).
        return _usage("usage-extra", count=str(len(error.message.partition("(")[2].split())))
    return _usage("usage-other", why=error.format_message())


def _usage(code: str, **facts: str) -> Failure:
    return Failure(code, ExitCode.USAGE, facts)


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "?")
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.human_readable_name


def _defect(error: BaseException) -> Failure:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{Path(last[0].filename).name}:{last[0].lineno}" if last else "-"
    return Failure("defect", ExitCode.DEFECT, {"kind": type(error).__name__, "place": place})


def trace_lines(error: BaseException) -> Iterator[str]:
    """Show where an exception comes from: places and classes, no variables and no exception texts (I4).

    Args:
        error: The exception, with those it came from.

    Yields:
        Lines without their ends, the oldest exception first.
    """
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in chain:
        chain.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    for each in reversed(chain):
        for frame in traceback.extract_tb(each.__traceback__, limit=-40):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        yield f"{type(each).__module__}.{type(each).__qualname__}"
