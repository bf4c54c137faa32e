"""Progress on standard error: bars where a person looks at a console, plain lines where a file or a log does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

from agent.cli.streams import Output
from agent.cli.texts import Texts

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

QUARTERS = 4


class ProgressView(Protocol):
    """Shows the events of a case while it runs."""

    def show(self, event: Mapping[str, object]) -> None:
        """Show one event."""

    def pause(self) -> None:
        """Take everything that moves off the screen; the next event may bring it back."""


def progress_view(texts: Texts, stream: Output) -> ProgressView:
    """Choose the view that fits a stream."""
    return BarView(texts, stream) if stream.isatty() else LineView(texts, stream)


def amount(texts: Texts, done: int, total: int, unit: str) -> str:
    """Say how far something is, in its unit.

    Args:
        texts: The texts of the chosen language.
        done: Units done.
        total: Units in all.
        unit: ``bytes``, or a word that stands under ``unit.<word>``.
    """
    if unit == "bytes":
        return f"{size(done)} / {size(total)}"
    return f"{done:,} / {total:,} {texts.word('unit', unit)}"


def size(octets: int) -> str:
    """Say a number of bytes for people, in powers of 1,024."""
    if octets < 1024:
        return f"{octets} B"
    value = octets / 1024
    for unit in ("KiB", "MiB"):
        if value < 1024:
            return f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


class _View(ABC):
    """What both views have in common: which event goes where."""

    def __init__(self, texts: Texts, stream: Output) -> None:
        self.texts = texts
        self.stream = stream

    def show(self, event: Mapping[str, object]) -> None:
        """Show one event; events of an unknown kind are for programs only."""
        step = str(event.get("step", ""))
        match event.get("event"):
            case "open":
                self.say("dim", self.texts("progress.open", case=event.get("case", "")))
            case "step" if event.get("state") == "started":
                self.start(step)
            case "step" if event.get("state") == "recalled":
                self.say("dim", self.texts("progress.recalled", step=self.title(step)))
            case "step":
                self.finish(step, good=event.get("state") == "done")
            case "progress":
                done, total = (max(0, int(cast(int, event.get(name, 0)))) for name in ("done", "total"))
                self.advance(step, done, total, str(event.get("unit", "")))
            case "finding":
                self.say("warn", finding_text(self.texts, event))
            case "line":
                self.say("warn" if event.get("code") == "unplugged" else "dim", line_text(self.texts, event))
            case "remark":
                self.say("dim", remark_text(self.texts, event))

    def title(self, step: str) -> str:
        """Name a step."""
        return self.texts.word("step", step)

    @abstractmethod
    def say(self, style: str, text: str) -> None:
        """Write one line that stays."""

    @abstractmethod
    def start(self, step: str) -> None:
        """A step begins."""

    @abstractmethod
    def advance(self, step: str, done: int, total: int, unit: str) -> None:
        """A step goes on."""

    @abstractmethod
    def finish(self, step: str, *, good: bool) -> None:
        """A step ends."""


def finding_text(texts: Texts, finding: Mapping[str, object]) -> str:
    """Say a finding in one sentence.

    Args:
        texts: The texts of the chosen language.
        finding: With ``code`` and ``facts``.
    """
    facts = finding.get("facts")
    given = {str(name): value for name, value in facts.items()} if isinstance(facts, Mapping) else {}
    if "names" in given:
        given["names"] = texts.bindings(str(given["names"]))
    key = f"finding.{finding.get('code')}"
    if key in texts:
        return texts(key, **given)
    listed = ", ".join(f"{name}={value}" for name, value in given.items())
    return texts("finding.other", code=finding.get("code", "?"), facts=listed)


def line_text(texts: Texts, remark: Mapping[str, object]) -> str:
    """Say a remark on the line in one sentence.

    Args:
        texts: The texts of the chosen language.
        remark: With ``code`` and ``facts``.
    """
    facts = remark.get("facts")
    given = {str(name): value for name, value in facts.items()} if isinstance(facts, Mapping) else {}
    return texts(f"line.{remark.get('code')}", **given)


def remark_text(texts: Texts, remark: Mapping[str, object]) -> str:
    """Say a remark in one sentence.

    Args:
        texts: The texts of the chosen language.
        remark: With ``code`` and ``facts``.
    """
    facts = remark.get("facts")
    given = {str(name): value for name, value in facts.items()} if isinstance(facts, Mapping) else {}
    return texts(f"remark.{remark.get('code')}", **given)


class LineView(_View):
    """Plain lines: one when a step begins to count, at each quarter, and when it ends."""

    def __init__(self, texts: Texts, stream: Output) -> None:
        super().__init__(texts, stream)
        self._quarter = 0
        self._last = ""

    def say(self, style: str, text: str) -> None:
        """Write one line."""
        mark = {"good": "✓", "bad": "✗", "warn": "!"}.get(style, "·")
        self.stream.write(f"{mark} {text}\n")

    def start(self, step: str) -> None:
        """Begin to count the step's quarters."""
        self._quarter, self._last = 0, ""

    def advance(self, step: str, done: int, total: int, unit: str) -> None:
        """Write a line at each quarter."""
        quarter = done * QUARTERS // total if total else 0
        self._last = amount(self.texts, done, total, unit)
        if self._quarter < quarter < QUARTERS:
            self._quarter = quarter
            self.stream.write(f"  {self.title(step)}: {self._last}\n")

    def finish(self, step: str, *, good: bool) -> None:
        """Write how the step ended."""
        amount_done = f"  ({self._last})" if self._last and good else ""
        self.say("good" if good else "bad", self.title(step) + amount_done)
        self._last = ""

    def pause(self) -> None:
        """Do nothing: plain lines do not move."""


class BarView(_View):
    """Bars by rich, which is loaded only for this."""

    def __init__(self, texts: Texts, stream: Output) -> None:
        super().__init__(texts, stream)
        self._console: Console | None = None
        self._bars: Progress | None = None
        self._task: TaskID | None = None
        self._last = ""

    @property
    def console(self) -> Console:
        """The console on the stream."""
        if self._console is None:
            from rich.console import Console

            # Output has all of a text stream that rich uses: write, flush, isatty, encoding, fileno.
            self._console = Console(file=cast("None", self.stream), highlight=False, markup=False, emoji=False)
        return self._console

    def say(self, style: str, text: str) -> None:
        """Write one line above the bars."""
        from rich.text import Text

        mark, colour = {"good": ("✓", "green"), "bad": ("✗", "bold red"), "warn": ("!", "yellow")}.get(
            style, ("·", "dim")
        )
        self.console.print(Text.assemble((mark, colour), " ", (text, "" if style != "dim" else "dim")))

    def start(self, step: str) -> None:
        """Put up the step with a sign that it works."""
        self.pause()
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        self._last = ""
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[amount]}", markup=False),
            console=self.console,
            transient=True,
        )
        self._task = self._bars.add_task(self.title(step), total=None, amount="")
        self._bars.start()

    def advance(self, step: str, done: int, total: int, unit: str) -> None:
        """Move the bar."""
        if self._bars is None:
            self.start(step)
        assert self._bars is not None
        assert self._task is not None
        self._last = amount(self.texts, done, total, unit)
        self._bars.update(self._task, completed=done, total=total or None, amount=self._last)

    def finish(self, step: str, *, good: bool) -> None:
        """Replace the bar by a line that stays."""
        self.pause()
        amount_done = f"  ({self._last})" if self._last and good else ""
        self.say("good" if good else "bad", self.title(step) + amount_done)
        self._last = ""

    def pause(self) -> None:
        """Take the bar down."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
