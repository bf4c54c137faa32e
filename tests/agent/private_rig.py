"""Private links in memory under a clock turned by hand: a simulated terminal, and somebody who sits on the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from agent.connect import Connected, connect_over
from agent.evidence.trust.store import TrustStore
from agent.privacy import LinkPrivacy, PrivateChannels
from agent.workflow.privacy import private_channels
from protocols.pmp.channel import OpenChannel
from protocols.pmp.link import Link, LinkOpened, LinkSettings, LinkState, MessageReceived, Role
from protocols.pmp.wire import Frame, FrameKind, FrameScanner, build_frame
from simulators.faults import LineFaults
from simulators.hardware.identity import DeviceIdentity, make_identity, maker_root
from simulators.pmp.endpoint import PmpTerminal, Port
from simulators.pmp.tls import tls_opener
from tests.agent.virtual_time import Clock, MemoryLine, Peer
from tests.simulators.rig import Rig

MAKER = "HAIKE-TEST"
TRUST = TrustStore(makers=(maker_root(MAKER)[1],))
DEVICE = make_identity(MAKER, "9999990200000001", "private rig")
STOLEN = make_identity(MAKER, "9999990200000099", "stolen from a genuine terminal")


def now() -> datetime:
    return datetime.now(UTC)


def channels(home: Path, rule: LinkPrivacy = "prefer", trust: TrustStore = TRUST) -> PrivateChannels:
    """Return the agent's channels as a command would have them."""
    made = private_channels(rule, trust, home, now)
    assert made is not None
    return made


def pem(identity: DeviceIdentity) -> bytes:
    return identity.certificate.public_bytes(Encoding.PEM)


class TerminalEnd:
    """The terminal's end of a line."""

    def __init__(self, terminal: PmpTerminal, clock: Clock, rig: Rig, channel: OpenChannel | None) -> None:
        self._terminal, self._clock = terminal, clock
        settings = LinkSettings.for_line(None)
        self.port: Port = terminal.open_port(settings, LineFaults(rig.faults, 1), channel)
        self._waiting = b""

    def feed(self, data: bytes) -> None:
        self.port.receive_bytes(data, self._clock())

    def take(self) -> bytes:
        self._terminal.handle_timeout(self._clock())
        self.port.handle_timeout(self._clock())
        self._waiting += self.port.bytes_to_send()
        out, self._waiting = self._waiting[:65_536], self._waiting[65_536:]
        return out


class Relay:
    """Somebody who ends the link of the agent and has one of his own to the terminal, and carries what is said."""

    def __init__(self, far: Peer, clock: Clock, near_channel: OpenChannel, far_channel: OpenChannel | None) -> None:
        self._clock, self._far_peer = clock, far
        self._near = Link(Role.TERMINAL, LinkSettings.for_line(None), boot_id=5, channel=near_channel)
        self._far = Link(Role.AGENT, LinkSettings.for_line(None), session=99, channel=far_channel)
        self._far.start(clock())
        self.read: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self._near.receive_bytes(data, self._clock())
        self._carry()

    def take(self) -> bytes:
        self._carry()
        return self._near.bytes_to_send()[:65_536]

    def _carry(self) -> None:
        for _ in range(8):
            self._far_peer.feed(self._far.bytes_to_send())
            self._far.receive_bytes(self._far_peer.take(), self._clock())
            self._pass_on(self._near, self._far)
            self._pass_on(self._far, self._near)

    def _pass_on(self, source: Link, target: Link) -> None:
        source.handle_timeout(self._clock())
        while target.state is LinkState.OPEN and (event := source.next_event()) is not None:
            if isinstance(event, MessageReceived):
                self.read.append(event.data)
                target.send_message(event.data, self._clock())


class Tamperer:
    """Somebody who alters what frames carry, and makes their checksums right again."""

    def __init__(self, far: Peer, alter: Callable[[bytes], bytes]) -> None:
        self._far = far
        self._alter = alter
        self._frames = FrameScanner()
        self.recorded = b""

    def feed(self, data: bytes) -> None:
        self.recorded += data
        self._far.feed(data)

    def take(self) -> bytes:
        data = self._far.take()
        self.recorded += data
        return b"".join(build_frame(self._altered(each)) for each in self._frames.feed(data))

    def _altered(self, frame: Frame) -> Frame:
        if frame.kind is not FrameKind.DATA:
            return frame
        payload = self._alter(frame.payload)
        return Frame(frame.kind, frame.session, frame.sequence, frame.acknowledged, payload, frame.more, frame.urgent)


class World:
    """An agent's home, and a simulated terminal that it can reach."""

    def __init__(self, folder: Path, *faults: str) -> None:
        self.home = folder / "home"
        self.clock = Clock()
        self.rig = Rig(folder / "terminal", *faults)

    def terminal(self, channel: OpenChannel | None) -> TerminalEnd:
        return TerminalEnd(self.rig.terminal, self.clock, self.rig, channel)

    def connect(self, peer: Peer, rule: LinkPrivacy = "prefer", trust: TrustStore = TRUST) -> Connected:
        line = MemoryLine(self.clock, peer)
        return connect_over(line, clock=self.clock, channel=channels(self.home, rule, trust))


__all__ = ["LinkOpened", "Relay", "Tamperer", "TerminalEnd", "World", "channels", "tls_opener"]
