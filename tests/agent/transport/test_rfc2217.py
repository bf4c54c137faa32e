"""Device servers that speak RFC 2217, or do not: scripted with the bytes of the RFC, without any of pyserial's."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from agent.errors import LinkFault
from agent.transport import rfc2217
from agent.transport.open_serial import open_serial
from agent.transport.rfc2217 import Rfc2217Port
from agent.transport.serial_line import SerialTransport
from agent.transport.target import SerialTarget
from protocols.errors import LinkLost

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
COM_PORT = 44
SET_BAUD, SET_CONTROL = 1, 5
TO_CLIENT = 100


class Server:
    """A device server of one connection.

    It agrees to every option and setting but speeds over ``fastest``, and keeps what it gets as data.
    """

    def __init__(self, *, fastest: int = 4_000_000, controls: bool = True, first: bytes = b"") -> None:
        self.fastest = fastest
        self.controls = controls
        self.first = first
        self.data = bytearray()
        self.speeds: list[int] = []
        self.connection: socket.socket | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def url(self, patience: float) -> str:
        return f"rfc2217://127.0.0.1:{self.port}?timeout={patience}"

    def close(self) -> None:
        self._server.close()
        if self.connection is not None:
            self.connection.close()
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self.connection, _ = self._server.accept()
            if self.first:
                self.connection.sendall(self.first)
                self.connection.shutdown(socket.SHUT_WR)
            self._serve(self.connection)
        except OSError:
            return

    def _serve(self, connection: socket.socket) -> None:
        waiting = b""
        while data := connection.recv(4096):
            waiting += data
            while (used := self._take(connection, waiting)) > 0:
                waiting = waiting[used:]

    def _take(self, connection: socket.socket, data: bytes) -> int:
        """Take one byte of data or one command; return how many bytes that was, 0 for "not whole yet"."""
        if not data or data[0] != IAC:
            self.data += data[:1]
            return len(data[:1])
        if len(data) < 2:
            return 0
        if data[1] == IAC:
            self.data.append(IAC)
            return 2
        if data[1] == SB:
            end = data.find(bytes([IAC, SE]))
            if end >= 0:
                self._setting(connection, data[3], data[4:end].replace(b"\xff\xff", b"\xff"))
            return 0 if end < 0 else end + 2
        if len(data) < 3:
            return 0
        answer = {DO: WILL, WILL: DO}.get(data[1])
        if answer is not None and not self.first:
            connection.sendall(bytes([IAC, answer, data[2]]))
        return 3

    def _setting(self, connection: socket.socket, setting: int, value: bytes) -> None:
        if setting == SET_CONTROL and not self.controls:
            return
        if setting == SET_BAUD:
            (baud,) = struct.unpack(">I", value)
            self.speeds.append(baud)
            value = struct.pack(">I", min(baud, self.fastest))
        value = value.replace(b"\xff", b"\xff\xff")
        connection.sendall(bytes([IAC, SB, COM_PORT, setting + TO_CLIENT]) + value + bytes([IAC, SE]))


Start = Callable[..., Server]


@pytest.fixture
def server() -> Iterator[Start]:
    running: list[Server] = []

    def start(**how: object) -> Server:
        running.append(Server(**how))  # type: ignore[arg-type]
        return running[-1]

    yield start
    for each in running:
        each.close()


def opened(server: Server, baud: int = 115_200, patience: float = 10) -> SerialTransport:
    return open_serial(SerialTarget(server.url(patience), baud, url=True))


def read_to_the_end(line: SerialTransport) -> None:
    for _ in range(100):
        line.read(10, 1)


def code_of(server: Server, patience: float) -> str:
    with pytest.raises(LinkFault) as caught:
        opened(server, patience=patience).close()
    return caught.value.code


def test_all_bytes_go_both_ways(server: Start) -> None:
    peer = server()
    line = opened(peer)
    everything = bytes(range(256))
    line.write(everything)
    assert peer.connection is not None
    peer.connection.sendall(everything.replace(b"\xff", b"\xff\xff"))
    got = b""
    while len(got) < 256:
        got += line.read(1000, 5)
    assert got == everything
    line.close()
    peer.close()
    assert peer.data == everything


def test_the_speed_of_the_server_is_set_and_raised(server: Start) -> None:
    peer = server()
    line = opened(peer, 9600)
    assert line.set_baud(115_200)
    assert (line.baud, peer.speeds) == (115_200, [9600, 115_200])
    assert line.highest_baud == 921_600
    assert line.descriptor is None
    line.close()


def test_a_speed_that_the_server_refuses_leaves_the_old_one(server: Start) -> None:
    peer = server(fastest=115_200)
    line = opened(peer)
    assert not line.set_baud(921_600)
    assert (line.baud, peer.speeds) == (115_200, [115_200, 921_600, 115_200])
    line.close()


def test_a_server_that_hangs_up_is_a_lost_link(server: Start) -> None:
    peer = server()
    line = opened(peer)
    assert peer.connection is not None
    peer.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(LinkLost):
        read_to_the_end(line)
    line.close()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"Port already in use\r\n", "device-server-busy"),
        (b"login: ", "device-server-not-rfc2217"),
        (bytes([IAC, SE, IAC, SB, IAC]) + b"x" * 100, "device-server-not-rfc2217"),
        (bytes([IAC, SB]) + b"x" * 100_000, "device-server-not-rfc2217"),
    ],
)
def test_i10_what_a_server_says_instead_is_told(said: bytes, code: str, server: Start) -> None:
    assert code_of(server(first=said), 0.2) == code


def test_a_server_that_is_silent_about_control_lines(server: Start) -> None:
    assert code_of(server(controls=False), 1.0) == "device-server-control"


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LinkFault) as caught:
        open_serial(SerialTarget(f"rfc2217://127.0.0.1:{port}", url=True))
    assert (caught.value.code, caught.value.facts["port"]) == ("connection-refused", port)


class Heard(Rfc2217Port):
    """A port that is not open, to see what its reader makes of bytes."""

    def __init__(self) -> None:
        super().__init__(None)
        self.settings: list[bytes] = []
        self.options: list[bytes] = []

    def _telnet_process_subnegotiation(self, suboption: bytes) -> None:
        self.settings.append(suboption)

    def _telnet_negotiate_option(self, command: bytes, option: bytes) -> None:
        self.options.append(command + option)


WIRE = b"".join(
    [
        bytes([1, IAC, IAC, 2]),
        bytes([IAC, SB, 44, 101, IAC, IAC, SE, 0, IAC, SE, 3]),
        bytes([IAC, WILL, 44, IAC, 241, 4]),
        bytes([IAC, SB, 44, 102, IAC, IAC, IAC, SE, IAC, IAC]),
    ]
)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100])
def test_commands_are_told_from_data_however_they_are_split(step: int) -> None:
    port = Heard()
    rest = b""
    for at in range(0, len(WIRE), step):
        rest = port._take(rest + WIRE[at : at + step])
    assert rest == b""
    assert bytes(port._heard) == bytes([1, IAC, 2, 3, 4, IAC])
    assert port.settings == [bytes([44, 101, IAC, SE, 0]), bytes([44, 102, IAC])]
    assert port.options == [bytes([WILL, 44])]


def test_an_answer_that_does_not_end_is_no_memory() -> None:
    port = Heard()
    with pytest.raises(ValueError, match="does not end"):
        port._take(bytes([IAC, SB]) + bytes(2000))


def test_an_answer_that_cannot_be_sent_keeps_nothing_from_being_read() -> None:
    port = Rfc2217Port(None)
    port._write_lock = threading.Lock()
    port._socket, other = socket.socketpair()
    other.close()
    for _ in range(3):
        port._internal_raw_write(bytes([IAC, WILL, COM_PORT]))
    port._socket.close()


def test_i10_a_flood_is_held_back_and_the_port_closes_under_it(server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rfc2217, "MAX_WAITING", 1000)
    peer = server()
    line = opened(peer)
    assert peer.connection is not None
    peer.connection.settimeout(0.4)
    with pytest.raises(TimeoutError):
        peer.connection.sendall(bytes(100_000_000))
    port = line._port
    assert isinstance(port, Rfc2217Port)
    assert 1000 <= port.in_waiting <= 1000 + 16_384
    line.close()
