"""From a TARGET to a driver, with peers that use none of our codec."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.connect import Connected, connect, connect_over, draw_session_number
from agent.errors import ExitCode, LinkFault, PreconditionNotMet, UsageFault
from agent.profiles import find_profile
from agent.pump_loop import PumpLoop
from agent.transport.replug import ReplugTransport
from agent.transport.serial_line import SerialTransport
from agent.transport.target import SerialTarget
from protocols.profile import LinkDefaults, Profile
from tests.agent.raw_peer import RESPONSE, RawPeer, identity_body, message
from tests.agent.virtual_time import Clock, MemoryLine

SESSION = 8
"""A number that a HELLO may have on any line; one that some lines would not carry is counted on from."""


def identifies(command: int, tag: int, body: bytes) -> list[bytes]:
    return [message(RESPONSE, command, tag, 0, identity_body())]


def over(peer: RawPeer) -> tuple[Connected, MemoryLine]:
    clock = Clock()
    line = MemoryLine(clock, peer)
    return connect_over(line, clock=clock, session_number=lambda: SESSION), line


def test_a_terminal_is_found() -> None:
    connected, line = over(RawPeer(identifies))
    with connected:
        assert connected.driver.family == "pmp"
        assert connected.driver.identity().tusn == "9999990200000001"
        assert connected.description == "memory"
        assert not line.closed
    assert line.closed


def test_the_session_has_the_number_that_was_drawn() -> None:
    peer = RawPeer(identifies)
    over(peer)
    assert peer.session == SESSION


def test_session_numbers_fit_the_wire() -> None:
    assert all(0 <= draw_session_number() <= 0xFFFF for _ in range(100))


@pytest.mark.parametrize(
    ("accept", "noise", "code"),
    [
        (None, b"", "no-terminal"),
        (None, b"Welcome to minicom\r\n", "unknown-protocol"),
        (False, b"", "handshake-refused"),
        (False, b"noise before", "handshake-refused"),
    ],
)
def test_why_there_is_no_terminal(accept: bool | None, noise: bytes, code: str) -> None:
    clock = Clock()
    peer = RawPeer(identifies, accept=accept)
    peer.send_raw(noise)
    line = MemoryLine(clock, peer)
    with pytest.raises(LinkFault) as caught:
        connect_over(line, clock=clock, session_number=lambda: SESSION)
    assert caught.value.code == code
    assert caught.value.exit_code is ExitCode.LINK
    assert line.closed


def test_a_line_that_goes_during_the_handshake() -> None:
    clock = Clock()
    line = MemoryLine(clock, RawPeer(identifies))
    line.cut = True
    with pytest.raises(LinkFault) as caught:
        connect_over(line, clock=clock)
    assert caught.value.code == "link-lost"
    assert line.closed


class SettingsSeen(Exception):
    pass


def test_a_model_named_in_the_target_says_how_its_line_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def opened(target: object, told: object, clock: object) -> MemoryLine:
        seen.append(target)
        raise SettingsSeen

    asked: list[str] = []

    def profiles(model: str) -> Profile:
        asked.append(model)
        known = find_profile("haike-h60")
        return replace(known, link=LinkDefaults(19_200, "assumed", parity="odd", flow="rtscts"))

    monkeypatch.setattr("agent.connect.open_transport", opened)
    with pytest.raises(SettingsSeen):
        connect("serial:COM3?model=some-model&parity=none", profiles=profiles)
    assert asked == ["some-model"]
    assert seen == [SerialTarget("COM3", 19_200, flow="rtscts", model="some-model")]


def test_a_model_that_is_not_known_is_told_before_anything_is_opened() -> None:
    with pytest.raises(PreconditionNotMet) as caught:
        connect("serial:/dev/none?model=no-such-model")
    assert caught.value.code == "unknown-model"


def test_it_is_told_with_which_speed_the_line_was_opened() -> None:
    clock = Clock()
    line = MemoryLine(clock, RawPeer(identifies), baud=9600, highest_baud=115_200)
    with connect_over(line, clock=clock, session_number=lambda: 7) as connected:
        assert connected.baud == 9600


@pytest.mark.parametrize(
    ("said", "code"),
    [(b"Port already in use\r\n", "device-server-busy"), (b"Device open failure\r\n", "device-server-failed")],
)
def test_a_device_server_that_says_why_and_hangs_up(said: bytes, code: str) -> None:
    port, thread = serve(lambda peer: peer.sendall(said))
    with pytest.raises(LinkFault) as caught:
        connect(f"tcp://127.0.0.1:{port}")
    thread.join()
    assert caught.value.code == code


def test_no_time_passes_for_the_session_while_its_port_is_unplugged(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Callable[[], float]] = []

    def over_it(transport: object, *, clock: Callable[[], float], **more: object) -> None:
        assert isinstance(transport, ReplugTransport)
        assert clock == transport.now
        seen.append(clock)

    def opened(target: SerialTarget, told: object, clock: Clock) -> ReplugTransport:
        return ReplugTransport(target, opening=lambda place: SerialTransport(None, place), ports=list, clock=clock)

    monkeypatch.setattr("agent.connect.open_transport", opened)
    monkeypatch.setattr("agent.connect.connect_over", over_it)
    clock = Clock()
    connect("serial:COM3", clock=clock)
    assert [each() for each in seen] == [clock()]


def test_a_wrong_target_is_told_before_anything_is_opened() -> None:
    with pytest.raises(UsageFault):
        connect("tcp://host")


def serve(answer: Callable[[socket.socket], None]) -> tuple[int, threading.Thread]:
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with server:
            peer, _ = server.accept()
            with peer:
                peer.settimeout(10)
                answer(peer)

    thread = threading.Thread(target=run)
    thread.start()
    return server.getsockname()[1], thread


def test_a_web_server_is_no_terminal() -> None:
    def answer(peer: socket.socket) -> None:
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    port, thread = serve(answer)
    with pytest.raises(LinkFault) as caught:
        connect(f"tcp://127.0.0.1:{port}")
    thread.join()
    assert (caught.value.code, caught.value.facts["bytes"]) == ("unknown-protocol", 28)


def test_a_server_that_hangs_up_at_once() -> None:
    port, thread = serve(lambda peer: None)
    with pytest.raises(LinkFault) as caught:
        connect(f"tcp://127.0.0.1:{port}")
    thread.join()
    assert caught.value.code == "link-lost"


@pytest.mark.parametrize("lent", [False, True])
def test_a_terminal_behind_a_real_socket(lent: bool) -> None:
    raw = RawPeer(identifies)

    def answer(peer: socket.socket) -> None:
        while data := peer.recv(100):
            raw.feed(data)
            peer.sendall(raw.take())

    port, thread = serve(answer)
    with PumpLoop() as loop, connect(f"tcp://127.0.0.1:{port}", keeper=loop if lent else None) as connected:
        assert connected.driver.identity().model == "haike-h60"
        assert bool(loop.lent) is lent
    thread.join()
    assert raw.resets == 1
