"""Asking an authority over HTTP, against real sockets."""

from __future__ import annotations

import socket

import pytest

from agent.errors import UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.evidence.timestamp.client import MAX_ANSWER_BYTES, AuthoritySilent, ask_authority, check_url
from tests.agent.evidence.timestamp.peers import Reply, serving

SHORT = 0.2
"""Seconds that an authority has in tests of one that is too slow; nothing else waits for it."""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_the_request_is_posted_and_the_answer_returned() -> None:
    seen: list = []
    with serving(lambda request: Reply(b"\x30answer to " + request), seen) as url:
        assert ask_authority(url, b"request") == b"\x30answer to request"
    assert seen == [("/tsa", "application/timestamp-query")]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tsa.example",
        "ftp://tsa.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@tsa.example/",
        "https://tsa.example/a b",
        "https://tsa.example/\n",
        "https://tsa.example:99999/",
        "https://[::1/",
        "https://tsa.example/#part",
        "https://tsa.example/" + "a" * 500,
        "https://时间.example/",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UsageFault) as raised:
        check_url(url)
    assert (raised.value.code, raised.value.facts) == ("timestamp-url", {})


def test_addresses_of_both_kinds_are_taken() -> None:
    for url in ("https://tsa.example/rfc3161?policy=1", "http://127.0.0.1:8080/"):
        assert check_url(url) == url


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(b"<html>welcome</html>", kind="text/html; charset=utf-8"), "text/html"),
        (Reply(b"garbage", kind="\x1b[31m"), "no timestamp"),
        (Reply(b""), "application/timestamp-reply"),
        (Reply(b"\x30" * (MAX_ANSWER_BYTES + 1)), "more than 65536 bytes"),
        (Reply(b"gone", status=404), "HTTP 404"),
        (Reply(b"elsewhere", status=302, headers={"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
        (Reply(b"elsewhere", status=307, headers={"Location": "file:///etc/passwd"}), "HTTP 307"),
    ],
)
def test_what_is_no_timestamp_is_refused(reply: Reply, why: str) -> None:
    with serving(lambda _: reply) as url, pytest.raises(EvidenceRejected) as raised:
        ask_authority(url, b"request")
    assert (raised.value.code, raised.value.facts) == ("timestamp-answer", {"why": why})


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_authority_that_has_trouble_is_silent(status: int) -> None:
    with serving(lambda _: Reply(b"later", status=status)) as url, pytest.raises(AuthoritySilent) as raised:
        ask_authority(url, b"request")
    assert raised.value.facts == {"why": f"HTTP {status}"}


def test_an_authority_that_is_not_there_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AuthoritySilent) as raised:
        ask_authority(f"http://127.0.0.1:{port}/", b"request")
    assert raised.value.facts == {"why": "Connection refused"}


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x30"])
def test_i10_an_authority_that_takes_its_time_is_given_up(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(AuthoritySilent) as raised:
            ask_authority(url, b"request", seconds=SHORT)
        if said:
            server.accept()[0].close()
    assert raised.value.facts == {"why": "no answer within 0.2 s"}


def test_i10_an_authority_that_drips_is_given_up() -> None:
    """No piece is late, and all of it takes ten times as long as it may."""
    with serving(lambda _: Reply(b"\x30" * 40, drip=True)) as url, pytest.raises(AuthoritySilent) as raised:
        ask_authority(url, b"request", seconds=SHORT)
    assert raised.value.facts == {"why": "no answer within 0.2 s"}


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n\x30", b""])
def test_i10_what_speaks_no_http_or_hangs_up_is_silent(said: bytes) -> None:
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(said)

        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises(AuthoritySilent):
            ask_authority(f"http://127.0.0.1:{server.getsockname()[1]}/", b"request", seconds=10)
        thread.join()


def test_an_authority_with_a_certificate_of_nobody_is_silent() -> None:
    """Plain bytes where a TLS handshake is wanted."""
    with serving(lambda _: Reply(b"\x30")) as url, pytest.raises(AuthoritySilent):
        ask_authority(url.replace("http:", "https:"), b"request", seconds=10)
