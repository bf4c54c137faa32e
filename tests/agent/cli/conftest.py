"""A desk for the tests of the command line: streams that can be read, and a simulated terminal in this process."""

import io
import json
import threading

import pytest

from agent.cli import main
from agent.cli.language import look_ahead
from agent.cli.output import Reporter
from agent.cli.streams import Output
from agent.cli.texts import texts_of
from simulators.server import Simulation, SimulationOptions


class Console(io.StringIO):
    """A stream that says whether it is a console."""

    def __init__(self, console=False):
        super().__init__()
        self.console = console

    def isatty(self):
        return self.console


class Said:
    """What one run of the program said and ended with."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("POSRETIRE_HOME", str(folder))
    for name in ("POSRETIRE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def posretire(home):
    """Run the program in this process."""

    def run(*words):
        given = [str(word) for word in words]
        out, err = Console(), Console()
        code = main.run(given, Output(out), Output(err), look_ahead(given, {}))
        return Said(code, out.getvalue(), err.getvalue())

    return run


class Desk:
    """A reporter and what it wrote."""

    def __init__(self, language, as_json, console, columns):
        self.out_stream, self.err_stream = Console(console), Console(console)
        self.reporter = Reporter(
            texts_of(language), Output(self.out_stream), Output(self.err_stream), as_json=as_json, columns=columns
        )

    @property
    def out(self):
        return self.out_stream.getvalue()

    @property
    def err(self):
        return self.err_stream.getvalue()


@pytest.fixture
def desk():
    def make(language="en", as_json=False, console=False, columns=80):
        return Desk(language, as_json, console, columns)

    return make


class Terminal:
    """A simulated terminal on a TCP port of this process."""

    def __init__(self, folder, **options):
        wanted = {"transactions": 30, "unsettled": 0, "faults": (), "seed": 7, **options}
        self.simulation = Simulation(
            SimulationOptions("haike-h60", "127.0.0.1:0", None, folder / "terminal", block_seconds=0, **wanted)
        )
        self.announced = self.simulation.announce
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.simulation.run, args=(self._stop.is_set,))
        self._thread.start()

    @property
    def target(self):
        return self.announced["target"]

    def close(self):
        self._stop.set()
        self._thread.join(20)
        self.simulation.close()


@pytest.fixture
def terminal(tmp_path):
    made: list[Terminal] = []

    def start(**options):
        made.append(Terminal(tmp_path / f"simulated-{len(made)}", **options))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    """A passphrase costs its time once, in the tests of `agent.evidence.keys.encryption`."""
    monkeypatch.setattr("agent.evidence.keys.encryption.ROUNDS", 1_000)
