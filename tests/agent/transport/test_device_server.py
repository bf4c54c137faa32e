"""Device servers that say why they do not serve: sentences as ser2net 4.3 writes them."""

from __future__ import annotations

import pytest

from agent.errors import ExitCode
from agent.transport.device_server import device_server_fault


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"Port already in use\r\n", "device-server-busy"),
        (b"Port's device already in use\n\r", "device-server-busy"),
        (b"kicked off, new user is coming\r\n", "device-server-busy"),
        (b"\xff\xfd\x2cDevice open failure: No such file or directory\r\n", "device-server-failed"),
        (b"Port's device failed open\r\n", "device-server-failed"),
        (b"Port disabled\r\n", "device-server-failed"),
        (b"Accessed denied due to your net address\r\n", "device-server-failed"),
    ],
)
def test_a_sentence_is_recognised(said: bytes, code: str) -> None:
    fault = device_server_fault(said, "tcp://server:4001")
    assert fault is not None
    assert (fault.code, fault.exit_code, fault.facts["line"]) == (code, ExitCode.LINK, "tcp://server:4001")


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"\xa5\x01\x03" * 50, bytes(range(256))])
def test_anything_else_is_not(said: bytes) -> None:
    assert device_server_fault(said, "tcp://server:4001") is None
