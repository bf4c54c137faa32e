"""What was measured on a line: plain values, from which `agent.doctor.verdicts` draws its conclusions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

BITS_A_BYTE = 10


@dataclass(frozen=True)
class Counts:
    """What a link counted over some time.

    Args:
        sent_bytes: Bytes given to the line.
        received_bytes: Bytes that came out of it.
        wrong_bytes: Wrong ones among those that came, as far as can be told.
        corrected_bytes: How many of these were put right without sending again.
        skipped_bytes: Bytes that belonged to no whole frame.
        broken_frames: Frames with a whole header and wrong content.
        retransmissions: DATA frames that this side sent again.
        lost_frames: How many of these were lost as far as can be told: where the terminal saw nothing wrong, an
            acknowledgement was late.
    """

    sent_bytes: int = 0
    received_bytes: int = 0
    wrong_bytes: int = 0
    corrected_bytes: int = 0
    skipped_bytes: int = 0
    broken_frames: int = 0
    retransmissions: int = 0
    lost_frames: int = 0

    @property
    def errors(self) -> int:
        """Events that a faultless line does not have, in both directions."""
        return self.wrong_bytes + self.lost_frames

    @property
    def carried_bytes(self) -> int:
        """Bytes in both directions."""
        return self.sent_bytes + self.received_bytes

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in _COUNTED))

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) - getattr(other, name) for name in _COUNTED))


_COUNTED = tuple(Counts.__dataclass_fields__)


@dataclass(frozen=True)
class LineFacts:
    """Which line it is.

    Args:
        description: For people.
        serial: False for TCP.
        baud: Bits per second that the TARGET says; None for TCP.
        escaped: Whether the TARGET says that the line takes XON and XOFF for itself.
        auto: Whether the TARGET leaves the speed to be found out.
    """

    description: str
    serial: bool
    baud: int | None
    escaped: bool = False
    auto: bool = False


class Nature(Enum):
    """What bytes are that belong to no frame."""

    NOTHING = "nothing"
    ECHO = "echo"
    """Our own bytes."""
    DEVICE_SERVER = "device-server"
    """A device server says why it does not serve us."""
    TEXT = "text"
    """A modem, a console, a web server."""
    FLOW = "flow"
    """XON and XOFF alone."""
    GARBAGE = "garbage"


@dataclass(frozen=True)
class Heard:
    """What came while nobody answered.

    Args:
        nature: What it is.
        size_bytes: How much of it.
        text: Of a text: the first line, with every number masked (I4).
    """

    nature: Nature = Nature.NOTHING
    size_bytes: int = 0
    text: str = ""


@dataclass(frozen=True)
class Quiet:
    """What came while nothing was asked.

    Args:
        seconds: How long.
        received_bytes: Bytes that came in that time.
        heard: What they are.
    """

    seconds: float = 0.0
    received_bytes: int = 0
    heard: Heard = Heard()


@dataclass(frozen=True)
class Handshake:
    """One attempt at a handshake.

    Args:
        baud: Bits per second; None for TCP.
        escaped: Whether XON and XOFF were kept out.
        seconds: How long it took; None where it came to nothing.
        heard: What came instead.
        refused: Why the terminal refused, where it did.
    """

    baud: int | None
    escaped: bool
    seconds: float | None
    heard: Heard = Heard()
    refused: str = ""


@dataclass(frozen=True)
class Exchange:
    """Requests sent together, and their answers.

    Args:
        pattern: Name of what was sent; see `agent.doctor.patterns`.
        size_bytes: Payload of all requests together.
        ahead_bytes: Bytes that went on the line in one go.
        seconds: From the first request to the last answer; None where not all came.
        byte_seconds: Time that the bytes alone take on a line of this speed; 0 for TCP.
        same: False where an answer differs from its request.
        counts: What the link counted meanwhile.
        goodput_ratio: Payload in each direction over what the line can carry; None where it cannot be told.
    """

    pattern: str
    size_bytes: int
    ahead_bytes: int
    seconds: float | None
    byte_seconds: float = 0.0
    same: bool = True
    counts: Counts = Counts()
    goodput_ratio: float | None = None

    @property
    def clean(self) -> bool:
        """True where all came back and nothing had to be put right or sent again."""
        return self.seconds is not None and self.same and not self.counts.errors

    @property
    def waiting_seconds(self) -> float:
        """Time besides that of the bytes on the line; 0 where not all came back."""
        return 0.0 if self.seconds is None else max(0.0, self.seconds - self.byte_seconds)


@dataclass(frozen=True)
class Supply:
    """How the terminal is powered.

    Args:
        mains: False on battery.
        battery_percent: 0 to 100.
    """

    mains: bool
    battery_percent: int


@dataclass(frozen=True)
class Escaped:
    """The same line with XON and XOFF kept out of what is sent.

    Args:
        opened: Whether the handshake came about.
        exchanges: What was tried.
        flow_bytes: XON and XOFF that came nevertheless, so that the line itself puts them in.
    """

    opened: bool
    exchanges: tuple[Exchange, ...] = ()
    flow_bytes: int = 0

    @property
    def clean(self) -> bool:
        """True where it works, and without an error."""
        return self.opened and bool(self.exchanges) and all(each.clean for each in self.exchanges)


@dataclass(frozen=True)
class SpeedTrial:
    """One more speed.

    Args:
        baud: Bits per second.
        agreed: Whether both sides and the line itself can, by the link's own trial.
        exchange: What was tried at this speed.
    """

    baud: int
    agreed: bool
    exchange: Exchange | None = None


@dataclass(frozen=True)
class Measurements:
    """All that was found out.

    Args:
        line: Which line.
        quick: Whether only the most needed was tried.
        before: What came before anything was sent.
        handshakes: Attempts in their order; the last one that came about carried the rest.
        model: The terminal's model, where it was asked.
        supply: How it is powered, where it was asked.
        asking: What was counted while these were asked.
        trips: Small ECHOs, one by one.
        echoes: ECHOs of several sizes and patterns, one by one.
        bursts: Several ECHOs ahead.
        idle: What came during the session while nothing was asked.
        escaped: The line with XON and XOFF kept out, where that was tried.
        speeds: Other speeds that were tried.
        sessions_lost: How often the session broke.
        lost: Why the line itself went, where it did.
        frame_bytes: Payload of a frame that the link would use at the end.
        correction_level: Highest level of error correction that it used.
    """

    line: LineFacts
    quick: bool = False
    before: Quiet = Quiet()
    handshakes: tuple[Handshake, ...] = ()
    model: str = ""
    supply: Supply | None = None
    asking: Counts = Counts()
    trips: tuple[Exchange, ...] = ()
    echoes: tuple[Exchange, ...] = ()
    bursts: tuple[Exchange, ...] = ()
    idle: Quiet = Quiet()
    escaped: Escaped | None = None
    speeds: tuple[SpeedTrial, ...] = ()
    sessions_lost: int = 0
    lost: str = ""
    frame_bytes: int | None = None
    correction_level: int | None = None

    @property
    def working(self) -> Handshake | None:
        """The handshake that carried the rest, or None."""
        return next((each for each in reversed(self.handshakes) if each.seconds is not None), None)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All that was exchanged at the speed and in the coding of `working`."""
        return (*self.trips, *self.echoes, *self.bursts)

    @property
    def total(self) -> Counts:
        """What was counted over all these exchanges, and while the terminal was asked who it is."""
        return sum((each.counts for each in self.exchanges), self.asking)
