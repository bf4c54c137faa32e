"""The terminal's end of a private link, against Python's own TLS as an agent that none of ours wrote."""

from __future__ import annotations

import contextlib
import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from protocols.pmp.channel import ChannelRefused
from simulators.errors import SimulationError
from simulators.hardware.identity import DeviceIdentity, certify, make_identity, maker_root
from simulators.pmp.tls import BINDING_LABEL, TlsServer, read_agents, tls_opener

MAKER, AGENTS = "HAIKE-TEST", "AGENTS-TEST"
DEVICE = make_identity(MAKER, "9999990200000001", "tls")
AGENT = make_identity(AGENTS, "agent 1", "tls agent")


class Agent:
    """A client that trusts the maker's root and shows a certificate."""

    def __init__(
        self, folder: Path, identity: DeviceIdentity | None = AGENT, newest: bool = True, session: Agent | None = None
    ) -> None:
        context = session.tls.context if session else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(cadata=maker_root(MAKER)[1].public_bytes(Encoding.PEM).decode())
        if not newest:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if identity is not None:
            pem = folder / "agent.pem"
            key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            pem.write_bytes(key + identity.certificate.public_bytes(Encoding.PEM))
            context.load_cert_chain(pem)
        self._in, self.out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls: ssl.SSLObject = context.wrap_bio(self._in, self.out, session=session.tls.session if session else None)
        self.received = 0

    def meet(self, server: TlsServer) -> None:
        server.start()
        assert server.outgoing() == b""
        for _ in range(4):
            with contextlib.suppress(ssl.SSLWantReadError):
                self.tls.do_handshake()
            said = self.out.read()
            if said:
                server.receive(said)
            self.take(server.outgoing())

    def take(self, data: bytes) -> None:
        self.received += len(data)
        self._in.write(data)


def refusal(server: TlsServer, agent: Agent) -> ChannelRefused:
    with pytest.raises(ChannelRefused) as caught:
        agent.meet(server)
    return caught.value


def test_both_ends_know_the_same_and_another_channel_something_else(tmp_path: Path) -> None:
    opener = tls_opener(DEVICE)
    bindings = set()
    for _ in range(2):
        server, agent = opener(), Agent(tmp_path)
        assert (server.established, server.binding) == (False, b"")
        agent.meet(server)
        assert server.established
        assert agent.tls.version() == "TLSv1.3"
        finished = agent.tls.get_channel_binding("tls-unique")
        assert finished is not None
        assert server.binding == hashlib.sha256(BINDING_LABEL + finished).digest()
        bindings.add(server.binding)
    assert len(bindings) == 2


def test_what_is_sealed_arrives_and_a_record_carries_up_to_16_kilobytes(tmp_path: Path) -> None:
    server, agent = tls_opener(DEVICE)(), Agent(tmp_path)
    agent.meet(server)
    for data in (b"x", bytes(16_384)):
        agent.take(server.seal(data))
        assert agent.tls.read(20_000) == data
        agent.tls.write(data)
        sealed = agent.out.read()
        assert server.receive(sealed[:7]) == b""
        assert server.receive(sealed[7:]) == data
    assert len(server.seal(bytes(16_384))) == 16_384 + 22  # header, content type and tag: one record


def test_every_handshake_is_a_whole_one(tmp_path: Path) -> None:
    opener, agent = tls_opener(DEVICE), Agent(tmp_path)
    agent.meet(opener())
    with pytest.raises(ssl.SSLWantReadError):
        agent.tls.read(1)  # takes the tickets, which the library cannot be told to leave out
    again = Agent(tmp_path, session=agent)
    again.meet(server := opener())
    assert server.established
    assert not again.tls.session_reused


def test_an_altered_record_is_refused_and_stays_so(tmp_path: Path) -> None:
    server, agent = tls_opener(DEVICE)(), Agent(tmp_path)
    agent.meet(server)
    agent.tls.write(b"command")
    sealed = bytearray(agent.out.read())
    sealed[-1] ^= 1
    for data in (bytes(sealed), b"more"):
        with pytest.raises(ChannelRefused) as caught:
            server.receive(data)
        assert caught.value.code == "record"


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", bytes(64), b"\x16\x03\x01\x40\x01" + bytes(90)])
def test_i10_garbage_is_no_handshake(garbage: bytes) -> None:
    server = tls_opener(DEVICE)()
    with pytest.raises(ChannelRefused) as caught:
        server.receive(garbage)
    assert caught.value.code == "handshake"


def test_an_agent_without_a_certificate_or_with_an_old_tls_is_refused(tmp_path: Path) -> None:
    assert refusal(tls_opener(DEVICE)(), Agent(tmp_path, identity=None)).code == "handshake"
    assert refusal(tls_opener(DEVICE)(), Agent(tmp_path, newest=False)).code == "handshake"


@pytest.mark.parametrize("welcome", [AGENT.certificate, maker_root(AGENTS)[1]], ids=["itself", "its root"])
def test_a_terminal_that_knows_its_agents_takes_these_alone(welcome, tmp_path: Path) -> None:
    opener = tls_opener(DEVICE, [welcome])
    known = opener()
    Agent(tmp_path).meet(known)
    assert known.established
    stranger, late = opener(), opener()
    assert refusal(stranger, Agent(tmp_path, make_identity("OTHERS", "a", "b"))).code == "certificate-unknown"
    assert stranger.outgoing()[0] == 21 or stranger.outgoing() == b""  # nothing but an alert, if that
    over = certify(AGENT, AGENTS, not_after=datetime.now(UTC) - timedelta(days=1))
    assert refusal(late, Agent(tmp_path, over)).code in ("certificate-expired", "certificate-unknown")


def test_a_handshake_can_break_off(tmp_path: Path) -> None:
    server, agent = tls_opener(DEVICE, cut_after=300)(), Agent(tmp_path)
    agent.meet(server)
    assert agent.received == 300
    assert not server.established


def test_agents_are_read_from_a_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(SimulationError, match="agents-unreadable"):
            read_agents(folder)
    (tmp_path / "a.pem").write_bytes(AGENT.certificate.public_bytes(Encoding.PEM))
    assert read_agents(tmp_path) == (AGENT.certificate,)
    (tmp_path / "b.pem").write_text("nothing of the kind")
    with pytest.raises(SimulationError, match="agents-unreadable"):
        read_agents(tmp_path)
