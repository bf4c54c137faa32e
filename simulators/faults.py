"""What can be wrong with a simulated terminal: the names of the faults, their values, and how they are read.

A fault changes the behaviour of the device, never that of the protocol's code. Each is asked for at the one place in
the simulator where it shows; this module is the list of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random

from simulators.errors import SimulationError


class Fault(Enum):
    """A fault by the name that ``--fault`` takes."""

    LOW_BATTERY = "low-battery"
    TAMPER = "tamper"
    PAPER_OUT = "paper-out"
    GARBAGE = "garbage"
    SILENT = "silent"
    UNKNOWN_MODEL = "unknown-model"
    WRONG_TOTALS = "wrong-totals"
    LIES_ABOUT_WIPE = "lies-about-wipe"
    SKIPS_REGION = "skips-region"
    CUT_AT_BLOCK = "cut-at-block"
    CUT_BEFORE_COMMAND = "cut-before-command"
    CUT_AFTER_COMMAND = "cut-after-command"
    CUT_AFTER_ANSWER = "cut-after-answer"
    CUT_AT_WRITE = "cut-at-write"
    SWAP_IDENTITY = "swap-identity"
    LOCKOUT_NEAR = "lockout-near"
    CODE_EXPIRED = "code-expired"
    OTHER_MERCHANT = "other-merchant"
    SEVERAL_DEVICES = "several-devices"
    ENGLISH_MENU = "english-menu"
    ITEM_MOVED = "item-moved"
    SCREEN_NOISE = "screen-noise"
    KEY_LOST = "key-lost"
    EVENT_LOST = "event-lost"
    POPUP = "popup"
    TLS_OTHER_ROOT = "tls-other-root"
    TLS_EXPIRED = "tls-expired"
    TLS_REVOKED = "tls-revoked"
    TLS_NONE = "tls-none"
    TLS_TRUNCATED = "tls-truncated"
    SENDING_STOPS = "sending-stops"
    SENDING_CANCELLED = "sending-cancelled"
    SENDS_LESS = "sends-less"
    NO_FILL = "no-fill"
    TOO_LITTLE_MEMORY = "too-little-memory"
    FILL_REFUSED = "fill-refused"
    ERASES_HEADERS = "erases-headers"
    DIGESTS_FROM_IMAGE = "digests-from-image"
    ANSWERS_BLANK = "answers-blank"
    KEEPS_KEYS = "keeps-keys"
    WIPE_COUNT_STAYS = "wipe-count-stays"
    NEVER_FINISHES = "never-finishes"
    STUCK_PROGRESS = "stuck-progress"
    ENDLESS_PROGRESS = "endless-progress"
    MAP_LACKS_REGION = "map-lacks-region"
    MAP_HALVES_REGION = "map-halves-region"
    MAP_SHRINKS = "map-shrinks"
    REPLAYS_ATTESTATION = "replays-attestation"
    REPLAYS_PRE = "replays-pre"
    SWAP_KEY = "swap-key"
    REBOOTS_AS_TWIN = "reboots-as-twin"
    CHANGES_TUSN = "changes-tusn"
    LIES_IN_IDENTIFY = "lies-in-identify"
    SWAPS_BETWEEN = "swaps-between"
    OTHERS_JOURNAL = "others-journal"
    OTHERS_EXPORT = "others-export"
    ENDLESS_JOURNAL = "endless-journal"
    CHANGES_FIRMWARE = "changes-firmware"
    DEBUG_ENABLED = "debug-enabled"
    OTHERS_OEMID = "others-oemid"
    FLOODS_EVENTS = "floods-events"
    FLOODS_ANSWERS = "floods-answers"
    FLOODS_FRAMES = "floods-frames"
    DRIPS = "drips"
    ANSWERS_LATE = "answers-late"


@dataclass(frozen=True)
class FaultValue:
    """The number that a fault takes after ``=``.

    Args:
        lowest: Smallest number allowed.
        highest: Largest number allowed.
        default: Number where none is given, or None where one has to be.
    """

    lowest: int
    highest: int
    default: int | None = None


@dataclass(frozen=True)
class FaultWords:
    """The words that a fault takes after ``=``, joined by ``+``.

    Args:
        words: Those that there are.
    """

    words: tuple[str, ...]


POPUPS = ("advertisement", "low-battery", "paper-out", "network-lost", "logged-off", "tear-off")
"""What can come between the screens of a menu."""

EXPORT, WIPE = "export", "wipe"
MOMENTS = (EXPORT, WIPE)
"""From when on a terminal misbehaves: once its data is asked for, or once its wipe was started."""

TWINS = ("tusn", "key")
"""What a twin differs in: serial number and key, or the key alone."""

PHASES = ("before", "after")
"""Which of the two attestations, or of the two ends of a wipe."""

FAULTS: Mapping[Fault, FaultValue | FaultWords | None] = {
    Fault.LOW_BATTERY: FaultValue(0, 100, default=5),  # per cent, on battery
    Fault.TAMPER: None,
    Fault.PAPER_OUT: None,
    Fault.GARBAGE: None,
    Fault.SILENT: None,
    Fault.UNKNOWN_MODEL: None,
    Fault.WRONG_TOTALS: None,
    Fault.LIES_ABOUT_WIPE: None,
    Fault.SKIPS_REGION: FaultValue(1, 5),  # number of the region
    Fault.CUT_AT_BLOCK: FaultValue(0, 1 << 20),  # erase blocks done when the power goes
    Fault.CUT_BEFORE_COMMAND: FaultValue(1, 1 << 20),  # these four: the power goes at the so many-th since the start
    Fault.CUT_AFTER_COMMAND: FaultValue(1, 1 << 20),  # before its answer
    Fault.CUT_AFTER_ANSWER: FaultValue(1, 1 << 20),  # once the answer has arrived
    Fault.CUT_AT_WRITE: FaultValue(1, 1 << 20),  # half of a change of the flash done
    Fault.SWAP_IDENTITY: None,
    Fault.LOCKOUT_NEAR: None,  # one attempt left
    Fault.CODE_EXPIRED: None,
    Fault.OTHER_MERCHANT: None,  # bound to another shop than its papers say
    Fault.SEVERAL_DEVICES: None,  # look-alikes stand before it on the list
    Fault.ENGLISH_MENU: None,
    Fault.ITEM_MOVED: None,
    Fault.SCREEN_NOISE: None,
    Fault.KEY_LOST: FaultValue(1, 1000, default=7),  # every so many keys over the line
    Fault.EVENT_LOST: FaultValue(1, 1000, default=5),  # every so many changes of the screen
    Fault.POPUP: FaultWords(POPUPS),
    Fault.TLS_OTHER_ROOT: None,  # its certificate is another maker's
    Fault.TLS_EXPIRED: None,
    Fault.TLS_REVOKED: None,  # the maker's list in the trust folder names it
    Fault.TLS_NONE: None,  # it has no private link, whatever its profile says
    Fault.TLS_TRUNCATED: FaultValue(0, 1 << 14, default=300),  # bytes of its handshake after which it falls silent
    Fault.SENDING_STOPS: None,  # these three: half-way, where datasets go by YMODEM or its kin
    Fault.SENDING_CANCELLED: None,
    Fault.SENDS_LESS: None,  # one byte
    Fault.NO_FILL: None,  # it knows none of the commands for a proof of erasure
    Fault.TOO_LITTLE_MEMORY: FaultValue(1, 1 << 20, default=1),  # blocks of the journal that it keeps in secret
    Fault.FILL_REFUSED: FaultValue(0, 1 << 20, default=0),  # pieces that it takes before it takes no more
    # From here on: terminals that lie (firmware-notes/liars.md says what becomes of each).
    Fault.ERASES_HEADERS: None,  # the first block of each region, and says all
    Fault.DIGESTS_FROM_IMAGE: None,  # nothing is erased, and digests are those of a blank image; what is read is real
    Fault.ANSWERS_BLANK: None,  # nothing is erased but the keys; what is read is blank as well
    Fault.KEEPS_KEYS: None,  # says that they are erased and shows blank memory; their check values are still listed
    Fault.WIPE_COUNT_STAYS: None,
    Fault.NEVER_FINISHES: None,
    Fault.STUCK_PROGRESS: None,  # tells for ever that one block is done
    Fault.ENDLESS_PROGRESS: None,  # always one block further
    Fault.MAP_LACKS_REGION: FaultValue(1, 5),  # from the beginning
    Fault.MAP_HALVES_REGION: FaultValue(1, 4),  # from the beginning; its second half is kept
    Fault.MAP_SHRINKS: FaultWords(PHASES),  # lacks the receipts: once the data was read, or once the wipe is done
    Fault.REPLAYS_ATTESTATION: FaultWords(PHASES),  # one that it once made for another case
    Fault.REPLAYS_PRE: None,  # the attestation before the wipe in the place of that after it
    Fault.SWAP_KEY: None,  # as swap-identity, with the same serial number
    Fault.REBOOTS_AS_TWIN: FaultWords(TWINS),  # starts anew after the wipe, as another one
    Fault.CHANGES_TUSN: FaultWords(MOMENTS),
    Fault.LIES_IN_IDENTIFY: None,  # the twin attests at the end, IDENTIFY still says who it was
    Fault.SWAPS_BETWEEN: None,  # the twin is wiped and read back, the terminal itself attests
    Fault.OTHERS_JOURNAL: None,
    Fault.OTHERS_EXPORT: None,  # journal and parameters
    Fault.ENDLESS_JOURNAL: None,  # its transactions over and over, more of them than its memory holds
    Fault.CHANGES_FIRMWARE: None,  # the one that it measures after the wipe is another
    Fault.DEBUG_ENABLED: FaultWords(PHASES),  # it attests that its debug port is open
    Fault.OTHERS_OEMID: None,  # it claims to be another maker's than the one that certified it
    Fault.FLOODS_EVENTS: FaultWords(MOMENTS),
    Fault.FLOODS_ANSWERS: FaultWords(MOMENTS),  # which nobody asked for
    Fault.FLOODS_FRAMES: FaultWords(MOMENTS),
    Fault.DRIPS: FaultWords(MOMENTS),  # a byte a second
    Fault.ANSWERS_LATE: FaultWords(MOMENTS),  # too late
}
"""Every fault and the number or the words it takes, if any."""


class Faults:
    """The faults of one terminal.

    Args:
        values: Each fault with its number or words, or with None where it takes none.
    """

    def __init__(self, values: Mapping[Fault, int | tuple[str, ...] | None] | None = None) -> None:
        self._values = dict(values or {})

    def __contains__(self, fault: Fault) -> bool:
        return fault in self._values

    def number(self, fault: Fault) -> int | None:
        """Return the number given with a fault, or None where the terminal does not have the fault."""
        value = self._values.get(fault)
        return value if isinstance(value, int) else None

    def words(self, fault: Fault) -> tuple[str, ...]:
        """Return the words given with a fault; none where the terminal does not have the fault."""
        value = self._values.get(fault)
        return value if isinstance(value, tuple) else ()

    @property
    def names(self) -> tuple[str, ...]:
        """The faults as they would be given to ``--fault``."""
        return tuple(
            fault.value if value is None else f"{fault.value}={'+'.join(value) if isinstance(value, tuple) else value}"
            for fault, value in self._values.items()
        )


def parse_faults(specs: Sequence[str]) -> Faults:
    """Read faults as ``--fault`` takes them.

    Args:
        specs: Each ``name``, ``name=number`` or ``name=word+word``; the last of two of one name counts.

    Returns:
        The faults.

    Raises:
        SimulationError: ``unknown-fault`` with the known names, or ``bad-fault-value`` with the range.
    """
    values: dict[Fault, int | tuple[str, ...] | None] = {}
    for spec in specs:
        name, equals, text = spec.partition("=")
        fault = _by_name(name)
        values[fault] = _value(fault, text if equals else None)
    return Faults(values)


def _by_name(name: str) -> Fault:
    try:
        return Fault(name)
    except ValueError:
        known = ", ".join(_usage(fault) for fault in FAULTS)
        raise SimulationError("unknown-fault", fault=name, known=known) from None


def _value(fault: Fault, text: str | None) -> int | tuple[str, ...] | None:
    value = FAULTS[fault]
    if value is None and text is None:
        return None
    if isinstance(value, FaultWords):
        words = tuple(dict.fromkeys((text or "").split("+")))
        if set(words) <= set(value.words):
            return words
    elif value is not None:
        if text is None and value.default is not None:
            return value.default
        if text is not None and text.isascii() and text.isdigit() and len(text) <= 9:
            number = int(text)
            if value.lowest <= number <= value.highest:
                return number
    raise SimulationError("bad-fault-value", fault=fault.value, usage=_usage(fault))


def _usage(fault: Fault) -> str:
    value = FAULTS[fault]
    if value is None:
        return fault.value
    if isinstance(value, FaultWords):
        return f"{fault.value}={'+'.join(value.words)}"
    number = f"={value.lowest}..{value.highest}"
    return f"{fault.value}[{number}]" if value.default is not None else fault.value + number


class LineFaults:
    """What the faults make of the bytes that the terminal puts on one line.

    Args:
        faults: The terminal's faults.
        seed: Makes the garbage repeatable.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._random = Random(f"garbage:{seed}")

    def __contains__(self, fault: Fault) -> bool:
        return fault in self._faults

    def words(self, fault: Fault) -> tuple[str, ...]:
        """Return the words given with a fault; none where the terminal does not have the fault."""
        return self._faults.words(fault)

    def outgoing(self, data: bytes) -> bytes:
        """Return what really goes on the line where the terminal means to send ``data``."""
        if Fault.SILENT in self._faults:
            return b""
        if Fault.GARBAGE in self._faults:
            return self._random.randbytes(len(data))
        return data
