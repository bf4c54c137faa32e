"""``posretire simulate``: software terminals on TCP ports and pseudo-terminals, until they are told to end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from agent.cli.command import Invocation, LocalCommand, make_command
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from simulators.server import SimulationOptions

MOST_TERMINALS = 1024
BAUD_RANGE = (50, 4_000_000)
LINE = "line"

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "listen": "Listen on this TCP address; port 0 takes a free one. The default where --pty is not given.",
        "pty": "Make a pseudo-terminal with this symbolic link to it (not on Windows).",
        "baud": "Bits per second of the serial port that --pty makes, which is then as slow as a real one.",
        "highest-baud": "Most bits per second that the agent may raise it to.",
        "state": "Keep the terminal's memory in this folder; without it, in one that is deleted at the end.",
        "seed": "Gives all content of a new terminal. The default is 1.",
        "transactions": "Transactions in a new terminal's journal. The default is 300.",
        "unsettled": "How many of them are not settled yet.",
        "fault": "What is wrong with the terminal, as NAME or NAME=VALUE; may be repeated. A wrong NAME lists all.",
        "panel": "Listen here for the front panel: lines of keys such as F1+F4, or SHOW; each is answered by JSON.",
        "option": "How the model is set up, such as second=code; may be repeated.",
        "from-film": "Play the film of a case (HOME/films/CASE.jsonl) in the place of MODEL: only its keys lead on.",
        "agents": "Serve agents with a certificate in this folder (*.pem) alone, on private links; without it, all.",
        "count": "Simulate several terminals in one process: seeds, ports, links and folders are numbered on.",
        "ready": "Simulated terminal {model}, TUSN {tusn}, listens on {targets}. All its data are made up.",
        "facts": "  merchant number {merchant_number}, terminal number {terminal_number}, password {password}",
        "places": "  memory in {state}, maker's root in {trust}",
        "end": "End it with Ctrl-C.",
    },
    "zh": {
        "listen": "监听的 TCP 地址；端口 0 表示任取一个空闲端口。未给出 --pty 时默认使用。",
        "pty": "建立伪终端，并在此处放置指向它的符号链接（Windows 不支持）。",
        "baud": "--pty 所建串口的每秒比特数；给出后与真实串口一样慢。",
        "highest-baud": "代理最多可将其提高到的每秒比特数。",
        "state": "终端存储器所在的文件夹；不给出则用临时文件夹，结束时删除。",
        "seed": "决定新终端的全部内容，默认为 1。",
        "transactions": "新终端流水中的交易笔数，默认为 300。",
        "unsettled": "其中尚未结算的笔数。",
        "fault": "终端的故障，写作 NAME 或 NAME=VALUE；可重复给出。写错 NAME 会列出全部。",
        "panel": "终端面板的监听地址：每行写按键（如 F1+F4）或 SHOW，逐行以 JSON 应答。",
        "option": "型号的设置，例如 second=code；可重复给出。",
        "from-film": "代替 MODEL，播放案件的界面影片（HOME/films/CASE.jsonl）：只有影片中的按键才有效。",
        "agents": "只通过加密连接为证书在此文件夹（*.pem）中的执行端服务；不给出则为任何执行端服务。",
        "count": "在一个进程中模拟多台终端：种子、端口、链接和文件夹依次编号。",
        "ready": "模拟终端 {model}，TUSN {tusn}，监听 {targets}。数据均为虚构。",
        "facts": "  商户号 {merchant_number}，终端号 {terminal_number}，密码 {password}",
        "places": "  存储器在 {state}，厂商根证书在 {trust}",
        "end": "按 Ctrl-C 结束。",
    },
}
"""What this command says, by language."""


VALUED = ("--lang", "--home")


class SimulateCommand(LocalCommand):
    """``simulate MODEL``, and ``simulate line`` besides, which is loaded only when it is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the arguments, as those of the line where the first word says so."""
        place = _first_word(args)
        if place is not None and args[place] == LINE:
            from agent.cli.simulate_line import build as build_line

            rest = args[:place] + args[place + 1 :]
            return build_line(self.language).make_context(f"{info_name} {LINE}", rest, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def _first_word(arguments: Sequence[str]) -> int | None:
    """Return the place of the first argument that is neither an option common to all commands nor its value."""
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        place += 2 if arguments[place] in VALUED else 1
    return place if place < len(arguments) else None


def build(language: str) -> click.Command:
    """Make the command.

    Args:
        language: ``en`` or ``zh``.
    """
    plain = make_command(texts_of(language), "simulate", simulate, _parameters(Texts(language, TEXTS[language])))
    made = SimulateCommand(
        plain.name,
        callback=plain.callback,
        params=plain.params,
        help=plain.help,
        short_help=plain.short_help,
        options_metavar=plain.options_metavar,
        context_settings=plain.context_settings,
    )
    made.language = language
    return made


def _parameters(texts: Texts) -> list[click.Parameter]:
    def option(name: str, metavar: str, **settings: Any) -> click.Option:
        return click.Option([f"--{name}"], metavar=metavar, help=texts(name), **settings)

    return [
        click.Argument(["model"], required=False),
        option("listen", "HOST:PORT"),
        option("pty", "PATH"),
        option("baud", "N", type=click.IntRange(*BAUD_RANGE)),
        option("highest-baud", "N", type=click.IntRange(*BAUD_RANGE)),
        option("state", "DIR", type=click.Path(path_type=Path)),
        option("seed", "N", type=click.IntRange(min=0)),
        option("transactions", "N", type=click.IntRange(min=0)),
        option("unsettled", "N", type=click.IntRange(min=0)),
        click.Option(["--fault", "faults"], metavar="SPEC", multiple=True, help=texts("fault")),
        option("panel", "HOST:PORT"),
        click.Option(["--option", "options"], metavar="NAME=VALUE", multiple=True, help=texts("option")),
        option("from-film", "FILE", type=click.Path(path_type=Path)),
        option("agents", "DIR", type=click.Path(path_type=Path)),
        option("count", "N", type=click.IntRange(1, MOST_TERMINALS), default=1),
    ]


def simulate(
    invocation: Invocation,
    model: str | None,
    listen: str | None,
    pty: str | None,
    baud: int | None,
    highest_baud: int | None,
    state: Path | None,
    seed: int | None,
    transactions: int | None,
    unsettled: int | None,
    faults: Sequence[str],
    options: Sequence[str],
    from_film: Path | None,
    panel: str | None,
    agents: Path | None,
    count: int,
) -> ExitCode:
    """Serve simulated terminals until SIGTERM or SIGINT.

    Raises:
        UsageFault: They cannot be started as asked, by the code of the `simulators.errors.SimulationError`.
    """
    from simulators.errors import SimulationError
    from simulators.server import Simulation, SimulationOptions, serve

    if model is None and from_film is None:
        raise UsageFault("usage-missing", parameter="MODEL")
    if model is not None and from_film is not None:
        raise UsageFault("usage-extra", count=1)
    reporter = invocation.reporter
    texts = Texts(reporter.texts.language, TEXTS[reporter.texts.language])
    with ending_signals() as stopped, ExitStack() as opened:
        try:
            home = state or Path(opened.enter_context(TemporaryDirectory(prefix="posretire-")))
            wanted = SimulationOptions(
                model or "",
                listen,
                pty,
                home,
                seed,
                transactions,
                unsettled,
                tuple(faults),
                tuple(options),
                panel,
                film=from_film,
                agents=agents,
                baud=baud,
                highest_baud=highest_baud,
            )
            simulations = []
            for each in numbered(wanted, count):
                simulations.append(Simulation(each))
                opened.callback(simulations[-1].close)
        except SimulationError as error:
            raise UsageFault(error.code, **error.facts) from None
        for simulation in simulations:
            announced = simulation.announce
            reporter.document(announced)
            targets = ", ".join(announced.get("targets", [announced["target"]]))
            for key in ("ready", "facts", "places"):
                reporter.remark(texts(key, **{**announced, "targets": targets}))
        reporter.remark(texts("end"))
        serve(simulations, stopped)
    return ExitCode.DONE


def numbered(wanted: SimulationOptions, count: int) -> Iterator[SimulationOptions]:
    """Yield the options of each of several terminals; of one, as they are.

    Args:
        wanted: The options of the first.
        count: How many.
    """
    from dataclasses import replace

    if count == 1:
        yield wanted
        return
    for place in range(count):
        yield replace(
            wanted,
            listen=_counted_on(wanted.listen, place),
            panel=_counted_on(wanted.panel, place),
            pty=None if wanted.pty is None else f"{wanted.pty}.{place + 1}",
            state=wanted.state / str(place + 1),
            seed=(1 if wanted.seed is None else wanted.seed) + place,
        )


def _counted_on(address: str | None, place: int) -> str | None:
    """Return the address of the terminal at a place: the port counted on, or again a free one."""
    from simulators.lines.listening import parse_address

    if address is None:
        return None
    host, port = parse_address(address)
    return f"{f'[{host}]' if ':' in host else host}:{port and port + place}"


@contextmanager
def ending_signals() -> Iterator[Callable[[], bool]]:
    """Take SIGTERM and SIGINT as the wish to end, instead of as an interruption, while the block lasts.

    Yields:
        Tells whether one of them came.
    """
    received: list[int] = []
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    for each in before:
        signal.signal(each, lambda number, _frame: received.append(number))
    try:
        yield lambda: bool(received)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
