"""Guided mode as people use it: the real program on a real pseudo-terminal, and a simulated terminal's own keys."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX's")

if os.name == "posix":
    from tests.e2e.console import Console, Panel, Reader


@pytest.fixture
def bench(technician, simulate):
    """A simulated terminal with its panel, and the program on a pseudo-terminal in front of it."""
    opened = []

    def begin(model, language, command, *words):
        terminal = simulate(
            "--listen", "127.0.0.1:0", "--panel", "127.0.0.1:0", "--transactions", 20, "--seed", 7, model=model
        )
        panel = Panel(terminal["panel"])
        opened.append(panel)
        console = Console(
            [
                command,
                terminal["target"],
                "--merchant",
                terminal["merchant_number"],
                "--recipient",
                technician.recipient,
                "--out",
                technician.out,
                "--trust",
                terminal["trust"],
                "--yes",
                "--lang",
                language,
                *words,
            ],
            technician.home,
        )
        opened.append(console)
        return terminal, console, Reader(language, panel, terminal["password"])

    yield begin
    for each in reversed(opened):
        each.close()


def follow(console, reader):
    while (page := console.read()) is not None:
        console.type(reader.answer(page))
    return console.wait()


def bound(technician, terminal):
    said = technician.run("inspect", terminal["target"], "--json")
    assert said.code == 0, said.err
    return {each["state"] for each in said.document["bindings"]}


@pytest.mark.parametrize(
    ("model", "language", "words"), [("ruiyinxin-r1", "zh", []), ("haike-h60", "en", ["--guided"])]
)
@pytest.mark.parametrize("command", ["retire", "unbind"])
def test_a_whole_case_by_hand(bench, technician, model, language, words, command):
    terminal, console, reader = bench(model, language, command, *words)
    assert follow(console, reader) == 0, console.everything
    assert reader.steps >= 6
    assert terminal["password"] not in console.everything
    (bundle,) = technician.out.iterdir()
    verified = technician.run("verify", bundle, "--trust", terminal["trust"], "--json")
    assert (verified.code, verified.document["result"]) == (0, "PASS"), verified.out
    by_hand = [each for each in verified.document["statement"]["findings"] if each["code"] == "steps-by-hand"]
    assert "level 0" in str(by_hand)
    assert f"{reader.steps} steps" in str(by_hand)
    kept = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    assert terminal["password"].encode() not in kept
    assert terminal["merchant_number"].encode() not in kept


@pytest.mark.parametrize("how", ["s", "\x03", "\x04"])
def test_stopping_half_way_leaves_it_bound(bench, technician, how):
    terminal, console, reader = bench("ruiyinxin-r1", "en", "retire")
    for _ in range(4):
        console.type(reader.answer(console.read()))
    assert console.read() is not None
    console.type_raw(how.encode() + (b"\n" if how == "s" else b""))
    assert console.wait() == 5, console.everything
    assert "Nothing was unbound" in console.everything
    assert bound(technician, terminal) == {"bound"}


def test_help_and_back_and_something_else(bench, technician, tmp_path):
    terminal, console, reader = bench("haike-h60", "en", "retire", "--guided")
    (tmp_path / "screen.jpg").write_bytes(b"picture (TEST)")
    console.type(reader.answer(console.read()))
    page = console.read()
    reader.answer(page)
    console.type("h")
    assert "Do what the step says" in console.read()
    console.type("b")
    page = console.read()
    assert "Go back: press CANCEL" in page or "no safe way back" in page
    console.type("e")
    console.read()
    console.type("a blue screen with 123456789")
    console.read()
    console.type(str(tmp_path / "screen.jpg"))
    assert console.wait() == 5, console.everything
    assert bound(technician, terminal) == {"bound"}
    shown = technician.run("cases", "show", technician.run("cases", "--json").document["cases"][0]["case"], "--json")
    assert "a blue screen with ×××××××××" in shown.out
    assert "screen.jpg" in shown.out
    assert "123456789" not in shown.out


def test_nobody_at_the_console(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--transactions", 20, model="ruiyinxin-r1")
    ended = technician.retire(terminal)
    assert ended.code == 5
    assert ended.lines[-1]["error"] == "menu-guided-only"
    assert technician.retire(terminal, "--guided").code == 2
