"""``posretire simulate line``: lines with the speed and the faults of real ones, until they are told to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from agent.cli.command import Invocation, make_command
from agent.cli.simulate import MOST_TERMINALS, ending_signals
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from simulators.cable.cable import Cable
    from simulators.cable.options import CableOptions

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "near": "The agent's end, which can be unplugged.",
        "far": "The terminal's end.",
        "baud": "Bits per second, or auto (the default): those that the programs at pty ends have set.",
        "ber": "Chance that a bit is turned, for example 1e-5.",
        "latency": "Seconds on the way.",
        "jitter": "Most seconds that come on top, drawn anew each time.",
        "drop": "Chance that a chunk of 64 bytes is lost.",
        "duplicate": "Chance that a chunk comes twice.",
        "reorder": "Chance that a chunk comes after the next.",
        "insert": "Chance that a byte is followed by one that nobody sent.",
        "lose": "Chance that a byte is lost.",
        "garbage": "Comes out at the near end at the start: a text, or so many random bytes.",
        "unplug-after": "Unplug the near end once, when so many bytes have come out.",
        "plug-after": "Plug it in again after so many seconds.",
        "seed": "Gives all chance. The default is 1.",
        "count": "Several lines in one process: paths end in -1 and so on, ports are counted on.",
        "ready": "Line: near end {near}, far end {far}.",
        "end": "End it with Ctrl-C.",
        "carried": "{near} to {far}: {there} bytes, and {back} bytes back.",
    },
    "zh": {
        "near": "代理一侧的端点，可以拔出。",
        "far": "终端一侧的端点。",
        "baud": "每秒比特数，或 auto（默认）：以 pty 端点上的程序所设速率为准。",
        "ber": "每个比特翻转的概率，例如 1e-5。",
        "latency": "线路延迟，秒。",
        "jitter": "额外的随机延迟上限，秒。",
        "drop": "64 字节的块丢失的概率。",
        "duplicate": "块重复的概率。",
        "reorder": "块与下一块顺序颠倒的概率。",
        "insert": "字节之后多出一个字节的概率。",
        "lose": "字节丢失的概率。",
        "garbage": "开始时从近端输出的杂乱内容：文本，或随机字节数。",
        "unplug-after": "输出这么多字节后拔出近端。",
        "plug-after": "拔出这么多秒后自动插回。",
        "seed": "决定一切随机内容，默认为 1。",
        "count": "在一个进程中模拟多条线路：路径以 -1 等结尾，端口依次编号。",
        "ready": "线路：近端 {near}，远端 {far}。",
        "end": "按 Ctrl-C 结束。",
        "carried": "{near} 至 {far}：{there} 字节，反向 {back} 字节。",
    },
}
"""What this command says, by language."""


def build(language: str) -> click.Command:
    """Make the command.

    Args:
        language: ``en`` or ``zh``.
    """
    texts = texts_of(language)
    return make_command(texts, "line", simulate_line, _parameters(Texts(language, TEXTS[language])), "simulate-line")


def _parameters(texts: Texts) -> list[click.Parameter]:
    def option(name: str, metavar: str, **settings: Any) -> click.Option:
        return click.Option([f"--{name}"], metavar=metavar, help=texts(name), **settings)

    def number(name: str, metavar: str) -> click.Option:
        return option(name, metavar, type=float, default=0.0)

    return [
        option("near", "END", required=True),
        option("far", "END", required=True),
        option("baud", "N|auto", default="auto"),
        number("ber", "P"),
        number("latency", "S"),
        number("jitter", "S"),
        number("drop", "P"),
        number("duplicate", "P"),
        number("reorder", "P"),
        number("insert", "P"),
        number("lose", "P"),
        option("garbage", "TEXT|N", default=""),
        option("unplug-after", "BYTES", type=click.IntRange(min=1)),
        option("plug-after", "S", type=float),
        option("seed", "N", type=click.IntRange(min=0), default=1),
        option("count", "N", type=click.IntRange(1, MOST_TERMINALS), default=1),
    ]


def simulate_line(invocation: Invocation, **given: Any) -> ExitCode:
    """Serve lines until SIGTERM or SIGINT; the parameters are those of the command line.

    Raises:
        UsageFault: They cannot be made as asked, by the code of the `simulators.errors.SimulationError`.
    """
    from simulators.cable.loop import run
    from simulators.cable.options import open_cables
    from simulators.errors import SimulationError

    reporter = invocation.reporter
    texts = Texts(reporter.texts.language, TEXTS[reporter.texts.language])
    with ending_signals() as ended:
        try:
            cables = open_cables(_options(given))
        except SimulationError as error:
            raise UsageFault(error.code, **error.facts) from None
        try:
            with _fault_signals() as wanted:
                places = [{"near": cable.near.target, "far": cable.far.target} for cable in cables]
                reporter.document({"event": "ready", "lines": places, "baud": given["baud"], "seed": given["seed"]})
                for place in places:
                    reporter.remark(texts("ready", **place))
                reporter.remark(texts("end"))
                run(cables, lambda now: not ended() and _do(cables, wanted, now))
            counted = [cable.statistics() for cable in cables]
        finally:
            for cable in cables:
                cable.close()
    reporter.document(
        {"event": "end", "lines": [{**place, **each} for place, each in zip(places, counted, strict=True)]}
    )
    for place, each in zip(places, counted, strict=True):
        there, back = (each[way]["given_bytes"] for way in ("near_to_far", "far_to_near"))
        reporter.remark(texts("carried", **place, there=there, back=back))
    return ExitCode.DONE


def _options(given: Mapping[str, Any]) -> CableOptions:
    from simulators.cable.cable import CableSettings
    from simulators.cable.noise import Impairments
    from simulators.cable.options import CableOptions, parse_baud, parse_garbage

    chances = {name: given[name] for name in ("latency", "jitter", "drop", "duplicate", "reorder", "insert", "lose")}
    settings = CableSettings(
        Impairments(given["ber"], **chances),
        parse_baud(given["baud"]),
        seed=given["seed"],
        greeting=parse_garbage(given["garbage"], given["seed"]),
        unplug_after=given["unplug_after"],
        plug_after=given["plug_after"],
    )
    return CableOptions(given["near"], given["far"], settings, given["count"])


def _do(cables: Sequence[Cable], wanted: list[str], now: float) -> bool:
    """Cut, heal, unplug or plug in as the signals asked, in their order."""
    while wanted:
        name = wanted.pop(0)
        for cable in cables:
            if name == "SIGUSR1":
                cable.toggle_cut()
            else:
                cable.toggle_plug(now)
    return True


@contextmanager
def _fault_signals() -> Iterator[list[str]]:
    """Take SIGUSR1 and SIGUSR2, where the system has them, while the block lasts.

    Yields:
        The names of those that came and were not taken yet.
    """
    received: list[str] = []
    numbers = {name: getattr(signal, name) for name in ("SIGUSR1", "SIGUSR2") if hasattr(signal, name)}
    before = {number: signal.getsignal(number) for number in numbers.values()}
    names = {number: name for name, number in numbers.items()}
    for each in names:
        signal.signal(each, lambda number, _frame: received.append(names[number]))
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
