"""Examining the line to a terminal, over a real one."""

import socket
import threading

import pytest


@pytest.fixture
def speaker():
    """Somebody on a TCP port who says one thing to whoever comes, and hangs up after a while."""
    opened = []

    def start(says, stay=True):
        listener = socket.create_server(("127.0.0.1", 0))
        stop = threading.Event()

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(says)
                if stay:
                    stop.wait(20)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        opened.append((listener, stop, thread))
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener, stop, thread in opened:
        stop.set()
        thread.join(10)
        listener.close()


def test_a_sound_line_in_one_document(posretire, terminal):
    said = posretire("doctor", terminal().target, "--quick", "--json")
    assert said.code == 0, said.err
    assert [verdict["severity"] for verdict in said.document["verdicts"]].count("fatal") == 0
    assert said.document["measurements"]["model"] == "haike-h60"
    assert said.document["measurements"]["quick"] is True
    assert said.err == ""


@pytest.mark.parametrize(("language", "word"), [("en", "Verdict"), ("zh", "结论")])
def test_a_page_for_people(posretire, terminal, language, word):
    said = posretire("doctor", terminal().target, "--quick", "--lang", language)
    assert said.code == 0, said.err
    assert word in said.out
    assert "✓" in said.err


def test_nothing_on_the_terminal_is_changed(posretire, terminal):
    it = terminal()
    posretire("doctor", it.target, "--quick", "--json")
    record = (it.simulation.announce["state"], "record.jsonl")
    assert "command" not in _read(*record)


def _read(folder, name):
    from pathlib import Path

    path = Path(folder) / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize(
    ("says", "stay", "code"),
    [
        (b"Port already in use\r\n", False, "device-server"),
        (b"\r\nlogin: ", True, "console"),
        (b"", False, "line-lost"),
    ],
)
def test_somebody_else_on_the_line(posretire, speaker, says, stay, code):
    said = posretire("doctor", speaker(says, stay), "--quick", "--json")
    assert said.code == 3
    assert said.document["verdicts"][0]["code"] == code
    assert said.document["exit"] == 3


@pytest.mark.parametrize(
    ("target", "code"),
    [("tcp://127.0.0.1:1", 3), ("tcp://127.0.0.1", 2), ("/dev/no-such-port", 3), ("nothing://x", 2), ("", 2)],
)
def test_i10_a_target_that_leads_nowhere_is_one_clear_error(posretire, target, code):
    said = posretire("doctor", target, "--json")
    assert said.code == code
    assert said.document["action"]


def test_a_model_that_nobody_knows_is_one_clear_error(posretire):
    said = posretire("doctor", "/dev/no-such-port?model=nobody", "--json")
    assert said.document["error"] == "unknown-model"
