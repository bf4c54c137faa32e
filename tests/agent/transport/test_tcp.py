"""TCP on the loopback interface."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from agent.errors import LinkFault
from agent.transport.target import TcpTarget
from agent.transport.tcp import TcpTransport, open_tcp
from protocols.errors import LinkLost


@pytest.fixture
def line() -> Iterator[tuple[TcpTransport, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = open_tcp(TcpTarget("127.0.0.1", server.getsockname()[1]))
        peer, _ = server.accept()
        peer.settimeout(5)
        with peer:
            yield transport, peer
        transport.close()


def test_bytes_go_both_ways(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    transport.write(b"\x00\xffhello")
    assert peer.recv(100) == b"\x00\xffhello"
    peer.sendall(b"answer")
    assert transport.read(3, 5) == b"ans"
    assert transport.read(100, 5) == b"wer"


def test_it_says_what_it_is(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    assert transport.description == f"tcp://127.0.0.1:{peer.getsockname()[1]}"
    assert transport.baud is None


def test_frames_are_not_held_back(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, _ = line
    assert transport._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("timeout", [0.0, 0.01, -1.0])
def test_nothing_in_time_is_no_bytes(line: tuple[TcpTransport, socket.socket], timeout: float) -> None:
    assert line[0].read(10, timeout) == b""


def test_a_closed_connection_is_a_lost_link(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    peer.close()
    with pytest.raises(LinkLost):
        transport.read(10, 5)


def test_a_reset_connection_is_a_lost_link(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    peer.close()
    with pytest.raises(LinkLost):
        transport.read(10, 5)


def test_a_peer_that_does_not_read_is_a_lost_link(
    line: tuple[TcpTransport, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.transport.tcp.WRITE_SECONDS", 0.05)
    with pytest.raises(LinkLost):
        line[0].write(bytes(64_000_000))


def test_writing_after_close_is_a_lost_link(line: tuple[TcpTransport, socket.socket]) -> None:
    line[0].close()
    line[0].close()
    with pytest.raises(LinkLost):
        line[0].write(b"x")
    with pytest.raises(LinkLost):
        line[0].read(1, 0)


def test_what_is_there_is_taken_without_waiting(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    assert transport.descriptor == transport._socket.fileno()
    assert transport.read_now(10) == b""
    peer.sendall(b"abc")
    assert transport.read(2, 5) == b"ab"
    assert transport.read_now(10) == b"c"
    peer.close()
    with pytest.raises(LinkLost):
        transport.read(10, 5)
    with pytest.raises(LinkLost):
        transport.read_now(10)


def test_a_full_connection_takes_nothing_more_for_now(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, peer = line
    taken = piece = transport.write_now(bytes(64_000_000))
    assert 0 < taken < 64_000_000
    while piece:
        taken += (piece := transport.write_now(bytes(65_536)))
    while taken:
        taken -= len(peer.recv(1 << 20))
    assert transport.write_now(b"y") == 1


def test_there_is_no_speed_to_set(line: tuple[TcpTransport, socket.socket]) -> None:
    transport, _ = line
    assert (transport.baud, transport.highest_baud, transport.escaped) == (None, 0, False)
    assert not transport.set_baud(9600)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(LinkFault) as caught:
        open_tcp(TcpTarget("127.0.0.1", port))
    assert (caught.value.code, caught.value.facts) == ("connection-refused", {"host": "127.0.0.1", "port": port})


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (socket.gaierror(-2, "Name or service not known"), "host-unknown"),
        (UnicodeError("label too long"), "host-unknown"),
        (TimeoutError("timed out"), "connection-timeout"),
        (OSError(101, "Network is unreachable"), "connection-failed"),
    ],
)
def test_each_way_to_fail_has_its_code(fault: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: tuple[str, int], timeout: float) -> socket.socket:
        raise fault

    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(LinkFault) as caught:
        open_tcp(TcpTarget("host.example", 1))
    assert caught.value.code == code
