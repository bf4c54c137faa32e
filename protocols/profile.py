"""What a profile says of a terminal model: frozen types, read strictly from a plain table.

A profile is data that a person wrote down from instructions or captures. It says what to expect of a terminal and how
its menu is laid out; what the terminal itself says always counts more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from protocols.errors import ProfileError
from protocols.line import HIGHEST_BAUD, Flow, Parity
from protocols.menu import Menu
from protocols.menu_check import check_menu
from protocols.table import read_table
from protocols.words import BindingKind, KeyKind, RegionHolds, Technique

Source = Literal["vendor document", "capture", "web instructions", "assumed"]


@dataclass(frozen=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Identification:
    """How the model is recognised, and how much the profile can be trusted.

    Args:
        model: The model's name, which is also its folder's.
        maker: The maker's identifier as the terminal tells it.
        family: Its wire protocol.
        name: What people call it.
        source: Where the profile as a whole comes from.
        verified_on_hardware: Whether somebody tried it on a real terminal.
        firmware: Firmware versions that it was written for.
        tusn_prefix: What its hardware serial numbers begin with.
        label_prefix: What stands before the last eight characters of the TUSN on the label.
    """

    model: str
    maker: str
    family: str
    name: Label
    source: Source
    verified_on_hardware: bool
    firmware: tuple[str, ...] = ()
    tusn_prefix: str = ""
    label_prefix: str = ""


@dataclass(frozen=True)
class LinkDefaults:
    """How to reach it.

    Args:
        baud: Bits per second of its serial line.
        source: Where this comes from.
        parity: Parity bit of each character.
        stop_bits: Stop bits of each character.
        flow: Flow control of the line.
        highest_baud: Most that the line may be raised to; ``baud`` itself where it must stay as it is.
        private: Whether TLS over the link is asked for where both sides have it, or not at all.
        datasets: By which transfer the terminal hands over its datasets.
    """

    baud: int
    source: Source
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1
    flow: Flow = "none"
    highest_baud: int = HIGHEST_BAUD
    private: Literal["prefer", "no"] = "prefer"
    datasets: Literal["pmp", "ymodem", "ymodem-g", "xmodem-1k"] = "pmp"


@dataclass(frozen=True)
class ExpectedRegion:
    """A region of memory to expect.

    Args:
        name: Its name as the terminal tells it.
        holds: What it is for.
        wipeable: Whether a wipe empties it.
        source: Where this comes from.
        technique: How it is emptied; left out where it is not.
        least_size: Bytes that it has at the least; 0 where nobody knows.
    """

    name: str
    holds: RegionHolds
    wipeable: bool
    source: Source
    technique: Technique | None = None
    least_size: int = 0


@dataclass(frozen=True)
class ExpectedKeySlot:
    """A key slot to expect.

    Args:
        slot: Its number.
        kind: What it is for.
        survives_wipe: Whether it outlives a wipe.
        source: Where this comes from.
    """

    slot: int
    kind: KeyKind
    survives_wipe: bool
    source: Source


@dataclass(frozen=True)
class ExpectedBinding:
    """A binding to expect.

    Args:
        name: Its name.
        kind: Its kind.
        undone_by: What undoes it at the terminal.
        source: Where this comes from.
    """

    name: str
    kind: BindingKind
    undone_by: Literal["menu", "command", "platform"]
    source: Source


@dataclass(frozen=True)
class WipeMethod:
    """How the model is wiped, and what that counts as.

    Args:
        technique: How the regions are emptied.
        method: NIST SP 800-88 Rev. 2 method that this counts as.
        erase_keys: Whether the key slots are emptied first.
        basis: Why it counts as that method.
        source: Where this comes from.
    """

    technique: Technique
    method: Literal["Clear", "Purge", "Destroy"]
    erase_keys: bool
    basis: Label
    source: Source


@dataclass(frozen=True)
class Quirk:
    """Behaviour that surprises.

    Args:
        id: Its name.
        what: What it does.
        firmware: Firmware versions that show it; empty for all.
    """

    id: str
    what: Label
    firmware: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One terminal model.

    Args:
        schema: Version of this format: 1.
        identification: Which model.
        link: How to reach it.
        wipe: How it is wiped.
        regions: Memory to expect.
        key_slots: Key slots to expect.
        bindings: Bindings to expect.
        menu: Its menu; left out where the terminal has none that can be driven.
        quirks: What surprises.
    """

    schema: Literal[1]
    identification: Identification
    link: LinkDefaults
    wipe: WipeMethod
    regions: tuple[ExpectedRegion, ...] = ()
    key_slots: tuple[ExpectedKeySlot, ...] = ()
    bindings: tuple[ExpectedBinding, ...] = ()
    menu: Menu | None = None
    quirks: tuple[Quirk, ...] = ()

    @property
    def model(self) -> str:
        """The model's name."""
        return self.identification.model

    @property
    def family(self) -> str:
        """The family that the model speaks."""
        return self.identification.family


def profile_from_table(table: object) -> Profile:
    """Build a profile.

    Args:
        table: Plain dicts, lists, text, numbers and truth values, as a TOML file gives them.

    Returns:
        The profile.

    Raises:
        ProfileError: A field is missing, unknown or of the wrong type, or two statements contradict each other.
    """
    profile = read_table(Profile, table)
    _unique("regions", [region.name for region in profile.regions])
    _unique("key_slots", [str(slot.slot) for slot in profile.key_slots])
    _unique("bindings", [binding.name for binding in profile.bindings])
    _unique("quirks", [quirk.id for quirk in profile.quirks])
    for place, region in enumerate(profile.regions):
        if region.wipeable is not (region.technique is not None):
            raise ProfileError(f"regions[{place}].technique", "stands where a region is wipeable, and nowhere else")
    if profile.link.baud == 0:
        raise ProfileError("link.baud", "must not be 0")
    if profile.link.highest_baud < profile.link.baud:
        raise ProfileError("link.highest_baud", "must not be less than baud")
    if profile.menu is not None:
        check_menu(profile.menu)
    return profile


def _unique(path: str, names: list[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ProfileError(f"{path}[{place}]", f"{name[:40]!r} stands here twice")
