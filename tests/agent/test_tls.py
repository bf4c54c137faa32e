"""The agent's end of a private link: alone, on a simulated terminal in memory, and with somebody on the line."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from agent import tls as agent_tls
from agent.cli.inspection import check_genuine
from agent.errors import LinkFault, PreconditionNotMet
from agent.evidence.trust.store import TrustStore
from agent.tls import TlsChannels
from protocols.errors import LinkLost, StateUnknown
from protocols.pmp import commands, messages
from protocols.pmp.channel import ChannelRefused
from protocols.pmp.facts import MessageKind
from protocols.pmp.handshake import HELLO, hello_of
from protocols.pmp.link import SECURING_SECONDS, Link, LinkSettings, LinkState, Role
from protocols.pmp.wire import Frame, FrameKind, build_frame
from protocols.terminal import Screen
from protocols.words import Key
from simulators.board import factory
from simulators.faults import LineFaults
from simulators.hardware.identity import EXPIRED, STRANGER, certify, make_identity, maker_root, revocation_list
from simulators.pmp import tls as terminal_tls
from simulators.pmp.tls import TlsServer
from tests.agent.private_rig import (
    DEVICE,
    MAKER,
    STOLEN,
    TRUST,
    Relay,
    Tamperer,
    TerminalEnd,
    World,
    channels,
    tls_opener,
)
from tests.protocols.pmp import note

AGENTS_OWN = make_identity("AGENTS-TEST", "agent 1", "welcome")


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path)
    yield made
    made.rig.close()


def joined(client: Any, server: TlsServer) -> tuple[int, int]:
    """Carry the handshake in memory, and return the bytes that each side said."""
    client.start()
    up = down = 0
    for _ in range(4):
        said = client.outgoing()
        up += len(said)
        if said:
            server.receive(said)
        said = server.outgoing()
        down += len(said)
        if said:
            client.receive(said)
    return up, down


def test_both_ends_know_one_binding_and_no_two_channels_share_one(tmp_path: Path) -> None:
    opener, mine = tls_opener(DEVICE), channels(tmp_path)
    seen = set()
    for _ in range(3):
        client, server = mine(), opener()
        assert (client.established, client.binding, server.binding) == (False, b"", b"")
        up, down = joined(client, server)
        assert client.established
        assert client.binding == server.binding
        assert len(client.binding) == 32
        seen.add(client.binding)
        assert mine.facts().binding == client.binding.hex()
    assert len(seen) == 3
    print(f"\nhandshake: {up} bytes of the agent, {down} of the terminal")


def test_the_note_says_how_the_binding_is_made() -> None:
    told = note.section("Privacy", 3)
    assert agent_tls.BINDING_LABEL == terminal_tls.BINDING_LABEL
    assert f'SHA-256("{agent_tls.BINDING_LABEL.decode()}" ‖ Finished)' in told
    assert hashlib.sha256(agent_tls.BINDING_LABEL + bytes(range(48))).hexdigest() in told


def test_what_is_known_of_a_channel(tmp_path: Path) -> None:
    mine = channels(tmp_path)
    joined(mine(), tls_opener(DEVICE)())
    facts = mine.facts()
    assert (facts.private, facts.tls_version) == (True, "TLSv1.3")
    assert facts.cipher_suite.startswith("TLS_")
    assert facts.peer_certificate_sha256 == DEVICE.certificate.fingerprint(SHA256()).hex()


def test_records_carry_what_is_said_and_one_bit_turned_ends_it(tmp_path: Path) -> None:
    client, server = channels(tmp_path)(), tls_opener(DEVICE)()
    joined(client, server)
    for data in (b"x", bytes(16_384)):
        assert server.receive(client.seal(data)) == data
        sealed = server.seal(data)
        assert client.receive(sealed[:9]) + client.receive(sealed[9:]) == data
    altered = bytearray(server.seal(b"4242"))
    altered[7] ^= 1
    for data in (bytes(altered), server.seal(b"more")):
        with pytest.raises(ChannelRefused) as caught:
            client.receive(data)
        assert caught.value.code == "record"


@pytest.mark.parametrize("garbage", [b"Welcome\r\n", bytes(200), b"\x16\x03\x03\xff\xff" + bytes(90)])
def test_i10_garbage_is_no_handshake(tmp_path: Path, garbage: bytes) -> None:
    client = channels(tmp_path)()
    client.start()
    with pytest.raises(ChannelRefused) as caught:
        client.receive(garbage)
    assert caught.value.code == "handshake"


def test_files_that_are_no_key_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("nothing")
    makers = maker_root(MAKER)[1].public_bytes(Encoding.PEM).decode()
    with pytest.raises(ssl.SSLError):
        TlsChannels(tmp_path / "a.pem", tmp_path / "a.pem", "made up", makers, lambda _: None, required=False)


# ---------------------------------------------------------------------------------------------- over the link
def test_a_terminal_attests_on_the_channel_that_it_is_asked_on(world: World) -> None:
    with world.connect(world.terminal(tls_opener(DEVICE))) as connected:
        driver = connected.driver
        assert driver.link.private
        genuine = check_genuine(driver, TRUST, driver.identity(), datetime.now(UTC))
        assert (genuine.state, genuine.why) == ("yes", "")


def test_a_plain_link_says_so_and_is_refused_where_a_private_one_is_required(world: World) -> None:
    with world.connect(world.terminal(None)) as connected:
        assert not connected.driver.link.private
        assert check_genuine(connected.driver, TRUST, connected.driver.identity(), datetime.now(UTC)).state == "yes"
    asked = len(world.rig.recorded)
    with pytest.raises(PreconditionNotMet) as caught:
        world.connect(world.terminal(None), "require")
    assert caught.value.code == "link-not-private"
    assert len(world.rig.recorded) == asked


def revoking(*certificates: x509.Certificate, maker: str = MAKER) -> TrustStore:
    lists = (x509.load_pem_x509_crl(revocation_list(maker, *certificates)),)
    return TrustStore(makers=TRUST.makers, revocations=lists)


@pytest.mark.parametrize(
    ("identity", "trust", "code"),
    [
        (certify(DEVICE, STRANGER), TRUST, "link-certificate-unknown"),
        (certify(DEVICE, MAKER, not_after=EXPIRED), TRUST, "link-certificate-expired"),
        (DEVICE, revoking(DEVICE.certificate), "link-certificate-revoked"),
    ],
    ids=["a stranger in the middle", "expired", "revoked"],
)
def test_a_certificate_that_is_not_good_is_refused_before_anything_is_said(
    world: World, identity: Any, trust: TrustStore, code: str
) -> None:
    with pytest.raises(LinkFault) as caught:
        world.connect(world.terminal(tls_opener(identity)), trust=trust)
    assert caught.value.code == code
    assert "command" not in [event for event, _ in world.rig.recorded]


def test_a_list_that_names_another_or_that_nobody_trusted_signed_revokes_nothing(world: World) -> None:
    for trust in (revoking(STOLEN.certificate), revoking(DEVICE.certificate, maker=STRANGER)):
        with world.connect(world.terminal(tls_opener(DEVICE)), trust=trust) as connected:
            assert connected.driver.link.private


def test_i9_who_ends_the_channel_on_both_sides_is_caught_by_the_attestation(world: World) -> None:
    # He has the key of another genuine terminal, and a certificate that this one accepts.
    far = world.terminal(tls_opener(DEVICE))
    relay = Relay(far, world.clock, tls_opener(STOLEN), channels(world.home / "thief"))
    with world.connect(relay) as connected:
        driver = connected.driver
        assert driver.link.private
        identity = driver.identity()
        assert relay.read, "he reads what is said"
        genuine = check_genuine(driver, TRUST, identity, datetime.now(UTC))
        assert (genuine.state, genuine.why) == ("no", "eat-channel")


@pytest.mark.parametrize("private", [True, False], ids=["private to us", "plain to us"])
def test_who_makes_one_side_plain_is_caught_too(world: World, private: bool) -> None:
    far = world.terminal(None if private else tls_opener(DEVICE))
    near = tls_opener(STOLEN) if private else None
    relay = Relay(far, world.clock, near, None if private else channels(world.home / "thief"))
    with world.connect(relay) as connected:
        genuine = check_genuine(connected.driver, TRUST, connected.driver.identity(), datetime.now(UTC))
    assert (genuine.state, genuine.why) == ("no", "eat-channel")


def test_a_terminal_that_knows_its_agents_refuses_another_by_name(world: World) -> None:
    peer = world.terminal(tls_opener(DEVICE, [AGENTS_OWN.certificate]))
    with pytest.raises(LinkFault) as caught:  # noqa: PT012 - the client's handshake may end before the terminal's word
        try:
            world.connect(peer).driver.identity()
        except LinkLost as fault:
            raise LinkFault(f"link-{fault.refusal}") from None
    assert caught.value.code == "link-agent-refused"


def test_a_terminal_for_its_own_agents_alone_does_nothing_on_a_plain_link(world: World) -> None:
    end = world.terminal(None)
    end.port = world.rig.terminal.open_port(
        LinkSettings.for_line(None), LineFaults(world.rig.faults, 1), tls_opener(DEVICE), private_only=True
    )
    agent = Link(Role.AGENT, LinkSettings.for_line(None), session=7)
    agent.start(0.0)
    end.feed(agent.bytes_to_send())
    agent.receive_bytes(end.port.bytes_to_send(), 0.0)
    assert agent.state is LinkState.CLOSED, "the RESET came with the ACCEPT"
    # A command in the same breath as the HELLO is not done either.
    screen = world.rig.device.screen()
    request = commands.KEY_PRESS.request.build(messages.KeyPress(screen.serial, (Key.F1, Key.F4)))
    key = commands.build_message(commands.Header(MessageKind.REQUEST, commands.KEY_PRESS.id, 1, 0), request)
    hello = Frame(FrameKind.HELLO, 8, 0, 0, HELLO.build(hello_of(LinkSettings.for_line(None))))
    end.feed(build_frame(hello) + build_frame(Frame(FrameKind.DATA, 8, 0, 0, key)))
    assert world.rig.device.screen() == screen
    assert world.rig.commands("KEY_PRESS") == 0


@pytest.mark.parametrize("after", [0, 1, 300, 900])
def test_a_handshake_that_breaks_off_ends_in_half_a_minute(world: World, after: int) -> None:
    began = world.clock()
    with pytest.raises(LinkFault) as caught:
        world.connect(world.terminal(tls_opener(DEVICE, cut_after=after)))
    assert caught.value.code == "link-handshake"
    assert SECURING_SECONDS <= world.clock() - began < 2 * SECURING_SECONDS


def test_an_altered_record_ends_the_session_with_its_reason(world: World) -> None:
    altering: list[bool] = []

    def alter(payload: bytes) -> bytes:
        return payload[:-1] + bytes([payload[-1] ^ 1]) if altering else payload

    connected = world.connect(Tamperer(world.terminal(tls_opener(DEVICE)), alter))
    screen: Screen = connected.driver.screen()
    altering.append(True)
    with pytest.raises(StateUnknown) as unknown:  # I3: the key may have been pressed
        connected.driver.press((Key.F1,), screen)
    assert isinstance(unknown.value.cause, LinkLost)
    assert unknown.value.cause.refusal == "record"
    with pytest.raises(LinkLost) as caught:
        connected.driver.identity()
    assert caught.value.refusal == "record"


def test_what_is_on_the_line_tells_nothing(world: World) -> None:
    def recorded(channel: Any) -> bytes:
        spy = Tamperer(world.terminal(channel), lambda payload: payload)
        with world.connect(spy) as connected:
            connected.driver.identity()
            connected.driver.bindings()
        return spy.recorded

    number = factory.facts_of(world.rig.model, world.rig.blueprint).merchant_number.encode()
    assert number in recorded(None)
    private = recorded(tls_opener(DEVICE))
    assert number not in private
    assert b"haike-h60" not in private


class Garbler:
    """A line that turns a bit in a share of what passes, by a seed."""

    def __init__(self, far: TerminalEnd) -> None:
        self._far, self._random = far, Random(20261125)

    def _through(self, data: bytes) -> bytes:
        if data and self._random.random() < 0.05:
            at = self._random.randrange(len(data))
            return data[:at] + bytes([data[at] ^ 1 << self._random.randrange(8)]) + data[at + 1 :]
        return data

    def feed(self, data: bytes) -> None:
        self._far.feed(self._through(data))

    def take(self) -> bytes:
        return self._through(self._far.take())


def test_noise_on_the_line_never_reaches_the_channel(world: World) -> None:
    with world.connect(Garbler(world.terminal(tls_opener(DEVICE)))) as connected:
        for _ in range(4):
            journal = connected.driver.open_journal()
            assert sum(1 for _ in journal.transactions()) == journal.records
            assert journal.digest == journal.terminal_totals().digest
        assert connected.driver.link.private


def test_an_openssl_of_the_past_is_no_peer(tmp_path: Path) -> None:
    context = channels(tmp_path)()._tls.context
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert maker_root(MAKER)[1] in TRUST.makers
