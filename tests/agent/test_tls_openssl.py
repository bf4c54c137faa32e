"""Both ends of a private link against the program openssl, which none of us wrote."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agent.evidence.keys.agent_key import AgentKey
from protocols.pmp.channel import ChannelRefused
from simulators.hardware.identity import DeviceIdentity, maker_root
from simulators.pmp.tls import tls_opener
from tests.agent.private_rig import DEVICE, MAKER, channels, now
from tests.simulators.programs import needs

PATIENCE = 20.0
SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]


def pem(identity: DeviceIdentity) -> bytes:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + identity.certificate.public_bytes(Encoding.PEM)


def talk(line: socket.socket, channel: Any, done: Callable[[bytes], bool]) -> bytes:
    """Carry a channel over a socket until enough came."""
    said = b""
    channel.start()
    line.settimeout(PATIENCE)
    while not done(said):
        line.sendall(channel.outgoing())
        data = line.recv(65_536)
        assert data, "openssl hung up"
        said += channel.receive(data)
    return said


@needs("openssl")
@pytest.mark.parametrize("suite", SUITES)
def test_openssl_as_an_agent(tmp_path: Path, suite: str) -> None:
    AgentKey.create(tmp_path, "bench (TEST)", at=now())
    (tmp_path / "root.pem").write_bytes(maker_root(MAKER)[1].public_bytes(Encoding.PEM))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", "-ciphersuites", suite, "-quiet"]
        command += ["-CAfile", "root.pem", "-verify_return_error", "-cert", "keys/agent.pem", "-key", "keys/agent.key"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(b"IDENTIFY\n")
            client.stdin.flush()
            server.settimeout(PATIENCE)
            line, _ = server.accept()
            with line:
                channel = tls_opener(DEVICE)()
                assert talk(line, channel, lambda said: said.endswith(b"\n")) == b"IDENTIFY\n"
                assert len(channel.binding) == 32
                line.sendall(channel.seal(b"answer\n"))
                assert client.stdout.readline() == b"answer\n"
            client.terminate()


class OpensslServer:
    """``openssl s_server`` with a terminal's certificate, which asks for ours."""

    def __init__(self, folder: Path, suite: str, *more: str) -> None:
        (folder / "device.pem").write_bytes(pem(DEVICE))
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-ciphersuites", suite]
        command += ["-cert", "device.pem", "-Verify", "3", "-num_tickets", "0", "-naccept", "1", *more]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout is not None
        self.port = 0
        while not self.port:
            line = self.process.stdout.readline().decode()
            assert line, "openssl ended"
            if line.startswith("ACCEPT"):
                self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self) -> OpensslServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)


@needs("openssl")
@pytest.mark.parametrize("suite", SUITES)
def test_openssl_as_a_terminal(tmp_path: Path, suite: str) -> None:
    with OpensslServer(tmp_path, suite) as server, socket.create_connection(("127.0.0.1", server.port)) as line:
        mine = channels(tmp_path / "home")
        channel = mine()
        talk(line, channel, lambda _: channel.established)
        assert mine.facts().cipher_suite == suite
        line.sendall(channel.outgoing() + channel.seal(b"IDENTIFY\n"))
        assert server.process.stdin is not None
        server.process.stdin.write(b"answer\n")
        server.process.stdin.flush()
        said = b""
        while not said.endswith(b"answer\n"):
            said += channel.receive(line.recv(65_536))


@needs("openssl")
def test_an_openssl_that_does_not_take_our_certificate_is_understood(tmp_path: Path) -> None:
    server = OpensslServer(tmp_path, SUITES[0], "-verify_return_error", "-CAfile", "device.pem")
    with server, socket.create_connection(("127.0.0.1", server.port)) as line:
        channel = channels(tmp_path / "home")()
        talk(line, channel, lambda _: channel.established)
        line.sendall(channel.outgoing())
        with pytest.raises(ChannelRefused) as caught:
            channel.receive(line.recv(65_536))
        assert caught.value.code == "agent-refused"
